"""Explore: what training does to a matrix."""

from ui.session.navigation import to_chapter
from ui.views.explore.page import explore

to_chapter()
explore("matrix")
