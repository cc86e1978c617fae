"""Explore: what training does to a matrix."""

from ui.views.explore.page import explore

explore("matrix")
