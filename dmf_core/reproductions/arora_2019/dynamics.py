"""The runs behind Arora et al.'s figure 3, its synthetic half, and what is read off them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dmf_core.reproductions.arora_2019.alignment import Alignment, alignment
from dmf_core.reproductions.framework.reproduction import Results, Spread, spread
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

RATE = 0.1  # of gradient descent, as in their notebook; of the flow, the time of one iteration
TOLERANCE = 1e-3  # of the flow: its error stays far below what separates it from descent
LENGTHS = {1: 30_000, 2: 15_000, 3: 20_000}  # iterations on the horizontal axes
ERROR = "mean_squared_error"


@dataclass(frozen=True)
class Case:
    """One run."""

    depth: int
    seed: int
    descent: bool = False
    replacement: bool = False


def spec_of(case: Case) -> RunSpec:
    changes: dict[str, object] = {
        "model.depth": case.depth,
        "init.kind": "identity",
        "init.scale": 1e-3,
        "stop.loss": None,
        "save.snapshots": 200,
        "seed": case.seed,
        "device": "cpu",
    }
    if case.replacement:
        changes["problem.replacement"] = True
    if case.descent:
        changes |= {
            "integrator.kind": "gradient_descent",
            "integrator.learning_rate": RATE,
            "stop.iterations": LENGTHS[case.depth],
        }
    else:
        changes["stop.time"] = RATE * LENGTHS[case.depth]
        changes["integrator.tolerance"] = TOLERANCE
    return RunSpec().replaced(changes)


def is_flow(case: Case, depth: int, replacement: bool) -> bool:
    """True for a gradient flow of this depth on entries drawn so."""
    return (case.depth, case.replacement, case.descent) == (depth, replacement, False)


def seeds_of(results: Results) -> list[int]:
    """The draws of distinct entries that every depth has."""
    return [case.seed for case in results.keys(Case) if is_flow(case, 3, False)]


def depth_1_errors(results: Results) -> tuple[Spread, Spread]:
    """The smallest error at depth 1 from distinct entries, and with replacement."""
    cases = [[case for case in results.keys(Case) if is_flow(case, 1, replacement)] for replacement in (False, True)]
    distinct, again = (spread(least_error(results.of(case)) for case in each) for each in cases)
    return distinct, again


@lru_cache(maxsize=16)
def _walk(spec: RunSpec, iterations: int) -> Alignment:
    return alignment(spec, np.linspace(0, RATE * iterations, 80))


def aligned_of(results: Results, case: Case) -> Alignment | None:
    return _walk(results.runs[case].spec, LENGTHS[case.depth]) if results.of(case) else None


def most_above(run: Trajectory | None) -> float:
    return np.nan if run is None else float((run.singular_values > 1).sum(axis=1).max())


def above_at_end(run: Trajectory | None) -> float:
    """How many singular values are above 1 at the end."""
    return np.nan if run is None else float((run.singular_values[-1] > 1).sum())


def least_error(run: Trajectory | None) -> float:
    errors = run.measured(ERROR) if run else None
    return np.nan if errors is None else float(errors.min())


def first_jump(run: Trajectory | None) -> float:
    """The iteration at which the largest singular value passes half of its last value."""
    if run is None:
        return np.nan
    sigma = run.singular_values[:, 0]
    return float(run.column("t")[np.argmax(sigma > sigma[-1] / 2)] / RATE)


def apart(results: Results, case: Case) -> float:
    """Largest distance of the singular values at the end, relative to the largest of them."""
    runs = results.everywhere([case, Case(case.depth, case.seed)])
    if runs is None:
        return np.nan
    ends = [run.singular_values[-1] for run in runs]
    return float(np.abs(ends[0] - ends[1]).max() / ends[1].max())
