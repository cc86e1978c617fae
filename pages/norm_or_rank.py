"""Norm or rank? The wanted run beside the matrix of minimum nuclear norm, then over depths and scales."""

from ui.norm_or_rank import beside
from ui.norm_or_rank_grid import grid
from ui.sidebar import settings

visitor, cost = settings()
beside(visitor, cost)
grid(visitor, cost)
