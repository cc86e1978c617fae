"""Norm or rank? The wanted run beside the matrix of minimum nuclear norm, then over depths and scales."""

from ui.controls.sidebar import settings
from ui.views.norm_or_rank.grid import grid
from ui.views.norm_or_rank.page import beside

visitor, cost = settings()
beside(visitor, cost)
grid(visitor, cost)
