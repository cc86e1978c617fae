"""How singular vectors turn, against differences of the singular vectors of real runs in float64."""

from itertools import islice

import numpy as np
import pytest
import torch

from dmf_core.analysis.replay import explained
from dmf_core.inputs import Inputs
from dmf_core.integrators.gradient_descent import GradientDescent
from dmf_core.interfaces import Step, VectorField
from dmf_core.prepare import Prepared, prepare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.alignment import aligned
from dmf_core.theory.modes import Modes, all_modes
from dmf_core.theory.vectors import measured_turning, predicted_turning

TINY = {"problem.rows": 12, "problem.rank": 3, "seed": 5, "init.kind": "balanced", "init.scale": 0.1, "dtype": "float64"}
LEARNED = 3


def prepared_for(depth: int, columns: int) -> Prepared:
    changes = {"model.depth": depth, "problem.columns": columns, "problem.observations": 7 * columns}
    return prepare(RunSpec().replaced(TINY | changes), Inputs())


def facing(modes: Modes, like: Modes) -> Modes:
    """With the signs of the other ones: a pair of vectors is defined up to its sign."""
    signs = torch.sign((modes.U * like.U).sum(0))
    return modes._replace(U=modes.U * signs, V=modes.V * signs)


def differences(field: VectorField, before: Step, now: Step, after: Step) -> tuple[Modes, torch.Tensor, torch.Tensor]:
    """The modes of now, and central differences of the vectors."""
    assert field.whole  # the prediction is W
    modes = all_modes(now.prediction)
    a, b = facing(all_modes(before.prediction), modes), facing(all_modes(after.prediction), modes)
    return modes, (b.U - a.U) / (after.t - before.t), (b.V - a.V) / (after.t - before.t)


def off(depth: int, columns: int, rate: float, every: float) -> np.ndarray:
    """|predicted - difference| / |difference| of the learned pairs, wherever they turn, along gradient descent."""
    prepared = prepared_for(depth, columns)
    steps = GradientDescent(learning_rate=rate).steps(prepared.field, prepared.x)
    stride, errors, speeds = round(every / rate), [], []
    window: list[Step] = list(islice(steps, 3))
    for step in islice(steps, round(120 / rate)):
        if window[1].iteration % stride == 0:
            modes, u, v = differences(prepared.field, *window)
            predicted = predicted_turning(modes, -prepared.problem.loss_gradient(window[1].prediction), depth, LEARNED)
            gap = torch.sqrt((predicted.u - u[:, :LEARNED]).square().sum(0) + (predicted.v - v[:, :LEARNED]).square().sum(0))
            was = torch.sqrt(u[:, :LEARNED].square().sum(0) + v[:, :LEARNED].square().sum(0))
            errors.append((gap / was).numpy())
            speeds.append(was.numpy())
        window = [*window[1:], step]
    turns = np.array(speeds)
    return np.array(errors)[turns > 0.01 * turns.max(axis=0)]


@pytest.mark.parametrize(("depth", "columns"), [(1, 12), (2, 17), (3, 12), (4, 17)])
def test_formula_is_the_difference_of_vectors_along_gradient_descent(depth: int, columns: int) -> None:
    """The step leaves an error of first order; a mode of depth 4 that grows fast shows most of it."""
    error = off(depth, columns, 0.02, 1.0)
    assert len(error) > 20
    assert np.median(error) < 0.01
    assert error.max() < 0.05


def test_error_of_the_formula_falls_with_the_step() -> None:
    large, small = (np.median(off(3, 12, rate, 1.0)) for rate in (0.04, 0.01))
    assert small < large / 3  # of first order: a quarter


@pytest.mark.parametrize("shape", [(7, 7), (6, 9), (9, 6)])
def test_measured_turning_is_the_derivative_of_the_svd(shape: tuple[int, int]) -> None:
    source = torch.Generator().manual_seed(3)
    W, velocity = (torch.randn(shape, dtype=torch.float64, generator=source) for _ in range(2))
    modes, h = all_modes(W), 1e-6
    ahead, behind = (facing(all_modes(W + sign * h * velocity), modes) for sign in (1, -1))
    turning = measured_turning(modes, velocity, 4)
    assert torch.allclose(turning.u, ((ahead.U - behind.U) / (2 * h))[:, :4], atol=1e-7)
    assert torch.allclose(turning.v, ((ahead.V - behind.V) / (2 * h))[:, :4], atol=1e-7)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_vectors_stand_still_where_the_pull_is_diagonal(depth: int) -> None:
    W = torch.randn(6, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    modes = all_modes(W)
    pull = modes.U @ torch.diag(torch.linspace(1, 2, 6, dtype=torch.float64)) @ modes.V.T
    assert aligned(modes.U, pull, modes.V).off < 1e-14
    assert aligned(modes.U, pull, modes.V).on == pytest.approx(1.5)
    assert float(predicted_turning(modes, pull, depth, 6).speed.max()) < 1e-12
    mixed = pull + 0.1 * modes.U[:, :1] @ modes.V[:, 1:2].T
    assert float(predicted_turning(modes, mixed, depth, 6).speed[:2].min()) > 1e-3


def test_vectors_of_equal_singular_values_have_no_speed() -> None:
    W = torch.diag(torch.tensor([3.0, 2.0, 2.0, 1.0], dtype=torch.float64))
    speed = predicted_turning(all_modes(W), torch.ones_like(W), 3, 4).speed
    assert speed.isnan().tolist() == [False, True, True, False]


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_turning_of_a_balanced_run_is_as_predicted(depth: int) -> None:
    changes = {"model.depth": depth, "problem.rows": 30, "problem.columns": 30, "problem.observations": 500, "seed": 7}
    spec = RunSpec().replaced(changes | {"problem.rank": 3, "init.kind": "balanced", "stop.loss": 1e-4})
    insight = explained(run(spec), spec).insight
    assert insight is not None and insight.check is not None
    learned = insight.sigma[-1] > 0.1 * insight.sigma[-1, 0]
    turning, off = insight.check.turning[:, learned], insight.check.turning_off[:, learned]
    turns = turning > 0.01 * np.nanmax(turning, axis=0)
    assert np.median(off[turns]) <= 0.01
    assert off[turns].max() <= 0.03
