"""The end-to-end equation, against matrix powers by scipy, the product rule, and real runs."""

import numpy as np
import pytest
import torch
from scipy.linalg import fractional_matrix_power

from dmf_core.analysis.replay import explained
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.starts import split_evenly
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.equation import end_to_end_flow, preconditioner
from dmf_core.theory.modes import all_modes
from dmf_core.theory.speeds import end_to_end_velocity
from dmf_core.trajectory import Check

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7, "stop.loss": 1e-4}
MOVES = 1e-2  # of the greatest speed


def random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape)))


def check_of(changes: dict[str, object]) -> Check:
    spec = RunSpec().replaced(SMALL | changes)
    insight = explained(run(spec), spec).insight
    assert insight is not None and insight.check is not None
    return insight.check


def residuals(changes: dict[str, object]) -> np.ndarray:
    """Wherever W moves."""
    check = check_of(changes)
    return check.equation[check.speed > MOVES * check.speed.max()]


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 7])
def test_preconditioner_is_a_difference_quotient(depth: int) -> None:
    sigma = np.array([3.0, 1.5, 0.2, 1e-3])
    actual = preconditioner(depth, sigma)
    squares, roots = sigma**2, sigma ** (2 / depth)
    off = ~np.eye(4, dtype=bool)
    quotient = (squares[:, None] - squares)[off] / (roots[:, None] - roots)[off]
    assert actual[off] == pytest.approx(quotient, rel=1e-12)
    assert actual.diagonal() == pytest.approx(depth * sigma ** (2 - 2 / depth), rel=1e-12)  # its limit, and Theorem 3


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_equation_is_the_sum_of_matrix_powers(depth: int) -> None:
    W, pull = random(6, 6), random(6, 7)[:, :6]
    expected = np.zeros((6, 6))
    for j in range(1, depth + 1):
        left = fractional_matrix_power((W @ W.T).numpy(), (j - 1) / depth)
        right = fractional_matrix_power((W.T @ W).numpy(), (depth - j) / depth)
        expected += left @ pull.numpy() @ right
    assert np.allclose(end_to_end_flow(all_modes(W), pull, depth).numpy(), expected, rtol=1e-9)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
@pytest.mark.parametrize(("shape", "rank"), [((5, 8), 2), ((5, 8), 5), ((8, 5), 5)])  # a factor of rank 2 has a null space
def test_equation_is_the_product_rule_for_balanced_factors(depth: int, shape: tuple[int, int], rank: int) -> None:
    W, pull = random(shape[0], rank) @ random(rank, shape[1]), random(*shape)
    factors = split_evenly(W, DeepMatrix(depth=depth).factor_shapes(shape))
    gradients = tuple(torch.empty_like(factor) for factor in factors)
    DeepMatrix(depth=depth).linearize(factors)[1](pull, gradients)
    flow = end_to_end_flow(all_modes(W), pull, depth)
    assert torch.allclose(flow, end_to_end_velocity(factors, gradients), atol=1e-9 * float(flow.abs().max()))


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_equation_holds_on_a_balanced_run(depth: int) -> None:
    off = residuals({"model.depth": depth, "init.kind": "balanced"})
    assert np.median(off) <= 0.01
    assert off.max() <= 0.03


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_residual_of_the_equation_falls_with_the_tolerance(depth: int) -> None:
    coarse, fine = (
        residuals({"model.depth": depth, "init.kind": "balanced", "dtype": "float64", "integrator.tolerance": tolerance})
        for tolerance in (1e-2, 1e-4)
    )
    assert np.median(fine) < np.median(coarse) / 5


def test_equation_fails_where_the_start_is_not_balanced() -> None:
    assert np.median(residuals({"init.kind": "gaussian", "init.scale": 1.0})) > 0.03


def test_depth_1_is_the_plain_gradient() -> None:
    assert residuals({"model.depth": 1}).max() < 1e-5  # float32 gradients


def test_flow_keeps_the_balance_up_to_its_tolerance() -> None:
    fine, coarse = (check_of({"dtype": "float64", "integrator.tolerance": tolerance}) for tolerance in (1e-4, 1e-2))
    assert fine.drift.shape == (len(fine.speed), 2)
    assert (fine.drift[0] == 0).all()
    assert fine.drift.max() < 1e-3 * fine.squares.max()
    assert fine.drift.max() < coarse.drift.max() / 5
