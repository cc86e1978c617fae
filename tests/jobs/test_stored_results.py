"""A queue with a store: yesterday's runs are there at once, two servers share the work, and data stay with their owner."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue, SessionQueue, State, stored_results
from dmf_core.jobs.executors.base import Listener, Task
from dmf_core.jobs.messages import Begun, Events, Failed, Run
from dmf_core.jobs.worker import function_of, sentence_of
from dmf_core.prepare import with_inputs
from dmf_core.spec import RunSpec
from dmf_core.store import Store

SMALL = RunSpec().replaced(
    {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30, "save.snapshots": 8}
)


class Threads:
    """An `Executor` whose workers are threads of this process; `go` lets them compute."""

    size, room = 2, 2

    def __init__(self) -> None:
        self.computed: list[str] = []
        self.go = threading.Event()
        self.go.set()

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None: ...

    def submit(self, task: Task, listen: Listener) -> "Threads":
        assert isinstance(task, Run)
        threading.Thread(target=self._compute, args=(task, listen), daemon=True).start()
        return self

    def _compute(self, task: Run, listen: Listener) -> None:
        spec = RunSpec.from_json(task.spec)
        self.computed.append(spec.digest())
        listen(Begun())
        self.go.wait(60)
        try:
            listen(Events(tuple(function_of(task.work)(spec, task.inputs))))
        except Exception as error:
            listen(Failed(str(error) or sentence_of(error), ""))

    def cancel(self) -> None: ...

    def kill(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def make_queue(tmp_path, monkeypatch) -> Iterator[Callable[[], tuple[JobQueue, Threads]]]:
    """Opens queues over one folder, as several servers would. They write all that waits when they are closed, however long."""
    monkeypatch.setattr(stored_results, "FAREWELL", 60.0)
    queues = []

    def make() -> tuple[JobQueue, Threads]:
        executor = Threads()
        queues.append(JobQueue(executor=executor, store=Store(tmp_path / "store")))
        return queues[-1], executor

    yield make
    for queue in queues:
        queue.close()


def test_run_of_yesterday_is_there_at_once_after_a_restart(make_queue):
    queue, _ = make_queue()
    before = queue.submit(SMALL).wait(60)
    assert before.state is State.DONE
    queue.close()  # writes what is waiting
    again, executor = make_queue()
    assert again.find(SMALL.digest()).state is State.DONE
    view = again.submit(SMALL).view
    assert view.state is State.DONE and executor.computed == []
    assert np.array_equal(view.trajectory.singular_values, before.trajectory.singular_values)
    assert view.seconds == before.trajectory.end.seconds


def test_run_asked_for_afresh_is_computed_again_whatever_is_stored(make_queue):
    queue, _ = make_queue()
    queue.submit(SMALL).wait(60)
    queue.close()
    again, executor = make_queue()
    assert again.submit(SMALL, afresh=True).wait(60).state is State.DONE
    assert executor.computed == [SMALL.digest()]


def test_two_servers_compute_a_run_once_and_both_show_it(make_queue):
    (one_queue, first), (two, second) = make_queue(), make_queue()
    first.go.clear()
    ours = one_queue.submit(SMALL, watcher="a")
    theirs = two.submit(SMALL, watcher="b")
    other = two.submit(SMALL.replaced({"seed": 5}))  # what waits for another server is in nobody's way
    assert other.wait(60).state is State.DONE
    assert theirs.state is State.QUEUED
    first.go.set()
    assert ours.wait(60).state is theirs.wait(60).state is State.DONE
    assert (first.computed, second.computed) == ([SMALL.digest()], [other.digest])
    assert np.array_equal(theirs.trajectory.singular_values, ours.trajectory.singular_values)


def test_server_that_gives_up_leaves_its_run_to_the_other_one(make_queue):
    (one_queue, first), (two, second) = make_queue(), make_queue()
    first.go.clear()
    one_queue.submit(SMALL)
    theirs = two.submit(SMALL)
    one_queue.close()
    assert theirs.wait(60).state is State.DONE
    assert second.computed == [SMALL.digest()]
    first.go.set()


def test_run_of_uploaded_data_is_in_no_store_and_no_other_session(make_queue, tmp_path):
    queue, _ = make_queue()
    data = np.outer(np.arange(1.0, 6.0), np.arange(1.0, 5.0))
    data[0, 0] = np.nan
    inputs = Inputs(data)
    spec = with_inputs(SMALL, inputs)
    mine, yours = SessionQueue(queue, "me"), SessionQueue(queue, "you")
    job = mine.submit(spec, inputs, "my tab")
    assert job.wait(60).state is State.DONE
    assert mine.find(spec.digest()) is job
    for other in (yours, queue):  # by digest
        assert other.find(spec.digest()) is None
        assert spec not in other.specs()
    theirs = yours.submit(spec, Inputs(), "your tab")  # by link: the settings without the data
    assert theirs.wait(60).state is State.FAILED and theirs.trajectory is None
    assert "was given" in theirs.error
    queue.close()
    files = [path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert not any(spec.digest().encode() in content or spec.problem.data.encode() in content for content in files)
    again, _ = make_queue()
    assert SessionQueue(again, "you").find(spec.digest()) is None


def test_pinned_run_of_uploaded_data_is_for_who_brings_the_data_and_nobody_else(make_queue):
    queue, _ = make_queue()
    data = np.outer(np.arange(1.0, 6.0), np.arange(1.0, 5.0))
    data[0, 0] = np.nan
    inputs = Inputs(data)
    spec = with_inputs(SMALL, inputs)
    job = SessionQueue(queue, "me").submit(spec, inputs, "my tab")
    assert job.wait(60).state is State.DONE
    assert queue.pin(job, inputs) and queue.pinned(job)
    queue.close()
    again, executor = make_queue()
    mine, yours = SessionQueue(again, "me tomorrow"), SessionQueue(again, "you")
    assert yours.find(spec.digest()) is None and again.find(spec.digest()) is None  # by digest
    theirs = yours.submit(spec, Inputs(), "your tab")  # by link
    assert theirs.wait(60).state is State.FAILED and theirs.trajectory is None
    computed = len(executor.computed)
    own = mine.submit(spec, inputs, "my tab")
    assert own.state is State.DONE and len(executor.computed) == computed
    assert yours.find(spec.digest()) is not own and spec not in again.specs()
    assert again.pin(own, inputs, False) and not again.pinned(own)
    assert SessionQueue(again, "later").submit(spec, inputs, "tab").wait(60).state is State.DONE
    assert len(executor.computed) == computed + 1  # it had left the store
