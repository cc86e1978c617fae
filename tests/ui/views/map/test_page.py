"""The page Map without a browser: it states its cost, runs, leads to Explore and Compare, and keeps given data to its owner."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dmf_core.inputs import Inputs, digest_of
from dmf_core.sweep.field import MapQuestion
from tests.sweep.fields import SQUARE
from ui.controls.lecture_drafts import DRAFTS, OWN
from ui.lecture.script import read
from ui.services import shared_queue
from ui.session.map_state import MapState
from ui.views.map.cell import area, compare, open_cell, refined

APP = Path(__file__).parents[4] / "app.py"
SMALL = MapQuestion(SQUARE.replaced({"stop.loss": 1e-3}), "problem.observations=60:140:40", "problem.rank=1,2", seeds=2)


pytestmark = pytest.mark.usefixtures("queue_ends")


def page(**parameters: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page("pages/map.py")
    for name, text in parameters.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def of(question: MapQuestion) -> dict[str, str]:
    return MapState(question).address()


def state_of(app: AppTest) -> MapState:
    state: MapState = app.session_state["map state"]
    return state


def until(app: AppTest, true: Callable[[], object]) -> None:
    end = time.monotonic() + 90
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
        app.run()
        assert not app.exception


def complete(app: AppTest) -> Callable[[], bool]:
    return lambda: len(state_of(app).known) == len(state_of(app).plan().runs)


def test_short_map_runs_by_itself_and_all_of_it() -> None:
    app = page(**of(SMALL))
    until(app, complete(app))
    assert {row.outcome.value for row in state_of(app).known.values()} == {"converged"}
    assert not any(button.label.startswith("Cancel") for button in app.button)
    for shown, log in (("share", False), ("median", True)):  # shares are on a linear scale: it is shown, and no other is offered
        state_of(app).change(shown=shown)
        app.run()
        assert app.session_state["map log"] is log and app.button_group(key="map log").proto.disabled is not log
    state_of(app).cell = (1, 2)
    app.session_state["Link map"] = True
    app.run()
    assert any(each.value == "The cell at the cursor: Rank 2, 140 observed entries, seed 0." for each in app.caption)
    app.button(key="add to lecture").click().run()
    assert not app.exception and "the run “Rank 2, 140 observed entries”, seed 0" in app.success[0].value
    (scene,) = read(app.session_state[DRAFTS][OWN]).lecture.scene
    assert scene.spec == SMALL.base.replaced({"problem.observations": 140, "problem.rank": 2})
    assert scene.heading in app.success[0].value


def test_long_map_states_its_cost_and_waits_for_run() -> None:
    app = page()
    assert any("1\u202f350 runs" in each.value and "of one core" in each.value for each in app.sidebar.caption)
    assert state_of(app).known == {} and state_of(app).requested == ""
    next(each for each in app.button if each.label.startswith("Run 1")).click().run()
    assert state_of(app).requested == state_of(app).plan().digest
    until(app, lambda: any(each.label.startswith("Cancel") for each in app.button))
    app.button(key="cancel map").click().run()
    assert state_of(app).requested == "" and not app.exception


def test_axis_that_cannot_be_is_said_and_the_map_stays() -> None:
    app = page(**of(SMALL))
    app.text_input(key="map across values").set_value("60:20:5").run()
    assert any("never arrives" in each.value for each in app.warning)
    assert state_of(app).field.across == SMALL.across


def opened(monkeypatch: pytest.MonkeyPatch) -> tuple[MapState, list[tuple[str, object]]]:
    """A map whose cells lead nowhere but into a list."""
    led: list[tuple[str, object]] = []
    for name in ("open_in_explore", "compare_runs"):
        monkeypatch.setattr(f"ui.views.map.cell.{name}", lambda *given, name=name: led.append((name, given)))
    return MapState(SMALL), led


def test_cell_opens_the_run_of_its_first_seed(monkeypatch) -> None:
    state, led = opened(monkeypatch)
    open_cell(state, state.plan(), (1, 2))
    ((name, given),) = led
    assert name == "open_in_explore" and given[0] == SMALL.base.replaced({"problem.observations": 140, "problem.rank": 2})
    assert given[0].digest() in state.plan().runs
    assert state.cell == (1, 2)  # where the map shows its cursor afterwards


def test_two_cells_of_one_row_or_column_are_compared_and_others_are_not(monkeypatch) -> None:
    state, led = opened(monkeypatch)
    compare(state, state.plan(), (0, 0))
    assert led == [] and state.marked == (0, 0)
    compare(state, state.plan(), (1, 2))
    assert led == [] and "of the row or column of the marked one" in state.hint
    assert state.marked == (0, 0)  # it can be chosen anew
    compare(state, state.plan(), (0, 0))
    assert led == [] and state.marked is None and state.hint == ""
    for place in ((1, 0), (1, 2)):
        compare(state, state.plan(), place)
    assert state.marked is None
    assert led[0][0] == "compare_runs" and led[0][1][1:3] == ("problem.observations", [60, 140])
    for place in ((0, 1), (1, 1)):
        compare(state, state.plan(), place)
    assert led[1][1][1:3] == ("problem.rank", [1, 2])


def test_area_becomes_a_map_with_the_values_between() -> None:
    state = MapState(SMALL)
    area(state, (0, 1), (1, 2))
    assert state.field.across == "problem.observations=100,120,140" and state.field.up == "problem.rank=1,2"
    assert refined(("init.scale",), (1e-4, 1e-2)) == "init.scale=0.0001,0.001,0.01"
    assert refined(("problem.pattern",), ("uniform", "banded")) == "problem.pattern=uniform,banded"


def test_given_data_are_on_no_other_visitors_map() -> None:
    data = np.outer(np.arange(1.0, 13.0), np.arange(1.0, 13.0))
    base = SQUARE.replaced({"problem.kind": "observed_data", "problem.data": digest_of(data), "problem.observations": 100})
    field = MapQuestion(base, "problem.observations=80,100", seeds=1)
    mine = AppTest.from_file(APP, default_timeout=60)
    mine.switch_page("pages/map.py")
    mine.session_state["map state"] = MapState(field, Inputs(data))
    mine.run()
    until(mine, complete(mine))
    digest = next(iter(state_of(mine).plan().runs))
    look_for = page(**of(field))  # the same address, as somebody else would open it
    assert state_of(look_for).known == {} or not set(state_of(look_for).known) & set(state_of(mine).plan().runs)
    other = AppTest.from_file(APP, default_timeout=60)
    other.switch_page("pages/map.py")
    other.session_state["map state"] = MapState(field, Inputs(data + 1))  # who knows the digest, and not the data
    other.run()
    assert not other.exception
    assert state_of(other).known == {}
    assert shared_queue().find(digest) is None and shared_queue().find(digest, "somebody") is None
