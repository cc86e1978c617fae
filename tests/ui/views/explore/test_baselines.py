"""What else could be tried, beside a tensor run: the table says what was found, and a page shows it when asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.baselines.comparison.tensors import beside
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.figures.beside import HEADS, beside_table
from ui.services import shared_queue

ROOT = Path(__file__).parents[4]
SMALL = {"problem.kind": "tensor_completion", "problem.shape": "6,6,6", "problem.rank": 1, "problem.observations": 100}


def test_table_has_a_row_for_every_way_and_marks_the_least_unseen_error() -> None:
    spec = RunSpec().replaced(SMALL | {"init.scale": 0.01})
    rows = beside(spec, Inputs(), run(spec))
    html = beside_table(rows)
    assert html.count("<tr>") == len(rows) + 1
    assert html.count("<td") == len(rows) * len(HEADS)
    assert html.count("<b>") == 1
    least = min((row for row in rows if row.key != "truth"), key=lambda row: row.unobserved_error or 0.0)
    assert html.index(least.label) < html.index("<b>") < html.index("</tr>", html.index(least.label))


def test_table_shows_what_does_not_exist_as_a_dash() -> None:
    spec = RunSpec().replaced(SMALL | {"init.scale": 0.01, "problem.observations": 216})  # nothing is unseen
    assert "–" in beside_table(beside(spec, Inputs(), run(spec)))


@pytest.fixture
def _queue_ends() -> Iterator[None]:
    yield
    shared_queue().close()
    shared_queue.clear()


@pytest.mark.usefixtures("_queue_ends")
def test_page_offers_to_try_them_once_the_run_has_ended() -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    app.switch_page("pages/tensors.py").run()
    job = shared_queue().find(app.session_state.visit.spec.digest())
    assert job is not None
    assert job.wait(60).state.ended
    app.run()
    app.button(key="try instead").click().run()
    assert not app.exception
    digest, rows = app.session_state["beside wanted"]
    assert digest == job.digest
    assert {row.key for row in rows.result(60)} == {"run", "memorizer", "als", "unfolding_norms", "truth"}
