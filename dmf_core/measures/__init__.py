"""The table of measures: numbers of the moments of a run. Each looks only at what `Moments` holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factors, Problem, Shape
from dmf_core.measures.effective_rank import entropy_rank, ratio_rank
from dmf_core.measures.norms import frobenius, nuclear, schatten, spectral
from dmf_core.norms import square_norms


@dataclass(frozen=True, eq=False)
class Moments:
    """What a measure may look at: B moments at once, because a call costs more than its arithmetic at these sizes."""

    W: Tensor  # [B, *d]
    loss: np.ndarray  # [B]
    factors: Factors  # each: [B, *its shape]
    degree: int  # of W in them
    singular_values: np.ndarray  # [B, k] float64, descending: of a tensor the main spectrum, all of it
    problem: Problem
    drift: np.ndarray | None  # [B] of what the flow conserves, see `balancedness`; None: no factors
    truth_norm: float | None  # Frobenius norm of the truth, None when some entries are unknown
    unfoldings: Sequence[np.ndarray] = ()  # [B, k] each: singular values of the unfoldings of a tensor

    @property
    def tensor(self) -> bool:
        return len(self.problem.shape) > 2

    @cached_property
    def squared_distance(self) -> np.ndarray | None:  # [B]
        """|W - M|_F^2."""
        truth = self.problem.ground_truth
        return None if truth is None else square_norms(self.W - truth)


@dataclass(frozen=True)
class Measure:
    """One number per moment. None where it does not exist: no truth, nothing held out."""

    label: str
    symbol: str
    unit: str
    values: Callable[[Moments], np.ndarray | None]  # [B]
    tensors_only: bool = False  # runs of matrices do not name it
    of_spectrum: bool = False  # of a matrix: the singular values tell it
    of_model: bool = False  # it depends on the degree of the model, so a W without a model has none


def _observed_error(moments: Moments) -> np.ndarray:
    return moments.loss / (moments.problem.weight * moments.problem.observations.count)


def _unobserved_error(moments: Moments) -> np.ndarray | None:
    held_out = moments.problem.held_out
    if held_out is None:
        return None
    return square_norms(held_out.residuals(moments.W)) / len(held_out.values)


def _mean_squared_error(moments: Moments) -> np.ndarray | None:
    distance = moments.squared_distance
    return None if distance is None else distance / moments.W[0].numel()


def _reconstruction_error(moments: Moments) -> np.ndarray | None:
    distance, size = moments.squared_distance, moments.truth_norm
    return np.sqrt(distance) / size if distance is not None and size else None


def _determinant(moments: Moments) -> np.ndarray | None:
    shape = moments.problem.shape
    if moments.tensor or shape[0] != shape[1] or shape[0] > limits.DETERMINANT_SIDE:
        return None
    return np.array([float(torch.linalg.det(W.double())) for W in moments.W])


def _balancedness_drift(moments: Moments) -> np.ndarray | None:
    return moments.drift


def _hidden_entry(moments: Moments) -> np.ndarray | None:
    if len(moments.problem.observations.values) != moments.problem.observed.numel() - 1 or not moments.problem.observed.any():
        return None
    hidden = ~moments.problem.observed
    return np.array([float(W[hidden]) for W in moments.W])


def _of_matrices(norm: Callable[[np.ndarray], np.ndarray]) -> Callable[[Moments], np.ndarray | None]:
    """A norm of a matrix; a tensor has no such norm that anyone can compute."""
    return lambda moments: None if moments.tensor else norm(moments.singular_values)


def _frobenius_norm(moments: Moments) -> np.ndarray:
    return np.sqrt(square_norms(moments.W)) if moments.tensor else frobenius(moments.singular_values)


def _mean_unfolding_nuclear(moments: Moments) -> np.ndarray | None:
    return np.mean([nuclear(each) for each in moments.unfoldings], axis=0) if moments.unfoldings else None


MEASURES: dict[str, Measure] = {
    "observed_error": Measure("observed error", "", "mean square over the observations", _observed_error),
    "unobserved_error": Measure("unobserved error", "", "mean square over the entries held out", _unobserved_error),
    "mean_squared_error": Measure("mean squared error", "", "mean square over all entries", _mean_squared_error),
    "reconstruction_error": Measure(
        "reconstruction error", "|W - M| / |M|", "relative Frobenius norm over all entries", _reconstruction_error
    ),
    "entropy_rank": Measure(
        "entropy rank", "erank", "modes", lambda moments: entropy_rank(moments.singular_values), of_spectrum=True
    ),
    "ratio_rank": Measure(
        "ratio rank", "|W|_* / |W|_2", "modes", lambda moments: ratio_rank(moments.singular_values), of_spectrum=True
    ),
    "nuclear_norm": Measure("nuclear norm", "|W|_*", "", _of_matrices(nuclear), of_spectrum=True),
    "frobenius_norm": Measure("Frobenius norm", "|W|_F", "", _frobenius_norm, of_spectrum=True),
    "spectral_norm": Measure("spectral norm", "|W|_2", "", _of_matrices(spectral), of_spectrum=True),
    "schatten": Measure(
        "Schatten-2/N quasi-norm",
        "sum of sigma^(2/N)",
        "power sum, no root",
        lambda moments: None if moments.tensor else schatten(moments.singular_values, moments.degree),
        of_spectrum=True,
        of_model=True,
    ),
    "determinant": Measure("determinant", "det W", "", _determinant),  # of small square matrices only
    "hidden_entry": Measure("hidden entry", "", "where all entries but one are observed", _hidden_entry),
    "balancedness_drift": Measure("balancedness drift", "max |B_j(t) - B_j(0)|_F", "", _balancedness_drift),
    "mean_unfolding_nuclear": Measure(
        "mean nuclear norm of the unfoldings", "", "over the modes; of tensors only", _mean_unfolding_nuclear, tensors_only=True
    ),
}


def measures_of(shape: Shape) -> list[str]:
    """The measures that a run of this shape names, whether they exist for it or not."""
    return [key for key, each in MEASURES.items() if len(shape) > 2 or not each.tensors_only]


def measure(moments: Moments) -> list[dict[str, float | None]]:
    """Every measure by key, moment after moment."""
    count = len(moments.W)
    columns = {key: MEASURES[key].values(moments) for key in measures_of(moments.problem.shape)}
    listed = {key: [None] * count if values is None else values.tolist() for key, values in columns.items()}
    return [{key: values[i] for key, values in listed.items()} for i in range(count)]
