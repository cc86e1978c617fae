"""What the presets of depth and of the initial scale say of themselves is true, and where depth does not help."""

import numpy as np
import pytest

from dmf_core.presets import preset_spec
from dmf_core.trajectory import Outcome
from tests.presets.preset_runs import births_of, last, run_of


def test_preset_five_modes_are_born_one_by_one_and_the_rest_stay_small() -> None:
    trajectory = run_of("five-modes")
    births = births_of(trajectory, 5)
    assert (np.diff(np.sort(births)) > 0.02 * births.max()).all()
    assert trajectory.singular_values[:, 5:].max() < 1e-3 * trajectory.singular_values.max()
    assert trajectory.singular_values.shape[1] == 60


def largest_of_the_rest(name: str) -> float:
    sigma = run_of(name).singular_values
    return float(sigma[:, 5:].max() / sigma.max())


def test_preset_two_factors_find_five_modes_less_cleanly() -> None:
    assert (births_of(run_of("two-factors"), 5) > 0).all()
    assert largest_of_the_rest("two-factors") > 0.01
    assert largest_of_the_rest("five-modes") < 0.001
    final = run_of("two-factors").singular_values[-1]
    assert final[4] > 0.5 * final[0] > 10 * final[5]


def test_preset_five_factors_wait_over_twice_as_long_and_end_as_close() -> None:
    assert births_of(run_of("five-factors"), 5).min() > 2 * births_of(run_of("five-modes"), 5).min()
    assert last("five-factors", "unobserved_error") == pytest.approx(last("five-modes", "unobserved_error"), rel=0.1)


def test_preset_medium_start_is_sooner_and_worse() -> None:
    ratio = births_of(run_of("five-modes"), 5).min() / births_of(run_of("medium-start"), 5).min()
    assert 4 <= ratio < 5.5
    assert 3 <= last("medium-start", "unobserved_error") / last("five-modes", "unobserved_error") < 4


def test_preset_tiny_start_is_later_and_cleaner() -> None:
    assert 4 <= births_of(run_of("tiny-start"), 5).min() / births_of(run_of("five-modes"), 5).min() < 5.5
    assert largest_of_the_rest("tiny-start") < 1e-5


def test_preset_tiny_start_depth2_waits_little_longer_and_is_better() -> None:
    assert preset_spec("tiny-start-depth2").init.scale == pytest.approx(preset_spec("two-factors").init.scale / 1000)
    assert births_of(run_of("tiny-start-depth2"), 5).min() < 2 * births_of(run_of("two-factors"), 5).min()
    assert last("tiny-start-depth2", "unobserved_error") < 0.5 * last("two-factors", "unobserved_error")


def test_preset_large_start_is_sooner_and_fifty_times_worse() -> None:
    assert preset_spec("large-start").init.scale == 1
    assert run_of("large-start").snapshots[-1].t < run_of("five-modes").snapshots[-1].t
    assert last("large-start", "unobserved_error") > 50 * last("five-modes", "unobserved_error")


def test_preset_depth_1_never_lowers_the_unseen_error() -> None:
    errors = run_of("depth-1").measured("unobserved_error")
    assert errors is not None
    assert errors.min() >= errors[0] * (1 - 1e-6)


def test_preset_noise_falls_then_more_than_doubles() -> None:
    errors = run_of("noise").measured("unobserved_error")
    assert errors is not None
    assert errors.min() < 0.2 * errors[0]
    assert errors[-1] > 2 * errors.min()


def test_preset_step_too_large_diverges_above_the_stable_limit() -> None:
    end = run_of("step-too-large").end
    assert end is not None
    assert end.outcome is Outcome.DIVERGED
    assert "above the stable limit" in end.message
