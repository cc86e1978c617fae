"""The page Observations without a browser: what is drawn and said follows from the mask; painting changes the run."""

import re
import unicodedata
from xml.etree import ElementTree

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core import limits, painted_mask
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.theory.recoverable import reading
from tests.ui.sliders import sliders
from tests.ui.views.explore.test_page import opened, spec_of
from ui.figures.observations.graph import graph, single
from ui.figures.observations.text import decided, split, table, title, warning
from ui.services import shared_queue
from ui.session.fitting import fitting
from ui.session.painted_mask import painted
from ui.session.state import Session
from ui.views.observations import read

pytestmark = pytest.mark.usefixtures("queue_ends")

BLOCKS = np.kron(np.eye(2, dtype=bool), np.ones((4, 5), dtype=bool))  # [8, 10]


def shapes(document: str, kind: str, tag: str) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(document).iter(tag) if kind in (each.get("class") or "").split()]


def numbers(text: str) -> list[str]:
    return re.findall(r"<td>([^<]*)</td>", text)


def test_small_graph_has_a_line_for_every_entry_in_the_colour_of_its_component() -> None:
    picture = graph(reading(BLOCKS, 1))
    assert len(shapes(picture, "ob-c1", "line")) == len(shapes(picture, "ob-c2", "line")) == 20
    assert [each.text for each in ElementTree.fromstring(picture).iter("text") if each.get("class") == "ob-number"] == ["1", "2"]


def test_graph_marks_rows_of_which_nothing_is_seen() -> None:
    mask = BLOCKS.copy()
    mask[0] = False
    picture = graph(reading(mask, 1))
    assert len(shapes(picture, "ob-alone", "circle")) == 1
    assert "one row without observations" in ElementTree.fromstring(picture).get("aria-label", "")


def test_large_graph_has_a_band_for_every_component_with_its_sizes() -> None:
    actual = reading(np.kron(BLOCKS, np.ones((6, 6), dtype=bool)), 2)
    assert not single(actual)
    texts = [each.text for each in ElementTree.fromstring(graph(actual)).iter("text")]
    assert len(shapes(graph(actual), "ob-band", "path")) == 2
    assert texts.count("24") == texts.count("30") == 2
    assert texts.count("720 entries") == 2


@pytest.mark.parametrize("rank", [1, 3])
@pytest.mark.parametrize("count", [10, 25, 60, 80])
def test_counts_of_the_table_add_up(count: int, rank: int) -> None:
    mask = np.zeros(80, dtype=bool)
    mask[np.random.default_rng(count).permutation(80)[:count]] = True
    actual = reading(mask.reshape(8, 10), rank)
    cells = numbers(table(actual))
    assert cells[0] == f"{count} of 80"
    assert cells[1] == str(rank * (18 - rank))
    assert sum(int(cell) for cell in cells[-4:]) == 80 - count  # every unseen entry is in one line
    assert ("△" in table(actual)) == actual.lost.any()


def test_words_warn_exactly_where_entries_are_lost() -> None:
    apart, whole, short = reading(BLOCKS, 1), reading(BLOCKS | (np.arange(10) == 0), 1), reading(BLOCKS | (np.arange(10) == 0), 5)
    assert title(apart) == "No method can recover any of the 40 unseen entries"
    assert warning(apart)[0] == "lost" and "40 lie between two components" in warning(apart)[1]
    assert "necessary and not sufficient" in warning(apart)[1]  # 40 observations, 17 numbers
    assert warning(whole)[0] == "held" and "one value left" in warning(whole)[1]
    hollow = reading(~np.eye(4, dtype=bool), 2)  # two completions: see tests/theory/test_motions.py
    assert title(hollow) == "No unseen entry is free"
    assert "fix every hidden entry" in warning(hollow)[1] and "finitely many others can be left" in warning(hollow)[1]
    assert "fewer than the 65" in warning(short)[1]
    assert warning(reading(np.ones((3, 3), dtype=bool), 2)) == ("held", "All entries are observed; there is nothing to recover.")


def test_chance_of_an_error_is_shown_where_random_numbers_decide() -> None:
    short, alone = reading(BLOCKS, 2), reading(BLOCKS, 1)
    assert alone.error_chance == 0 and "chance" not in decided(alone)
    shown = re.search(r"wrong with a chance below 10⁻(\S+)\.", decided(short))
    assert shown is not None
    assert 0 < short.error_chance <= 10.0 ** -int(unicodedata.normalize("NFKC", shown[1])) < 10 * short.error_chance
    assert decided(reading(np.ones((3, 3), dtype=bool), 2)) == ""


