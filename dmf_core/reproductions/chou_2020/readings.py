"""The example of Chou et al. 2020, and the windows between its eigenvalues."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from dmf_core.reproductions.framework.given_target import descent, eigenpath
from dmf_core.reproductions.framework.reproduction import Run
from dmf_core.reproductions.framework.scalar_recursion import first_passing

STEP, ITERATIONS = 0.01, 700  # the step to which the printed marks belong; long enough for all of them
EARLY, LATE = 0.05, 0.95  # of its goal: an eigenvalue has started, has been recovered
START, FIRST = 0.1, 0.05  # of every factor, and of the first one where it differs
FIRST_TARGET, SECOND_TARGET = (10.0, 7.0, 5.0, -5.0), (5.0, 3.0, -1.0, -5.0)  # eigenvalues, as in the report
MARKS = (125, 180, 245, 485)  # iterations at which those of the first target are recovered, printed there
NEGATIVE_LATE = 365  # between the last two marks
STOPPED = ("stopped", 0)  # the run that ends there
LONG = ("rounding", 1)  # the run that rounding leads away from its recursion
SIGNS = np.array([10.0, 7.0, 5.0, 5.0])  # the absolute eigenvalues of the first target
VECTORS = np.array([[0, 1, 1, 1], [1, 0, 1, -1], [1, -1, 0, 1], [1, 1, -1, 0]]) / np.sqrt(3)
ESCAPES = {2: 1500, 3: 3500, 4: 14_000}  # iterations in which three eigenvalues are recovered


def target(values: Sequence[float]) -> np.ndarray:  # [4, 4]
    """The symmetric matrix with these eigenvalues and the vectors of the example."""
    return np.asarray((VECTORS * np.array(values)) @ VECTORS.T)


def escape(depth: int) -> Run:
    """The first target with a tenth of the step, long enough to see three eigenvalues come."""
    return descent(target((10.0, 7.0, 5.0, -5.0)), depth, 0.1, STEP / 10, ESCAPES[depth])


def windows(run: Run) -> list[tuple[int, int]]:
    """(opens, closes) in iterations: the L largest are recovered, the next has not started. One for every L.

    Derived; with the last one recovered the window never closes, and ends with the run.
    """
    _, path = eigenpath(run)
    last = path[-1]
    done = [first_passing(path[:, i] * np.sign(last[i]), LATE * abs(last[i])) for i in range(len(last))]
    begun = [first_passing(path[:, i] * np.sign(last[i]), EARLY * abs(last[i])) for i in range(len(last))]
    order = [i for i in np.argsort(done, kind="stable") if abs(last[i]) > 1e-3 * np.abs(last).max()]
    windows = []
    for L in range(1, len(order) + 1):
        closes = min((begun[i] for i in order[L:]), default=len(path) - 1)
        windows.append((max(done[i] for i in order[:L]), closes))
    return windows


@lru_cache
def middle(rank: int) -> int:
    """The iteration in the middle of a window of the slow run at depth 3."""
    opens, closes = windows(escape(3))[rank - 1]
    return (opens + closes) // 2
