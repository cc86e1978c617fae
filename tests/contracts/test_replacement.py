"""Entries drawn with replacement: everything that looks at observations, against the list of draws itself."""

import numpy as np
import pytest
import torch

from dmf_core.analysis.births import mean_square_pull
from dmf_core.baselines.minimum_nuclear_norm import solve
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Problem, VectorField
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.observations import Entries
from dmf_core.simulate import run
from dmf_core.spec import RunSpec, Stop
from dmf_core.theory.births import random_pull

CPU = torch.device("cpu")
SETTINGS = MatrixCompletion(rows=7, columns=5, rank=2, observations=30, noise=0.1, replacement=True)
SEED = 3


def problem(dtype: torch.dtype = torch.float64) -> Problem:
    return SETTINGS.build(SEED, dtype, CPU, Inputs())


def draws() -> np.ndarray:  # [30] places in the flat matrix
    """The list of draws, repeated ones each time."""
    return np.repeat(np.arange(35), SETTINGS.times(SEED).ravel())


def mean_over_draws(W: torch.Tensor, of: Problem) -> torch.Tensor:
    """The loss as its definition says: one term for each draw."""
    values = torch.zeros(35, dtype=torch.float64)
    assert of.observations.index is not None
    values[of.observations.index] = of.observations.values.double()
    where = torch.from_numpy(draws())
    return (W.reshape(-1)[where] - values[where]).square().mean()


