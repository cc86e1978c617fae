"""Several whole runs through a queue: one after another for a watcher, and however they end."""

from collections.abc import Iterator

import pytest

from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue, WholeRun, WholeRuns
from dmf_core.jobs.executors.base import Lost
from dmf_core.jobs.messages import Events, Failed
from dmf_core.simulate import simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

from .manual import Manual

TINY = {"problem.rows": 5, "problem.columns": 5, "problem.rank": 1, "problem.observations": 20}


class Nothing:
    """Remembers nothing."""

    def find(self, run: WholeRun) -> Trajectory | None:
        return None

    def keep(self, run: WholeRun, trajectory: Trajectory) -> None: ...


@pytest.fixture
def queue() -> Iterator[tuple[JobQueue, Manual]]:
    executor = Manual(4)
    opened = JobQueue(executor=executor)
    yield opened, executor
    opened.close()


def runs(count: int, **changes: object) -> dict[int, WholeRun]:
    return {seed: WholeRun(RunSpec().replaced(TINY | {"seed": seed} | changes)) for seed in range(count)}


def events_of(run: WholeRun) -> Events:
    return Events(tuple(simulate(run.spec, Inputs())))


def test_watcher_has_one_run_at_a_time(queue):
    jobs, executor = queue
    needed = runs(3)
    whole = WholeRuns(needed, Nothing(), watcher="me")
    for seed in range(3):
        whole.poll(jobs)
        whole.poll(jobs)
        assert len(executor.accepted) == seed + 1 and not whole.ended
        executor.busy[0].end(events_of(needed[seed]))
    assert whole.poll(jobs).done == 3 and whole.ended
    assert list(whole.trajectories) == [0, 1, 2]


def test_without_a_watcher_every_worker_has_one(queue):
    jobs, executor = queue
    WholeRuns(runs(9), Nothing()).poll(jobs)
    assert len(executor.busy) == 4 and jobs.waiting == 1


def test_failed_run_is_no_trajectory_but_ends_the_wait(queue):
    jobs, executor = queue
    whole = WholeRuns(runs(1), Nothing(), watcher="me")
    whole.poll(jobs)
    executor.busy[0].end(Failed("It failed.", ""))
    tally = whole.poll(jobs)
    assert whole.ended and whole.failures == {0: "It failed."} and not whole.trajectories
    assert tally.done == 1 and "It failed." in tally.troubles[0]


@pytest.mark.parametrize("any_end", [False, True])
def test_run_that_did_not_end_as_asked_counts_only_where_any_end_does(queue, any_end):
    jobs, executor = queue
    needed = runs(1, **{"stop.loss": 1e-30, "stop.seconds": 1e-9})
    whole = WholeRuns(needed, Nothing(), any_end=any_end)
    whole.poll(jobs)
    executor.busy[0].end(events_of(needed[0]))
    whole.poll(jobs)
    assert (0 in whole.trajectories, 0 in whole.failures) == (any_end, not any_end)


def test_run_that_somebody_else_cancelled_is_asked_for_again(queue):
    jobs, executor = queue
    whole = WholeRuns(runs(1), Nothing(), watcher="me")
    whole.poll(jobs)
    jobs.leave("me")
    executor.busy[0].end(Lost("killed by SIGKILL", begun=True))
    whole.poll(jobs)
    whole.poll(jobs)
    assert len(executor.accepted) == 2 and not whole.ended
