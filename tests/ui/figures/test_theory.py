"""Badges, pictures and sentences of the theory: read off the run, and only what the run supports."""

from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest

from dmf_core.analysis.replay import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.portrait import portrait
from dmf_core.theory.statements import STATEMENTS
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.theory.badge import badge, method, percent, residual
from ui.figures.theory.chart import Axes, Curve, chart
from ui.figures.theory.depth import colour, sentence
from ui.figures.theory.methods import best, did, says
from ui.figures.theory.overlays import overlays
from ui.figures.theory.page import LARGE, OLD, how_many_apply, sections
from ui.figures.theory.readings import Readings

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7}
RUNS: dict[str, dict[str, object]] = {
    "flow": {"init.kind": "balanced"},
    "one matrix": {"model.depth": 1},
    "unbalanced": {"init.kind": "gaussian", "init.scale": 1.0},
    "coarse": {
        "integrator.kind": "gradient_descent",
        "integrator.learning_rate": 2.0,
        "init.scale": 0.1,
        "init.kind": "balanced",
    },
    "diverged": {"integrator.kind": "gradient_descent", "integrator.learning_rate": 100.0, "init.scale": 1.0},
    "adam": {"integrator.kind": "adam", "init.kind": "balanced", "init.scale": 0.1},
    "rank 1": {"problem.rank": 1, "init.kind": "balanced"},
}


@cache
def explained_run(name: str) -> tuple[RunSpec, Trajectory]:
    changes = SMALL | {"stop.loss": 1e-3} | RUNS[name]
    kinds = {key: value for key, value in changes.items() if key == "integrator.kind"}
    spec = RunSpec().replaced(kinds).replaced({key: value for key, value in changes.items() if key not in kinds})
    return spec, explained(run(spec), spec)


def read(name: str) -> Readings:
    spec, trajectory = explained_run(name)
    return Readings(trajectory, spec)


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{picture}</div>")


def test_balanced_flow_gets_a_tick_for_all_but_the_constant_ratio() -> None:
    readings = read("flow")
    assert readings.statements == list(STATEMENTS)
    marks = {statement: badge(statement, readings).holds for statement in readings.statements}
    assert marks == dict.fromkeys(STATEMENTS, True) | {"portrait": marks["portrait"]}
    off = readings.off["theorem_3"]
    assert off is not None
    assert off.median <= 0.01 and off.worst <= 0.03
    assert percent(off.worst) in residual("theorem_3", readings)


@pytest.mark.parametrize(
    ("name", "statement", "expected"),
    [
        ("unbalanced", "theorem_3", "The factors are not balanced: by "),
        ("unbalanced", "vectors", "at worst while vectors turn"),
        ("unbalanced", "births", "No birth is predicted"),
        ("coarse", "equation", "The steps are too large"),
        ("diverged", "theorem_3", "The steps are too large"),
        ("adam", "theorem_3", "Adam is not covered: it gives every entry a step of its own."),
        ("adam", "balance", "no longer cancel"),
    ],
)
def test_badge_names_what_fails(name: str, statement: str, expected: str) -> None:
    actual = badge(statement, read(name))
    assert not actual.holds
    assert expected in actual.text


def test_balance_is_kept_by_an_unbalanced_flow_too() -> None:
    assert badge("balance", read("unbalanced")).holds


def test_a_statement_with_a_tick_is_off_by_little() -> None:
    """Theorem 3 and what follows from it are never off by more than 5 % in the median where their badge says that they apply."""
    for name in RUNS:
        readings = read(name)
        for statement in ("theorem_3", "equation", "vectors"):
            off = readings.off.get(statement)
            if badge(statement, readings).holds and off is not None:
                assert off.median < 0.05, (name, statement)


