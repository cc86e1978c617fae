"""Quick forms of the reproductions and their counter-settings, each run once in a session, on one queue."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from dmf_core.jobs import JobQueue, WholeRuns
from dmf_core.reproductions import reproduction
from dmf_core.reproductions.framework.report import report
from dmf_core.reproductions.framework.reproduction import Key, Results, Run
from dmf_core.trajectory import Trajectory

Reproduced = Callable[[str], tuple[Results, dict[str, Any]]]
Runner = Callable[[Mapping[Key, Run]], dict[Key, Trajectory]]


class _Session:
    """Finished runs by digest."""

    def __init__(self) -> None:
        self._trajectories: dict[str, Trajectory] = {}

    def find(self, run: Run) -> Trajectory | None:
        return self._trajectories.get(run.digest)

    def keep(self, run: Run, trajectory: Trajectory) -> None:
        self._trajectories[run.digest] = trajectory


@pytest.fixture(scope="session")
def _queue() -> Iterator[JobQueue]:
    queue = JobQueue()
    yield queue
    queue.close()


@pytest.fixture(scope="session")
def runner(_queue: JobQueue) -> Runner:
    """What runs end as; every run of a session once, whichever reproduction or counter-setting asks for it."""
    session = _Session()

    def outcome(runs: Mapping[Key, Run]) -> dict[Key, Trajectory]:
        batch = WholeRuns(runs, session)
        while not batch.ended:
            batch.poll(_queue, 0.1)
        assert batch.tally.troubles == ()
        return batch.trajectories

    return outcome


@pytest.fixture(scope="session")
def reproduced(runner: Runner) -> Reproduced:
    """The results of the quick form of a reproduction, and its report."""
    reports: dict[str, tuple[Results, dict[str, Any]]] = {}

    def of(name: str) -> tuple[Results, dict[str, Any]]:
        if name not in reports:
            figure = reproduction(name)
            runs = figure.runs(quick=True)
            results = Results(runs, runner(runs), quick=True)
            reports[name] = results, report(figure, results)
        return reports[name]

    return of
