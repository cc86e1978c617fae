"""Title and summary of a comparison, against the numbers of real runs."""

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from dmf_core import simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from tests.ui.figures.test_payload import SMALL, numbers
from ui.views.compare.common import common
from ui.views.compare.comparison import Comparison, first
from ui.views.compare.factors import default_values, factors, options
from ui.views.compare.summary import Run, level, moment, sentences, title
from ui.views.compare.words import all_named, differs, heading, named

BALANCED = {**SMALL, "init.kind": "balanced", "stop.loss": 1e-3}
COMPARED: dict[str, tuple[dict[str, Any], str]] = {
    "depth, balanced": (BALANCED, "model.depth"),
    "depth, normal": ({**SMALL, "stop.loss": 1e-3}, "model.depth"),
    "scale": (BALANCED, "init.scale"),
    "observations": (BALANCED, "problem.observations"),
    "rank": (BALANCED, "problem.rank"),
    "noise": ({**BALANCED, "stop.loss": 1e-2}, "problem.noise"),
    "initialization": (BALANCED, "init.kind"),
    "seed": (BALANCED, "seed"),
    "width": (BALANCED, "model.width"),
    "problem": ({**BALANCED, "problem.rows": 12, "problem.columns": 12, "problem.observations": 90}, "problem.kind"),
    "rows": (BALANCED, "problem.rows"),
    "pattern": (BALANCED, "problem.pattern"),
    "everything seen": ({**BALANCED, "problem.observations": 900}, "model.depth"),
}


def made(name: str) -> tuple[Comparison, list[Run]]:
    changes, factor = COMPARED[name]
    comparison = first(RunSpec().replaced(changes), factor=factor)
    specs = comparison.specs()
    return comparison, [Run(v, spec, simulate.run(spec)) for v, spec in zip(comparison.values, specs, strict=True)]


@pytest.fixture(scope="module", params=list(COMPARED))
def any_comparison(request: pytest.FixtureRequest) -> tuple[str, Comparison, list[Run]]:
    return request.param, *made(request.param)


@pytest.fixture(scope="module")
def depths() -> tuple[Comparison, list[Run]]:
    return made("depth, balanced")


def result_of(comparison: Comparison, runs: list[Run]) -> str:
    """The sentence about the result; the verdicts stand before it."""
    return next(each for each in sentences(comparison.factor, runs) if each.startswith("At equal error"))


EXPECTED = {  # beginning of the title, and what the last sentence calls shared and not shared
    "depth, balanced": ("Same data, same start, depth 1, 2 and 3", "truth, observed entries, start W(0) and seed are shared"),
    "depth, normal": ("Same data, depth 1, 2 and 3", "truth, observed entries and seed are shared; the starts W(0) differ too"),
    "scale": ("Same data, scale", "truth, observed entries and seed are shared; the starts W(0) differ in size only"),
    "observations": (
        "Same truth, same start, ",
        "start W(0) and seed are shared; runs with more observed entries have all those of runs with fewer",
    ),
    "rank": ("Same observed places, same start, rank", "observed places, start W(0) and seed are shared"),
    "noise": ("Same truth and observed places, same start, noise", "truth, observed places, start W(0) and seed are shared"),
    "initialization": ("Same data, initialization", "truth, observed entries and seed are shared; the starts W(0) differ too"),
    "seed": ("Same settings, seed 7, 8 and 9", "each seed draws its own truth, entries and start"),
    "width": ("Same data, width", "truth, observed entries and seed are shared; the starts W(0) differ too"),
    "problem": ("Same truth, same start, ", "truth, start W(0) and seed are shared"),
    "rows": ("Same settings, ", "seed is shared; the starts W(0) differ too"),
    "pattern": ("Same truth, same start, three patterns of observed entries", "truth, start W(0) and seed are shared"),
    "everything seen": ("Same data, same start, depth", "truth, observed entries, start W(0) and seed are shared"),
}


def test_title_and_last_sentence_say_what_is_shared(any_comparison: tuple[str, Comparison, list[Run]]) -> None:
    name, comparison, runs = any_comparison
    opening, shared = EXPECTED[name]
    assert title(comparison.factor, comparison.values, runs).startswith(opening)
    assert sentences(comparison.factor, runs)[-1].endswith(f"{shared}.")


def test_columns_are_headed_by_what_differs() -> None:
    """No two columns of a comparison have the same heading, and none begins with what all of them have."""
    spec = RunSpec()
    patterns = [heading("problem.pattern", each) for each in options(spec, "problem.pattern")]
    assert patterns[:3] == ["Anywhere", "Two blocks, nothing between", "All but one block"]
    for factor in factors(spec):
        values = default_values(spec, factor)
        headings = [heading(factor, value) for value in values]
        assert len(set(headings)) == len(headings), factor
        assert all(text[:1] == text[:1].upper() for text in headings)
    assert heading("model.depth", 3) == "Depth 3"
    assert heading("init.kind", "balanced") == "Balanced"


def test_summary_names_what_differs_as_a_noun() -> None:
    assert differs("problem.pattern") == "the pattern of observed entries"
    assert differs("problem.noise") == "the noise"
    for path in (
        path for base in (RunSpec(), RunSpec().replaced({"problem.kind": "tensor_completion"})) for path in factors(base)
    ):
        assert not re.match(r"the (where|draw|stop|normalize)", differs(path)), path


