"""A job is done when its run is; its theory comes later, and never before somebody else's run."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from dmf_core.jobs import JobQueue, State, size_of
from dmf_core.spec import RunSpec

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 2, "problem.observations": 500, "stop.loss": 1e-3}
LONG = {
    "init.scale": 0.1,
    "integrator.kind": "gradient_descent",
    "stop.loss": 1e-9,
    "stop.iterations": 8000,
    "save.snapshots": 800,
}


def spec(seed: int, **changes: object) -> RunSpec:
    kinds = {"integrator.kind": changes.pop("integrator.kind", "gradient_flow")}
    return RunSpec().replaced(kinds).replaced(SMALL | {"seed": seed} | changes)


@pytest.fixture(scope="module")
def queue() -> Iterator[JobQueue]:
    made = JobQueue(1, insight=True)
    yield made
    made.close()


def until(job: object, timeout: float = 60.0, meanwhile: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + timeout
    while not job.view.complete:  # type: ignore[attr-defined]
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.005)


def test_job_is_done_before_its_insight_comes(queue: JobQueue) -> None:
    job = queue.submit(spec(1))
    view = job.wait(60)
    assert view.state is State.DONE
    assert view.trajectory is not None
    first = size_of(view.trajectory)
    until(job)
    later = job.view
    assert later.version > view.version
    assert later.trajectory is not None
    assert later.trajectory.insight is not None
    assert later.trajectory.snapshots == view.trajectory.snapshots
    assert np.isfinite(later.trajectory.insight.births[0])
    assert size_of(later.trajectory) > first
    assert later.trajectory.accuracy is not None
    assert later.trajectory.accuracy.final < 0.005
    ended = queue.find(job.digest)
    assert ended is job


def test_a_run_that_waits_goes_before_an_insight(queue: JobQueue) -> None:
    slow = queue.submit(spec(2, **LONG))
    slow.wait(60)
    short = queue.submit(spec(3))
    view = short.wait(60)
    assert view.state is State.DONE
    assert not slow.view.complete  # 800 points take longer than one small run
    until(slow)  # and it is taken up again
    assert slow.trajectory is not None
    assert slow.trajectory.insight is not None
    assert slow.trajectory.insight.sigma.shape[0] == len(slow.trajectory.snapshots)


def test_long_run_gets_its_accuracy_where_that_is_cheap_and_says_why_it_has_no_theory(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dmf_core.limits.INSIGHT_SECONDS", 0.0)
    job = queue.submit(spec(6))
    until(job)
    assert job.trajectory is not None and job.trajectory.accuracy is not None
    assert job.trajectory.insight is not None and "a second time" in job.trajectory.insight.missing


def test_a_failed_run_has_no_insight_to_wait_for(queue: JobQueue) -> None:
    job = queue.submit(spec(4, **{"integrator.kind": "implicit_flow"}))
    view = job.wait(60)
    assert view.state is State.FAILED
    assert view.complete


def test_a_queue_without_insight_is_complete_at_the_end() -> None:
    queue = JobQueue(1)
    job = queue.submit(spec(5))
    assert job.wait(60).complete
    assert job.trajectory is not None
    assert job.trajectory.insight is None
    queue.close()


def test_theory_of_a_run_that_its_watcher_has_left_comes_in_the_end(queue: JobQueue) -> None:
    left = queue.submit(spec(5), watcher="hand at a slider")
    assert left.wait(60).state is State.DONE
    present = queue.submit(spec(6), watcher="hand at a slider")  # within the calm after the end of the run before
    assert present.wait(60).state is State.DONE
    until(present)
    until(left, meanwhile=lambda: queue.submit(present.spec, watcher="hand at a slider"))  # a page run again moves no slider
    assert left.trajectory is not None
    assert left.trajectory.insight is not None
