"""Reproductions: published figures run again, every claim checked against its number."""

from ui.controls.navigation import view_links
from ui.views.reproductions.page import chosen, heading, show

view_links("Gallery")
heading()
show(chosen())
