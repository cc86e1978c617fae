"""What is read off a run of Razin and Cohen's problem."""

import math

import numpy as np

from dmf_core.reproductions.framework.reproduction import Results, least, worst
from dmf_core.reproductions.razin_cohen_2020.cases import LAST_LOSS, Case
from dmf_core.trajectory import Trajectory

FIRST_LOSS = 1e-2  # from here on |w11| is compared
NEAR = 3.0  # a factor in the loss: without a snapshot so near, nothing is read there (a decade has six or more)


def cases_of(results: Results, what: str | None = None, sign: int = 0, balanced: bool | None = None) -> list[Case]:
    """The cases of these results that are so."""
    cases = results.keys(Case)
    return [case for case in cases if what in (None, case.what) and sign in (0, case.sign) and balanced in (None, case.balanced)]


def columns(run: Trajectory) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # [T] each
    """q = sqrt(2 loss), |w11|, det W."""
    hidden, determinant = run.measured("hidden_entry"), run.measured("determinant")
    assert hidden is not None and determinant is not None  # this problem has both
    return np.sqrt(2 * run.column("loss")), np.abs(hidden), determinant


def recorded_near(run: Trajectory, loss: float) -> bool:
    """Whether a snapshot has about this loss, so that a value there is read, not guessed."""
    return bool((np.abs(np.log(run.column("loss") / loss)) < math.log(NEAR)).any())


def deviation(run: Trajectory | None, loss: float) -> float:
    """How far |w11| sqrt(2 loss) is from 1 at the worst, from this loss on; NaN without snapshots near its start."""
    if run is None or not recorded_near(run, loss):
        return math.nan
    q, hidden, _ = columns(run)
    return worst(np.abs(hidden * q - 1)[run.column("loss") <= loss])


def growth(run: Trajectory | None, key: str, depth: int) -> float:
    """A norm at the last loss over that at the first, between snapshots on a straight line of logarithms.

    Of the Schatten-2/N quasi-norm, which is recorded as a power sum, after its root. NaN without snapshots near both.
    """
    values = run.measured(key) if run else None
    if run is None or values is None or not all(recorded_near(run, loss) for loss in (FIRST_LOSS, LAST_LOSS)):
        return math.nan
    first, last = np.interp(-np.log([FIRST_LOSS, LAST_LOSS]), -np.log(run.column("loss")), np.log(values))
    return float(np.exp(last - first)) ** (depth / 2 if key == "schatten" else 1)


def at_loss(run: Trajectory | None, loss: float) -> float:
    """|w11| where the run passes this loss; NaN without a snapshot near it."""
    if run is None or not recorded_near(run, loss):
        return math.nan
    q, hidden, _ = columns(run)
    return float(np.interp(-np.log(math.sqrt(2 * loss)), -np.log(q), hidden))


def bound(q: np.ndarray) -> np.ndarray:  # [T] -> [T]
    """Where det W > 0 and q = sqrt(2 loss) < 1: |w11| >= (1 - q)^2 / q.

    Derived: w11 w22 > w12 w21 >= (1 - q)^2 with w22 <= q; tests/papers/test_razin_cohen.py.
    """
    return np.asarray((1 - np.minimum(q, 1)) ** 2 / q)


def margin(run: Trajectory | None) -> float:
    """The least |w11| over its bound, over the snapshots with a positive determinant and q < 1/2."""
    if run is None:
        return math.nan
    q, hidden, determinant = columns(run)
    valid = (determinant > 0) & (q < 0.5)
    return least(hidden[valid] / bound(q[valid]))


def flips(run: Trajectory | None) -> float:
    """The number of times that the determinant changes its sign."""
    if run is None:
        return math.nan
    return float((np.diff(np.sign(columns(run)[2])) != 0).sum())
