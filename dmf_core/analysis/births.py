"""Births of a run's modes, predicted from its start alone: what the formulas of `theory` need, read off a prepared run."""

from collections.abc import Iterator

import numpy as np
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Problem
from dmf_core.norms import square_norm
from dmf_core.prepare import Prepared
from dmf_core.theory import births, symmetric_flow


def births_of_products(prepared: Prepared) -> Iterator[tuple[int, float]]:
    """(mode from 1, t) of a product of matrices."""
    _, gradient, noise = _at_the_start(prepared)
    factors = tuple(factor.double().cpu().numpy() for factor in prepared.field.factors(prepared.x))
    return births.predicted_births(factors, -gradient, noise, limits.INSIGHT_MODES)


def births_of_symmetric(prepared: Prepared) -> Iterator[tuple[int, float]]:
    """(mode from 1, t) of W = U U^T."""
    W, gradient, noise = _at_the_start(prepared)
    return symmetric_flow.predicted_births(W.double().cpu().numpy(), gradient, noise, limits.INSIGHT_MODES)


def _at_the_start(prepared: Prepared) -> tuple[Tensor, np.ndarray, float]:
    """(W, dL/dW in float64, the largest singular value that it would have without any structure)."""
    problem = prepared.problem
    W = prepared.field.end_to_end(prepared.x)
    noise = births.random_pull(problem.shape, problem.observations.count, mean_square_pull(problem, W))
    return W, problem.loss_gradient(W).double().cpu().numpy(), noise


def mean_square_pull(problem: Problem, W: Tensor) -> float:
    """Sum of (weights * residual)^2 over the number of observations; where each was drawn once, their mean square."""
    observations = problem.observations
    weighted = observations.rooted(observations.rooted(observations.apply(W) - observations.values))
    return square_norm(weighted) / observations.count
