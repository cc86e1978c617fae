"""The columns drawn over time below the singular values, by the keys that the player uses."""

import numpy as np

from dmf_core.measures import MEASURES
from dmf_core.trajectory import Trajectory
from ui.figures.scene.strips import STRIPS
from ui.figures.theory.over_curves import strips

HUGE = 1e30  # float32 ends at 3.4e38
SERIES = tuple(key for key in MEASURES if any(key == line.key for strip in STRIPS.values() for line in strip.lines))


def series(run: Trajectory) -> dict[str, np.ndarray | None]:  # each: [T], finite
    """Measures, None where this run has them not; the loss; what the check of the theory tells, where there is one."""
    columns = {key: run.measured(key) for key in SERIES} | {"loss": run.column("loss"), **strips(run)}
    return {key: None if values is None else finite(values) for key, values in columns.items()}


def finite(values: np.ndarray) -> np.ndarray:
    """NaN becomes the value before it (0 at the start), infinity a huge number."""
    values = np.clip(np.asarray(values, dtype=np.float64), -HUGE, HUGE)
    bad = np.isnan(values)
    for row in np.flatnonzero(bad.reshape(len(values), -1).any(axis=1)) if bad.any() else ():
        before = values[row - 1] if row else np.zeros_like(values[row])
        values[row] = np.where(bad[row], before, values[row])
    return values
