"""What else could be tried, beside a tensor run: the table says what was found, and a page shows it when asked."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.baselines.comparison.tensor_jobs import row_of, work_of
from dmf_core.baselines.comparison.tensors import baseline_rows, of_run
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job, State
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.figures.baselines import HEADS, baselines_table
from ui.services import shared_queue

ROOT = Path(__file__).parents[4]
SMALL = {"problem.kind": "tensor_completion", "problem.shape": "6,6,6", "problem.rank": 1, "problem.observations": 100}


def test_table_has_a_row_for_every_way_and_marks_the_least_unseen_error() -> None:
    spec = RunSpec().replaced(SMALL | {"init.scale": 0.01})
    rows = baseline_rows(spec, Inputs(), run(spec))
    html = baselines_table(rows)
    assert html.count("<tr>") == len(rows) + 1
    assert html.count("<td") == len(rows) * len(HEADS)
    assert html.count("<b>") == 1
    least = min((row for row in rows if row.key != "truth"), key=lambda row: row.unobserved_error or 0.0)
    assert html.index(least.label) < html.index("<b>") < html.index("</tr>", html.index(least.label))


def test_table_shows_what_does_not_exist_as_a_dash() -> None:
    spec = RunSpec().replaced(SMALL | {"init.scale": 0.01, "problem.observations": 216})  # nothing is unseen
    assert "–" in baselines_table(baseline_rows(spec, Inputs(), run(spec)))


@pytest.fixture
def _queue_ends() -> Iterator[None]:
    yield
    shared_queue().close()
    shared_queue.clear()


@pytest.mark.usefixtures("_queue_ends")
def test_page_offers_to_try_them_once_the_run_has_ended() -> None:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    app.switch_page("pages/tensors.py").run()
    job = shared_queue().find(app.session_state.session.spec.digest())
    assert job is not None
    assert job.wait(60).state.ended
    app.run()
    app.button(key="try instead").click().run()
    assert not app.exception
    run = job.trajectory
    assert run is not None
    rows = baseline_rows(job.spec, Inputs(), run)
    assert [row.key for row in rows] == ["run", "memorizer", "als", "unfolding_norms", "truth"]

    def jobs() -> list[Job]:
        baseline_jobs = [shared_queue().find(f"{job.digest}:{work_of(row.key)}") for row in rows]
        return [each for each in baseline_jobs if each is not None and each.state is State.DONE]

    end = time.monotonic() + 90
    while len(jobs()) < len(rows):
        assert time.monotonic() < end, "they were not tried"
        app.run()
    app.run()
    assert not app.exception
    assert not any("Trying them" in each.value for each in app.markdown)
    made = [row_of(row.key, job.spec, each.trajectory) for row, each in zip(rows, jobs(), strict=True) if each.trajectory]
    for worker, own in zip(of_run(made, run), rows, strict=True):
        assert replace(worker, seconds=0.0, message="") == replace(own, seconds=0.0, message="")
