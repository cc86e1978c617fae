"""A run of tensor completion compared with the usual methods, on the same observed entries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from dmf_core.baselines.alternating_least_squares import fit
from dmf_core.baselines.comparison.comparison import rounding_of_errors
from dmf_core.baselines.components import fewest_components
from dmf_core.baselines.memorizer import memorize
from dmf_core.baselines.unfolding_norms import solve
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem
from dmf_core.measures.effective_rank import entropy_rank
from dmf_core.norms import square_norm
from dmf_core.problems import usual_problem
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

LABELS = {
    "run": "this run",
    "memorizer": "observed entries, zeros elsewhere",
    "als": "alternating least squares for CP",
    "unfolding_norms": "least mean nuclear norm of the unfoldings",
    "truth": "the truth",
}
WITHIN = 0.01  # components are counted up to this relative distance


@dataclass(frozen=True)
class BaselineRow:
    """One way to complete the tensor. None where a number does not exist."""

    key: str
    label: str
    extra_information: str  # what the method is given besides the entries; empty: nothing
    observed_error: float  # mean square over the observations
    unobserved_error: float | None  # mean square over the entries held out
    reconstruction_error: float | None  # relative Frobenius norm over all entries
    unfolding_ranks: tuple[float, ...]  # entropy rank of every mode's unfolding
    components: tuple[int, int | None]  # at least, at most (None: not found), see fewest_components
    seconds: float
    message: str  # how it ended
    rounding: dict[str, float]  # of each error, by its name: values up to it are zeros with rounding in them


def check_observed_entries(spec: RunSpec) -> None:
    """Raises BadInput when there are no observed entries to start from."""
    if spec.problem.measured:
        raise BadInput(
            f"The baselines of a tensor start from observed entries; choose problem.kind={usual_problem(tensor=True)}."
        )


def baseline_rows(spec: RunSpec, inputs: Inputs, run: Trajectory) -> tuple[BaselineRow, ...]:
    """The run, which has ended, the memorizer, alternating least squares, the least mean nuclear norm, and the truth.

    Alternating least squares is left out where nobody knows the components of the truth, and the truth where it is not
    known. The observations are drawn again, in float64.
    """
    assert run.end is not None
    W = run.end.end_to_end_last
    rows = tuple(row(key, spec, inputs, W) for key in ways(spec, run))
    return of_run(rows, run)


def ways(spec: RunSpec, run: Trajectory) -> tuple[str, ...]:
    """The keys of the rows that there are for this run."""
    known = not np.isnan(run.start.ground_truth).any()
    return ("run", "memorizer", *(["als"] * (spec.problem.components is not None)), "unfolding_norms", *(["truth"] * known))


def row(key: str, spec: RunSpec, inputs: Inputs, W: np.ndarray | None = None) -> BaselineRow:
    """One row. `W`: where the run ended, for its own row only, which then lacks its seconds and message: see `of_run`."""
    problem = spec.problem.build(spec.seed, torch.float64, torch.device("cpu"), inputs)
    index = problem.observations.index
    assert index is not None
    entries = problem.shape, index.numpy(), problem.observations.values.numpy()
    match key:
        case "run":
            assert W is not None
            return _row(problem, key, W, 0.0, "")
        case "memorizer":
            return _row(problem, key, memorize(*entries), 0.0, "nothing is solved.")
        case "als":
            rank = spec.problem.components
            assert rank is not None
            fitted = fit(*entries, rank)
            return _row(problem, key, fitted.W, fitted.seconds, fitted.message, knowledge_of(key, spec))
        case "unfolding_norms":
            least = solve(*entries)
            return _row(problem, key, least.W, least.seconds, least.message)
    assert key == "truth" and problem.ground_truth is not None
    return _row(problem, key, problem.ground_truth.numpy(), 0.0, "")


def knowledge_of(key: str, spec: RunSpec) -> str:
    """What the method is given besides the entries, as words."""
    rank = spec.problem.components
    return f"the truth has {rank} component{'s' if rank > 1 else ''}" if key == "als" and rank is not None else ""


def of_run(rows: Sequence[BaselineRow], run: Trajectory) -> tuple[BaselineRow, ...]:
    """The rows, the run's own with its seconds and message."""
    assert run.end is not None
    return tuple(replace(each, seconds=run.end.seconds, message=run.end.message) if each.key == "run" else each for each in rows)


def _row(problem: Problem, key: str, W: np.ndarray, seconds: float, message: str, extra_information: str = "") -> BaselineRow:
    prediction = torch.from_numpy(np.ascontiguousarray(W, dtype=np.float64))
    truth, held_out = problem.ground_truth, problem.held_out
    size = 0.0 if truth is None else float(truth.norm())
    spectra = [np.linalg.svd(np.moveaxis(W, mode, 0).reshape(side, -1), compute_uv=False) for mode, side in enumerate(W.shape)]
    return BaselineRow(
        key=key,
        label=LABELS[key],
        extra_information=extra_information,
        observed_error=square_norm(problem.observations.apply(prediction) - problem.observations.values)
        / len(problem.observations.values),
        unobserved_error=None
        if held_out is None
        else square_norm(held_out.apply(prediction) - held_out.values) / len(held_out.values),
        reconstruction_error=float((prediction - truth).norm()) / size if truth is not None and size > 0 else None,
        unfolding_ranks=tuple(float(entropy_rank(sigma)) for sigma in spectra),
        components=fewest_components(W, WITHIN),
        seconds=seconds,
        message=message,
        rounding=rounding_of_errors(problem.known.numpy()),
    )
