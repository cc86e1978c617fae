"""The first run of a server that has just been started, on a busy machine: it is never forgotten."""

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dmf_core.jobs import JobQueue, State
from dmf_core.jobs.executors.local import LocalExecutor
from dmf_core.jobs.messages import Begun, Events, Ready
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Outcome
from tests.jobs.fake_runs import first, snapshot

STARTS = 30
LOOPS = 2  # endless loops beside it


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    """Starts a worker that does one fake run after the other."""
    end = End(Outcome.TIME, "a sentence", 0.0, 1, 1, 0, np.ones((5, 5)))
    messages = [Ready(), Begun(), Events((first(RunSpec()), snapshot(1), end))]
    words = tmp_path / "words.pickle"
    words.write_bytes(pickle.dumps([pickle.dumps(message) for message in messages]))
    return sys.executable, "-S", "-E", str(Path(__file__).with_name("light_worker.py")), str(words)


@pytest.fixture
def load() -> Iterator[None]:
    """Keeps every core of this machine busy."""
    loops = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) for _ in range(LOOPS)]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.mark.usefixtures("load")
def test_first_run_is_done_after_every_one_of_thirty_cold_starts(command: tuple[str, ...]) -> None:
    """The submit comes before, while and after the first worker says that it is ready."""
    longest = 0.0
    for start in range(STARTS):
        queue = JobQueue(1 + start % 2, executor=LocalExecutor(1 + start % 2, "", command))
        time.sleep(longest * start / STARTS)  # moves the submit over the whole start; nothing depends on how long it is
        began = time.monotonic()
        jobs = [queue.submit(RunSpec().replaced({"seed": seed}), watcher=f"visitor {seed}") for seed in range(3)]
        states = [job.wait(60).state for job in jobs]
        longest = max(longest, time.monotonic() - began) if start == 0 else longest
        queue.close()
        assert states == [State.DONE] * 3


def test_run_that_comes_back_unbegun_is_given_to_the_next_worker(command: tuple[str, ...], tmp_path: Path) -> None:
    """The first worker says that it is ready and is gone."""
    once = tmp_path / "once"
    program = f"import os, sys; open({str(once)!r}, 'x').close(); sys.stdout.buffer.write({pickle.dumps(Ready())!r})"
    shell = f'if [ -e {once} ]; then exec {" ".join(command)}; else exec {sys.executable} -S -E -c "$0"; fi'
    queue = JobQueue(1, executor=LocalExecutor(1, program, ("sh", "-c", shell)))
    assert queue.submit(RunSpec()).wait(60).state is State.DONE
    queue.close()
