"""The way of W of runs that are integrated together: where it was after each step, and from it the births of modes."""

import math

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.batched import Point
from dmf_core.measures.growth import BORN, LEARNED

MOMENTS = 96  # kept of one run; of longer ones half go, where least changed
LOG_WEIGHT = 0.02  # a factor e in loss or speed counts as much as a move of W by this share of its length, as in `sampling`
INNER = 5  # points between the two moments around a birth


class Paths:
    """W and dW/dt of up to `capacity` runs at up to MOMENTS moments each."""

    def __init__(self, capacity: int, like: Tensor) -> None:  # like: [rows, columns]
        self._W = like.new_zeros(capacity + 1, MOMENTS, *like.shape)  # the last one is nobody's
        self._rate = torch.zeros_like(self._W)
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

    def births(self, run: int, t: float, W: Tensor, final: np.ndarray) -> dict[int, float]:
        """The births of a run that ended at time t with W and its singular values `final`, by mode from 1. See `birth_times`.

        Between moments W is the cubic through W and dW/dt at both.
        """
        count = int(self._count[run])
        last = int(np.searchsorted(self._t[run, :count], t))  # the first moment at the end or beyond it
        learned = np.flatnonzero(final > LEARNED * final[0])
        if not len(learned) or not last or last == count:
            return {}
        till = last + 1
        ways = _Ways(self._t[run, :till], self._W[run, :till], self._rate[run, :till], self._scale[run, :till], t, final)
        return ways.births({int(mode): BORN * float(final[mode]) for mode in learned}, W)

    def _thin(self, run: int) -> None:
        """Half of the moments, spread evenly over what changes: W, and by how much loss and speed fall and rise."""
        W, speeds = self._W[run].flatten(1), torch.linalg.vector_norm(self._rate[run].flatten(1), dim=1).double().numpy()
        moved = torch.linalg.vector_norm(W[1:] - W[:-1], dim=1).double().numpy()
        size = float(torch.linalg.vector_norm(W, dim=1).max()) or 1.0
        logs = np.log(np.maximum(np.stack([self._loss[run], speeds / self._scale[run]]), 1e-300))
        fell, rose = np.abs(np.diff(logs, axis=1))
        way = np.concatenate([[0.0], np.cumsum(moved / size + LOG_WEIGHT * (fell + np.minimum(1.0, rose)))])
        even = np.searchsorted(way, np.linspace(0.0, way[-1], MOMENTS // 2))
        kept = np.unique(np.concatenate([[0, MOMENTS - 1], np.minimum(even, MOMENTS - 1)]))
        index, count = torch.from_numpy(kept), len(kept)
        self._W[run, :count], self._rate[run, :count] = self._W[run][index], self._rate[run][index]
        for values in (self._t, self._loss, self._scale):
            values[run, :count] = values[run, kept]
        self._count[run] = count


class _Ways:
    """The moments of one run, the last one at its end or beyond. Singular values are measured where they are needed."""

    def __init__(self, t: np.ndarray, W: Tensor, rate: Tensor, scale: np.ndarray, end: float, final: np.ndarray) -> None:
        self._W, self._rate, self._scale, self._beyond = W, rate, scale, t
        self._t = np.append(t[:-1], end)
        self._values: dict[int, np.ndarray] = {len(t) - 1: final}  # by moment

    def births(self, levels: dict[int, float], W: Tensor) -> dict[int, float]:  # mode from 0 -> level
        """When each mode first passes its level from below, by mode from 1; W: at the end."""
        guesses = self._guesses(levels, W)
        self._look([moment for guess in guesses.values() for moment in range(guess - 1, guess + 2)])
        first = {mode: self._first(mode, level, guesses[mode]) for mode, level in levels.items()}
        inside = {mode: at for mode, at in first.items() if at is not None}
        found: dict[int, float] = {}
        for (mode, at), values in zip(inside.items(), self._inside(list(inside.values())), strict=True):
            curve = np.array([self._values[at][mode], *values[:, mode], self._values[at + 1][mode]])
            found[mode + 1] = float(self._t[at] + (self._t[at + 1] - self._t[at]) * passing(curve, levels[mode]))
        return dict(sorted(found.items()))

    def _guesses(self, levels: dict[int, float], W: Tensor) -> dict[int, int]:
        """The moment before the passing, were the right singular vectors those of the end: then |W v| is the singular value."""
        vectors = torch.linalg.eigh(W.double().T @ W.double())[1].flip(1)[:, list(levels)].to(W)
        on_way = torch.cat([self._W[:-1], W[None]])
        sizes = torch.linalg.vector_norm(torch.matmul(on_way, vectors), dim=1).double().numpy()  # [T, modes]
        above = sizes >= np.array(list(levels.values()))
        return {mode: max(0, int(np.argmax(above[:, k])) - 1) for k, mode in enumerate(levels)}

    def _first(self, mode: int, level: float, guess: int) -> int | None:
        """The moment before the mode first passes the level from below; None where it never does."""
        for at in (guess, guess - 1):
            if 0 <= at < len(self._t) - 1 and self._values[at][mode] < level <= self._values[at + 1][mode]:
                return at
        self._look(list(range(len(self._t))))  # the vectors have turned
        below = np.array([self._values[moment][mode] < level for moment in range(len(self._t))])
        up = np.flatnonzero(below[:-1] & ~below[1:])
        return int(up[0]) if len(up) else None

    def _inside(self, moments: list[int]) -> np.ndarray:  # -> [len(moments), INNER, k]
        """Singular values between each of these moments and the next one, or the end, on the cubic through both."""
        if not moments:
            return np.empty((0, INNER, 0))
        after = [moment + 1 for moment in moments]
        length = self._beyond[after] - self._beyond[moments]
        slope = torch.from_numpy(length[:, None] / np.stack([self._scale[moments], self._scale[after]], 1)).to(self._W)
        rates = slope[:, :, None, None] * torch.stack([self._rate[moments], self._rate[after]], 1)
        ends = torch.stack([self._W[moments], rates[:, 0], self._W[after], rates[:, 1]], 1)  # [m, 4, rows, columns]
        part = torch.from_numpy((self._t[after] - self._t[moments]) / length)  # less than 1 on the way to the end
        shares = part[:, None] * torch.arange(1, INNER + 1) / (INNER + 1)
        inside = torch.matmul(cubics(shares).to(ends), ends.flatten(2)).view(-1, *self._W.shape[1:])
        return measured(inside).reshape(len(moments), INNER, -1)

    def _look(self, moments: list[int]) -> None:
        """Measures these moments, where they exist."""
        new = sorted({moment for moment in moments if 0 <= moment < len(self._t)} - self._values.keys())
        if new:
            self._values |= dict(zip(new, measured(self._W[torch.tensor(new)]), strict=True))


def passing(values: np.ndarray, level: float) -> float:  # [S] at evenly spaced shares of a way, the first below the level
    """The share of the way at which the values first reach the level: straight lines between their logarithms."""
    first = int(np.flatnonzero((values[:-1] < level) & (values[1:] >= level))[0])
    low, high = values[first : first + 2]
    within = math.log(level / low) / math.log(high / low) if low > 0 else (level - low) / (high - low)
    return (first + within) / (len(values) - 1)


def measured(W: Tensor) -> np.ndarray:  # [B, rows, columns] -> [B, k] float64, descending
    """Singular values together, to the digits of float32; `singular_values` takes each by itself, for equal bits."""
    wide = (W if W.shape[1] <= W.shape[2] else W.mT).double()
    return np.asarray(np.sqrt(np.maximum(torch.linalg.eigvalsh(torch.bmm(wide, wide.mT)).numpy()[:, ::-1], 0.0)))


def cubics(s: Tensor) -> Tensor:  # [..] shares of a way -> [.., 4]
    """The cubics of Hermite: weights of the first end, its slope times the length of the way, the second end, its slope."""
    return torch.stack([(1 + 2 * s) * (1 - s) ** 2, s * (1 - s) ** 2, s * s * (3 - 2 * s), s * s * (s - 1)], dim=-1)
