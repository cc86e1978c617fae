"""Norm or rank? A run compared with the matrix of least nuclear norm that agrees with the same observations."""

from dmf_core.baselines.comparison.comparison import Comparison, Row, Smaller, compare
from dmf_core.baselines.comparison.events import WORK, baseline, baseline_spec, from_stored
from dmf_core.baselines.comparison.grid import DEPTHS, SCALES, Cell, grid_base
from dmf_core.baselines.comparison.price import baseline_cost, baseline_seconds, check_baseline

__all__ = [
    "DEPTHS",
    "SCALES",
    "WORK",
    "Cell",
    "Comparison",
    "Row",
    "Smaller",
    "baseline",
    "baseline_cost",
    "baseline_seconds",
    "baseline_spec",
    "check_baseline",
    "compare",
    "from_stored",
    "grid_base",
]
