"""What the player says of a run that ended, and which buttons it offers."""

from dataclasses import replace

import pytest

from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from ui.figures.notice import notice

SMALL = {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30, "stop.iterations": 2}


@pytest.mark.parametrize(("loss", "buttons"), [(1e-4, ["longer"]), (1e-13, [])])
def test_more_time_is_offered_only_where_float32_can_still_learn(loss: float, buttons: list[str]) -> None:
    """128 roundings of float32 are a mean square of 2e-10 of the data's, which is about 1 here."""
    found = run(RunSpec().replaced(SMALL))
    assert found.end is not None
    *others, last = found.snapshots
    late = replace(found, snapshots=(*others, replace(last, loss=loss)), end=replace(found.end, outcome=Outcome.BUDGET))
    assert [action for action, _ in notice(late).buttons] == buttons
