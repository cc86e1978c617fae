"""What is read off the runs of `hariz-deep-cp`."""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from dmf_core.reproductions.framework.reproduction import Results, Spread, spread
from dmf_core.reproductions.framework.sharpness import Switch, numerical_rank, switches
from dmf_core.reproductions.hariz_2022.cases import FITTED, RANK, Case, Kind
from dmf_core.trajectory import Trajectory

SPURIOUS = 0.01  # a component counts above this share of the largest
MOMENTS = np.geomspace(0.1, FITTED, 26)  # training errors at which the spurious ones are counted on the way

Reading: TypeAlias = Callable[[Results, Case], float]
Group: TypeAlias = tuple[int, Kind]  # observations, start


def cases_of(results: Results, observations: int, depth: int, start: Kind = "small") -> list[Case]:
    cases = results.keys(Case)
    return [case for case in cases if (case.observations, case.depth, case.start) == (observations, depth, start)]


def depths_of(results: Results) -> list[int]:
    return sorted({key.depth for key in results.keys(Case)})


def over_draws(results: Results, reading: Reading, observations: int, depth: int, start: Kind = "small") -> Spread:
    return spread(reading(results, case) for case in cases_of(results, observations, depth, start))


def width(results: Results, case: Case) -> float:
    run = results.of(case)
    return float(np.median([each.width for each in _of(run)])) if run else math.nan


def rise(results: Results, case: Case) -> float:
    run = results.of(case)
    return float(np.median([each.high - each.low for each in _of(run)])) if run else math.nan


def first(results: Results, case: Case) -> float:
    run = results.of(case)
    return min(each.born for each in _of(run)) if run else math.nan


def error(results: Results, case: Case) -> float:
    return results.last(case, "reconstruction_error")


def spurious(results: Results, case: Case) -> float:
    run = results.of(case)
    return spurious_of(run.singular_values[-1]) if run else math.nan


def spurious_of(norms: np.ndarray) -> float:  # [k] descending
    """How many components count beyond the rank of the truth."""
    return float(max(0, numerical_rank(norms, SPURIOUS) - RANK))


def spurious_on_the_way(run: Trajectory) -> np.ndarray:  # [len(MOMENTS)]
    """The same at the first snapshot of a training error of at most each of MOMENTS."""
    loss = run.column("loss")
    return np.array([spurious_of(run.singular_values[int(np.argmax(loss <= moment))]) for moment in MOMENTS * (1 + 1e-3)])


def _of(run: Trajectory) -> list[Switch]:
    return switches(run, "component_norms", RANK)
