"""Tensors: what training does to a tensor of order three to six."""

from ui.views.explore.page import explore

explore("tensor")
