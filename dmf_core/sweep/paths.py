"""The path of W of each run that is integrated together with others: W after each step."""

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.batched import Point
from dmf_core.measures.growth import BORN, LEARNED
from dmf_core.recording.sampling import LOG_WEIGHT
from dmf_core.sweep.ways import Way

MOMENTS = 96  # kept of one run; of longer ones half go, where least changed


class Paths:
    """W and dW/dt of up to `capacity` runs at up to MOMENTS moments each."""

    def __init__(self, capacity: int, like: Tensor) -> None:  # like: [rows, columns]
        self._W = like.new_empty(capacity + 1, MOMENTS, *like.shape)  # the last one is of no run; never read before it is written
        self._rate = torch.empty_like(self._W)
        self._t, self._loss = np.zeros((capacity, MOMENTS)), np.ones((capacity, MOMENTS))
        self._scale = np.ones((capacity, MOMENTS))  # rates are times these
        self._count = np.zeros(capacity, dtype=np.int64)

    def begin(self, run: int, W: Tensor, rate: Tensor, loss: float) -> None:
        """A new run in this place, at time 0."""
        self._W[run, 0], self._rate[run, 0], self._count[run] = W, rate, 1
        self._t[run, 0], self._loss[run, 0], self._scale[run, 0] = 0.0, loss, 1.0

    def add(self, point: Point) -> None:
        """The next moment of these runs."""
        runs = point.runs
        for run in runs[self._count[runs] == MOMENTS]:
            self._thin(int(run))
        assert point.W is not None and point.rate is not None
        index = np.full(len(point.W), len(self._count) * MOMENTS)
        index[point.places] = runs * MOMENTS + self._count[runs]
        self._W.flatten(0, 1).index_copy_(0, torch.from_numpy(index), point.W)
        self._rate.flatten(0, 1).index_copy_(0, torch.from_numpy(index), point.rate)
        self._t[runs, self._count[runs]], self._loss[runs, self._count[runs]] = point.t, point.loss
        self._scale[runs, self._count[runs]] = point.scale[point.places]
        self._count[runs] += 1

    def way(self, run: int, t: float, W: Tensor, final: np.ndarray) -> Way | None:
        """The way of a run that ended at time t with W and its singular values `final`; None where nothing was learned on it.

        Between moments W is the cubic through W and dW/dt at both. A birth: see `birth_times`.
        """
        count = int(self._count[run])
        last = int(np.searchsorted(self._t[run, :count], t))  # the first moment at the end or beyond it
        learned = np.flatnonzero(final > LEARNED * final[0])
        if not len(learned) or not last or last == count:
            return None
        levels = {int(mode): BORN * float(final[mode]) for mode in learned}
        till = last + 1
        W_on_way, rate = self._W[run, :till], self._rate[run, :till]
        return Way(self._t[run, :till], W_on_way, rate, self._scale[run, :till], t, W, final, levels)

    def _thin(self, run: int) -> None:
        """Half of the moments, spread evenly over what changes: W, and by how much loss and speed fall and rise."""
        W, speeds = self._W[run].flatten(1), torch.linalg.vector_norm(self._rate[run].flatten(1), dim=1).double().numpy()
        moved = torch.linalg.vector_norm(W[1:] - W[:-1], dim=1).double().numpy()
        size = float(torch.linalg.vector_norm(W, dim=1).max()) or 1.0
        logs = np.log(np.maximum(np.stack([self._loss[run], speeds / self._scale[run]]), 1e-300))
        fell, rose = np.abs(np.diff(logs, axis=1))
        way = np.concatenate([[0.0], np.cumsum(moved / size + LOG_WEIGHT * (fell + np.minimum(1.0, rose)))])
        even = np.searchsorted(way, np.linspace(0.0, way[-1], MOMENTS // 2))
        chosen = np.unique(np.concatenate([[0, MOMENTS - 1], np.minimum(even, MOMENTS - 1)]))
        index, count = torch.from_numpy(chosen), len(chosen)
        self._W[run, :count], self._rate[run, :count] = self._W[run][index], self._rate[run][index]
        for values in (self._t, self._loss, self._scale):
            values[run, :count] = values[run, chosen]
        self._count[run] = count