@pytest.mark.parametrize("name", list(RUNS))
def test_every_picture_is_whole_and_says_its_numbers(name: str) -> None:
    readings = read(name)
    for frame in (0, len(readings.t) // 2, len(readings.t) - 1):
        html = sections(readings, frame)
        for place in parsed(html).iter("svg"):
            label = place.get("aria-label") or ""
            assert any(letter.isdigit() for letter in label)
        assert "nan" not in html


def test_statements_that_are_not_about_this_run_are_left_out() -> None:
    assert "balance" not in read("one matrix").statements
    assert "births" not in read("one matrix").statements
    assert "portrait" not in read("rank 1").statements
    spec, trajectory = explained_run("flow")
    assert trajectory.insight is not None
    part = Readings(replace(trajectory, insight=replace(trajectory.insight, check=None)), spec)
    assert part.statements == ["theorem_3", "preconditioner", "births", "portrait"]
    assert LARGE in sections(part, 0)
    assert OLD in sections(part, 0, opened=True)


def test_head_counts_the_ticks() -> None:
    readings = read("flow")
    count = sum(badge(statement, readings).holds for statement in readings.statements)
    assert f"{words.capital(words.COUNTS[count])} of these seven" in how_many_apply(readings) or count == 7
    assert "None of these" in how_many_apply(read("adam"))


def test_measured_speeds_are_solid_and_predicted_ones_dashed() -> None:
    readings = read("flow")
    picture = parsed(overlays(readings, 3)[0].picture)
    kinds = [each.get("class") or "" for each in picture.iter("path")]
    assert sum(kind.startswith("th-line") for kind in kinds) == readings.modes == 3
    assert sum(kind.startswith("th-predicted") for kind in kinds) == 3
    assert len([each for each in picture.iter("line") if each.get("class") == "nr-cursor"]) == 1


def test_depth_1_treats_all_entries_alike_and_the_sentence_is_its_power() -> None:
    readings = read("flow")
    frame = len(readings.t) // 2
    sigma = readings.insight.sigma[frame, :3]
    share = (sigma[2] / sigma[0]) ** (4 / 3)
    assert f"moves mode 3 at {percent(share)} of the speed" in sentence(readings, frame)
    assert "100\u202f% at depth 1" in sentence(readings, frame)
    cells = [each.get("fill") for each in parsed(overlays(readings, frame)[2].picture).iter("rect") if each.get("fill")]
    assert len(cells) == 4 * 9
    assert cells[:9] == [colour(1.0)] * 9


def test_crowded_pictures_draw_six_modes_and_say_so() -> None:
    spec, trajectory = explained_run("unbalanced")
    readings = Readings(trajectory, spec)
    readings.growths = [replace(readings.growths[0], mode=mode) for mode in range(1, 10)]
    speeds = overlays(readings, 3)[0]
    assert len([each for each in parsed(speeds.picture).iter("path")]) == 2 * 6
    assert "the first six of nine modes" in speeds.sentence


def test_births_table_has_a_row_for_every_learned_mode() -> None:
    readings = read("flow")
    rows = list(parsed(overlays(readings, 0)[5].picture).iter("tr"))[1:]
    assert [row[0].text for row in rows] == [f"mode {r + 1}" for r in range(readings.modes)]
    first = readings.births[0]
    assert first.predicted is not None and first.measured is not None
    assert rows[0][1].text == words.number(first.predicted)
    assert rows[0][2].text == words.number(first.measured)
    assert (rows[0][3].text or "")[0] == ("+" if first.predicted > first.measured else "\u2212")


def test_portrait_is_the_path_of_the_run_as_long_as_the_pulls_are_steady() -> None:
    readings = read("flow")
    assert readings.pair is not None
    first, _ = readings.pair
    sigma = readings.insight.sigma[[first, first + 1], :2]
    near = portrait(3, sigma[1:, 0], (sigma[0, 0], sigma[0, 1]), readings.ratio(first))
    assert near[0] == pytest.approx(sigma[1, 1], rel=0.1)  # over one snapshot the ratio has hardly changed
    assert readings.off["portrait"] is not None


def test_chart_breaks_where_nothing_is_known() -> None:
    y = np.array([1.0, 2.0, np.nan, 4.0, 0.0])
    svg = chart("Some", [Curve("one", np.arange(5.0), y, 1)], Axes("x", "y", y_log=True))
    path = next(iter(parsed(svg).iter("path"))).get("d") or ""
    assert path.count("M") == 2 and path.count("L") == 1
    assert "nothing to draw" in chart("None", [Curve("one", np.arange(2.0), np.full(2, np.nan))], Axes("x", "y"))


def test_methods_are_told_apart() -> None:
    runs = {spec.integrator.kind: (spec, trajectory) for spec, trajectory in map(explained_run, ("flow", "coarse", "adam"))}
    table = list(parsed(did(runs)).iter("tr"))[1:]
    assert [row[0].text for row in table] == ["Gradient flow", "Gradient descent", "Adam"]
    covered = list(parsed(says(runs)).iter("tr"))[1:]
    marks = [[(cell.find("span").text or "") if cell.find("span") is not None else "" for cell in row[1:]] for row in covered]  # type: ignore[union-attr]
    assert marks[0][:5] == ["✓"] * 5
    assert set(marks[2][:5]) == {"△"}
    assert method("gradient_flow", read("flow")).holds
    assert not method("gradient_descent", read("coarse")).holds
    assert not method("adam", read("adam")).holds


def test_best_methods_are_named_with_their_numbers() -> None:
    runs = {spec.integrator.kind: (spec, trajectory) for spec, trajectory in map(explained_run, ("flow", "adam"))}
    flow, adam = (run.end.gradients for _, run in runs.values() if run.end is not None)
    assert flow < adam  # of runs to the same error
    assert f"Gradient flow took the fewest gradients ({words.whole(flow)})" in did(runs)
    errors = {kind: run.snapshots[-1].measures["unobserved_error"] or 0 for kind, (_, run) in runs.items()}
    assert f"the smallest error on unseen entries ({words.number(min(errors.values()))})" in did(runs)
    assert best({"adam": runs["adam"]}) == ""


def test_method_without_numbers_says_why_and_whether_it_is_covered() -> None:
    spec, trajectory = explained_run("adam")
    assert trajectory.end is not None
    slow = replace(trajectory, end=replace(trajectory.end, seconds=100.0), insight=None)
    html = says({"adam": (spec, explained(slow, spec))})
    assert "this run took 100 s" in html
    assert "Adam is not covered" in html
