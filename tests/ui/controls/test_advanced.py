"""The fold of the sidebar: what it offers is possible, and what was left is found again."""

import pytest
import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import check
from dmf_core.spec import RunSpec
from ui.controls.advanced import _change, _solvable, in_one_line
from ui.session.navigation import OBSERVATIONS
from ui.session.state import Session

SMALL = {"problem.rows": 12, "problem.columns": 10, "problem.rank": 2, "problem.observations": 60}
METHODS = ["gradient_flow", "implicit_flow", "gradient_descent"]


def choose(session: Session, path: str, value: str) -> None:
    _change(session, path, value)


def test_implicit_method_is_offered_where_it_can_run_and_only_there() -> None:
    large, small = Session(RunSpec()), Session(RunSpec().replaced(SMALL))
    assert _solvable(small, METHODS, "Help.") == (METHODS, "Help.")
    left, help_text = _solvable(large, METHODS, "Help.")
    assert left == ["gradient_flow", "gradient_descent"]
    assert help_text is not None and "at most 800 entries of the factors" in help_text
    check(small.spec.replaced({"integrator.kind": "implicit_flow"}), Inputs())
    with pytest.raises(BadInput, match="implicit_flow solves at most 800 unknowns"):
        check(large.spec.replaced({"integrator.kind": "implicit_flow"}), Inputs())


def test_problem_away_and_back_keeps_its_size() -> None:
    session = Session(RunSpec().replaced(SMALL | {"problem.noise": 0.5}))
    before = session.spec
    choose(session, "problem.kind", "razin_cohen")
    assert session.spec.problem.kind == "razin_cohen"
    choose(session, "problem.kind", "matrix_completion")
    assert session.spec.problem == before.problem
    choose(session, "problem.kind", "razin_cohen")
    session.change({"seed": 3})
    choose(session, "problem.kind", "matrix_sensing")  # another kind begins afresh
    assert session.spec.problem.kind == "matrix_sensing" and not session.message


def test_drawn_by_hand_opens_the_editor_where_it_can_be_drawn() -> None:
    small, large = Session(RunSpec().replaced(SMALL)), Session(RunSpec().replaced({"problem.rows": 300, "problem.columns": 300}))
    st.session_state.pop("go to", None)
    choose(large, "problem.pattern", "drawn")
    assert large.message and "go to" not in st.session_state
    choose(small, "problem.pattern", "drawn")
    assert small.spec.problem.pattern == "drawn"  # type: ignore[union-attr]
    assert st.session_state.pop("go to") == OBSERVATIONS


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"stop.loss": 1e-20}, True),
        ({"stop.loss": 1e-20, "dtype": "float64"}, False),
        ({"problem.kind": "observed_data", "stop.loss": None, "stop.relative_loss": 1e-20}, True),
        ({"problem.kind": "observed_data", "stop.loss": 1e-20}, False),  # in the unit of data that are not here
    ],
    ids=str,
)
def test_line_of_the_fold_says_that_the_format_does_not_reach_the_stop(changes: dict[str, object], shown: bool) -> None:
    assert ("which float32 does not show" in in_one_line(RunSpec().replaced(changes))) is shown
