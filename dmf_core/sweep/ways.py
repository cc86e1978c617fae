"""The births of runs that ended about together, from the W recorded along each. Singular values are computed where needed."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

INNER = 5  # points between the two moments around a birth
ROUNDING = 1e-5  # of norms in float32

Moments = dict["Way", list[int]]


class Way:
    """The moments of one run, the last one at its end or beyond, and the levels that its modes pass."""

    def __init__(
        self,
        t: np.ndarray,  # [T]
        W: Tensor,  # [T, rows, columns]
        rate: Tensor,  # [T, rows, columns] dW/dt, times `scale`
        scale: np.ndarray,  # [T]
        end: float,  # the time at which the run ended
        last: Tensor,  # [rows, columns] W there
        final: np.ndarray,  # [k] its singular values
        levels: dict[int, float],  # mode from 0 -> level
    ) -> None:
        self.W, self.rate, self.scale, self.beyond = W, rate, scale, t
        self.t, self.last, self.levels = np.append(t[:-1], end), last, levels
        self.values: dict[int, np.ndarray] = {len(t) - 1: final}  # singular values by moment
        self._most: dict[int, np.ndarray] = {}  # [T] by mode: no larger is its singular value

    def guesses(self, vectors: Tensor) -> dict[int, int]:  # [columns, columns] of the end, the largest last
        """The moment before the passing, were the right singular vectors those of the end: then |W v| is the singular value."""
        chosen = vectors.flip(1)[:, list(self.levels)].to(self.W)
        on_way = torch.cat([self.W[:-1], self.last[None]])
        sizes = torch.linalg.vector_norm(torch.matmul(on_way, chosen), dim=1).double().numpy()  # [T, modes]
        left = torch.linalg.vector_norm(on_way.flatten(1), dim=1).double().numpy() ** 2  # [T]
        for k, mode in enumerate(self.levels):
            self._most[mode] = np.sqrt(np.maximum(0.0, left)) * (1 + ROUNDING)
            left = left - sizes[:, k] ** 2
        above = sizes >= np.array(list(self.levels.values()))
        return {mode: max(0, int(np.argmax(above[:, k])) - 1) for k, mode in enumerate(self.levels)}

    def unknown(self, moments: Iterable[int]) -> list[int]:
        """Those of these moments that exist and were not measured."""
        return sorted({moment for moment in moments if 0 <= moment < len(self.t)} - self.values.keys())

    def near(self, mode: int, guess: int) -> int | None:
        """The moment before the mode passes its level, where it is the guess or the one before it."""
        level = self.levels[mode]
        for at in (guess, guess - 1):
            if 0 <= at < len(self.t) - 1 and self.values[at][mode] < level <= self.values[at + 1][mode]:
                return at
        return None

    def doubtful(self, mode: int, at: int) -> list[int]:
        """Moments before this one at which the mode may have been beyond its level already.

        At no other is it: without its action on k vectors, W is changed by a matrix of rank k, and no singular value of W
        after the k-th is larger than the Frobenius norm of the rest. Source: Eckart and Young 1936.
        """
        return [int(moment) for moment in np.flatnonzero(self._most[mode][:at] >= self.levels[mode])]

    def earliest(self, mode: int, at: int) -> int | None:
        """The moment before the mode first passes its level; None where it begins beyond it. The doubtful moments before `at`,
        where it passes for certain, and those before them are measured."""
        beyond = [moment for moment in self.doubtful(mode, at) if self.values[moment][mode] >= self.levels[mode]]
        if not beyond:
            return at
        return beyond[0] - 1 if beyond[0] else None

    def first(self, mode: int) -> int | None:
        """The same of a mode that may never pass: all moments are measured."""
        below = np.array([self.values[moment][mode] < self.levels[mode] for moment in range(len(self.t))])
        up = np.flatnonzero(below[:-1] & ~below[1:])
        return int(up[0]) if len(up) and below[0] else None


def births(ways: Sequence[Way]) -> list[dict[int, float]]:
    """When each mode of each run first passes its level from below, by mode from 1."""
    if not ways:
        return []
    last = torch.stack([way.last for way in ways]).double()
    vectors = torch.linalg.eigh(torch.bmm(last.mT, last))[1]
    guesses = [way.guesses(each) for way, each in zip(ways, vectors, strict=True)]
    _measure(ways, lambda k: [at for guess in guesses[k].values() for at in range(guess - 1, guess + 2)])
    near: list[dict[int, int | None]] = [
        {mode: way.near(mode, guess) for mode, guess in each.items()} for way, each in zip(ways, guesses, strict=True)
    ]
    turned = [k for k, each in enumerate(near) if None in each.values()]  # the vectors were others than at the end
    _measure([ways[k] for k in turned], lambda k: range(len(ways[turned[k]].t)))
    for k in turned:
        near[k] = {mode: ways[k].first(mode) if at is None else at for mode, at in near[k].items()}
    _measure(
        ways, lambda k: [each for mode, at in near[k].items() if at for m in ways[k].doubtful(mode, at) for each in (m - 1, m)]
    )
    near = [
        {m: at if at is None else way.earliest(m, at) for m, at in each.items()} for way, each in zip(ways, near, strict=True)
    ]
    passings = [(k, mode, at) for k, each in enumerate(near) for mode, at in each.items() if at is not None]
    births_of_ways: list[dict[int, float]] = [{} for _ in ways]
    for (k, mode, at), values in zip(passings, _inside([(ways[k], at) for k, _, at in passings]), strict=True):
        way = ways[k]
        curve = np.array([way.values[at][mode], *values[:, mode], way.values[at + 1][mode]])
        births_of_ways[k][mode + 1] = float(way.t[at] + (way.t[at + 1] - way.t[at]) * passing(curve, way.levels[mode]))
    return [dict(sorted(each.items())) for each in births_of_ways]


def _measure(ways: Sequence[Way], moments: Callable[[int], Iterable[int]]) -> None:
    """Measures these moments of each run, by its place, as far as that was not done."""
    new = [way.unknown(moments(k)) for k, way in enumerate(ways)]
    if any(new):
        values = iter(measured(torch.cat([way.W[torch.tensor(each)] for way, each in zip(ways, new, strict=True) if each])))
        for way, each in zip(ways, new, strict=True):
            way.values |= {moment: next(values) for moment in each}


def _inside(moments: Sequence[tuple[Way, int]]) -> np.ndarray:  # -> [len(moments), INNER, k]
    """Singular values between each of these moments and the next one, or the end, on the cubic through both."""
    if not moments:
        return np.empty((0, INNER, 0))
    length = np.array([way.beyond[at + 1] - way.beyond[at] for way, at in moments])
    part = np.array([way.t[at + 1] - way.t[at] for way, at in moments]) / length  # less than 1 on the way to the end
    scale = np.array([way.scale[at : at + 2] for way, at in moments])
    W = torch.stack([way.W[at : at + 2] for way, at in moments])
    rates = torch.stack([way.rate[at : at + 2] for way, at in moments])
    rates *= torch.from_numpy(length[:, None] / scale).to(W)[:, :, None, None]
    ends = torch.stack([W[:, 0], rates[:, 0], W[:, 1], rates[:, 1]], 1)  # [m, 4, rows, columns]
    shares = torch.from_numpy(part)[:, None] * torch.arange(1, INNER + 1) / (INNER + 1)
    inside = torch.matmul(cubics(shares).to(ends), ends.flatten(2)).view(-1, *W.shape[2:])
    return measured(inside).reshape(len(moments), INNER, -1)


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
