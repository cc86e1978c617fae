"""Stages of a run: bursts of progress with near-stops at saddles between them."""

from dataclasses import dataclass

import numpy as np

from dmf_core.trajectory import Trajectory

END = 1e-3  # of the first loss: below it, nothing is left to escape from
DEEP = 10.0  # between two stages the speed of the loss falls to this fraction of the lower of their peaks


@dataclass(frozen=True)
class Stages:
    """How many bursts, and the loss at the near-stops between them."""

    count: int
    between: tuple[float, ...]  # [count - 1] loss


def stages(run: Trajectory, deep: float = DEEP) -> Stages:
    """Counted from the loss alone: along the flow its speed -dL/dt is the squared norm of the gradient.

    Two peaks of the speed are two stages when it falls below 1/deep of both in between. Derived, after Cao et al.:
    their own definition could not be read.
    """
    t, loss = run.column("t"), run.column("loss")
    moved = (np.diff(t) > 0) & (loss[1:] > END * loss[0])
    speed = -np.diff(loss)[moved] / np.diff(t)[moved]
    level = (loss[1:] + loss[:-1])[moved] / 2
    peaks, stops = [0], []
    lowest = 0
    for i in range(1, len(speed)):
        if speed[i] < speed[lowest]:
            lowest = i
        if speed[lowest] * deep < min(speed[peaks[-1]], speed[i]):  # a valley, and up again
            stops.append(lowest)
            peaks.append(i)
            lowest = i
        elif speed[i] > speed[peaks[-1]]:
            peaks[-1] = lowest = i
    return Stages(len(peaks), tuple(float(level[i]) for i in stops))
