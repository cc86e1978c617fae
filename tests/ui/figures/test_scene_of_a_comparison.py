"""Several runs as one scene: common scales and axes, words that cross no curve of any run, stills."""

import dataclasses
import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from tests.ui.figures.test_payload import SMALL
from ui.figures.scene import Scene, scene
from ui.figures.scene.common_axis import EQUAL, common_axis
from ui.figures.scene.comparison import OVERLAID_PLOTS, PLOTS, ComparisonScene, kind_of, overlaid_modes
from ui.figures.scene.comparison_json import comparison_json, stills_json
from ui.figures.scene.discs import spread
from ui.figures.scene.free_space import width
from ui.figures.scene.labels import HALF_LINE
from ui.figures.scene.still import GRID


@cache
def scene_of(depth: int, rank: int = 2) -> Scene:
    spec = RunSpec().replaced({**SMALL, "init.kind": "balanced", "stop.loss": 1e-3, "model.depth": depth, "problem.rank": rank})
    return scene(run(spec), spec)


@cache
def depths() -> ComparisonScene:
    return ComparisonScene((scene_of(1), scene_of(2), scene_of(3)))


@pytest.mark.parametrize("log", [False, True])
def test_heights_hold_those_of_every_run(log: bool) -> None:
    heights = depths().heights(log)
    for each in depths().there:
        own = each.heights(log)
        assert heights.high >= own.high
        assert heights.base <= own.base + 1e-12
        assert (heights.share(each.run.singular_values[:, : each.learned]) <= 1).all()


@pytest.mark.parametrize("name", EQUAL)
def test_axis_of_several_runs_goes_from_the_first_start_to_the_last_end(name: str) -> None:
    axis = depths().axis(name)
    assert all(own is not None for own in axis.each)
    columns = [own.column for own in axis.each if own is not None]
    assert axis.whole.low == min(column[0] for column in columns)
    assert axis.whole.high == max(column[-1] for column in columns)
    assert {(own.low, own.high) for own in axis.each if own is not None} == {(axis.whole.low, axis.whole.high)}


def test_axis_of_a_growing_run_leaves_room_and_relative_progress_needs_none() -> None:
    growing = dataclasses.replace(scene_of(2), run=dataclasses.replace(scene_of(2).run, end=None))
    last = max(growing.run.column("t")[-1], scene_of(3).run.column("t")[-1])
    assert common_axis([growing, scene_of(3)], "time").whole.high > last
    assert common_axis([scene_of(2), scene_of(3)], "time").whole.high == last
    assert common_axis([growing, scene_of(3)], "progress").whole.high == 1.0


@pytest.mark.parametrize("length", [180, 450, 1000])
def test_words_of_an_axis_do_not_touch(length: int) -> None:
    for name in EQUAL:
        axis = depths().axis(name)
        span = axis.whole.high - axis.whole.low
        at = [(length * (value - axis.whole.low) / span, width(text)) for value, text in axis.ticks(length)]
        assert len(at) >= 2
        assert all(b - a > (wa + wb) / 2 for (a, wa), (b, wb) in pairwise(at))


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("overlaid", [False, True])
def test_names_of_dashed_lines_cross_no_curve(log: bool, overlaid: bool) -> None:
    """Held against the curves at 1000 moments, which is not how their places are found."""
    comparison, count = depths(), 0
    for name in EQUAL:
        axis, heights = comparison.axis(name), comparison.heights(log)
        for plot in (OVERLAID_PLOTS if overlaid else PLOTS).values():
            names = comparison.overlaid_labels(axis, heights, plot) if overlaid else comparison.labels(0, axis, heights, plot)
            count += len(names)
            for i, each in enumerate(comparison.there if overlaid else comparison.there[:1]):
                own = axis.each[i]
                assert own is not None
                frames = np.linspace(0, len(own.column) - 1, 1000)
                most = overlaid_modes(each) if overlaid else each.learned
                x = np.array([own.place(f) for f in frames]) * plot.width
                y = np.stack([(1 - heights.share(each.curves.at(f, log)[:most])) * plot.height for f in frames])
                for label in names:
                    left = label.x * plot.width + label.dx
                    middle = (1 - float(heights.share(label.y))) * plot.height + label.dy
                    inside = (x > left) & (x < left + width(label.text))
                    assert not ((y[inside] > middle - HALF_LINE) & (y[inside] < middle + HALF_LINE)).any(), (name, label)
    assert count > 8


def test_only_the_first_run_names_the_dashed_lines_that_all_have() -> None:
    assert depths().names_truth == (True, False, False)
    assert ComparisonScene((None, scene_of(2), scene_of(3))).names_truth == (False, True, False)
    different = ComparisonScene((scene_of(2), scene_of(2, rank=3)))
    assert different.names_truth == (True, True)
    assert len(different.overlaid_truth) == 0
    assert depths().overlaid_truth.tolist() == scene_of(1).true.tolist()


def test_still_of_every_run_ends_where_the_run_does() -> None:
    """Read back from the paths: the last point of the largest curve, as a share of the box."""
    axis, heights = depths().axis("time"), depths().heights(False)
    stills = stills_json(depths(), "time", False)
    assert stills["overlaid"] is None
    for each, own, still in zip(depths().there, axis.each, stills["columns"], strict=True):
        assert own is not None
        (path,) = re.findall(r'data-mode="1"[^>]* d="M([^"]*)"', still)
        steps = np.array([[int(x) for x in re.findall(r"-?\d+", part)] for part in [path]]).reshape(-1, 2).sum(axis=0) / GRID
        assert steps[0] == pytest.approx(own.places[-1], abs=1e-3)
        assert 1 - steps[1] == pytest.approx(float(heights.share(each.run.singular_values[-1, 0])), abs=1e-3)


def test_overlaid_curves_tell_the_run_by_the_dash_and_the_mode_by_the_colour() -> None:
    traces = comparison_json(depths())["overlaid"]["traces"]
    dashes = [{trace["line"].get("dash") for trace in run} for run in traces]
    assert dashes[0] == {None}
    assert len(dashes[1] | dashes[2] | dashes[0]) == 3
    assert all(trace["line"]["color"] == f"line{trace['mode']}" for run in traces for trace in run)
    still = stills_json(depths(), "error", True)
    assert still["columns"] == [None, None, None]
    assert still["overlaid"].count("data-mode") == sum(map(len, traces))


def test_comparison_without_a_run_has_a_scale_and_no_axis() -> None:
    empty = ComparisonScene((None, None))
    assert comparison_json(empty)["axes"] == {}
    stills = stills_json(empty, "error", False)
    assert all("<span" in still and "<path" not in still for still in stills["columns"])


def test_discs_of_overlaid_runs_cover_no_other() -> None:
    taken = [(100.0, 50.0)]
    places = spread([(100.0, 50.0), (100.0, 55.0), (100.0, 90.0), (5.0, 50.0)], taken, 10.0)
    assert places[2] == 100.0
    shown = [*taken, *((at, y) for at, y in zip(places, (50.0, 55.0, 90.0, 50.0), strict=True) if at is not None)]
    away = [np.hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(shown) for b in shown[:i]]
    assert min(away) >= 20 - 1e-9
    assert spread([(5.0, 50.0)], [(5.0, 50.0)], 10.0) == [None]  # no room to the left


def test_plot_takes_the_words_of_the_largest_kind_that_fits() -> None:
    assert [kind_of(PLOTS, *size) for size in ((470, 246), (470, 190), (280, 246), (190, 160))] == [
        "wide",
        "wide low",
        "narrow",
        "narrow low",
    ]
