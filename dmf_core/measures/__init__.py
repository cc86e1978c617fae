"""The table of measures: numbers of the moments of a run. Each looks only at what `Moments` holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factors, Problem
from dmf_core.measures.balancedness import Balance
from dmf_core.measures.effective_rank import entropy_rank, ratio_rank
from dmf_core.measures.norms import frobenius, nuclear, schatten, spectral


@dataclass(frozen=True, eq=False)
class Moments:
    """What a measure may look at: B moments at once, because a call costs more than its arithmetic at these sizes."""

    W: Sequence[Tensor]  # B of [*d]
    loss: np.ndarray  # [B]
    factors: Factors  # each: [B, *its shape]
    singular_values: np.ndarray  # [B, k] float64, descending
    problem: Problem
    start: Balance | None  # None: no factors
    truth_norm: float | None  # Frobenius norm of the truth, None when some entries are unknown

    @cached_property
    def squared_distance(self) -> np.ndarray | None:  # [B]
        """|W - M|_F^2."""
        truth = self.problem.ground_truth
        return None if truth is None else _squares([W - truth for W in self.W])


@dataclass(frozen=True)
class Measure:
    """One number per moment. None where it does not exist: no truth, nothing held out."""

    label: str
    symbol: str
    unit: str
    values: Callable[[Moments], np.ndarray | None]  # [B]


def _squares(rows: Sequence[Tensor]) -> np.ndarray:
    return np.array([float(torch.dot(row.reshape(-1), row.reshape(-1))) for row in rows])


def _observed_error(moments: Moments) -> np.ndarray:
    return moments.loss / (moments.problem.weight * len(moments.problem.observations.values))


def _unobserved_error(moments: Moments) -> np.ndarray | None:
    held_out = moments.problem.held_out
    if held_out is None:
        return None
    return _squares([held_out.residual(W)[0] for W in moments.W]) / len(held_out.values)


def _mean_squared_error(moments: Moments) -> np.ndarray | None:
    distance = moments.squared_distance
    return None if distance is None else distance / moments.W[0].numel()


def _reconstruction_error(moments: Moments) -> np.ndarray | None:
    distance, size = moments.squared_distance, moments.truth_norm
    return np.sqrt(distance) / size if distance is not None and size else None


def _determinant(moments: Moments) -> np.ndarray | None:
    rows, columns = moments.problem.shape
    if rows != columns or rows > limits.DETERMINANT_SIDE:
        return None
    return np.array([float(torch.linalg.det(W.double())) for W in moments.W])


def _balancedness_drift(moments: Moments) -> np.ndarray | None:
    return None if moments.start is None else moments.start.drift(moments.factors)


def _hidden_entry(moments: Moments) -> np.ndarray | None:
    if len(moments.problem.observations.values) != moments.problem.observed.numel() - 1 or not moments.problem.observed.any():
        return None
    hidden = ~moments.problem.observed
    return np.array([float(W[hidden]) for W in moments.W])


MEASURES: dict[str, Measure] = {
    "observed_error": Measure("observed error", "", "mean square over the observations", _observed_error),
    "unobserved_error": Measure("unobserved error", "", "mean square over the entries held out", _unobserved_error),
    "mean_squared_error": Measure("mean squared error", "", "mean square over all entries", _mean_squared_error),
    "reconstruction_error": Measure(
        "reconstruction error", "|W - M| / |M|", "relative Frobenius norm over all entries", _reconstruction_error
    ),
    "entropy_rank": Measure("entropy rank", "erank", "modes", lambda moments: entropy_rank(moments.singular_values)),
    "ratio_rank": Measure("ratio rank", "|W|_* / |W|_2", "modes", lambda moments: ratio_rank(moments.singular_values)),
    "nuclear_norm": Measure("nuclear norm", "|W|_*", "", lambda moments: nuclear(moments.singular_values)),
    "frobenius_norm": Measure("Frobenius norm", "|W|_F", "", lambda moments: frobenius(moments.singular_values)),
    "spectral_norm": Measure("spectral norm", "|W|_2", "", lambda moments: spectral(moments.singular_values)),
    "schatten": Measure(
        "Schatten-2/N quasi-norm",
        "sum of sigma^(2/N)",
        "power sum, no root",
        lambda moments: schatten(moments.singular_values, len(moments.factors)),
    ),
    "determinant": Measure("determinant", "det W", "", _determinant),  # of small square matrices only
    "hidden_entry": Measure("hidden entry", "", "where all entries but one are observed", _hidden_entry),
    "balancedness_drift": Measure("balancedness drift", "max |B_j(t) - B_j(0)|_F", "", _balancedness_drift),
}


def measure(moments: Moments) -> list[dict[str, float | None]]:
    """Every measure by key, moment after moment."""
    count = len(moments.W)
    columns = {key: each.values(moments) for key, each in MEASURES.items()}
    listed = {key: [None] * count if values is None else values.tolist() for key, values in columns.items()}
    return [{key: values[i] for key, values in listed.items()} for i in range(count)]
