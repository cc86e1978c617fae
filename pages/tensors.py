"""Tensors: what training does to a tensor of order three to six."""

from ui.explore import explore

explore("tensor")
