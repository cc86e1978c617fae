"""Trials of runs on the workers of a queue."""

from collections.abc import Iterator

import pytest

from dmf_core.cost import Cost
from dmf_core.events import FaultRecord, Record, listen
from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue
from dmf_core.jobs.messages import Answers, Batch, Failed, Run
from dmf_core.jobs.trials import WAITING, Trials
from dmf_core.spec import RunSpec
from dmf_core.trial import TRIALS, Trial

from .manual import Manual

SPEC = RunSpec().replaced({"seed": 5})
TRIAL = Trial(SPEC.digest(), Cost(10, 4.0, 0, 8.0), True, 0.1)


BATCH = Batch((), Inputs(), "no:work")


@pytest.fixture
def queue() -> Iterator[JobQueue]:
    opened = JobQueue(executor=Manual(1))
    yield opened
    opened.close()


@pytest.fixture
def workers(queue: JobQueue) -> tuple[Trials, Manual]:
    assert isinstance(queue.executor, Manual)
    return queue.trials, queue.executor


def test_run_is_tried_once_and_its_trial_is_remembered(workers: tuple[Trials, Manual]) -> None:
    tried, executor = workers
    for _ in range(2):
        tried.begin(SPEC)
    assert tried.under_way(SPEC.digest()) and tried.wait(SPEC.digest(), 0.0) is None
    executor.busy[0].end(Answers((TRIAL,), last=True))
    assert tried.wait(SPEC.digest(), 60.0) == tried.find(SPEC.digest()) == TRIAL
    tried.begin(SPEC)
    assert [given.task for given in executor.accepted] == [executor.accepted[0].task]
    task = executor.accepted[0].task
    assert isinstance(task, Batch) and (task.specs, task.work) == ((SPEC.to_json(),), TRIALS)


def test_trial_that_was_interrupted_may_begin_again_and_one_that_failed_does_not(workers: tuple[Trials, Manual]) -> None:
    tried, executor = workers
    tried.begin(SPEC)
    executor.busy[0].end(Answers((), last=True))
    assert not tried.under_way(SPEC.digest())
    tried.begin(SPEC)
    faults: list[Record] = []
    stop = listen(faults.append)
    executor.busy[0].end(Failed("An error.", "Traceback\nKeyError: 'x'"))
    stop()
    tried.begin(SPEC)
    assert len(executor.accepted) == 2 and tried.find(SPEC.digest()) is None
    assert [fault for fault in faults if isinstance(fault, FaultRecord)] == [
        FaultRecord("trial", "KeyError", traceback="Traceback\nKeyError: 'x'")
    ]


def test_trial_waits_for_a_worker_and_sweeps_wait_for_it(workers: tuple[Trials, Manual], queue: JobQueue) -> None:
    tried, executor = workers
    assert queue.spare_time.submit(BATCH, lambda message: None) is not None
    tried.begin(SPEC)
    sweep = executor.busy[0]
    assert sweep.cancelled == 1 and len(tried) == 1 and queue.spare_time.room == 0
    sweep.end(Answers((), last=True))
    assert tried.under_way(SPEC.digest()) and len(tried) == 0


def test_run_that_waits_interrupts_a_trial(workers: tuple[Trials, Manual], queue: JobQueue) -> None:
    tried, executor = workers
    tried.begin(SPEC)
    trial = executor.busy[0]
    queue.submit(RunSpec().replaced({"seed": 6}))
    assert trial.cancelled == 1
    trial.end(Answers((), last=True))
    assert [type(given.task) for given in executor.accepted] == [Batch, Run]


def test_only_the_latest_trials_wait(workers: tuple[Trials, Manual]) -> None:
    tried, executor = workers
    executor.submit(BATCH, lambda message: None)
    specs = [RunSpec().replaced({"seed": seed}) for seed in range(WAITING + 2)]
    for spec in specs:
        tried.begin(spec)
    assert [tried.under_way(spec.digest()) for spec in specs] == [False, False] + [True] * WAITING
