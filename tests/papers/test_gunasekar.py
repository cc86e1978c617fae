"""The minimum and the exact limit, each against something else."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from dmf_core.reproductions.gunasekar_2017.figure import PROBLEM, diagonals, exact_limit, minimum


@pytest.mark.parametrize("scale", [0.1, 1e-3])
def test_exact_limit_of_depth_2_is_where_the_scalar_flow_ends(scale: float) -> None:
    """W = diag(w^2): dw/dt = -2 w a^T (a w^2 - y) / m, written out and solved by scipy."""
    a, y = diagonals(0)
    ended = solve_ivp(
        lambda _, w: -4 / len(y) * w * (a.T @ (a @ w**2 - y)),
        (0, 1e6),
        np.full(a.shape[1], scale**0.5),
        method="LSODA",
        rtol=1e-9,
        atol=1e-14,
    )
    x = exact_limit(0, scale)
    assert np.abs(a @ x - y).max() < 1e-8
    assert np.abs(ended.y[:, -1] ** 2 - x).max() < 1e-4 * x.max()


def test_minimum_is_below_the_truth_and_below_every_exact_limit() -> None:
    _, M = PROBLEM.draw(0)
    assert minimum(0) < float(M.trace())
    assert all(minimum(0) <= exact_limit(0, scale).sum() for scale in (1e-1, 1e-3, 1e-5))
