"""The address of a map holds it whole, and says what of it cannot be had."""

from dataclasses import replace

import pytest

from dmf_core.sweep.field import MapQuestion
from dmf_core.sweep.ready import READY
from tests.sweep.fields import SQUARE
from ui.session.map_state import MapState, from_address


@pytest.mark.parametrize("name", READY)
def test_address_of_a_ready_map_asks_for_this_map(name):
    state = MapState(READY[name].field(), ready=name)
    again = from_address(state.address())
    assert (again.field, again.ready, again.message) == (state.field, name, "")


def test_address_holds_what_was_changed():
    field = MapQuestion(SQUARE.replaced({"seed": 7}), "init.scale=1:1e-4:5log", seeds=3, measure="entropy_rank", threshold=None)
    field = replace(field, shown="worst", log=False, other_depths=(2, 4), least=True)
    assert from_address(MapState(field).address()).field == field


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"map.across": "model.dept=2,3"}, "model.dept"),
        ({"map.up": "seed=0:9"}, "seed"),
        ({"map.measure": "beauty"}, "beauty"),
        ({"map.threshold": "low"}, "map.threshold is low"),
        ({"map.shown": "best"}, "map.shown is best"),
        ({"map.depths": "two"}, "map.depths is two"),
        ({"map.seeds": "0"}, "map.seeds is 0"),
        ({"problem.rank": "99"}, "problem.rank"),
    ],
)
def test_address_that_cannot_be_had_says_why_and_shows_a_map(wrong, message):
    state = from_address(MapState(MapQuestion(SQUARE, "model.depth=2,3")).address() | wrong)
    assert message in state.message
    assert state.plan().runs


def test_change_that_makes_no_map_is_said_and_changes_nothing():
    state = MapState(MapQuestion(SQUARE, "model.depth=2,3"))
    state.change(across="model.depth=1:")
    assert "Nothing was changed" in state.message and state.field.across == "model.depth=2,3"
    state.change(across="model.depth=2:4")
    assert state.message == "" and len(state.plan().axes[0].values) == 3