def test_too_large_a_matrix_says_what_was_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOOSE_UNKNOWNS", 7)
    actual = reading(BLOCKS | (np.arange(10) == 0), 2)
    assert warning(actual)[0] == "unknown"
    assert numbers(table(actual))[-2:] == ["not looked for", "not looked for"]
    mask = actual.mask.copy()
    mask[3] = False
    assert title(reading(mask, 2)).startswith("No method can recover at least 10 of")
    assert warning(reading(actual.mask, 1))[0] == "held"  # at rank one components say it all, at any size


def test_split_error_is_that_of_both_parts() -> None:
    spec = preset_spec("seen-two-blocks")
    made = run(spec)
    actual = reading(made.start.observed_mask, 2)
    assert made.end is not None
    off = made.end.end_to_end_last - made.start.ground_truth
    shares = re.findall(r"by ([\d.]+)", split(made, actual))
    expected = [np.sqrt(np.mean(off[where] ** 2)) for where in (~actual.mask & ~actual.lost, actual.lost)]
    assert [float(share) for share in shares] == pytest.approx(expected, rel=0.06)  # two digits are printed


def page(**parameters: str) -> AppTest:
    app = opened(**parameters)
    app.switch_page("pages/observations.py").run()
    assert not app.exception
    return app


SMALL = {
    "problem__rows": "12",
    "problem__columns": "10",
    "problem__rank": "2",
    "problem__observations": "60",
    "stop__loss": "1e-3",
}


def test_page_runs_the_run_and_painting_changes_it() -> None:
    app = page(**SMALL)
    before = spec_of(app)
    mask = before.problem.observed(before.seed)
    mask[0] = False
    app.session_state.session.change(painted(painted_mask.to_text(mask)))
    app.run()
    assert not app.exception
    assert spec_of(app).problem.observations == mask.sum() < 60
    job = shared_queue().find(spec_of(app).digest())
    assert job is not None
    made = job.wait(30).trajectory
    assert made is not None and np.array_equal(made.start.observed_mask, mask)
    assert any("painted by hand" in each.value for each in app.markdown)
    assert "Observed entries" not in sliders(app)


@pytest.mark.parametrize("changes", [{"model.depth": 2}, {"seed": 12}, {"init.scale": 0.1}, {"init.kind": "balanced"}])
def test_painted_mask_stays_when_something_else_changes(changes: dict[str, object]) -> None:
    session = Session(preset_spec("seen-one-tie"))
    mask = session.spec.problem.mask
    session.change(fitting(session.spec, changes))
    assert (session.spec.problem.mask, session.message) == (mask, "")


def test_pattern_begins_the_drawing_with_what_is_seen_and_another_one_ends_it() -> None:
    spec = preset_spec("seen-band")
    drawing = spec.replaced(fitting(spec, {"problem.pattern": "drawn"}))
    assert np.array_equal(drawing.problem.observed(0), spec.problem.observed(spec.seed))
    smaller = drawing.replaced(fitting(drawing, {"problem.rows": 20}))
    assert smaller.problem.observed(0).shape == (20, 40)
    back = drawing.replaced(fitting(drawing, {"problem.pattern": "banded"}))
    assert back == spec


def test_page_says_what_repeated_draws_count_for_and_painting_ends_them() -> None:
    app = page(**SMALL, problem__replacement="true")
    assert any(each.value.startswith("60 draws with replacement: ") for each in app.caption)
    observed = spec_of(app).problem.observed(spec_of(app).seed)
    assert numbers(table(read(spec_of(app).problem, spec_of(app).seed)))[0] == f"{observed.sum()} of 120"
    app.session_state.session.change(painted(painted_mask.to_text(observed)))
    app.run()
    assert not app.exception
    assert (spec_of(app).problem.replacement, spec_of(app).problem.observations) == (False, observed.sum())
    assert not any("draws with replacement" in each.value for each in app.caption)


def test_other_kinds_of_problem_are_told_what_to_do() -> None:
    app = page(problem__kind="razin_cohen")
    assert not app.selectbox(key="Start from").value
    assert "Where entries are seen" not in [each.label for each in app.selectbox]


def test_large_matrix_is_not_painted_and_pattern_says_why_it_cannot_be_drawn() -> None:
    app = page(problem__rows="150", problem__columns="120", problem__observations="4000")
    assert any("too large to paint" in each.value for each in app.caption)
    app.selectbox(key="observations problem.pattern").set_value("drawn").run()
    assert any("at most 100 rows and columns" in each.value for each in app.warning)
    assert spec_of(app).problem.pattern == "uniform"
