"""Alternating least squares and the memorizer: recovery, their errors against closed forms, and what is said of failures."""

import math

import numpy as np
import pytest
import tensorly
from tensorly.cp_tensor import CPTensor
from tensorly.decomposition import parafac

from dmf_core.baselines.alternating_least_squares import AlternatingLeastSquares, fit
from dmf_core.baselines.memorizer import memorize
from tests.baselines.tensors import observed_tensor


@pytest.mark.parametrize("rank", [1, 3])
@pytest.mark.parametrize("seed", [0, 1])
def test_fit_of_the_true_rank_recovers_the_tensor_from_two_fifths(rank: int, seed: int) -> None:
    """40 % of the entries are 400 numbers for 30 or 90 unknowns; an observed error of 1e-7 leaves ten times that elsewhere."""
    small = observed_tensor((10, 10, 10), rank, 400, seed=seed)
    fitted = fit(small.shape, small.index, small.values, rank)
    assert fitted.fitted
    assert small.error(fitted.W) < 1e-6
    assert "Fitted in start" in fitted.message
    sigma = np.linalg.svd(tensorly.unfold(fitted.W, 0), compute_uv=False)
    assert (sigma > 1e-5).sum() == rank


def test_several_starts_are_needed_and_the_best_is_kept() -> None:
    """One of these starts ends in a local minimum; asked to go on from there, a later one fits."""
    small = observed_tensor((8, 8, 8), 3, 205)
    seeds = [fit(small.shape, small.index, small.values, 3, AlternatingLeastSquares(starts=1, seed=seed)) for seed in range(6)]
    stuck = [seed for seed, each in enumerate(seeds) if not each.fitted]
    assert stuck, "every start fits here: choose a harder tensor"
    first = seeds[stuck[0]]
    assert "No start fitted" in first.message and "local minimum" in first.message
    again = fit(small.shape, small.index, small.values, 3, AlternatingLeastSquares(starts=6, seed=stuck[0]))
    assert again.fitted and again.start > 1 and again.observed_error < first.observed_error
    assert small.error(again.W) < 1e-6


def test_observed_error_is_relative_to_the_observed_values() -> None:
    """tensorly's own is relative to the norm of the filled-in tensor, which depends on the guesses: not a measure of the fit."""
    small = observed_tensor((6, 7, 5), 2, 80, noise=0.5)
    fitted = fit(small.shape, small.index, small.values, 1, AlternatingLeastSquares(starts=1))
    away = fitted.W.ravel()[small.index] - small.values
    assert fitted.observed_error == pytest.approx(math.sqrt(away @ away) / math.sqrt(small.values @ small.values), rel=1e-12)
    assert 0.05 < fitted.observed_error < 1

    mask = np.zeros(fitted.W.size)
    mask[small.index] = 1
    start = CPTensor((None, [np.random.default_rng(0).normal(size=(side, 1)) for side in small.shape]))
    data = memorize(small.shape, small.index, small.values)
    cp, theirs = parafac(data, 1, n_iter_max=30, init=start, tol=0, mask=mask.reshape(small.shape), return_errors=True)
    W = tensorly.cp_to_tensor(cp)
    left = np.linalg.norm(W.ravel()[small.index] - small.values)
    filled = W.ravel().copy()
    filled[small.index] = small.values
    assert theirs[-1] == pytest.approx(left / np.linalg.norm(filled), rel=1e-9)
    assert theirs[-1] < 0.9 * left / np.linalg.norm(small.values)


def test_noise_is_fitted_as_well_as_a_wrong_start_is_not() -> None:
    """Least squares leaves the noise's part outside the model: about sqrt(1 - unknowns / observations) of it."""
    small = observed_tensor((10, 10, 10), 1, 600, noise=0.1)
    fitted = fit(small.shape, small.index, small.values, 1, AlternatingLeastSquares(starts=2))
    noise = np.linalg.norm(small.values - small.truth.ravel()[small.index]) / np.linalg.norm(small.values)
    assert not fitted.fitted
    assert 0.9 * noise < fitted.observed_error < noise
    assert fitted.starts == 2 and "settled" in fitted.message


def test_component_norms_are_those_of_a_single_component() -> None:
    small = observed_tensor((6, 6, 6), 1, 100)
    fitted = fit(small.shape, small.index, small.values, 1)
    assert fitted.component_norms == pytest.approx([1.0], rel=1e-5)  # the truth has norm 1


def test_limits_are_kept_and_said() -> None:
    small = observed_tensor((8, 8, 8), 2, 150)
    few = fit(small.shape, small.index, small.values, 2, AlternatingLeastSquares(starts=2, sweeps=5))
    assert not few.fitted and few.sweeps <= 5
    assert "still falling" in few.message
    quick = fit(small.shape, small.index, small.values, 2, AlternatingLeastSquares(seconds=1e-6))
    assert quick.starts == 1 and not quick.fitted


def test_more_components_than_the_sides_can_hold_do_not_crash() -> None:
    """Components become parallel, systems singular: the best sweep before that is kept."""
    small = observed_tensor((3, 3, 3), 1, 6)
    fitted = fit(small.shape, small.index, small.values, 9)
    assert math.isfinite(fitted.observed_error)
    assert fitted.W.shape == (3, 3, 3)
    zero = fit((3, 3, 3), np.array([0, 4]), np.zeros(2), 2)
    assert zero.fitted and not zero.W.any()


def test_same_seed_gives_the_same_bits_and_no_global_state() -> None:
    small = observed_tensor((6, 6, 6), 2, 120)
    state = np.random.get_state()[1].copy()  # type: ignore[index, union-attr]
    first, second = (fit(small.shape, small.index, small.values, 2) for _ in range(2))
    assert np.array_equal(first.W, second.W)
    assert np.array_equal(state, np.random.get_state()[1])  # type: ignore[index]
    assert tensorly.get_backend() == "numpy"


def test_memorizer_error_is_what_was_not_seen() -> None:
    """Closed form: |W - T|^2 = |T|^2 - |values|^2, and with a fraction p seen about 1 - p of it."""
    small = observed_tensor((12, 12, 12), 2, 691)
    W = memorize(small.shape, small.index, small.values)
    assert small.error(W) ** 2 == pytest.approx(1 - small.values @ small.values, rel=1e-12)
    assert small.error(W) ** 2 == pytest.approx(0.6, abs=0.1)  # entries differ: their squares vary over the draw
    assert np.array_equal(W.ravel()[small.index], small.values)
    assert np.count_nonzero(W) <= 691
