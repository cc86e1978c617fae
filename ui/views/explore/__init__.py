"""Explore and Tensors: one run and its picture."""
