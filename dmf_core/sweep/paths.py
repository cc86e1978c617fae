"""The path of W of each run that is integrated together with others: W after each step."""

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.batched import MOST_PARTS, Point
from dmf_core.measures.growth import BORN, LEARNED
from dmf_core.sweep.ways import Way

LONG_STEPS = 200  # a longer run is computed alone: few last as long
MOMENTS = LONG_STEPS + MOST_PARTS + 1  # of one run: its start, and what the step adds after which it counts as long


class Paths:
    """W of up to `capacity` runs at up to MOMENTS moments each."""

    def __init__(self, capacity: int, like: Tensor) -> None:  # like: [rows, columns]
        self._W = like.new_empty(capacity + 1, MOMENTS, *like.shape)  # the last one is of no run; never read before it is written
        self._t = np.zeros((capacity, MOMENTS))
        self._count = np.zeros(capacity, dtype=np.int64)

    def begin(self, run: int, W: Tensor) -> None:
        """A new run in this place, at time 0."""
        self._W[run, 0], self._t[run, 0], self._count[run] = W, 0.0, 1

    def add(self, point: Point) -> None:
        """The next moment of these runs."""
        runs = point.runs
        assert point.W is not None
        index = np.full(len(point.W), len(self._count) * MOMENTS)
        index[point.places] = runs * MOMENTS + self._count[runs]
        self._W.flatten(0, 1).index_copy_(0, torch.from_numpy(index), point.W)
        self._t[runs, self._count[runs]] = point.t
        self._count[runs] += 1

    def way(self, run: int, t: float, W: Tensor, final: np.ndarray) -> Way | None:
        """The way of a run that ended at time t with W and its singular values `final`; None where nothing was learned on it."""
        count = int(self._count[run])
        last = int(np.searchsorted(self._t[run, :count], t))  # the first moment at the end or beyond it
        learned = np.flatnonzero(final > LEARNED * final[0])
        if not len(learned) or not last or last == count:
            return None
        levels = {int(mode): BORN * float(final[mode]) for mode in learned}
        return Way(self._t[run, : last + 1], self._W[run, : last + 1], t, W, final, levels)
