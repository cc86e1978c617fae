"""The minimum nuclear norms by cvxpy with SCS: written by others, and slow."""

import cvxpy
import numpy as np
import torch

from dmf_core.interfaces import Observations


def matrix_of(observations: Observations, shape: tuple[int, int]) -> np.ndarray:  # [m, rows * columns]
    """The linear map, column by column."""
    units = torch.eye(shape[0] * shape[1], dtype=torch.float64)
    return np.stack([observations.apply(unit.view(shape)).numpy() for unit in units], axis=1)


def least_nuclear_norm(observations: Observations, shape: tuple[int, int]) -> tuple[float, np.ndarray]:
    """(norm, matrix); accurate to about 1e-6 relative."""
    X = cvxpy.Variable(shape)
    mask = matrix_of(observations, shape) @ cvxpy.vec(X, order="C") == observations.values.numpy()
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.normNuc(X)), [mask])
    problem.solve(solver=cvxpy.SCS, eps_abs=1e-7, eps_rel=1e-7, max_iters=100_000)
    assert problem.status == "optimal"
    return float(problem.value), np.asarray(X.value)


def least_mean_of_unfoldings(shape: tuple[int, ...], index: np.ndarray, values: np.ndarray) -> tuple[float, np.ndarray]:
    """(mean nuclear norm of the mode unfoldings, tensor); accurate to about 1e-6 relative."""
    places = np.arange(np.prod(shape)).reshape(shape)
    X = cvxpy.Variable(places.size)
    orders = [np.moveaxis(places, mode, 0).reshape(side, -1) for mode, side in enumerate(shape)]
    norms = [cvxpy.normNuc(cvxpy.reshape(X[order.ravel()], order.shape, order="C")) for order in orders]
    problem = cvxpy.Problem(cvxpy.Minimize(sum(norms) / len(shape)), [X[index] == values])
    problem.solve(solver=cvxpy.SCS, eps_abs=1e-7, eps_rel=1e-7, max_iters=100_000)
    assert problem.status == "optimal"
    return float(problem.value), np.asarray(X.value).reshape(shape)
