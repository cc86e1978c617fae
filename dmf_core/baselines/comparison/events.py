"""The baseline as a run: the same events as `simulate`, so that the same workers, queues and viewers serve it."""

import time
from collections.abc import Generator, Iterator

import numpy as np
import torch

from dmf_core.baselines.comparison.price import check_baseline
from dmf_core.baselines.minimum_nuclear_norm import Iteration, MinimumNuclearNorm, Solution, minimum_nuclear_norm
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.measures import MEASURES, Moments
from dmf_core.measures.singular_values import singular_values
from dmf_core.prepare import shape_of
from dmf_core.simulate import Cancelled
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Event, Outcome, Progress, Snapshot, Start, Trajectory, picture_index

WORK = "dmf_core.baselines.comparison.events:baseline"  # the name of this work for the job queue
SIGN_SECONDS = 0.1  # between two signs of life
PROOF = ("bound", "gap", "infeasibility")  # stored with the measures: see Solution


def baseline_spec(spec: RunSpec) -> RunSpec:
    """What the baseline depends on: the observations. Equal for every depth, start and integrator."""
    return RunSpec(problem=spec.problem, seed=spec.seed, dtype="float64", device="cpu")


def baseline(spec: RunSpec, inputs: Inputs = Inputs()) -> Generator[Event, None, None]:
    """The minimum nuclear norm as events: iteration for t, a Snapshot for each solution. Raises BadInput before the Start.

    Every Snapshot agrees with the observations; its measures hold what proves it under the keys of PROOF.
    """
    shape = shape_of(spec, inputs)
    check_baseline(spec, shape)
    began = time.perf_counter()
    problem = spec.problem.build(spec.seed, torch.float64, torch.device("cpu"), inputs)
    start = _start(spec, problem)
    yield start
    solution: Solution | None = None
    outcome = Outcome.BUDGET
    try:
        for event in _with_signs(minimum_nuclear_norm(problem.observations, (shape[0], shape[1]), MinimumNuclearNorm()), began):
            if isinstance(event, Solution):
                solution = event
                yield _snapshot(event, problem, start)
            else:
                assert solution is not None  # the first event is a solution
                yield _sign(event, solution, problem)
    except Cancelled:
        outcome = Outcome.CANCELLED
    assert solution is not None
    if outcome is Outcome.BUDGET and solution.solved:
        outcome = Outcome.CONVERGED
    yield _end(outcome, solution, time.perf_counter() - began)


def from_stored(spec: RunSpec, inputs: Inputs, W: np.ndarray, bound: float, iterations: int, seconds: float) -> Trajectory:
    """A stored baseline: start and last solution. Only the bound is taken from it; the rest is computed again from W."""
    problem = spec.problem.build(spec.seed, torch.float64, torch.device("cpu"), inputs)
    if W.shape != problem.shape or not np.isfinite(W).all():
        raise BadInput("The kept minimum is not a matrix of this size; find it again.")
    values = problem.observations.values
    left = float((problem.observations.apply(torch.from_numpy(W)) - values).norm()) / (float(values.norm()) or 1.0)
    norm = float(np.linalg.svd(W, compute_uv=False).sum())
    solution = Solution(W, np.zeros_like(W), norm, bound, left, iterations, seconds, True, "Kept from before.")
    if solution.gap > MinimumNuclearNorm().tolerance * 1.01:  # rounding of the norm
        raise BadInput("The kept minimum is not proven; find it again.")
    start = _start(spec, problem)
    return Trajectory(start, (_snapshot(solution, problem, start),), _end(Outcome.CONVERGED, solution, seconds))


def _with_signs(events: Generator[Iteration | Solution, None, None], began: float) -> Iterator[Iteration | Solution]:
    """All solutions, and an iteration every now and then."""
    latest = began
    for event in events:
        now = time.perf_counter()
        if isinstance(event, Solution) or now - latest > SIGN_SECONDS:
            latest = now if isinstance(event, Iteration) else latest
            yield event


def _start(spec: RunSpec, problem: Problem) -> Start:
    known, truth = problem.known.numpy(), problem.ground_truth
    return Start(
        digest=spec.digest(),
        shape=problem.shape,
        ground_truth=known,
        observed_mask=problem.observed.numpy(),
        true_singular_values=None if truth is None else singular_values(truth),
        factors_first=(),
        end_to_end_first=np.zeros(problem.shape),
        picture_limit=float(np.nanmax(np.abs(known))) or 1.0,
    )


def _snapshot(solution: Solution, problem: Problem, start: Start) -> Snapshot:
    W = torch.from_numpy(solution.W)
    sigma = singular_values(W)
    rows, columns = (picture_index(side) for side in start.shape)
    shown = solution.W[np.ix_(rows, columns)] * (127 / start.picture_limit)
    return Snapshot(
        index=solution.iterations,
        dropped=(),
        position=float(solution.iterations),
        t=float(solution.iterations),
        iteration=solution.iterations,
        gradients=0,
        seconds=solution.seconds,
        loss=problem.loss(W),
        singular_values=sigma,
        measures=_measures(W, sigma, problem) | {key: getattr(solution, key) for key in PROOF},
        picture=np.clip(np.round(shown), -127, 127).astype(np.int8),
    )


def _measures(W: torch.Tensor, sigma: np.ndarray, problem: Problem) -> dict[str, float | None]:
    truth = problem.ground_truth
    moments = Moments(
        W=W[None],
        loss=np.array([problem.loss(W)]),
        factors=(),
        degree=1,  # the measures of factors are left out
        singular_values=sigma[None],
        problem=problem,
        drift=None,
        truth_norm=None if truth is None else float(torch.linalg.vector_norm(truth)),
    )
    values = {key: None if measure.of_model else measure.values(moments) for key, measure in MEASURES.items()}
    return {key: None if value is None else float(value[0]) for key, value in values.items()}


def _sign(event: Iteration, solution: Solution, problem: Problem) -> Progress:
    loss = problem.loss(torch.from_numpy(solution.W))
    return Progress(t=float(event.iteration), iteration=event.iteration, gradients=0, seconds=event.seconds, loss=loss)


def _end(outcome: Outcome, solution: Solution, seconds: float) -> End:
    message = solution.message
    if outcome is Outcome.CANCELLED:
        message = (
            f"Cancelled after {solution.iterations} iterations; the matrix agrees with the observations, but a nuclear norm "
            f"smaller by up to {100 * solution.gap:.2g} % is possible: run it again to know."
        )
    return End(
        outcome=outcome,
        message=message,
        seconds=seconds,
        gradients=0,
        accepted=solution.iterations,
        rejected=0,
        end_to_end_last=solution.W,
    )
