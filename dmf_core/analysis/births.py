"""Births of a run's modes, predicted from its start alone: what the formulas of `theory` need, read off a prepared run."""

import math
from collections.abc import Iterator

import numpy as np
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Problem
from dmf_core.norms import square_norm
from dmf_core.prepare import Prepared
from dmf_core.theory import births, entry_flow, symmetric_flow


def births_of_products(prepared: Prepared) -> Iterator[tuple[int, float]]:
    """(mode from 1, t) of a product of matrices."""
    _, gradient, noise = _at_the_start(prepared)
    factors = tuple(factor.double().cpu().numpy() for factor in prepared.field.factors(prepared.x))
    return births.predicted_births(factors, -gradient, noise, limits.INSIGHT_MODES)


def births_of_symmetric(prepared: Prepared) -> Iterator[tuple[int, float]]:
    """(mode from 1, t) of W = U U^T."""
    W, gradient, noise = _at_the_start(prepared)
    return symmetric_flow.predicted_births(W.double().cpu().numpy(), gradient, noise, limits.INSIGHT_MODES)


def births_of_entries(prepared: Prepared) -> Iterator[tuple[int, float]]:
    """(number from 1 by the size of the pull, t) of the entries of a diagonal network.

    In completion each entry moves by itself and ends at its observed value. In sensing an entry counts if its pull is larger
    than residuals of random sign would give, and is assumed to end where a fully observed loss would have gradient zero.
    """
    problem, observations = prepared.problem, prepared.problem.observations
    W, gradient, _ = _at_the_start(prepared)
    u, v = (factor.double().cpu().numpy() for factor in prepared.field.factors(prepared.x))
    noise, reach = 0.0, np.full(gradient.shape, 0.5 / problem.weight)
    if observations.index is None:
        noise = 2 * math.sqrt(mean_square_pull(problem, W) / (observations.count * gradient.size))
        reach = np.full(gradient.shape, gradient.size / 2)
    elif observations.weights is not None:
        np.put(reach, observations.index.cpu().numpy(), 0.5 / (problem.weight * observations.weights.double().cpu().numpy()))
    return entry_flow.predicted_births((u, v), -gradient, noise, reach, prepared.field.degree, limits.INSIGHT_MODES)


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
