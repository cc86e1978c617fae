"""Where a run begins to be played: shortly before its first curve rises, with the wait before it drawn already."""

import numpy as np

from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.time_axis import TimeAxis

RISEN = 0.02  # of the top of the axis: 8 pixels in a plot of 400, so that an eye sees it
LEAD = 0.04  # of what is left of the axis: so long before the first curve has risen playing begins
LATEST = 0.9  # of the axis: what rises later than that is played from here


def rise(curves: Curves, heights: Heights) -> float:
    """The fractional frame at which the largest value first passes RISEN of the top of its axis; 0 where none waits."""
    largest = curves.values.max(axis=1)
    level = RISEN * heights.high
    risen = np.flatnonzero(largest >= level)
    if len(risen) == 0 or risen[0] == 0:
        return 0.0
    after = int(risen[0])
    share = (level - largest[after - 1]) / (largest[after] - largest[after - 1])
    return float(curves.frames[after - 1] + share * (curves.frames[after] - curves.frames[after - 1]))


def opening(axis: TimeAxis, frame: float) -> float:
    """The place on the axis, from 0 to 1, at which playing begins, for a first rise at this frame."""
    place = axis.place(frame)
    return max(0.0, min(place - LEAD * (1 - place), LATEST))
