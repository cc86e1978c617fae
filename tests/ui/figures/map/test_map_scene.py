"""What a map shows: lines at their places, colours on their scale, words that the numbers support."""

import dataclasses
import json
import re
from functools import cache
from random import Random

import numpy as np
import pytest

from dmf_core.spec import RunSpec
from dmf_core.sweep import Plan
from dmf_core.sweep.field import MapQuestion
from dmf_core.sweep.grid import grid
from tests.sweep.fields import SQUARE, rows_of
from ui.figures.map.figure import cells, figure
from ui.figures.map.line_names import APART, line_names
from ui.figures.map.places import measure_shown
from ui.figures.map.scale import NEAR, PARTS, Scale, colours, scale_of
from ui.figures.map.scene import MapScene, Other
from ui.figures.map.still import GAP, POINTS, still, still_figure
from ui.figures.map.verdict import described, sentence, title
from ui.figures.theme import DARK, LIGHT

LABELS = {"problem.observations": "Observed entries", "problem.rank": "Rank of the truth", "model.depth": "Depth"}
RANKS = MapQuestion(SQUARE, "problem.observations=20:140:10", "problem.rank=1:5", seeds=2)


@cache
def plan_of(question: MapQuestion) -> Plan:
    return question.plan()


def made(question: MapQuestion, number, skip=lambda spec: False) -> MapScene:
    planned = plan_of(question)
    return MapScene(question, grid(planned, rows_of(planned, number, skip), question.measure), LABELS)


def recovered(factor: float):
    """Small where there are so many observations for each degree of freedom, which are r(m + n - r)."""
    return lambda spec: 0.02 if spec.problem.observations >= factor * spec.problem.rank * (24 - spec.problem.rank) else 0.9


def test_line_of_the_degrees_of_freedom_is_where_they_equal_the_observations():
    points = dict((rank + 1, column) for column, rank in made(RANKS, recovered(1.5)).freedom)
    for rank, column in points.items():
        assert 20 + 10 * column == pytest.approx(rank * (12 + 12 - rank))
    assert set(points) == {1, 2, 3, 4, 5}


def test_line_of_the_threshold_lies_between_cells_on_both_sides_of_it():
    scene = made(RANKS, recovered(1.5))
    assert scene.threshold_lines
    for column, row in (point for line in scene.threshold_lines for point in line):
        around = scene.grid.median[int(row) : int(np.ceil(row)) + 1, int(column) : int(np.ceil(column)) + 1]
        assert around.min() < 0.1 < around.max()


@pytest.mark.parametrize("log", [True, False])
def test_scale_holds_every_value_between_its_printed_ends(log):
    random = Random(3)
    for _ in range(200):
        values = np.array([10 ** random.uniform(-6, 3) for _ in range(random.randint(1, 9))])
        scale = scale_of(values, log)
        inside = values[values >= scale.low * (1 - 1e-9)] if log else values
        assert len(inside) == len(values) or values.max() / values.min() > 1e7  # eight decades are shown
        assert scale.high >= values.max() * (1 - 1e-9)
        assert all(scale.low * (1 - 1e-9) <= at <= scale.high * (1 + 1e-9) for at, _ in scale.ticks())
        places = [float(scale.share(np.array(at))) for at, _ in scale.ticks()]
        assert min(places) < NEAR and max(places) > 1 - NEAR


def test_logarithmic_scale_is_linear_in_the_logarithm():
    assert Scale(1e-3, 1.0, True).share(np.array([1e-3, 1e-2, 1.0, 5.0])) == pytest.approx([0, 1 / 3, 1, 1])


@pytest.mark.parametrize("theme", PARTS)
def test_colours_become_lighter_and_none_is_that_of_the_page(theme):
    def light(colour: str) -> float:
        return sum(int(colour[i : i + 2], 16) * w for i, w in zip((1, 3, 5), (0.2126, 0.7152, 0.0722), strict=True))

    luminances = [light(each) for each in colours(theme)]
    assert luminances == sorted(luminances)
    page = light((LIGHT if theme == "light" else DARK).page)
    assert min(abs(each - page) for each in luminances) > 12


