"""The real simulation through a worker: the same bits as in this process, and hardly later."""

import subprocess
import time

import numpy as np
import pytest

from dmf_core.inputs import Inputs
from dmf_core.jobs import JobQueue, State
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome

SMALL = RunSpec().replaced({"problem.rows": 30, "problem.columns": 30, "problem.rank": 2, "problem.observations": 400})


@pytest.fixture(scope="module")
def queue():
    queue = JobQueue(1)
    queue.submit(SMALL).wait(60)
    yield queue
    queue.close()


def test_streamed_run_equals_the_run_here_bit_for_bit(queue):
    spec = SMALL.replaced({"seed": 3})
    streamed, local = queue.submit(spec).wait(60).trajectory, run(spec)
    for name in ("t", "iteration", "loss", "position"):
        assert np.array_equal(streamed.column(name), local.column(name)), name
    assert np.array_equal(streamed.singular_values, local.singular_values)
    assert np.array_equal(streamed.pictures, local.pictures)
    assert np.array_equal(streamed.end.end_to_end_last, local.end.end_to_end_last)
    assert streamed.end.message == local.end.message


def test_inputs_travel_to_the_worker(queue):
    data = np.outer(np.arange(1.0, 9.0), np.linspace(1, 2, 7))
    data[0, 0] = np.nan
    inputs = Inputs(data=data)
    job = queue.submit(with_inputs(SMALL, inputs), inputs)
    assert job.wait(60).state is State.DONE
    assert np.array_equal(job.trajectory.start.ground_truth, data.astype(np.float32), equal_nan=True)
    assert job.inputs.data is None  # an ended job does not hold them


def test_missing_inputs_fail_with_the_sentence_of_the_run(queue):
    spec = with_inputs(SMALL, Inputs(data=np.ones((4, 4))))
    assert "no matrix was given" in queue.submit(spec).wait(60).error


def test_queue_adds_less_than_ten_milliseconds(queue):
    """Of the best of twelve, against a byte through two pipes, which on a busy machine is late too."""
    added, echoed = [], []
    for seed in range(20, 32):
        began = time.perf_counter()
        view = queue.submit(SMALL.replaced({"seed": seed}), watcher="a").wait(60)
        added.append(time.perf_counter() - began - view.end.seconds)
        echoed.append(echo())
    assert min(added) < 0.010 + 20 * min(echoed)


def echo() -> float:
    """Seconds for a byte to another process and back."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b".")
        process.stdout.read(1)  # it has started
        began = time.perf_counter()
        process.stdin.write(b".")
        process.stdout.read(1)
        return time.perf_counter() - began


def test_cancelled_run_ends_where_it_is(queue):
    spec = SMALL.replaced({"stop.loss": None, "stop.seconds": 60, "integrator.tolerance": 1e-9, "seed": 5})
    job = queue.submit(spec, watcher="a")
    while not job.progress:
        job.wait(60, job.version)
    queue.cancel(job, "a")
    began = time.monotonic()
    view = job.wait(60)
    assert time.monotonic() - began < 20  # left alone it would take 60
    assert view.end.outcome is Outcome.CANCELLED
    last = view.trajectory.snapshots[-1]
    assert f"t = {last.t:.4g}" in view.message
    assert view.end.accepted == last.iteration
    assert np.isfinite(view.end.end_to_end_last).all()
