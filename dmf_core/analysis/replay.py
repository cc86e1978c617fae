"""The theory of a run, laid over its snapshots: a second walk along the same path, after the run has ended.

The run itself needs no extra time or memory. The same spec gives the same steps, so the second walk meets the snapshots
at their times; the theory there needs singular vectors, which cost more than a step.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch

from dmf_core import limits
from dmf_core.analysis.births import births_of_entries, births_of_products, births_of_symmetric
from dmf_core.analysis.cp import ComponentEvaluator
from dmf_core.analysis.entries import EntryEvaluator
from dmf_core.analysis.matrix import MatrixEvaluator, SymmetricMatrixEvaluator
from dmf_core.errors import NoStep
from dmf_core.inputs import Inputs
from dmf_core.integrators.interpolation import between
from dmf_core.interfaces import Coverage, Step
from dmf_core.models import described
from dmf_core.prepare import Prepared, prepare
from dmf_core.spec import RunSpec
from dmf_core.theory.evaluator import Evaluator
from dmf_core.theory.statements import STATEMENTS
from dmf_core.trajectory import Insight, Trajectory

Result = TypeVar("Result")
ROUNDING = 1e-9  # relative, of times that were added up in another order


@dataclass(frozen=True)
class Theory:
    """The statements that are true of some models, and the evaluator that compares a run with them."""

    evaluator: Callable[[Prepared], Evaluator]
    statements: tuple[str, ...]  # keys of dmf_core.theory.statements.STATEMENTS
    source: str  # of the law of speeds
    carried: str = ""  # before the sources of the statements, where these are about products of matrices
    births: Callable[[Prepared], Iterator[tuple[int, float]]] | None = None  # (mode, t) predicted from the start alone


THEORIES: dict[str, Theory] = {  # by Factorization.theory
    "product_of_matrices": Theory(MatrixEvaluator, tuple(STATEMENTS), STATEMENTS["theorem_3"].source, births=births_of_products),
    "symmetric": Theory(
        SymmetricMatrixEvaluator,
        tuple(key for key in STATEMENTS if key != "balance"),
        "derived from Arora et al. 2019, Theorem 3, for two factors that are one",
        "derived for two factors that are one; of two balanced ones: ",
        births_of_symmetric,
    ),
    "diagonal_network": Theory(EntryEvaluator, (), "derived; Woodworth et al. 2020", births=births_of_entries),
    "balanced_components": Theory(
        ComponentEvaluator, ("theorem_3", "portrait"), "Razin, Maman and Cohen 2021, power law of balanced components"
    ),
}


def explained(trajectory: Trajectory, spec: RunSpec, inputs: Inputs = Inputs()) -> Trajectory:
    """The run with its insight."""
    walk = insights(spec, inputs, trajectory.column("t"), trajectory.column("iteration"))
    why = why_not(trajectory)
    return replace(trajectory, insight=nothing(why) if why else returned(walk))


def why_not(trajectory: Trajectory) -> str:
    """Why the theory of a run is not computed, as a sentence; empty when it is."""
    if trajectory.end is None:
        return "The speeds are computed when the run has ended."
    if trajectory.end.seconds > limits.INSIGHT_SECONDS:
        return (
            f"No numbers here: this run took {trajectory.end.seconds:.0f} s, and only runs of up to "
            f"{limits.INSIGHT_SECONDS:.0f} s are computed a second time for them."
        )
    return ""


def nothing(why: str) -> Insight:
    """An insight without numbers, and why it has none."""
    none, flat = np.zeros((0, 0)), np.zeros(0)
    return Insight(0, none, none, none, none, flat, flat, why)


def returned(walk: Generator[None, None, Result]) -> Result:
    """The return value of a generator, whose yields are dropped."""
    while True:
        try:
            next(walk)
        except StopIteration as stop:
            result: Result = stop.value
            return result


@torch.inference_mode()
def insights(spec: RunSpec, inputs: Inputs, t: np.ndarray, iteration: np.ndarray) -> Generator[None, None, Insight]:
    """Walks along the run and evaluates the theory at these times and iterations. Yields after each of them.

    Stop iterating to cancel.
    """
    theory = theory_of(spec)
    if theory is None:
        return nothing(f"No numbers here: no statement of theory covers this model ({described(spec.model)}).")
    prepared = prepare(spec, inputs)
    evaluator = theory.evaluator(prepared)
    births = np.full(evaluator.modes, np.nan)
    if theory.births is not None and spec.integrator.covered.coverage is not Coverage.NONE:
        for mode, when in theory.births(prepared):
            births[mode - 1] = when
            yield
    yield from _walk(spec, prepared, evaluator, t, iteration)
    return evaluator.insight(len(t), births)


def theory_of(spec: RunSpec) -> Theory | None:
    """The theory that is true of the run's model; None where there is none."""
    return THEORIES.get(spec.model.theory)


def _walk(
    spec: RunSpec, prepared: Prepared, evaluator: Evaluator, t: np.ndarray, iteration: np.ndarray
) -> Generator[None, None, None]:
    moments = _between(spec, prepared, t) if spec.integrator.continuous else _followed(spec, prepared, iteration)
    try:
        for point, following in moments:
            evaluator.at(point, following)
            yield
    except NoStep:  # the run ended here too
        pass


def _between(spec: RunSpec, prepared: Prepared, t: np.ndarray) -> Iterator[tuple[Step, None]]:
    """The points of a continuous path at the given rising times."""
    done, a = 0, None
    for b in spec.integrator.steps(prepared.field, prepared.x):
        while done < len(t) and t[done] <= b.t * (1 + ROUNDING):
            yield (b if a is None else between(prepared.field, a, b, min(1.0, (t[done] - a.t) / (b.t - a.t)))), None
            done += 1
        if done == len(t):
            return
        a = b


def _followed(spec: RunSpec, prepared: Prepared, iteration: np.ndarray) -> Iterator[tuple[Step, Step | None]]:
    """The given iterations, each with the one after it."""
    iterations = set(iteration.astype(int).tolist())
    steps = spec.integrator.steps(prepared.field, prepared.x)
    last = next(steps)
    for step in steps:
        if last.iteration in iterations:
            yield last, step
        if last.iteration >= max(iterations):
            return
        last = step
    yield last, None
