"""Batches of sweeps have the workers only while no run of a page waits."""

from collections.abc import Iterator

import pytest

from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue
from dmf_core.jobs.executors.base import Lost
from dmf_core.jobs.messages import Answers, Batch, Run
from dmf_core.spec import RunSpec

from .manual import Manual

BATCH = Batch((), Inputs(), "no:work")
DONE = Answers((), last=True)


@pytest.fixture
def queue() -> Iterator[tuple[JobQueue, Manual]]:
    """A queue with two workers, both busy with batches."""
    executor = Manual(2)
    opened = JobQueue(executor=executor)
    for _ in range(2):
        assert opened.spare_time.submit(BATCH, lambda message: None) is not None
    yield opened, executor
    opened.close()


def run(seed: int) -> RunSpec:
    return RunSpec().replaced({"seed": seed})


def test_run_that_waits_interrupts_the_batch_that_began_last_and_no_more(queue):
    jobs, executor = queue
    first, second = executor.busy
    jobs.submit(run(1), watcher="a")
    assert (first.cancelled, second.cancelled) == (0, 1)
    jobs.submit(run(2), watcher="b")
    assert (first.cancelled, second.cancelled) == (1, 1)
    jobs.submit(run(3), watcher="c")
    assert (first.cancelled, second.cancelled) == (1, 1)


def test_batch_has_no_room_before_the_runs_that_wait(queue):
    jobs, executor = queue
    jobs.submit(run(1), watcher="a")
    jobs.submit(run(2), watcher="b")
    for batch in list(executor.busy):
        assert jobs.spare_time.room == 0 and jobs.spare_time.submit(BATCH, lambda message: None) is None
        batch.end(DONE)
    assert [type(given.task) for given in executor.accepted] == [Batch, Batch, Run, Run]
    executor.busy[0].end(Lost("killed by SIGKILL", begun=True))
    assert jobs.spare_time.room == 1


def test_batch_that_has_ended_is_not_counted_as_one_that_makes_room(queue):
    jobs, executor = queue
    first, second = executor.busy
    jobs.submit(run(1), watcher="a")
    interrupted = first if first.cancelled else second
    interrupted.end(DONE)  # its worker has the run now
    jobs.submit(run(2), watcher="b")
    assert (first.cancelled, second.cancelled) == (1, 1)


def test_sweep_hears_of_room_only_after_the_runs(queue):
    jobs, executor = queue
    rooms: list[int] = []
    jobs.spare_time.open(lambda: rooms.append(jobs.spare_time.room), lambda why: None)
    jobs.submit(run(1), watcher="a")
    for batch in list(executor.busy):
        batch.end(DONE)
    assert rooms == [0, 1]