def test_title_is_true_to_the_numbers_whatever_they_are():
    """Random fields: the claim of the title and of the sentence is checked cell by cell, with the words read back."""
    random, claims = Random(5), 0
    for _ in range(40):
        factor, noise = random.uniform(0.8, 3), random.random() * 0.3
        missing = random.random() * 0.5
        gone = {(spec.problem.observations, spec.problem.rank) for spec in _specs(RANKS) if random.random() < missing}

        def number(spec: RunSpec, factor: float = factor, noise: float = noise, draw: Random = random) -> float:
            flip = draw.random() < noise
            return 0.92 - recovered(factor)(spec) if flip else recovered(factor)(spec)

        scene = made(RANKS, number, lambda spec, gone=gone: (spec.problem.observations, spec.problem.rank) in gone)
        text = title(scene).replace("\u202f", "")
        median, known = scene.grid.median, scene.grid.measured
        if match := re.search(r"(\d+) observed entries suffice (?:for every rank tried, )?up to rank (\d+)", text):
            claims += 1
            column, row = (int(match[1]) - 20) // 10, int(match[2]) - 1
            assert known[0, column] and known[row, column]
            assert (median[: row + 1, column][known[: row + 1, column]] < 0.1).all()
            above = np.flatnonzero(known[row + 1 :, column])
            assert not len(above) or median[row + 1 + above[0], column] >= 0.1
        if "no cell" in text:
            assert not (median[known] < 0.1).any()
        if match := re.search(r"fewer than ([\d.]+) observed", sentence(scene)):
            ratios = [
                spec.problem.observations / (spec.problem.rank * (24 - spec.problem.rank))
                for (r, c), each in scene.grid.cells.items()
                if known[r, c] and median[r, c] < 0.1 and (spec := each[0].spec)
            ]
            assert float(match[1]) <= min(ratios) and float(match[1]) > 0.9 * min(ratios)
    assert claims > 12


def _specs(question: MapQuestion) -> list[RunSpec]:
    return [cell.spec for cell in plan_of(question).runs.values() if cell.spec is not None]


def test_title_names_the_window_of_a_row_that_falls_and_rises_again():
    field = MapQuestion(SQUARE, "problem.observations=20:140:20", "problem.noise=0:0.4:3lin", seeds=1)
    scene = made(field, lambda spec: 0.05 + abs(spec.problem.observations - 80) / 100 if spec.problem.noise > 0.3 else 0.01)
    assert title(scene).startswith(
        "At noise 0.4, the distance to the truth is lowest at 80 observed entries, 0.05, and 0.65 at 140"
    )


def test_one_axis_is_curves_with_their_band():
    field = MapQuestion(SQUARE, "problem.observations=20:140:20", seeds=3)
    scene = made(field, lambda spec: (1.0 if spec.problem.observations < 90 else 0.01) * (1 + 0.1 * spec.seed))
    chart = figure(scene)
    assert scene.curves and len(chart["data"]) == 3 and "yaxis2" not in chart["layout"]
    assert chart["data"][2]["y"] == pytest.approx(scene.grid.median[0])
    assert title(scene) == "At depth 3, the median is below 0.1 from 100 observed entries on"


def test_row_of_a_map_shows_what_its_cells_show():
    """Of shares the row below a map was drawn from medians, on the axis of the shares."""
    for shown in ("median", "worst", "share"):
        scene = made(dataclasses.replace(RANKS, shown=shown), lambda spec: recovered(1.5)(spec) * (1 + spec.seed))
        texts, low, high = cells(scene), *figure(scene)["layout"]["yaxis"]["range"]
        middle = np.array(texts["middle"], dtype=float)
        assert middle == pytest.approx(scene.shown, rel=1e-4)
        on_axis = np.log10(middle) if scene.scale.log else middle
        assert on_axis.min() >= low and on_axis.max() <= high
        assert (np.array(texts["low"]) <= middle).all() and (middle <= np.array(texts["high"])).all()
        assert ("share" in measure_shown(scene)) == (shown == "share")


def test_axis_of_a_curve_holds_its_band():
    scene = made(MapQuestion(SQUARE, "problem.observations=20:140:20", seeds=3), lambda spec: 10.0 ** (spec.seed - 2))
    axis = figure(scene)["layout"]["yaxis"]["range"]
    assert axis[0] <= -2 and axis[1] >= 0


def test_sentence_is_never_empty():
    refined = MapQuestion(SQUARE, "problem.observations=120,130,140", "problem.rank=1,2", seeds=2)
    assert sentence(made(refined, lambda spec: 0.01 * spec.problem.rank)) == (
        "The lowest median is 0.01 (rank 1, 120 observed entries), the highest 0.02 (rank 2, 120 observed entries)."
    )
    assert "Twelve runs did not end as asked" in sentence(made(refined, lambda spec: None))


