"""What differs between an archive and a fresh run of its spec, element by element."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Difference:
    """By how much an array differs where it differs most, in a unit, and how much of it is allowed."""

    array: str
    amount: float  # inf: not comparable
    allowed: float
    unit: str

    @property
    def excess(self) -> float:
        """amount / allowed; more than 1 is too much."""
        if self.amount <= self.allowed:
            return self.amount / self.allowed if self.allowed > 0 else 0.0
        return self.amount / self.allowed if self.allowed > 0 else math.inf

    @property
    def words(self) -> str:
        if math.isinf(self.amount):
            return f"{self.array} differs {self.unit}"
        return f"{self.array} differs by {self.amount:.2g} {self.unit}, where {self.allowed:.2g} is allowed"


def differing(name: str, a: np.ndarray, b: np.ndarray, allowed: np.ndarray) -> Difference:
    """The element of a that is farthest from that of b, in units of what is allowed there. All of one shape.

    Amount and allowance are relative to the element of b, absolute where that is 0.
    """
    if a.dtype == np.uint8:
        return Difference(name, 0.0 if np.array_equal(a, b) else math.inf, 0.0, "in its words")
    if a.size == 0:
        return Difference(name, 0.0, 0.0, "of itself")
    if a.dtype == np.int8 and a.ndim == 3:
        levels = np.array(grey_levels(a, b))
        at = int(np.argmax(levels - allowed[:, 0, 0]))
        return Difference(name, float(levels[at]), float(allowed[at, 0, 0]), f"grey levels at snapshot {at + 1}")
    x, y = a.astype(float), b.astype(float)
    odd = np.isnan(x) != np.isnan(y)
    gap = np.where(odd, np.inf, np.nan_to_num(np.abs(x - y)))
    excess = np.divide(gap, allowed, out=np.where(gap > 0, np.inf, 0.0), where=np.isfinite(allowed) & (allowed > 0))
    excess[np.isinf(allowed)] = 0.0
    worst = np.unravel_index(int(np.argmax(excess)), a.shape)
    place = ", ".join(str(int(i) + 1) for i in worst)
    if odd[worst] and not np.isinf(allowed[worst]):
        return Difference(name, math.inf, float(allowed[worst]), f"in what is unknown, at ({place})")
    size = float(np.abs(y[worst])) if np.nan_to_num(y[worst]) != 0 else 1.0
    unit = f"{'of itself' if np.nan_to_num(y[worst]) != 0 else 'from 0'} at ({place})"
    amount = 0.0 if np.isinf(allowed[worst]) else float(gap[worst])
    return Difference(name, amount / size, float(allowed[worst]) / size, unit)


def grey_levels(a: np.ndarray, b: np.ndarray) -> list[int]:  # [T, r, c] int8 twice -> [T]
    """The largest distance of two pictures, snapshot by snapshot: all at once may not fit into memory."""
    return [int(np.abs(x.astype(np.int16) - y).max(initial=0)) for x, y in zip(a, b, strict=True)]
