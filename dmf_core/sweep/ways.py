"""The births of runs that ended about together, from the W recorded along each. Singular values are computed where needed."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

NEIGHBOURS = 4  # moments on each side of a birth, through which W is a polynomial there
CLOSE = 0.05  # of the level: from so near to it, the curve through three values is exact enough
LOOKS = 4  # at most, for one birth
ROUNDING = 1e-5  # of norms in float32

Bracket = tuple["Way", int, int]  # a run, a mode, and the moment before the mode passes its level


class Way:
    """The moments of one run, the last one at its end or beyond, and the levels that its modes pass."""

    def __init__(
        self,
        t: np.ndarray,  # [T]
        W: Tensor,  # [T, rows, columns]
        end: float,  # the time at which the run ended
        last: Tensor,  # [rows, columns] W there
        final: np.ndarray,  # [k] its singular values
        levels: dict[int, float],  # mode from 0 -> level
    ) -> None:
        self.W, self.beyond = W, t
        self.t, self.last, self.levels = np.append(t[:-1], end), last, levels
        self.values: dict[int, np.ndarray] = {len(t) - 1: final}  # singular values by moment

    def doubtful(self, vectors: Tensor) -> dict[int, range]:  # [columns, columns] of the end, the largest last
        """By mode the moments among which it first passes its level: it is below before them, and beyond at the last of them.

        Of W restricted to k directions, no singular value is larger than that of W of the same number. Source: Horn and
        Johnson, Matrix Analysis, corollary 7.3.6. Without its action on k - 1 directions W is changed by a matrix of rank k - 1,
        and the k-th singular value is no larger than the Frobenius norm of the rest. Source: Eckart and Young 1936.
        """
        count = max(self.levels) + 1
        chosen = vectors.flip(1)[:, :count].to(self.W)
        on_way = torch.cat([self.W[:-1], self.last[None]])
        moved = torch.matmul(on_way, chosen).double()  # [T, rows, count]
        gram = torch.bmm(moved.mT, moved)
        left = torch.linalg.vector_norm(on_way.flatten(1), dim=1).double().numpy() ** 2  # [T]
        lengths = gram.diagonal(dim1=1, dim2=2).numpy()
        among = {}
        for mode in range(count):
            if mode in self.levels:
                level = self.levels[mode]
                most = np.sqrt(np.maximum(0.0, left)) * (1 + ROUNDING)
                least = np.sqrt(np.maximum(0.0, torch.linalg.eigvalsh(gram[:, : mode + 1, : mode + 1])[:, 0].numpy()))
                certain = np.append(np.flatnonzero(least >= level * (1 + ROUNDING)), len(most) - 1)[0]
                among[mode] = range(max(0, int(np.argmax(most >= level)) - 1), int(certain) + 1)
            left = left - lengths[:, mode]
        return among

    def first(self, mode: int, among: range) -> int | None:
        """The moment before the mode first passes its level; None where it begins beyond it. `among` are measured."""
        beyond = [moment for moment in among if self.values[moment][mode] >= self.levels[mode]]
        return beyond[0] - 1 if beyond and beyond[0] else None

    def unknown(self, moments: Iterable[int]) -> list[int]:
        """Those of these moments that were not measured."""
        return sorted(set(moments) - self.values.keys())

    def weights(self, at: int, share: float) -> tuple[slice, np.ndarray]:
        """Moments around this one, and the weights of W there that give W at this share of the way to the next one.

        The polynomial through them, by Lagrange: of order 8 in the steps where there are so many.
        """
        near = slice(max(0, at + 1 - NEIGHBOURS), at + 1 + NEIGHBOURS)
        t = self.beyond[near]
        s = self.t[at] + share * (self.t[at + 1] - self.t[at])
        apart = t[:, None] - t + np.eye(len(t))
        ahead = np.where(np.eye(len(t), dtype=bool), 1.0, s - t)
        return near, np.prod(ahead / apart, axis=1)


def births(ways: Sequence[Way]) -> list[dict[int, float]]:
    """When each mode of each run first passes its level from below, by mode from 1."""
    if not ways:
        return []
    last = torch.stack([way.last for way in ways]).double()
    vectors = torch.linalg.eigh(torch.bmm(last.mT, last))[1]
    among = [way.doubtful(each) for way, each in zip(ways, vectors, strict=True)]
    _measure(ways, lambda k: [moment for moments in among[k].values() for moment in moments])
    first = [(k, mode, way.first(mode, among[k][mode])) for k, way in enumerate(ways) for mode in way.levels]
    passings = [(k, mode, at) for k, mode, at in first if at is not None]
    shares = _shares([(ways[k], mode, at) for k, mode, at in passings])
    times: list[dict[int, float]] = [{} for _ in ways]
    for (k, mode, at), share in zip(passings, shares, strict=True):
        t = ways[k].t
        times[k][mode + 1] = float(t[at] + share * (t[at + 1] - t[at]))
    return [dict(sorted(each.items())) for each in times]


def _measure(ways: Sequence[Way], moments: Callable[[int], Iterable[int]]) -> None:
    """Measures these moments of each run, by its place, as far as that was not done."""
    new = [way.unknown(moments(k)) for k, way in enumerate(ways)]
    if any(new):
        values = iter(measured(torch.cat([way.W[torch.tensor(each)] for way, each in zip(ways, new, strict=True) if each])))
        for way, each in zip(ways, new, strict=True):
            way.values |= {moment: next(values) for moment in each}


def _shares(brackets: Sequence[Bracket]) -> list[float]:
    """At which share of the way to the next moment each mode passes its level.

    Where the curve through the values says that it is, W is measured, until the value there is CLOSE to the level.
    """
    curves = []
    for way, mode, at in brackets:
        values = np.array([way.values[at][mode], way.values[at + 1][mode]]) / way.levels[mode]
        curves.append(Curve(values))
    for _ in range(LOOKS):
        open_ones = [k for k, curve in enumerate(curves) if not curve.close]
        if not open_ones:
            break
        shares = [curves[k].passing() for k in open_ones]
        inside = []
        for k, share in zip(open_ones, shares, strict=True):
            way, _, at = brackets[k]
            near, weights = way.weights(at, share)
            inside.append(torch.tensordot(torch.from_numpy(weights).to(way.W), way.W[near], dims=1))
        for k, share, values in zip(open_ones, shares, measured(torch.stack(inside)), strict=True):
            way, mode, _ = brackets[k]
            curves[k].add(share, float(values[mode]) / way.levels[mode])
    return [curve.passing() for curve in curves]


class Curve:
    """Values over shares of a way, from below 1 to 1 or more. Logarithms, as modes grow exponentially."""

    def __init__(self, values: np.ndarray) -> None:  # [2] at both ends
        low = max(float(values[0]), 1e-30)
        self._low, self._high = (0.0, math.log(low)), (1.0, math.log(values[1]))
        self._other: tuple[float, float] | None = None  # the end that was left

    @property
    def close(self) -> bool:
        """Whether the latest value is CLOSE to 1, after at least one."""
        return self._other is not None and min(-self._low[1], self._high[1]) <= CLOSE

    def add(self, share: float, value: float) -> None:
        """A value between both ends takes the place of one of them."""
        point = share, math.log(max(value, 1e-30))
        if value < 1:
            self._low, self._other = point, self._low
        else:
            self._high, self._other = point, self._high

    def passing(self) -> float:
        """The share at which the value is 1: the inverse parabola through three points where it lies between both, else the
        straight line."""
        (a, f_a), (b, f_b) = self._low, self._high
        straight = a + (b - a) * -f_a / (f_b - f_a) if f_b > f_a else b
        if self._other is None:
            return straight
        c, f_c = self._other
        if f_c in (f_a, f_b):
            return straight
        share = (
            a * f_b * f_c / ((f_a - f_b) * (f_a - f_c))
            + b * f_a * f_c / ((f_b - f_a) * (f_b - f_c))
            + c * f_a * f_b / ((f_c - f_a) * (f_c - f_b))
        )
        return share if a <= share <= b else straight


def measured(W: Tensor) -> np.ndarray:  # [B, rows, columns] -> [B, k] float64, descending
    """Singular values together, to the digits of float32; `singular_values` takes each by itself, for equal bits."""
    wide = (W if W.shape[1] <= W.shape[2] else W.mT).double()
    return np.asarray(np.sqrt(np.maximum(torch.linalg.eigvalsh(torch.bmm(wide, wide.mT)).numpy()[:, ::-1], 0.0)))
