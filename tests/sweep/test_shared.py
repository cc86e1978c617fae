"""Sweeps of several people share the workers, stop with their watchers, and keep given data to their owner."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from dmf_core.inputs import Inputs, digest_of
from dmf_core.jobs import JobQueue
from dmf_core.jobs.executors.base import Listener, Task
from dmf_core.sweep import plan
from dmf_core.sweep.order import coarse_to_fine
from dmf_core.sweep.shared import SharedSweeps

from .conftest import SMALL
from .inline import Inline


class Gated(Inline):
    """Has no room before it is opened to work."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = False

    @property
    def room(self) -> int:  # type: ignore[override]
        return int(self.opened)


class Held(Inline):
    """Takes tasks and never answers."""

    def submit(self, task: Task, listen: Listener) -> "Held":
        self.room, self.computed = 0, [*self.computed, "held"]
        return self


@pytest.fixture
def shared() -> Iterator[Callable[..., SharedSweeps]]:
    made: list[SharedSweeps] = []

    def make(*given: Any, **options: Any) -> SharedSweeps:
        made.append(SharedSweeps(*given, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def field(seed: int, count: int = 8) -> Any:
    return plan(SMALL, {"seed": range(seed, seed + count)})


def test_two_visitors_get_the_same_number_of_tasks(shared, monkeypatch):
    monkeypatch.setattr("dmf_core.sweep.shared.TASK_SECONDS", 0.0)  # one run a task
    executor = Gated()
    sweeps = shared(executor, None)
    large, small = field(0, 20), field(100)
    sweeps.start(large, "a", "A")
    sweeps.start(small, "b", "B")
    executor.opened = True
    until(lambda: len(executor.computed) == 28)
    order = [digest in small.runs for digest in executor.computed]
    assert sum(order[:16]) == 8  # the small one is done when the large one has had as many


def test_same_sweep_of_two_visitors_is_computed_once(shared):
    executor = Gated()
    sweeps = shared(executor, None)
    for watcher in "ab":
        sweeps.start(field(0), watcher, watcher)
    executor.opened = True
    until(lambda: sweeps.progress(field(0), "b", "b").ended)
    assert len(executor.computed) == 8
    sweeps.start(field(0), "c", "c")
    assert sweeps.progress(field(0), "c", "c").tally.done == 8


def test_sweeps_that_overlap_compute_nothing_twice(shared, store):
    executor = Gated()
    sweeps = shared(executor, store)
    sweeps.start(field(0), "a", "A")
    sweeps.start(field(4), "b", "B")
    executor.opened = True
    until(lambda: sweeps.progress(field(0), "a", "A").ended and sweeps.progress(field(4), "b", "B").ended)
    assert sorted(executor.computed) == sorted(field(0).runs.keys() | field(4).runs.keys())


def test_watcher_that_is_silent_is_gone_and_what_was_computed_stays(shared):
    executor = Held()
    sweeps = shared(executor, None, patience=0.0)
    sweeps.start(field(0), "a", "A")
    until(lambda: sweeps.progress(field(0), "a", "A") is None)
    sweeps.start(field(4), "b", "B")
    assert sweeps.known(field(0), "A") == {}


def test_stopped_sweep_goes_on_where_it_was(shared, monkeypatch):
    monkeypatch.setattr("dmf_core.sweep.shared.TASK_SECONDS", 0.0)
    executor = Gated()
    sweeps = shared(executor, None)
    sweeps.start(field(0), "a", "A")
    sweeps.stop("a")
    assert sweeps.progress(field(0), "a", "A") is None
    executor.opened = True
    sweeps.start(field(0), "a", "A")
    until(lambda: sweeps.progress(field(0), "a", "A").ended)
    assert sorted(executor.computed) == sorted(field(0).runs)


def test_rows_of_given_data_are_their_owners_alone(shared, store):
    data = np.outer(np.arange(1.0, 7.0), np.arange(1.0, 7.0))
    spec = SMALL.replaced({"problem.kind": "observed_data", "problem.data": digest_of(data), "problem.observations": 30})
    private = plan(spec, {"seed": "0:2"}, Inputs(data))
    sweeps = shared(Inline(), store)
    sweeps.start(private, "a", "A")
    until(lambda: sweeps.progress(private, "a", "A").ended)
    assert len(sweeps.known(private, "A")) == 3
    assert sweeps.known(private, "B") == {} and sweeps.progress(private, "a", "B") is None
    assert store.all() == []


def test_slider_goes_before_a_sweep_on_real_workers(shared, monkeypatch):
    monkeypatch.setattr("dmf_core.sweep.shared.TASK_SECONDS", 0.0)  # a thousand tasks: whoever waits for them all is not first
    queue = JobQueue(workers=1)
    try:
        sweeps = shared(queue.spare_time, None)
        wide = plan(SMALL, {"model.depth": "2,3", "seed": "0:499"})
        sweeps.start(wide, "a", "A")
        until(lambda: sweeps.progress(wide, "a", "A").tally.done)
        slider = queue.submit(SMALL.replaced({"seed": 5000}), watcher="b")
        assert slider.wait(60).state.ended
        before = sweeps.progress(wide, "a", "A")
        assert not before.ended  # it had to wait
        until(lambda: sweeps.progress(wide, "a", "A").tally.done > before.tally.done)
    finally:
        queue.close()


def test_every_fourth_cell_comes_first_then_every_second():
    wide = plan(SMALL, {"problem.observations": "20:28:1", "model.depth": "1:5", "seed": "0:1"})
    ranks = coarse_to_fine(wide)
    by_cell = {cell.values[:2]: ranks[cell.digest] for cell in wide.cells}
    assert {values for values, rank in by_cell.items() if rank == 0} == {(m, d) for m in (20, 24, 28) for d in (1, 5)}
    assert {values for values, rank in by_cell.items() if rank <= 1} == {(m, d) for m in range(20, 29, 2) for d in (1, 3, 5)}
