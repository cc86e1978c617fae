"""Which runs of a batch are advanced together: those that need the same kind of step now."""

from collections.abc import Iterator

import numpy as np

from dmf_core.integrators.batched import attempts
from dmf_core.integrators.batched.states import States
from dmf_core.integrators.chebyshev import DOUBTFUL, LONGEST, REAL_STABILITY, REFRESH, RESTING
from dmf_core.integrators.chebyshev_tables import stages
from dmf_core.integrators.stepper import MARGIN

ALIKE = 0.75  # of the stages of the first run: one that needs fewer gets a step of its own
ESCAPING, THIRD = 0, 1  # kinds of steps; from 3 on the number of stages of a stabilized one


def radius_due(s: States) -> list[tuple[int, int]]:
    """Runs whose spectral radius is to be estimated, with the gradients that it may take."""
    due = np.flatnonzero(s.active & ~s.escaping & (s.age >= REFRESH) & ((s.h * s.rho > 0.5) | (s.refused >= DOUBTFUL)))
    return [(int(run), attempts.RADIUS_AGAIN if s.directed[run] else attempts.RADIUS_FIRST) for run in due]


def kinds(s: States, runs: np.ndarray) -> list[tuple[int, int]]:
    """Each run with the kind of its next step. Shortens steps that would have too many stages."""
    s.rho[runs[s.escaping[runs]]] = 0.0
    stiff = runs[~s.escaping[runs] & (s.rho[runs] > 0)]
    exact = s.tolerance[stiff] / (4 * s.rounding)
    longest = np.minimum(np.where(s.quiet[stiff] > 0, RESTING, LONGEST), exact)
    s.h[stiff] = np.minimum(s.h[stiff], longest / s.rho[stiff])
    each_kind = []
    for run in runs:
        reach = MARGIN * s.h[run] * s.rho[run]
        plain = s.past[run] < 2 or reach < REAL_STABILITY
        each_kind.append((int(run), ESCAPING if s.escaping[run] else THIRD if plain else stages(reach)))
    return each_kind


def chunks(order: list[tuple[int, int]], most: int) -> Iterator[tuple[int, np.ndarray]]:
    """Groups of at most `most` runs whose kinds are equal, or whose stages are nearly so: the largest counts."""
    waiting = sorted(order, key=lambda each: -each[1])
    while waiting:
        kind = waiting[0][1]
        fits = kind if kind <= THIRD else max(THIRD + 1, ALIKE * kind)
        count = next((i for i, each in enumerate(waiting) if each[1] < fits), len(waiting))
        count = min(count, most)
        yield kind, np.array([run for run, _ in waiting[:count]])
        waiting = waiting[count:]
