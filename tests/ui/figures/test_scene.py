"""What a picture over time shows, derived once: ticks, scales, axes, and words that cross nothing."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from ui.figures.plot_options import PlotOptions
from ui.figures.scene import Scene, scene, ticks
from ui.figures.scene.birth_places import ABOVE, BELOW, GAP
from ui.figures.scene.discs import APART, RADIUS, STEP, fanned
from ui.figures.scene.free_space import COLUMN, PLOTS, Layout, columns_of, width
from ui.figures.scene.labels import HALF_LINE
from ui.figures.scene.view_still import view_still


@cache
def five_modes() -> Scene:
    spec = preset_spec("five-modes")
    return scene(run(spec), spec)


@pytest.mark.parametrize(
    ("ends", "count", "expected"),
    [((0, 43), 4, [0, 20, 40]), ((0, 1), 5, [0, 0.2, 0.4, 0.6, 0.8, 1]), ((-3, 7), 3, [0, 5]), ((2, 2), 4, [2])],
)
def test_linear_ticks_are_multiples_of_a_round_step(ends: tuple[float, float], count: float, expected: list[float]) -> None:
    assert ticks.linear(*ends, count) == pytest.approx(expected)


def test_logarithmic_ticks_are_decades_or_parts_of_one() -> None:
    assert [text for _, text in ticks.logarithmic(-6, 0.1, 3)] == ["10⁻⁶", "10⁻³", "1"]
    assert [text for _, text in ticks.logarithmic(0.1, 0.9, 3)] == ["2", "5"]


@pytest.mark.parametrize("reached", [0.013, 1.0, 870.0, 15_200.0])
def test_axis_of_a_growing_run_leaves_room(reached: float) -> None:
    assert 1.1499 * reached <= ticks.beyond(reached) <= 2 * reached


@pytest.mark.parametrize("log", [False, True])
def test_heights_hold_every_learned_curve_and_every_dashed_line(log: bool) -> None:
    scene = five_modes()
    heights = scene.heights(log)
    values = np.concatenate([scene.run.singular_values[:, : scene.learned].ravel(), scene.true])
    shares = heights.share(values[values > 0])
    assert 0 <= shares.min() <= shares.max() <= 1
    assert [heights.value(float(share)) for share in shares[:5]] == pytest.approx(values[values > 0][:5])


def test_every_axis_runs_from_the_start_to_the_end_of_a_complete_run() -> None:
    for axis in five_modes().axes():
        assert (np.diff(axis.places) >= 0).all()
        assert axis.places[[0, -1]] == pytest.approx([0, 1])
        assert all(-1e-9 <= place <= 1 + 1e-9 for place, _ in axis.marks(500)), axis.key


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("kind", list(PLOTS))
def test_words_cross_no_curve_and_no_other_words(kind: str, log: bool) -> None:
    """Held against the curves at 2000 moments, which is not how their places are found."""
    scene, plot = five_modes(), PLOTS[kind]
    for axis in scene.axes():
        heights = scene.heights(log)
        frames = np.linspace(0, len(axis.column) - 1, 2000)
        x = np.array([axis.place(f) for f in frames]) * plot.width
        y = np.stack([(1 - heights.share(scene.curves.at(f, log)[: scene.learned])) * plot.height for f in frames])
        boxes: list[Any] = []
        labels, births = scene.labels(axis, heights, plot)
        for label in labels:
            long = width(label.text, bold=label.role == "name") + width(label.tail)
            left = label.x * plot.width + label.dx - (long if label.end else 0)
            middle = (1 - float(heights.share(label.y))) * plot.height + label.dy
            inside = (x > left) & (x < left + long)
            assert not ((y[inside] > middle - HALF_LINE) & (y[inside] < middle + HALF_LINE)).any(), (axis.key, label)
            apart = [left >= box[1] or left + long <= box[0] or abs(middle - box[2]) >= 2 * HALF_LINE - 2 for box in boxes]
            assert all(apart), (axis.key, label)
            boxes.append((left, left + long, middle))
        for birth in births:
            long, born = width(f"mode {birth.mode} born", bold=True), axis.place(birth.frame) * plot.width
            height = (1 - float(heights.share(birth.y))) * plot.height
            for side, dy in birth.places:
                left = born - GAP - long if side < 0 else born + GAP
                inside, top, bottom = (x > left) & (x < left + long), height + dy - ABOVE, height + dy + BELOW
                assert left >= 0 and left + long <= plot.width and top >= 0 and bottom <= plot.height, (axis.key, birth)
                assert not ((y[inside] > top) & (y[inside] < bottom)).any(), (axis.key, birth)
                assert not any(left < end and start < left + long and top < at < bottom for start, end, at in boxes), birth


def test_words_of_all_layouts_are_those_of_each_layout_alone() -> None:
    scene = five_modes()
    heights = [scene.heights(log) for log in (False, True)]
    layouts = [Layout(axis, scale, plot) for axis in scene.axes()[::3] for scale in heights for plot in PLOTS.values()]
    assert scene.labels_of(layouts) == [scene.labels(each.axis, each.heights, each.plot) for each in layouts]


def test_columns_hold_the_lines_that_numpy_interpolates() -> None:
    """Every edge of a column lies on the line, bit by bit; so do the points between two edges."""
    scene, wide = five_modes(), 500
    y = scene.curves.values[:, :3].T
    for axis in scene.axes():
        x = np.interp(scene.curves.frames, np.arange(len(axis.column)), axis.places) * wide
        top, bottom = columns_of(scene.curves, axis, wide, y)
        edges = np.arange(0, wide + COLUMN, COLUMN)
        for row, highest, lowest in zip(y, top, bottom, strict=True):
            at_edges = np.interp(edges, x, row)
            column = np.minimum((x / COLUMN).astype(int), len(highest) - 1)
            for i in np.flatnonzero(np.isfinite(highest)):
                expected = [at_edges[i], at_edges[i + 1], *row[column == i]]
                assert (highest[i], lowest[i]) == (min(expected), max(expected)), (axis.key, i)


def test_words_name_every_mode_and_every_true_value_where_there_is_room() -> None:
    scene = five_modes()
    labels, births = scene.labels(scene.axis("time", False), scene.heights(False), PLOTS["wide"])
    assert [label.text for label in labels if label.role == "name"] == [f"mode {k}" for k in range(1, 6)]
    true = [label for label in labels if label.role == "truth"]
    assert true[0].text == f"true σ₁ = {scene.true[0]:.1f}"
    assert [each.mode for each in births] == [1, 2, 3, 4, 5]
    assert sum(bool(each.places) for each in births) >= 2


def test_names_stand_clear_of_the_discs_at_the_end() -> None:
    complete, plot = five_modes(), PLOTS["low"]
    heights = complete.heights(False)
    ends = (1 - heights.share(complete.run.singular_values[-1, : complete.learned])) * plot.height
    discs = fanned(list(enumerate(ends.tolist(), start=1)))
    assert any(step for _, _, step in discs)  # two ends are near each other
    names = [each for each in complete.labels(complete.axis("time", False), heights, plot)[0] if each.role == "name"]
    assert len(names) >= 3
    for name in names:
        right, middle = plot.width + name.dx, (1 - float(heights.share(name.y))) * plot.height + name.dy
        left = right - width(name.text, bold=True) - width(name.tail)
        for _, y, step in discs:
            across = max(left - (plot.width - STEP * step), plot.width - STEP * step - right, 0)
            assert np.hypot(across, max(abs(y - middle) - HALF_LINE, 0)) >= RADIUS, (name.text, step)


def test_discs_that_would_cover_each_other_go_to_the_left() -> None:
    assert fanned([(1, 0.0), (2, APART / 2), (3, 2 * APART)]) == [(1, 0.0, 0), (2, APART / 2, 1), (3, 2 * APART, 0)]
    assert [step for _, _, step in fanned([(k, 0.0) for k in range(1, 7)])] == [0, 1, 2, 3]


def test_view_that_every_payload_has_needs_no_still_of_its_own() -> None:
    scene = five_modes()
    assert view_still(scene.whole, scene.spec, PlotOptions()) is None
    assert view_still(scene.whole, scene.spec, PlotOptions(frame=3, matrix="truth", mode=2)) is None


@pytest.mark.parametrize("options", [PlotOptions(axis="error"), PlotOptions(log_values=True), PlotOptions(strips=("norms", ""))])
def test_still_of_another_view_is_drawn_on_its_axes(options: PlotOptions) -> None:
    scene = five_modes()
    still = view_still(scene.whole, scene.spec, options)
    assert still is not None
    assert (still["axis"], still["log"]) == (options.axis, options.log_values)
    assert still["curves"].count("data-mode") == scene.curves.named
    assert all(text in still["curves"] for _, text in scene.heights(options.log_values).ticks)
    assert still["kinds"][0] == (options.strips[0] or "error")
    assert all("<path" in strip for strip in still["strips"])
