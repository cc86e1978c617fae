"""When a component, or a singular value, switches on, and how suddenly."""

import math
from typing import NamedTuple

import numpy as np

from dmf_core.interfaces import Factorization, Shape
from dmf_core.trajectory import Trajectory

LOW, BORN, HIGH = 0.1, 0.5, 0.9  # of its last size


class Switch(NamedTuple):
    """Flow times at which one value first passes LOW, BORN and HIGH of its last size."""

    low: float
    born: float
    high: float

    @property
    def width(self) -> float:
        """From LOW to HIGH, in units of the time until it is BORN: small is sharp; infinite where it starts BORN."""
        return (self.high - self.low) / self.born if self.born > 0 else math.inf


def switches(run: Trajectory, spectrum: str, count: int) -> list[Switch]:
    """Of the first values of a spectrum. They are sorted: where two cross, each curve goes on as the other."""
    t, values = run.column("t"), run.spectrum(spectrum)[:, :count]
    return [Switch(*(_passing(t, row, share * row[-1]) for share in (LOW, BORN, HIGH))) for row in values.T]


def _passing(t: np.ndarray, values: np.ndarray, level: float) -> float:
    """The first time at this level, on the straight line between snapshots."""
    after = int(np.argmax(values >= level))
    if after == 0:
        return float(t[0])
    return float(np.interp(level, values[after - 1 : after + 1], t[after - 1 : after + 1]))


def numerical_rank(values: np.ndarray, threshold: float) -> int:  # values: [k] descending
    """How many are above this share of the largest."""
    return int((values > threshold * values[0]).sum())


def entry_std(model: Factorization, shape: Shape, size: float) -> float:
    """The standard deviation of every factor entry that gives W entries of root mean square `size`, at every depth.

    Derived: an entry of W is a sum of `paths` uncorrelated products, one entry from each factor;
    tests/papers/test_depth_of_tensors.py.
    """
    return float((size**2 / model.paths(shape)) ** (0.5 / len(model.factor_shapes(shape))))
