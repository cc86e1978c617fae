"""Analyses that wait for a slider to rest do not keep the workers from the sweeps of other people."""

from collections.abc import Callable

import pytest

from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue
from dmf_core.jobs.analysis_schedule import AnalysisSchedule
from dmf_core.jobs.messages import Events, Explain, Run
from dmf_core.simulate import simulate
from dmf_core.spec import RunSpec

from .manual import Manual

CALM = "dmf_core.jobs.analysis_schedule.CALM_SECONDS"
TINY = {"problem.rows": 5, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20}


def tiny(seed: int) -> RunSpec:
    return RunSpec().replaced(TINY | {"seed": seed})


def test_analysis_of_a_run_that_a_slider_has_left_takes_no_room_from_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    timed: list[Callable[[], None]] = []
    monkeypatch.setattr(AnalysisSchedule, "_after_calm", lambda self, act: timed.append(act))
    executor = Manual(2)
    queue = JobQueue(executor=executor, insight=True)
    try:
        queue.submit(tiny(1), watcher="hand at a slider")
        executor.busy[0].end(Events(tuple(simulate(tiny(1), Inputs()))))
        queue.submit(tiny(2), watcher="hand at a slider")
        monkeypatch.setattr(CALM, 1e9)  # the slider does not rest
        timed.pop()()
        assert [type(given.task) for given in executor.accepted] == [Run, Run]
        assert queue.spare_time.room == 1
        monkeypatch.setattr(CALM, 0.0)  # it rests
        assert queue.spare_time.room == 0  # the worker that is free is for the analysis
        timed.pop()()
        assert [type(given.task) for given in executor.accepted] == [Run, Run, Explain]
    finally:
        queue.close()
