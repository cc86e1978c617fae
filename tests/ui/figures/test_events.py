"""Events found in synthetic curves with known answers, and in real runs."""

import dataclasses
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from dmf_core import simulate
from dmf_core.measures import MEASURES, Moments
from dmf_core.presets import preset_spec
from dmf_core.trajectory import Outcome, Trajectory
from ui.figures import events, truth
from ui.figures.births import Growth, at, growths, live, titles

T = np.linspace(0.0, 1000.0, 201)


def stairs(*falls: float) -> np.ndarray:
    """An error that is flat but for a fall by 10 at each of these times, each 20 wide."""
    return 10.0 ** -sum(1 / (1 + np.exp(-(T - fall) / 2)) for fall in falls)


@pytest.fixture(scope="module")
def real() -> Trajectory:
    return simulate.run(preset_spec("rectangular"))


def test_plateaus_of_a_staircase_lie_between_its_falls() -> None:
    plateaus = events.plateaus(T, stairs(300, 700), span=1000)
    assert len(plateaus) == 3
    for (begin, end), (low, high) in zip(plateaus, [(0, 300), (300, 700), (700, 1000)], strict=True):
        assert low <= begin < low + 25  # a fall is 20 wide, the grid 5
        assert high - 25 < end <= high


def test_plateau_shorter_than_its_share_is_not_told() -> None:
    assert len(events.plateaus(T, stairs(500, 545), span=1000)) == 2


@pytest.mark.parametrize("rate", [0.003, 0.01, 0.03])
def test_steady_decay_has_no_plateau(rate: float) -> None:
    assert events.plateaus(T, np.exp(-rate * T), span=1000) == []


def test_slow_growth_out_of_a_plateau_makes_one_plateau() -> None:
    error = 1 - 0.9 / (1 + np.exp(-(T - 600) / 40))  # leaves its height slowly
    assert len([pair for pair in events.plateaus(T, error, span=1000) if pair[1] < 600]) == 1


def test_plateau_ends_where_the_error_has_changed_by_its_share() -> None:
    error = np.where(T < 400, 1.0, np.exp(-0.02 * (T - 400)))
    (begin, end), *_ = events.plateaus(T, error, span=1000)
    assert begin == 0
    assert end == pytest.approx(400 - np.log(1 - events.FLAT) / 0.02, abs=5)  # one step of the grid


def test_births_at_nearly_one_time_are_one_event() -> None:
    grown = [Growth(1, 10, 20.0, 40.0), Growth(2, 10, 20.01, 40.0), Growth(3, 10, 30.0, 40.0)]
    assert [birth.words for birth in events.births(T, grown)] == ["modes 1 and 2 born, t = 100", "mode 3 born, t = 150"]


def test_events_of_a_real_run_are_in_order_and_true(real: Trajectory) -> None:
    grown = growths(real.singular_values, True, real.column("t"))
    actual = events.events(real, grown)
    t, error = real.column("t"), np.log(real.measured("observed_error"))
    assert [event.kind for event in actual] == ["plateau", "born", "plateau", "born", "plateau", "born", "converged"]
    assert all(a.frame <= b.frame for a, b in pairwise(actual))
    for event in actual:
        assert at(t, event.frame) == pytest.approx(event.t, rel=1e-6)
        if event.kind == "plateau":
            inside = (np.arange(len(t)) >= event.frame) & (np.arange(len(t)) <= event.until)
            assert np.ptp(error[inside]) <= -np.log(1 - events.FLAT) + 1e-9


@pytest.mark.parametrize(
    ("outcome", "last"), [(Outcome.DIVERGED, "diverged"), (Outcome.AT_REST, "at_rest"), (Outcome.TIME, None)]
)
def test_end_is_an_event_when_it_means_something(real: Trajectory, outcome: Outcome, last: str | None) -> None:
    ended = dataclasses.replace(real, end=dataclasses.replace(real.end, outcome=outcome))
    actual = events.events(ended, [])
    assert [event.kind for event in actual if event.frame == len(real.snapshots) - 1] == ([last] if last else [])


def test_growing_run_tells_no_plateau_and_no_end(real: Trajectory) -> None:
    growing = dataclasses.replace(real, snapshots=real.snapshots[:60], end=None)
    assert {event.kind for event in events.events(growing, growths(growing.singular_values, False, growing.column("t")))} <= {
        "born"
    }


@pytest.mark.parametrize("name", ["five-modes", "depth-1", "large-start"])
def test_run_that_has_just_begun_says_that_no_mode_has_grown(name: str) -> None:
    """All singular values of a start are of one size, so none of them leads; it said that all of them are growing."""
    begun = dataclasses.replace(run := simulate.run(preset_spec(name)), snapshots=run.snapshots[:1], end=None)
    grown = growths(begun.singular_values, False, begun.column("t"))
    assert grown == []
    assert titles(grown, 1, "Depth 3", False) == [(0.0, "Depth 3: no mode has grown yet")]
    assert [text for _, text, _ in live(grown, 1, False)] == ["No mode has grown yet"]


def test_modes_head_for_the_true_mode_that_they_were_built_from() -> None:
    run = simulate.run(preset_spec("five-modes"))
    U, S, Vt = np.linalg.svd(run.start.ground_truth)
    assert truth.heading(run.end.end_to_end_last, run.start, 5) == [1, 2, 3, 4, 5]
    swapped = (U[:, :5] * np.array([0.2, 1, 1, 1, 1]) * S[:5]) @ Vt[:5]  # the first true mode is the smallest here
    assert truth.heading(swapped, run.start, 5) == [2, 3, 4, 5, 1]
    elsewhere = np.random.default_rng(0).normal(size=U.shape)
    assert truth.heading(elsewhere, run.start, 3) == [0, 0, 0]


def test_levels_of_the_truth_are_its_measures(real: Trajectory) -> None:
    values = real.start.true_singular_values
    depth = len(real.start.factors_first)
    moments = Moments([], np.zeros(1), (), depth, values[None, :], SimpleNamespace(shape=(2, 2)), None, None)  # type: ignore[arg-type]
    for key, level in truth.levels(real.start, depth).items():
        assert level == pytest.approx(MEASURES[key].values(moments)[0], rel=1e-3)  # rounding left out below 1e-5


def test_live_sentence_counts_every_mode_once(real: Trajectory) -> None:
    grown = [Growth(1, 1.0, 2.0, 3.0), Growth(2, 2.5, 4.0, 5.0), Growth(3, 6.0, 7.0, 8.0)]
    sentences = {frame: (past, later) for frame, past, later in live(grown, 10, True)}
    assert sentences[0] == ("All modes are still small", "")
    assert sentences[1] == ("Mode 1 grows", "modes 2 and 3 still wait")
    assert sentences[3] == ("One mode has arrived, mode 2 grows", "mode 3 still waits")
    assert sentences[6] == ("Two modes have arrived, mode 3 grows", "")
    assert sentences[8] == ("All three modes have arrived", "")
    assert all(later == "" for _, _, later in live(grown, 10, False))
