"""What every line of PROBLEMS must keep. A new problem is tested by being in the table."""

import numpy as np
import pytest
import torch

from dmf_core.inputs import Inputs, digest_of
from dmf_core.interfaces import Problem
from dmf_core.problems import PROBLEMS
from dmf_core.problems.observations import CACHED_BYTES, Measurements

CPU = torch.device("cpu")
ROWS, COLUMNS = 7, 5
SQUARE = {"razin_cohen": {"side": 5, "w22": 0.1}, "commuting_sensing": {"side": 6, "rank": 2, "measurements": 5}}
WEIGHTS = {"razin_cohen": 0.5}  # half the sum of squares, as its docstring says; all others take the mean


def small(kind: str, seed: int = 3) -> Problem:
    """A small problem of this kind, rectangular where it can be, in float64."""
    if kind in SQUARE:
        return PROBLEMS[kind](**SQUARE[kind]).build(seed, torch.float64, CPU, Inputs())
    if kind in ("tensor_completion", "tensor_sensing"):
        settings = PROBLEMS[kind](shape=(4, 3, 5), rank=2, observations=35, noise=0.1)
        return settings.build(seed, torch.float64, CPU, Inputs())
    if kind in ("observed_data", "observed_tensor"):
        data = np.random.default_rng(seed).normal(size=(ROWS, COLUMNS) if kind == "observed_data" else (3, 4, 3))
        data.flat[1] = np.nan
        settings = PROBLEMS[kind](data=digest_of(data), observations=20)
        return settings.build(seed, torch.float64, CPU, Inputs(data=data))
    settings = PROBLEMS[kind](rows=ROWS, columns=COLUMNS, rank=2, observations=20, noise=0.1)
    return settings.build(seed, torch.float64, CPU, Inputs())


@pytest.mark.parametrize("kind", [kind for kind, each in PROBLEMS.items() if each.batched])
def test_residual_of_a_problem_of_batches_is_a_masked_matrix(kind: str) -> None:
    problem = small(kind)
    W = torch.randn(problem.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    dense = problem.observations.dense()
    assert len(problem.shape) == 2 and dense is not None
    mask, minus, root = dense
    residual = (mask * W + minus) * (1.0 if root is None else root)
    torch.testing.assert_close(residual, problem.observations.residual(W)[0])


@pytest.mark.parametrize("kind", PROBLEMS)
def test_observations_adjoint_is_the_transpose(kind: str) -> None:
    problem = small(kind)
    W = torch.randn(problem.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    r = torch.randn(len(problem.observations.values), dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    left = torch.dot(problem.observations.apply(W), r)
    right = (W * problem.observations.adjoint(r)).sum()
    assert abs(float(left - right)) < 1e-12 * float(W.norm() * r.norm())  # rounding of a few dozen products


@pytest.mark.parametrize("kind", PROBLEMS)
def test_loss_is_the_squared_residual_times_its_weight(kind: str) -> None:
    problem = small(kind)
    W = torch.randn(problem.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    residual = problem.observations.apply(W) - problem.observations.values
    weight = WEIGHTS.get(kind, 1 / len(residual))
    assert problem.loss(W) == pytest.approx(weight * float(residual.square().sum()), rel=1e-12)


@pytest.mark.parametrize("kind", PROBLEMS)
def test_scaled_residual_is_the_residual_times_its_gain(kind: str) -> None:
    problem = small(kind)
    observations = problem.observations
    W = torch.randn(problem.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for plain, scaled in zip(observations.residual(W), observations.scaled_residual(-0.3)(W), strict=True):
        assert torch.allclose(-0.3 * plain, scaled, rtol=1e-12, atol=1e-14)  # rounding of one product


@pytest.mark.parametrize("kind", PROBLEMS)
def test_nearest_agrees_and_moves_at_right_angles(kind: str) -> None:
    """The nearest agreeing matrix differs from W by an adjoint: at right angles to whatever the observations cannot see."""
    problem = small(kind)
    observations = problem.observations
    source = torch.Generator().manual_seed(0)
    W, other = (torch.randn(problem.shape, dtype=torch.float64, generator=source) for _ in range(2))
    nearest = observations.project()
    moved = nearest(W) - W
    unseen = nearest(other) - nearest(W)
    assert torch.allclose(observations.apply(nearest(nearest(W))), observations.values, atol=1e-13)  # rounding
    assert abs(float((moved * unseen).sum())) < 1e-10 * float(moved.norm() * unseen.norm())


@pytest.mark.parametrize("kind", PROBLEMS)
def test_loss_gradient_has_taylor_slope_two(kind: str) -> None:
    """|L(W + hV) - L(W) - h <G, V>| falls with h^2: no tolerance to tune."""
    problem = small(kind)
    source = torch.Generator().manual_seed(0)
    W, V = (torch.randn(problem.shape, dtype=torch.float64, generator=source) for _ in range(2))
    slope = float((problem.loss_gradient(W) * V).sum())
    steps = np.logspace(-1, -4, 7)
    errors = [abs(problem.loss(W + h * V) - problem.loss(W) - h * slope) for h in steps]
    assert np.polyfit(np.log(steps), np.log(errors), 1)[0] == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("kind", PROBLEMS)
def test_problem_holds_out_only_what_training_never_sees(kind: str) -> None:
    problem = small(kind)
    if problem.held_out is None:  # sensing observes no single entry; what nobody knows judges nothing
        assert not problem.observed.any() or bool(problem.known[~problem.observed].isnan().all())
        return
    judged = problem.held_out.adjoint(torch.ones(len(problem.held_out.values), dtype=torch.float64)) > 0
    assert not (judged & problem.observed).any()
    assert not problem.known[judged].isnan().any()


@pytest.mark.parametrize("kind", PROBLEMS)
def test_problem_scale_tells_the_size_of_the_truth(kind: str) -> None:
    problem = small(kind)
    truth = problem.known.nan_to_num()
    assert problem.scale == pytest.approx(float(truth.norm()), rel=0.6)  # 20 of 35 entries, or 20 measurements


def test_measurements_in_parts_are_the_measurements() -> None:
    """Large ones are read a few rows at a time; the oracle is the definition."""
    source = torch.Generator().manual_seed(0)
    A, values, W = (torch.randn(size, dtype=torch.float64, generator=source) for size in ((650, 900), (650,), (30, 30)))
    measured = Measurements(A, values, (30, 30))
    assert 2 * CACHED_BYTES < 650 * 900 * 8
    r, b = measured.residual(W)
    expected = A @ W.view(-1) - values
    torch.testing.assert_close(r, expected, rtol=1e-11, atol=1e-11)  # sums of 900 products in another order
    torch.testing.assert_close(b, (A.mT @ expected).view(30, 30), rtol=1e-10, atol=1e-10)
    nearest = measured.project()(W)  # its normal equations are larger than one block of rows
    torch.testing.assert_close(A @ nearest.view(-1), values, rtol=1e-9, atol=1e-9)
    step = (A.mT @ torch.linalg.solve(A @ A.mT, expected)).view(30, 30)  # the smallest step to agreement
    torch.testing.assert_close(W - nearest, step, rtol=1e-8, atol=1e-9)
