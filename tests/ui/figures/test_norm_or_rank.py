"""Words, table and charts of "Norm or rank?": read off the numbers, and only what the numbers support."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from dmf_core.baselines.comparison import Cell, Comparison, Smaller, baseline, baseline_spec, compare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory, collect
from ui.figures.norm_or_rank.axis import Scale, spread
from ui.figures.norm_or_rank.charts import charts
from ui.figures.norm_or_rank.spectra import spectra
from ui.figures.norm_or_rank.table import table
from ui.figures.norm_or_rank.text import paragraph, title, verdict
from ui.figures.norm_or_rank.trend import trend

SMALL = {"problem.rows": 40, "problem.columns": 40, "problem.rank": 2, "problem.observations": 500, "stop.loss": 1e-5}


def both(**changes: object) -> tuple[RunSpec, Trajectory, Trajectory, Comparison]:
    spec = RunSpec().replaced(SMALL | {path.replace("__", "."): value for path, value in changes.items()})
    trajectory, least = run(spec), collect(baseline(baseline_spec(spec)))
    return spec, trajectory, least, compare(trajectory, least, spec.model.depth)


def with_row(comparison: Comparison, key: str, **changes: object) -> Comparison:
    rows = tuple(replace(row, **changes) if row.key == key else row for row in comparison.rows)
    return replace(comparison, rows=rows)


@pytest.fixture(scope="module")
def deep() -> tuple[RunSpec, Trajectory, Trajectory, Comparison]:
    return both()


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    spec = RunSpec().replaced(SMALL)
    runs = {
        (depth, scale): run(spec.replaced({"model.depth": depth, "init.scale": scale}))
        for depth in (2, 3)
        for scale in (0.1, 0.01)
    }
    return [Cell(*place, each.snapshots[-1].measures, True) for place, each in runs.items()]


def test_title_and_paragraph_say_what_the_rows_say(deep: tuple[RunSpec, Trajectory, Trajectory, Comparison]) -> None:
    spec, trajectory, _least, comparison = deep
    words = {Smaller.RUN: "less", Smaller.BASELINE: "more", Smaller.NEITHER: "the same"}
    keys = ("nuclear_norm", "entropy_rank", "unobserved_error")
    norm, rank, error = (words[comparison.row(key).smaller or Smaller.NEITHER] for key in keys)
    assert title(comparison, spec) == f"Depth 3: {norm} norm, {rank} rank, {error} error"
    text = paragraph(comparison, trajectory, spec)
    assert "these 500 entries" in text
    assert "did not reach" not in text


def test_paragraph_judges_both_by_the_size_of_what_they_miss(
    deep: tuple[RunSpec, Trajectory, Trajectory, Comparison],
) -> None:
    spec, trajectory, least, comparison = deep
    truth, hidden = trajectory.start.ground_truth, ~trajectory.start.observed_mask
    shares = re.findall(r"(\S+)\u202f% of a typical entry \((\D+?)\)", paragraph(comparison, trajectory, spec))
    for run_, (percent, verdict_) in zip((trajectory, least), shares, strict=True):
        assert run_.end is not None
        share = np.linalg.norm((run_.end.end_to_end_last - truth)[hidden]) / np.linalg.norm(truth[hidden])
        assert float(percent) == pytest.approx(100 * share, rel=0.06)  # two digits
        bounds = {"recovered": (0, 0.1), "partly recovered": (0.1, 0.5), "not recovered": (0.5, 1.05)}
        assert bounds[verdict_][0] <= share <= bounds[verdict_][1]


@pytest.mark.parametrize(
    ("norm", "rank", "expected"),
    [
        (Smaller.BASELINE, Smaller.RUN, "Less rank went with less error here; less norm did not."),
        (Smaller.RUN, Smaller.BASELINE, "Less norm went with less error here; less rank did not."),
        (Smaller.RUN, Smaller.RUN, "cannot be told apart"),
        (Smaller.BASELINE, Smaller.BASELINE, "Neither less norm nor less rank"),
    ],
)
def test_paragraph_concludes_only_what_went_together(
    deep: tuple[RunSpec, Trajectory, Trajectory, Comparison], norm: Smaller, rank: Smaller, expected: str
) -> None:
    spec, trajectory, _least, comparison = deep
    comparison = with_row(comparison, "unobserved_error", smaller=Smaller.RUN)
    comparison = with_row(with_row(comparison, "nuclear_norm", smaller=norm), "entropy_rank", smaller=rank)
    assert expected in paragraph(comparison, trajectory, spec)


def test_equal_errors_conclude_nothing(deep: tuple[RunSpec, Trajectory, Trajectory, Comparison]) -> None:
    spec, trajectory, _least, comparison = deep
    text = paragraph(with_row(comparison, "unobserved_error", smaller=Smaller.NEITHER), trajectory, spec)
    assert "went with" not in text and "told apart" not in text


def test_unfinished_run_is_said_first(deep: tuple[RunSpec, Trajectory, Trajectory, Comparison]) -> None:
    spec, trajectory, _least, comparison = deep
    part = replace(trajectory, snapshots=trajectory.snapshots[:9], end=None)
    assert paragraph(comparison, part, spec).startswith("The run did not reach its end")


def test_run_below_the_minimum_is_explained_by_its_error() -> None:
    spec, trajectory, _least, comparison = both(problem__noise=0.5, stop__loss=0.2)
    assert comparison.row("nuclear_norm").smaller is Smaller.RUN
    assert "% less, which is possible because it agrees only up to an error of 0.2" in paragraph(comparison, trajectory, spec)


def test_measurements_are_judged_by_the_distance_to_the_truth() -> None:
    spec, trajectory, _least, comparison = both(
        problem__kind="matrix_sensing", problem__rows=12, problem__columns=12, problem__observations=90
    )
    text = paragraph(comparison, trajectory, spec)
    assert "these 90 measurements" in text
    assert "away from the truth" in text
    assert "error, unseen" not in table(comparison)


def test_verdict_names_the_smaller_one_and_by_how_much(deep: tuple[RunSpec, Trajectory, Trajectory, Comparison]) -> None:
    row = deep[3].row("nuclear_norm")
    assert verdict(replace(row, smaller=Smaller.RUN, factor=1.25)) == "run, by 20\u202f%"
    assert verdict(replace(row, smaller=Smaller.BASELINE, factor=45.0)) == "min. nuclear, 45 times"
    assert verdict(replace(row, smaller=Smaller.NEITHER)) == "the same"
    assert verdict(replace(row, smaller=None)) == ""


def test_table_has_a_row_for_every_measure_and_marks_the_smaller(
    deep: tuple[RunSpec, Trajectory, Trajectory, Comparison],
) -> None:
    html = table(deep[3])
    body = ElementTree.fromstring(html.replace("<br>", "<br/>")).find("tbody")
    assert body is not None
    assert len(body) == 10
    for row, measure in zip(body, deep[3].rows, strict=True):
        bold = [cell.find("b") is not None for cell in row.findall("td")[:2]]
        assert bold == [measure.smaller is Smaller.RUN, measure.smaller is Smaller.BASELINE]


def test_spectra_draw_run_minimum_and_truth(deep: tuple[RunSpec, Trajectory, Trajectory, Comparison]) -> None:
    svg = ElementTree.fromstring(spectra(deep[1], deep[2]))
    assert len([each for each in svg.iter("rect") if each.get("y") != "5"]) == 12  # bars, without the key
    assert len(list(svg.iter("circle"))) == 12 + 1
    dashed = [each for each in svg.iter("line") if each.get("class") == "nr-true"]
    assert len(dashed) == 2 + 1  # the truth has rank 2
    assert (svg.get("aria-label") or "").startswith("Largest singular values: run ")


def test_charts_hold_every_point_inside_the_picture(cells: list[Cell]) -> None:
    html = charts(cells, {"nuclear_norm": 70.0, "unobserved_error": 0.01}, {"nuclear_norm": 80.0, "unobserved_error": 0.0})
    for svg in ElementTree.fromstring(html):
        _, _, width, height = map(float, (svg.get("viewBox") or "").split())
        dots = [each for each in svg.iter("circle")]
        assert len(dots) == len(cells)
        for dot in dots:
            assert 0 < float(dot.get("cx") or -1) < width and 0 < float(dot.get("cy") or -1) < height
        rows = sorted(float(each.get("y") or 0) for each in svg.iter("text") if each.get("class") == "nr-word")
        assert all(after - before > 12.9 for before, after in pairwise(rows))  # names never touch
    assert html.count("<svg") == 4


def test_trend_says_rises_only_where_every_step_rises(cells: list[Cell]) -> None:
    two = [each for each in cells if each.depth == 2]
    rank = [each.measures["entropy_rank"] or 0 for each in sorted(two, key=lambda each: -each.scale)]
    assert rank[1] < rank[0]
    assert "At depth 2, as the initial scale shrinks from 10⁻¹ to 10⁻², the effective rank (entropy) falls from" in trend(
        cells, 1.0
    )
    assert "have more nuclear norm than the minimum" in trend(cells, 1.0)
    assert "minimum" not in trend(cells, 1e9)
    zigzag = [
        replace(two[0], scale=10.0**-i, measures=two[0].measures | {"nuclear_norm": v}) for i, v in enumerate((1.0, 3.0, 2.0))
    ]
    assert "nuclear norm goes, not steadily, from 1 to 2" in trend(zigzag, None)
    assert trend(cells[:1], 1.0) == ""


def test_unfinished_cells_are_not_told(cells: list[Cell]) -> None:
    assert trend([replace(each, done=False) for each in cells], 1.0) == ""


def test_ticks_are_round_and_inside() -> None:
    for low, high, log in ((219.0, 243.0, False), (1e-5, 0.3, True), (4.9, 23.0, True), (5.0, 5.0, False), (0.2, 0.21, True)):
        scale = spread([low, high], log, 100.0, 0.0)
        ticks = scale.ticks(4)
        assert ticks or log
        assert all(0 <= scale(tick) <= 100 for tick in ticks)
    assert Scale(0.0, 54.0, 100.0, 0.0).ticks(4) == [0, 20, 40]
