"""A run of tensor completion beside what a user would try instead, on the same observed entries."""

from dataclasses import dataclass

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

WITHIN = 0.01  # components are counted up to this relative distance


@dataclass(frozen=True)
class Beside:
    """One way to complete the tensor. None where a number does not exist."""

    key: str
    label: str
    told: str  # what it knows beside the entries; empty: nothing
    observed_error: float  # mean square over the observations
    unobserved_error: float | None  # mean square over the entries held out
    reconstruction_error: float | None  # relative Frobenius norm over all entries
    unfolding_ranks: tuple[float, ...]  # entropy rank of every mode's unfolding
    components: tuple[int, int | None]  # at least, at most (None: not found), see fewest_components
    seconds: float
    message: str  # how it ended
    rounding: dict[str, float]  # of each error, by its name: values up to it are zeros with rounding in them


def check_beside(spec: RunSpec) -> None:
    """Raises BadInput when there are no observed entries to start from."""
    if spec.problem.measured:
        raise BadInput(
            f"The baselines of a tensor start from observed entries; choose problem.kind={usual_problem(tensor=True)}."
        )


def beside(spec: RunSpec, inputs: Inputs, run: Trajectory) -> tuple[Beside, ...]:
    """The run, which has ended, the memorizer, alternating least squares, the least mean nuclear norm, and the truth.

    Alternating least squares is left out where nobody knows the components of the truth, and the truth where it is not
    known. The observations are drawn again, in float64.
    """
    problem = spec.problem.build(spec.seed, torch.float64, torch.device("cpu"), inputs)
    index = problem.observations.index
    assert run.end is not None and index is not None
    seen = problem.shape, index.numpy(), problem.observations.values.numpy()
    rows = [_row(problem, "run", "this run", run.end.end_to_end_last, run.end.seconds, run.end.message)]
    rows.append(_row(problem, "memorizer", "observed entries, zeros elsewhere", memorize(*seen), 0.0, "nothing is solved."))
    rank = spec.problem.components
    if rank is not None:
        found = fit(*seen, rank)
        told = f"the truth has {rank} component{'s' if rank > 1 else ''}"
        rows.append(_row(problem, "als", "alternating least squares for CP", found.W, found.seconds, found.message, told))
    least = solve(*seen)
    label = "least mean nuclear norm of the unfoldings"
    rows.append(_row(problem, "unfolding_norms", label, least.W, least.seconds, least.message))
    if problem.ground_truth is not None:
        rows.append(_row(problem, "truth", "the truth", problem.ground_truth.numpy(), 0.0, ""))
    return tuple(rows)


def _row(problem: Problem, key: str, label: str, W: np.ndarray, seconds: float, message: str, told: str = "") -> Beside:
    there = torch.from_numpy(np.ascontiguousarray(W, dtype=np.float64))
    truth, held_out = problem.ground_truth, problem.held_out
    size = 0.0 if truth is None else float(truth.norm())
    spectra = [np.linalg.svd(np.moveaxis(W, mode, 0).reshape(side, -1), compute_uv=False) for mode, side in enumerate(W.shape)]
    return Beside(
        key=key,
        label=label,
        told=told,
        observed_error=square_norm(problem.observations.apply(there) - problem.observations.values)
        / len(problem.observations.values),
        unobserved_error=None
        if held_out is None
        else square_norm(held_out.apply(there) - held_out.values) / len(held_out.values),
        reconstruction_error=float((there - truth).norm()) / size if truth is not None and size > 0 else None,
        unfolding_ranks=tuple(float(entropy_rank(sigma)) for sigma in spectra),
        components=fewest_components(W, WITHIN),
        seconds=seconds,
        message=message,
        rounding=rounding_of_errors(problem.known.numpy()),
    )