def test_what_is_called_shared_is_equal(any_comparison: tuple[str, Comparison, list[Run]]) -> None:
    _, _, runs = any_comparison
    starts = [run.trajectory.start for run in runs]
    shared = common([run.spec for run in runs], starts)
    for other in starts[1:]:
        if shared.truth:
            np.testing.assert_array_equal(other.ground_truth, starts[0].ground_truth)
        if shared.places == "same" or shared.data:
            np.testing.assert_array_equal(other.observed_mask, starts[0].observed_mask)
        if shared.start == "same":  # the factors may differ; their product may not, but for float32
            np.testing.assert_allclose(other.end_to_end_first, starts[0].end_to_end_first, rtol=1e-3, atol=1e-7)
    if shared.start == "no" and len({start.shape for start in starts}) == 1:
        W = [start.end_to_end_first / np.linalg.norm(start.end_to_end_first) for start in starts]
        assert max(float(np.abs(each - W[0]).max()) for each in W) > 1e-3


def test_first_sentence_gives_the_numbers_at_equal_error(any_comparison: tuple[str, Comparison, list[Run]]) -> None:
    _, comparison, runs = any_comparison
    text = result_of(comparison, runs)
    assert text.startswith("At equal error on the ")
    reached = level(runs)
    assert reached is not None
    worst = max(run.trajectory.measured("observed_error").min() for run in runs)  # type: ignore[union-attr]
    assert reached == pytest.approx(worst)
    assert numbers(text)[0] == pytest.approx(reached, rel=0.05)  # two digits are printed
    values = numbers(text.split(")", 1)[1])
    for each in (moment(run, reached) for run in runs):
        column = each.run.trajectory.measured("observed_error")
        assert column is not None
        i = int(np.argmax(column <= reached * (1 + 1e-9)))  # the first snapshot at or below the level
        rank = each.run.trajectory.measured("entropy_rank")
        assert rank is not None
        assert min(rank[i - 1 : i + 1]) * 0.999 <= each.rank <= max(rank[i - 1 : i + 1]) * 1.001
    ranks = [moment(run, reached).rank for run in runs]
    in_words = [x for x in values if any(x == pytest.approx(rank, rel=0.06) for rank in ranks)]
    assert in_words, text


def test_difference_is_said_only_when_there_is_one(any_comparison: tuple[str, Comparison, list[Run]]) -> None:
    _, comparison, runs = any_comparison
    text = result_of(comparison, runs)
    reached = level(runs)
    assert reached is not None
    errors = [moment(run, reached).unseen for run in runs]
    if any(error is None for error in errors):
        assert "squared error" not in text
        return
    spread = max(e for e in errors if e) / min(e for e in errors if e)
    assert ("hardly differ" in text) == (spread < 1.25)
    if "than zeros would" in text:
        assert max(e for e in errors if e) > 0.9


def test_verdicts_of_a_comparison_are_those_of_its_numbers(any_comparison: tuple[str, Comparison, list[Run]]) -> None:
    """Thresholds written out again: within 10 % of a typical unseen entry, 50 %, 105 %."""
    _, comparison, runs = any_comparison
    for each in sentences(comparison.factor, runs):
        verdict, _, who = each.partition(": ")
        bounds = {
            "Recovered": (0, 0.1),
            "Partly recovered": (0.1, 0.5),
            "Not recovered": (0.5, 1.05),
            "Worse than zeros": (1.05, 9e9),
        }
        for run in runs if verdict in bounds else []:
            if named(comparison.factor, run.value) not in re.split(r", | and |\.$", who):
                continue
            start, W = run.trajectory.start, run.trajectory.end.end_to_end_last  # type: ignore[union-attr]
            hidden = ~start.observed_mask
            share = np.linalg.norm((W - start.ground_truth)[hidden]) / np.linalg.norm(start.ground_truth[hidden])
            assert bounds[verdict][0] <= share <= bounds[verdict][1]


def test_depth_1_is_said_to_know_nothing_of_the_unseen_entries(depths: tuple[Comparison, list[Run]]) -> None:
    comparison, runs = depths
    text = result_of(comparison, runs)
    assert "depth 1 has effective rank" in text
    assert "hardly better on the unseen ones than zeros would" in text


def test_nothing_is_said_of_the_result_while_a_run_grows(depths: tuple[Comparison, list[Run]]) -> None:
    comparison, runs = depths
    growing = [*runs[:2], dataclasses.replace(runs[2], trajectory=dataclasses.replace(runs[2].trajectory, end=None))]
    assert len(sentences(comparison.factor, growing)) == 1
    assert "Only depth differs" in sentences(comparison.factor, growing)[0]
    assert title(comparison.factor, comparison.values, runs[:2]) == "Depth 1, 2 and 3"


def test_diverged_run_is_named_and_left_out(depths: tuple[Comparison, list[Run]]) -> None:
    comparison, runs = depths
    end = runs[0].trajectory.end
    assert end is not None
    diverged = dataclasses.replace(runs[0].trajectory, end=dataclasses.replace(end, outcome=Outcome.DIVERGED))
    text = sentences(comparison.factor, [dataclasses.replace(runs[0], trajectory=diverged), *runs[1:]])
    assert text[0].startswith("Depth 1 diverged at t = ")
    assert not any("depth 1" in each for each in text[1:-1])


def test_brackets_stand_in_a_title_only_where_the_values_need_them() -> None:
    assert all_named("integrator.kind", ("gradient_flow", "momentum")) == "gradient flow and momentum"
    both = all_named("integrator.kind", ("gradient_flow", "implicit_flow"))
    assert both == "gradient flow (Runge–Kutta) and gradient flow (implicit)"