def somewhere(seed: int = 0) -> torch.Tensor:
    return torch.randn(7, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_draws_with_replacement_repeat_and_more_contain_the_fewer() -> None:
    fewer = SETTINGS.model_copy(update={"observations": 20}).times(SEED)
    times = SETTINGS.times(SEED)
    assert (fewer.sum(), times.sum()) == (20, 30)
    assert times.max() > 1
    assert (fewer <= times).all()
    assert np.array_equal(SETTINGS.observed(SEED), times > 0)


def test_draws_with_replacement_are_uniform_and_as_many_differ_as_expected() -> None:
    """Over 200 seeds: each of 35 entries is drawn 171 times on average, with a standard deviation below 13."""
    times = np.array([SETTINGS.times(seed) for seed in range(200)])
    assert abs(times.sum(axis=0) - 200 * 30 / 35).max() < 5 * 13
    assert (times > 0).sum(axis=(1, 2)).mean() == pytest.approx(SETTINGS.distinct, abs=0.7)  # rounded; std of the mean is 0.1


@pytest.mark.parametrize("pattern", ["disconnected", "banded", "empty_row"])
def test_draws_with_replacement_stay_inside_their_pattern(pattern: str) -> None:
    inside = MatrixCompletion(rows=8, columns=12, rank=2, observations=30, pattern=pattern)
    repeated = inside.model_copy(update={"replacement": True})
    every = inside.model_copy(update={"observations": inside.observable}).observed(SEED)
    assert not (repeated.observed(SEED) & ~every).any()


def test_loss_of_repeated_entries_is_the_mean_over_the_draws() -> None:
    of, W = problem(), somewhere()
    assert float(of.loss(W)) == pytest.approx(float(mean_over_draws(W, of)), rel=1e-12)
    assert of.observations.count == 30 > len(of.observations.values)


def test_gradient_of_repeated_entries_is_that_of_autograd() -> None:
    of, W = problem(), somewhere().requires_grad_()
    (expected,) = torch.autograd.grad(mean_over_draws(W, of), W)
    torch.testing.assert_close(of.loss_gradient(W.detach()), expected, rtol=1e-12, atol=1e-14)  # rounding of a few products
    scaled = of.observations.scaled_residual(-2 * of.weight)(W.detach())[1]
    torch.testing.assert_close(scaled, -expected, rtol=1e-12, atol=1e-14)


def test_residual_of_repeated_entries_keeps_its_promise() -> None:
    """|a|^2 is what the loss sums, b is the adjoint of the weighted residual, and the adjoint is the transpose."""
    observations, W = problem().observations, somewhere()
    assert observations.weights is not None
    r = observations.apply(W) - observations.values
    for gain, (a, b) in ((1.0, observations.residual(W)), (-0.3, observations.scaled_residual(-0.3)(W))):
        expected = gain**2 * float((observations.weights * r.square()).sum())
        assert float(a.square().sum()) == pytest.approx(expected, rel=1e-12)
        torch.testing.assert_close(b, gain * observations.adjoint(observations.weights * r), rtol=1e-12, atol=1e-14)
    other = torch.randn(len(r), dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert float(observations.apply(W) @ other) == pytest.approx(float((W * observations.adjoint(other)).sum()), rel=1e-12)


@pytest.mark.parametrize("whole", [True, False])
def test_field_of_repeated_entries_moves_against_the_gradient(whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through W and through the observed entries alone."""
    linearize = (lambda *_: None) if whole else DeepMatrix.linearize_entries
    monkeypatch.setattr(DeepMatrix, "entrywise", linearize)
    of, model = problem(), DeepMatrix(depth=3)
    field = VectorField(of, model)
    assert field.whole is whole
    x = torch.randn(sum(field.sizes), dtype=torch.float64, generator=torch.Generator().manual_seed(2)).requires_grad_()
    loss = mean_over_draws(model.end_to_end(field.factors(x)), of)
    (expected,) = torch.autograd.grad(loss, x)
    x, loss = x.detach(), loss.detach()
    for each in (field, field.in_double()):
        torch.testing.assert_close(each(x), -expected, rtol=1e-10, atol=1e-12)  # sums in another order
        assert each.loss == pytest.approx(float(loss), rel=1e-10)
        assert each.loss_and_prediction(x)[0] == pytest.approx(float(loss), rel=1e-10)


def test_repeated_entries_in_double_keep_their_weights() -> None:
    single = problem(torch.float32)
    double = single.observations.in_double()
    assert double.weights is not None and double.weights.dtype == torch.float64
    assert torch.equal(double.weights, torch.from_numpy(SETTINGS.times(SEED)[SETTINGS.observed(SEED)]).double())
    assert single.observations.residual(somewhere().float())[0].dtype == torch.float32
    away = 1e-3 * double.values  # residuals of a thousandth of what is observed
    assert VectorField(single, DeepMatrix()).roundoff_loss(1e-3) == pytest.approx(
        float((double.weights * away.square()).sum()) / 30, rel=1e-5
    )


def test_minimum_nuclear_norm_ignores_how_often_an_entry_was_drawn() -> None:
    """Whatever agrees with the entries agrees with every draw of them."""
    observations = problem().observations
    mask = torch.from_numpy(SETTINGS.observed(SEED))
    once = Entries(mask, observations.adjoint(observations.values))
    ours, theirs = solve(observations, (7, 5)), solve(once, (7, 5))
    assert ours.solved
    assert np.array_equal(ours.W, theirs.W)


def test_mean_square_pull_of_repeated_entries_gives_the_size_of_the_gradient() -> None:
    """For single entries `random_pull` rests on the mean square entry of the gradient, which is known exactly."""
    of, W = problem(), somewhere()
    pull = random_pull((7, 5), of.observations.count, mean_square_pull(of, W))
    entry = float(of.loss_gradient(W).norm()) / 35**0.5
    assert pull == pytest.approx(entry * (7**0.5 + 5**0.5), rel=1e-12)


def test_run_with_replacement_measures_the_mean_over_the_draws_and_judges_by_the_others() -> None:
    spec = RunSpec(problem=SETTINGS, stop=Stop(iterations=20), dtype="float64", seed=SEED)
    made = run(spec)
    last, W = made.snapshots[-1], torch.from_numpy(made.end.end_to_end_last).double() if made.end else somewhere()
    of = problem()
    assert last.measures["observed_error"] == pytest.approx(float(mean_over_draws(W, of)), rel=1e-9)
    unseen = ~torch.from_numpy(SETTINGS.observed(SEED))
    assert of.ground_truth is not None
    assert last.measures["unobserved_error"] == pytest.approx(float((W - of.ground_truth)[unseen].square().mean()), rel=1e-9)


def test_digest_without_replacement_is_the_old_one_and_with_it_another() -> None:
    assert RunSpec().digest().startswith("e5a16147")  # as in tests/problems/test_patterns.py
    assert RunSpec().replaced({"problem.replacement": True}).digest() != RunSpec().digest()


def test_mask_names_its_entries_and_so_ends_replacement() -> None:
    repeated = RunSpec().replaced({"problem.rows": 3, "problem.columns": 3, "problem.rank": 1, "problem.observations": 5})
    repeated = repeated.replaced({"problem.replacement": True})
    painted = {"problem.pattern": "drawn", "problem.mask": "m__8"}
    with pytest.raises(BadInput, match="not the text of a 3 x 3 mask"):
        repeated.replaced(painted)
    assert repeated.replaced(painted | {"problem.mask": "m_wA"}).problem.replacement is False


def test_more_draws_than_entries_are_refused_with_the_limit() -> None:
    with pytest.raises(BadInput, match=r"36.*only 35 entries; more are not drawn with replacement either; choose from 1 to 35"):
        RunSpec.check({"problem": SETTINGS.model_dump() | {"observations": 36}})
