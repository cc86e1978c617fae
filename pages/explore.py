"""Explore: what training does to a matrix."""

from ui.explore import explore

explore("matrix")
