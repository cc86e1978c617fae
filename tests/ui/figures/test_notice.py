"""What the player says of a run that ended, and which buttons it offers."""

from dataclasses import replace

import pytest

from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from ui.export.page import page
from ui.export.source import Source, nothing
from ui.figures.notice import notice
from ui.figures.thumbnail import thumbnail
from ui.player.view import View

SMALL = {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30, "stop.iterations": 2}


@pytest.mark.parametrize(("loss", "buttons"), [(1e-4, ["longer"]), (1e-13, [])])
def test_more_time_is_offered_only_where_float32_can_still_learn(loss: float, buttons: list[str]) -> None:
    """128 roundings of float32 are a mean square of 2e-10 of the data's, which is about 1 here."""
    trajectory = run(RunSpec().replaced(SMALL))
    assert trajectory.end is not None
    *earlier, last = trajectory.snapshots
    end = replace(trajectory.end, outcome=Outcome.BUDGET)
    late = replace(trajectory, snapshots=(*earlier, replace(last, loss=loss)), end=end)
    assert [action for action, _ in notice(late).buttons] == buttons


def test_saved_page_and_thumbnail_name_settings_by_their_labels() -> None:
    spec = RunSpec().replaced(SMALL)
    trajectory = run(spec)
    assert trajectory.end is not None
    message = "Diverged; lower integrator.learning_rate or problem.rows."
    diverged = replace(trajectory, end=replace(trajectory.end, outcome=Outcome.DIVERGED, message=message, headline="", detail=""))
    for text in (page(Source(diverged, spec, Inputs(), View()), nothing).decode(), thumbnail(diverged, spec, "small")):
        assert "lower “Learning rate” or “Rows”." in text
        assert "integrator.learning_rate" not in text
        assert "problem.rows" not in text
