"""What the presets of where, and how many, entries are observed say of themselves is true."""

import numpy as np
import pytest

from dmf_core.presets import PRESETS, preset_spec
from dmf_core.problems.patterns import allowed
from dmf_core.theory.recoverable import Reading, Verdict, reading
from tests.presets.preset_runs import last, run_of


def test_preset_rectangular_is_found_within_five_percent_from_a_third() -> None:
    trajectory = run_of("rectangular")
    assert trajectory.start.shape == (40, 120)
    assert trajectory.start.observed_mask.mean() == pytest.approx(1 / 3)
    assert last("rectangular", "reconstruction_error") < 0.05


def test_preset_too_few_fits_and_misses_by_more_than_the_entries_size() -> None:
    problem = preset_spec("too-few").problem
    assert problem.observations == 500
    assert problem.rank * (problem.rows + problem.columns - problem.rank) == 575
    hidden = ~run_of("too-few").start.observed_mask
    assert last("too-few", "observed_error") <= 1e-4
    assert last("too-few", "unobserved_error") > np.mean(run_of("too-few").start.ground_truth[hidden] ** 2)


def test_preset_disconnected_finds_both_blocks_and_not_how_they_fit_together() -> None:
    trajectory = run_of("disconnected")
    assert trajectory.end is not None
    W, M, mask = trajectory.end.end_to_end_last, trajectory.start.ground_truth, trajectory.start.observed_mask
    inside = allowed("disconnected", *M.shape)
    assert not mask[~inside].any()
    assert np.mean((W - M)[inside & ~mask] ** 2) < 0.01 * np.mean(M[inside & ~mask] ** 2)
    assert np.mean((W - M)[~inside] ** 2) > 2 * np.mean(M[~inside] ** 2)


ACROSS = np.not_equal.outer(np.arange(40) < 20, np.arange(40) < 20)  # of two blocks of 20 x 20


def unseen_error(name: str, where: np.ndarray) -> float:
    """Root mean square error over these unseen entries, in sizes of a typical one of them."""
    trajectory = run_of(name)
    assert trajectory.end is not None
    M, unseen = trajectory.start.ground_truth, where & ~trajectory.start.observed_mask
    return float(np.sqrt(np.mean((trajectory.end.end_to_end_last - M)[unseen] ** 2) / np.mean(M[unseen] ** 2)))


def reading_of(name: str) -> Reading:
    return reading(run_of(name).start.observed_mask, preset_spec(name).problem.rank)


def test_presets_of_connectivity_differ_in_nothing_but_where_500_entries_sit() -> None:
    names = [name for name, preset in PRESETS.items() if preset.group == "seen"]
    assert len(names) == 7
    alike = {preset_spec(name).replaced({"problem.pattern": "uniform", "problem.mask": None}).digest() for name in names}
    assert len(alike) == 1
    assert all(run_of(name).start.observed_mask.sum() == 500 for name in names)
    assert all(last(name, "observed_error") <= 1e-4 for name in names)


def test_preset_seen_anywhere_is_found_within_five_percent() -> None:
    assert unseen_error("seen-anywhere", np.full((40, 40), True)) < 0.05
    assert reading_of("seen-anywhere").lost.sum() == 0


def test_preset_seen_two_blocks_are_found_inside_and_not_across() -> None:
    reading = reading_of("seen-two-blocks")
    assert [part.entries > 200 for part in reading.components.each] == [True, True]
    assert np.array_equal(reading.verdicts == Verdict.APART, ACROSS)
    assert unseen_error("seen-two-blocks", ~ACROSS) < 0.05
    assert unseen_error("seen-two-blocks", ACROSS) > 1  # worse than zero


def test_preset_seen_one_tie_connects_and_recovers_nothing_across() -> None:
    reading = reading_of("seen-one-tie")
    assert len(reading.components.each) == 1
    assert np.array_equal(reading.verdicts == Verdict.LOOSE, ACROSS & ~reading.mask)
    assert unseen_error("seen-one-tie", ~ACROSS) < 0.05
    assert unseen_error("seen-one-tie", ACROSS) > 1


def test_preset_seen_four_ties_hold_all_and_training_takes_a_third_mode() -> None:
    assert reading_of("seen-four-ties").lost.sum() == 0
    assert unseen_error("seen-four-ties", ~ACROSS) < 0.05
    assert unseen_error("seen-four-ties", ACROSS) > 1
    sigma = run_of("seen-four-ties").singular_values[-1]
    assert sigma[2] > 0.02 * sigma[0] > 5 * sigma[3]


def test_preset_seen_forty_ties_are_found_across_too() -> None:
    assert (run_of("seen-forty-ties").start.observed_mask & ACROSS).sum() == 40
    assert unseen_error("seen-forty-ties", ACROSS) < 0.12


def test_preset_seen_band_reaches_the_corners() -> None:
    start = run_of("seen-band").start
    corners = np.abs(np.subtract.outer(np.arange(40), np.arange(40))) > 10
    assert not start.observed_mask[corners].any()
    assert len(reading_of("seen-band").components.each) == 1
    assert 0.08 < unseen_error("seen-band", corners) < 0.12


def test_preset_seen_empty_row_stays_near_zero_and_the_rest_is_found() -> None:
    trajectory = run_of("seen-empty-row")
    assert trajectory.end is not None
    W, M, first = trajectory.end.end_to_end_last, trajectory.start.ground_truth, np.arange(40)[:, None] + np.zeros(40) < 1
    assert np.array_equal(reading_of("seen-empty-row").verdicts == Verdict.APART, first)
    assert np.abs(W[0]).max() < 0.02 * np.sqrt(np.mean(M**2))
    assert unseen_error("seen-empty-row", ~first) < 0.05