def test_cells_tell_what_is_measured_failed_and_impossible():
    field = MapQuestion(SQUARE, "problem.observations=100,200", "problem.rank=1,2", seeds=2)
    scene = made(field, lambda spec: None if spec.problem.rank == 2 and spec.seed else 0.5)
    texts = cells(scene)
    assert texts["state"] == [[2, 3], [2, 3]] and texts["marks"] == [[0, 0], [1, 0]]
    assert texts["words"][0][0] == "0.5 (0.5 to 0.5, n = 2)" and texts["up"] == ["rank 1", "rank 2"]
    json.dumps(texts, allow_nan=False)
    assert "One run did not end as asked" in sentence(scene) or "Two runs did not end as asked" in sentence(scene)


@pytest.mark.parametrize("format", ["png", "svg"])
def test_still_is_the_same_bytes_for_the_same_map(format):
    scene = made(RANKS, recovered(1.5))
    first = still(scene, "0123abcd", LIGHT, format)
    assert first == still(scene, "0123abcd", LIGHT, format)
    assert first != still(scene, "0123abcd", DARK, format)


def test_still_names_its_threshold_and_leaves_the_same_gap_at_every_cell():
    axes = still_figure(made(RANKS, recovered(1.5)), "map", LIGHT).axes[0]
    assert "distance to the truth 0.1" in [text.get_text() for text in axes.texts]
    (left, bottom), (right, top) = axes.transData.transform([(0, 0), (1, 1)])  # of a cell, in pixels
    for cell in axes.patches:
        box = cell.get_window_extent()
        gaps = ((right - left) - box.width, (top - bottom) - box.height)
        assert gaps == pytest.approx((GAP / POINTS * axes.figure.dpi,) * 2)
    line = still_figure(
        made(MapQuestion(SQUARE, "problem.observations=20:140:40", seeds=2), lambda spec: 0.2), "map", LIGHT
    ).axes[0]
    assert "threshold 0.1" in [text.get_text() for text in line.texts]


def test_what_stands_beside_has_its_line_and_its_word_in_the_sentence():
    scene = made(RANKS, recovered(1.5))
    more = grid(plan_of(RANKS), rows_of(plan_of(RANKS), recovered(2.5)), "reconstruction_error")
    compared = MapScene(RANKS, scene.grid, LABELS, (Other("depth 2", more), Other("minimum nuclear norm", more, dotted=True)))
    dotted = [each for each in figure(compared)["data"] if each["line"].get("dash") == "2px,3px"]
    assert len(dotted) == len(compared.lines_of(more)) > 0
    assert {each["text"] for each in figure(compared)["layout"]["annotations"]} >= {"depth 2", "depth 3", "minimum nuclear norm"}
    column = (int(re.search(r"(\d+) observed", title(compared))[1]) - 20) // 10
    reach = int((more.median[:, column] < 0.1).sum())  # of a field that falls with the rank
    expected = f"up to rank {reach}" if reach else "no rank"
    assert f"The same number suffices for depth 2 {expected} and for the minimum nuclear norm {expected}." in sentence(compared)


def test_description_says_title_and_sentence():
    scene = made(RANKS, recovered(1.5))
    assert title(scene) in described(scene) and sentence(scene) in described(scene)


@pytest.mark.parametrize("factor", [1.5, 1.7, 2.0])
def test_names_of_lines_that_lie_together_are_apart(factor: float):
    """The minimum nuclear norm and depth 2 recover from about as many observations on: their names lay over each other."""
    grids = [made(RANKS, recovered(each)).grid for each in (factor, factor * 1.02)]
    scene = dataclasses.replace(
        made(RANKS, recovered(1.2)), others=(Other("depth 2", grids[0]), Other("minimum nuclear norm", grids[1], dotted=True))
    )
    names, (rows, columns) = line_names(scene), scene.grid.shape
    assert [each.text for each in names[-2:]] == ["depth 2", "minimum nuclear norm"] and len(names) == 4
    points = [each.line[each.at] for each in names]
    assert [(each["x"], each["y"]) for each in figure(scene)["layout"]["annotations"] if "along" in each] == points
    (x, y), (a, b) = points[-2:]
    assert np.hypot(2 * (x - a) / columns, (y - b) / rows) >= APART
