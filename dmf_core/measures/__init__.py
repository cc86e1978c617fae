"""The table of measures: numbers of a moment in a run. Each looks only at what a `Moment` holds."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from dmf_core.interfaces import Factors, Problem
from dmf_core.measures.balancedness import Balance
from dmf_core.measures.effective_rank import entropy_rank, ratio_rank


@dataclass(frozen=True, eq=False)
class Moment:
    """What a measure may look at."""

    W: Tensor  # [rows, columns]
    loss: float
    factors: Factors
    singular_values: np.ndarray  # [k] float64, descending
    problem: Problem
    start: Balance
    truth_norm: float | None  # Frobenius norm of the truth, None when some entries are unknown

    @cached_property
    def squared_distance(self) -> float | None:
        """|W - M|_F^2."""
        truth = self.problem.ground_truth
        return None if truth is None else _square(self.W - truth)


@dataclass(frozen=True)
class Measure:
    """One number per moment. None where it does not exist: no truth, nothing held out."""

    label: str
    symbol: str
    unit: str
    value: Callable[[Moment], float | None]


def _square(x: Tensor) -> float:
    flat = x.reshape(-1)
    return float(torch.dot(flat, flat))


def _observed_error(moment: Moment) -> float:
    return moment.loss / (moment.problem.weight * len(moment.problem.observations.values))


def _unobserved_error(moment: Moment) -> float | None:
    held_out = moment.problem.held_out
    if held_out is None:
        return None
    return _square(held_out.residual(moment.W)[0]) / len(held_out.values)


def _mean_squared_error(moment: Moment) -> float | None:
    distance = moment.squared_distance
    return None if distance is None else distance / moment.W.numel()


def _reconstruction_error(moment: Moment) -> float | None:
    distance, size = moment.squared_distance, moment.truth_norm
    return math.sqrt(distance) / size if distance is not None and size else None


def _schatten(moment: Moment) -> float:
    return float((moment.singular_values ** (2 / len(moment.factors))).sum())


MEASURES: dict[str, Measure] = {
    "observed_error": Measure("observed error", "", "mean square over the observations", _observed_error),
    "unobserved_error": Measure("unobserved error", "", "mean square over the entries held out", _unobserved_error),
    "mean_squared_error": Measure("mean squared error", "", "mean square over all entries", _mean_squared_error),
    "reconstruction_error": Measure(
        "reconstruction error", "|W - M| / |M|", "relative Frobenius norm over all entries", _reconstruction_error
    ),
    "entropy_rank": Measure("entropy rank", "erank", "modes", lambda moment: entropy_rank(moment.singular_values)),
    "ratio_rank": Measure("ratio rank", "|W|_* / |W|_2", "modes", lambda moment: ratio_rank(moment.singular_values)),
    "nuclear_norm": Measure("nuclear norm", "|W|_*", "", lambda moment: float(moment.singular_values.sum())),
    "frobenius_norm": Measure("Frobenius norm", "|W|_F", "", lambda moment: float(np.sqrt((moment.singular_values**2).sum()))),
    "spectral_norm": Measure("spectral norm", "|W|_2", "", lambda moment: float(moment.singular_values[0])),
    "schatten": Measure("Schatten-2/N quasi-norm", "sum of sigma^(2/N)", "power sum, no root", _schatten),
    "balancedness_drift": Measure(
        "balancedness drift", "max |B_j(t) - B_j(0)|_F", "", lambda moment: moment.start.drift(moment.factors)
    ),
}


def measure(moment: Moment) -> dict[str, float | None]:
    """Every measure of a moment, by key."""
    return {key: each.value(moment) for key, each in MEASURES.items()}
