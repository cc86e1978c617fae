"""Norm or rank? The requested run beside the matrix of minimum nuclear norm, then runs over depths and scales."""

from ui.controls.sidebar import settings
from ui.views.norm_or_rank.grid import grid
from ui.views.norm_or_rank.page import compare_with_minimum

visitor, cost = settings()
compare_with_minimum(visitor, cost)
grid(visitor, cost)
