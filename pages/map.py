"""Map: a measure over one or two settings, from thousands of runs."""

from ui.views.map.page import page

page()
