"""The page "Norm or rank?" without a browser."""

import re
import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dmf_core import limits
from dmf_core.baselines.comparison import baseline_seconds, baseline_spec
from dmf_core.baselines.comparison.price import SPREAD
from dmf_core.jobs import Job, State, digest_of_work
from dmf_core.simulate import run
from tests.ui.views.explore.test_page import opened, spec_of
from ui.services import shared_queue
from ui.views.norm_or_rank.page import WORK

pytestmark = pytest.mark.usefixtures("queue_ends")

SMALL = {
    "problem__rows": "20",
    "problem__columns": "16",
    "problem__rank": "2",
    "problem__observations": "160",
    "stop__loss": "1e-3",
}


def page(**parameters: str) -> AppTest:
    app = opened(**parameters)
    app.switch_page("pages/norm_or_rank.py").run()
    assert not app.exception
    return app


def least_of(app: AppTest) -> Job | None:
    return shared_queue().find(digest_of_work(baseline_spec(spec_of(app)), WORK))


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception
    return app


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_page_finds_the_minimum_in_a_worker() -> None:
    app = page(**SMALL)
    job = least_of(app)
    assert job is not None
    assert job.wait(30).state is State.DONE
    assert job.trajectory is not None
    assert (job.trajectory.snapshots[-1].measures["gap"] or 0) <= 1e-5
    app.run()
    assert not app.exception
    assert not any(button.label.startswith("Cancel") for button in app.button)


def test_other_depth_asks_for_no_other_minimum() -> None:
    app = page(**SMALL)
    first = least_of(app)
    app.session_state.session.change({"model.depth": 4})
    app.run()
    assert least_of(app) is first


def known(app: AppTest) -> tuple[int, int]:
    """(runs of the grid that are known, all of them)."""
    _, planned, rows = app.session_state["grid known"]
    return len(rows), len(planned.runs)


def test_grid_runs_only_when_asked_and_then_all_of_it() -> None:
    app = page(**SMALL, seed="3")
    assert known(app) == (0, 12)
    app.button(key="run grid").click().run()
    assert not app.exception
    until(lambda: app.run() and known(app) == (12, 12))
    app.run()
    assert not app.exception
    assert not any("runs ·" in button.label for button in app.button)
    _, planned, rows = app.session_state["grid known"]
    digest, cell = next(iter(planned.runs.items()))
    assert (cell.values, cell.spec) == ((2, 0.1), spec_of(app).replaced({"model.depth": 2, "init.scale": 0.1}))
    alone = run(cell.spec).snapshots[-1].measures
    assert rows[digest].measures["nuclear_norm"] == pytest.approx(alone["nuclear_norm"], rel=0.01)


def test_cancelled_grid_stops_and_keeps_what_is_there() -> None:
    slow = SMALL | {"integrator__kind": "gradient_descent", "integrator__learning_rate": "0.001", "stop__loss": "1e-9"}
    app = page(**slow, stop__iterations="100000")
    app.button(key="run grid").click().run()
    assert any("of 12 done" in each.value for each in app.markdown)
    press(app, "Cancel, keep what is there")
    app.run()
    assert not app.exception
    assert any("runs ·" in button.label for button in app.button)
    assert known(app)[0] < 12


def test_too_many_measurements_ask_for_no_minimum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BASELINE_MEASUREMENTS", 100)
    app = page(**SMALL, problem__kind="matrix_sensing")
    assert least_of(app) is None
    assert not any(button.label.startswith("Find the minimum") for button in app.button)
    assert app.button(key="run grid")  # the runs themselves can be had


def test_impossible_settings_leave_a_page_with_a_sentence() -> None:
    app = page(
        problem__rows="2000", problem__columns="2000", model__depth="8", problem__observations="400000", init__scale="1e-9"
    )
    assert any("above the" in each.value for each in app.warning)


def test_cancelled_minimum_gets_no_verdicts_and_a_way_on() -> None:
    large = {"problem__rows": "700", "problem__columns": "500", "problem__observations": "25000", "model__depth": "1"}
    app = page(**large, stop__iterations="2")
    if any(button.key == "run beside" for button in app.button):
        app.button(key="run beside").click().run()
    until(lambda: any(button.key == "find minimum" for button in app.run().button))  # it is offered when the run has ended
    app.button(key="find minimum").click().run()
    job = least_of(app)
    assert job is not None
    until(lambda: job.trajectory is not None)
    app.button(key="cancel beside").click().run()
    assert not app.exception
    until(lambda: job.state.ended)
    app.run()
    assert job.state is State.CANCELLED
    assert app.button(key="find minimum")


def test_minimum_that_may_take_longer_waits_for_its_button() -> None:
    """By its estimate this one is short, and one in twenty of that size takes five times as long."""
    app = page(problem__rows="240", problem__columns="240", problem__rank="2", problem__observations="6000", stop__iterations="2")
    spec = baseline_spec(spec_of(app))
    seconds = baseline_seconds(spec, (240, 240))
    assert seconds < limits.RUN_WITHOUT_ASKING_SECONDS < SPREAD * seconds
    assert least_of(app) is None
    if any(button.key == "run beside" for button in app.button):
        app.button(key="run beside").click().run()
    until(lambda: any(button.key == "find minimum" for button in app.run().button))
    label = app.button(key="find minimum").label
    assert re.fullmatch(r"Find the minimum · about [\d.]+( s)? to \d+ s", label), label
    assert least_of(app) is None
