"""Theorem 3 and the measured speeds, against differences of singular values along accurate paths."""

import numpy as np
import pytest
import torch
from scipy.integrate import DOP853

from dmf_core.analysis.replay import explained
from dmf_core.inputs import Inputs
from dmf_core.interfaces import VectorField
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.starts import Initialization, split_evenly
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.modes import leading_modes
from dmf_core.theory.speeds import Speeds, end_to_end_velocity, predicted_speed, singular_value_speeds

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7, "stop.loss": 1e-4}
MOVES = 1e-2  # of a mode's greatest speed


def field_and_start(depth: int, kind: str, scale: float, shape: tuple[int, int] = (9, 12)) -> tuple[VectorField, torch.Tensor]:
    settings = MatrixCompletion(rows=shape[0], columns=shape[1], rank=2, observations=70)
    problem = settings.build(0, torch.float64, torch.device("cpu"), Inputs())
    field = VectorField(problem, DeepMatrix(depth=depth))
    return field, field.flatten(Initialization(kind=kind, scale=scale).sample(field.factorization, field.problem.shape, 0))


def speeds_at(field: VectorField, x: torch.Tensor, count: int) -> Speeds:
    W = field.end_to_end(x)
    velocity = end_to_end_velocity(field.factors(x), field.factors(field(x)))
    return singular_value_speeds(leading_modes(W, count), field.problem.loss_gradient(W), velocity)


def residuals(changes: dict[str, object]) -> np.ndarray:
    """|predicted - measured| / |measured| of the learned modes, wherever they move."""
    spec = RunSpec().replaced(SMALL | changes)
    insight = explained(run(spec), spec).insight
    assert insight is not None
    learned = int((insight.sigma[-1] > 0.1 * insight.sigma[-1, 0]).sum())
    measured = insight.measured[:, :learned]
    predicted = predicted_speed(insight.depth, insight.sigma, insight.pull)[:, :learned]
    moving = np.abs(measured) > MOVES * np.nanmax(np.abs(measured), axis=0)
    return np.abs(predicted - measured)[moving] / np.abs(measured)[moving]


@pytest.mark.parametrize("kind", ["gaussian", "balanced"])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("shape", [(9, 12), (12, 9)])
def test_measured_speed_is_the_slope_of_the_singular_values(depth: int, kind: str, shape: tuple[int, int]) -> None:
    field, x = field_and_start(depth, kind, 1.0, shape)
    speeds = speeds_at(field, x, 5)
    h = 1e-4  # central differences: error of h^2 times a third derivative of order one
    ahead, behind = (torch.linalg.svdvals(field.end_to_end(x + sign * h * field(x)))[:5] for sign in (1, -1))
    assert torch.allclose(speeds.measured, (ahead - behind) / (2 * h), atol=1e-6 * float(speeds.measured.abs().max()))


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_both_speeds_are_the_slope_along_an_accurate_path(depth: int) -> None:
    field, x = field_and_start(depth, "balanced", 0.1)
    solver = DOP853(lambda _t, y: field(torch.from_numpy(y)).numpy(), 0.0, x.numpy(), 1e4, rtol=1e-11, atol=1e-13)
    compared = 0
    while compared < 20:
        solver.step()
        dense, a, b = solver.dense_output(), solver.t_old, solver.t
        middle, h = (a + b) / 2, 1e-3 * (b - a)
        W = [field.end_to_end(torch.from_numpy(dense(middle + shift))) for shift in (-h, h)]
        slope = (torch.linalg.svdvals(W[1]) - torch.linalg.svdvals(W[0]))[:2] / (2 * h)
        speeds = speeds_at(field, torch.from_numpy(dense(middle)), 2)
        predicted = predicted_speed(depth, speeds.sigma.numpy(), speeds.pull.numpy())
        assert torch.allclose(speeds.measured, slope, rtol=1e-4, atol=1e-9)  # differences of the interpolant lose digits
        assert np.allclose(predicted, speeds.measured.numpy(), rtol=1e-6, atol=1e-12)  # balanced to twelve digits
        compared += 1


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_theorem_3_holds_on_a_balanced_run(depth: int) -> None:
    off = residuals({"model.depth": depth, "init.kind": "balanced"})
    assert np.median(off) <= 0.01
    assert off.max() <= 0.03


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_residual_of_theorem_3_falls_with_the_tolerance(depth: int) -> None:
    coarse, fine = (
        residuals({"model.depth": depth, "init.kind": "balanced", "dtype": "float64", "integrator.tolerance": tolerance})
        for tolerance in (1e-2, 1e-4)
    )
    assert np.median(fine) < np.median(coarse) / 5


def test_theorem_3_fails_where_the_start_is_not_balanced() -> None:
    field, x = field_and_start(3, "gaussian", 1.0)
    speeds = speeds_at(field, x, 3)
    predicted = predicted_speed(3, speeds.sigma.numpy(), speeds.pull.numpy())
    assert (np.abs(predicted - speeds.measured.numpy()) > 0.03 * np.abs(speeds.measured.numpy())).any()


def test_equal_singular_values_have_no_speed() -> None:
    W = torch.diag(torch.tensor([3.0, 2.0, 2.0, 1.0, 0.0], dtype=torch.float64))
    speeds = singular_value_speeds(leading_modes(W, 5), torch.ones_like(W), torch.ones_like(W))
    assert speeds.measured.isnan().tolist() == [False, True, True, False, True]
    assert torch.allclose(speeds.sigma, W.diagonal())


@pytest.mark.parametrize(("gap", "defined"), [(1e-14, False), (1e-9, True)])
def test_vectors_are_defined_as_far_as_rounding_allows(gap: float, defined: bool) -> None:
    W = torch.diag(torch.tensor([1.0, 0.5 + gap, 0.5], dtype=torch.float64))
    assert leading_modes(W, 3).defined.tolist() == [True, defined, defined]


@pytest.mark.parametrize("shape", [(7, 10), (10, 7)])
@pytest.mark.parametrize("smallest", [1e-2, 1e-9])  # the second is out of reach of the Gram matrix
def test_modes_are_those_of_the_svd(shape: tuple[int, int], smallest: float) -> None:
    source = torch.Generator().manual_seed(0)
    U, _, Vh = torch.linalg.svd(torch.randn(shape, generator=source, dtype=torch.float64), full_matrices=False)
    sigma = torch.logspace(0, np.log10(smallest), 7, dtype=torch.float64)
    modes = leading_modes(U * sigma @ Vh, 7)
    assert modes.defined.all()
    assert torch.allclose(modes.sigma, sigma, rtol=1e-6)
    assert torch.allclose((modes.U * U).sum(0) * (modes.V * Vh.T).sum(0), torch.ones(7, dtype=torch.float64), atol=1e-6)


def test_velocity_of_w_is_its_derivative() -> None:
    W = torch.randn(4, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    factors = split_evenly(W, ((4, 6), (4, 4), (4, 4)))
    velocities = tuple(torch.sin(7 * factor + 1) for factor in factors)
    model, h = DeepMatrix(depth=3), 1e-5
    ahead, behind = (model.end_to_end(tuple(f + s * h * v for f, v in zip(factors, velocities, strict=True))) for s in (1, -1))
    assert torch.allclose(end_to_end_velocity(factors, velocities), (ahead - behind) / (2 * h), atol=1e-8)
