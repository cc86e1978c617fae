"""Queues whose workers do fake runs."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dmf_core.jobs import Job, JobQueue
from dmf_core.spec import RunSpec

BASE = RunSpec().replaced({"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 20})


class Lab:
    """A queue, the log of its runs, and words for what tests do with them."""

    def __init__(self, queue: JobQueue, log: Path) -> None:
        self.queue = queue
        self._log = log

    def spec(self, seed: int, seconds: float = 0.05) -> RunSpec:
        """A run of this length."""
        return BASE.replaced({"seed": seed, "stop.seconds": seconds})

    def runs(self, spec: RunSpec) -> int:
        """How often it was begun."""
        return self.lines().count(spec.digest())

    def lines(self) -> list[str]:
        """Of all runs that were begun, the digests. Warm-ups are among them."""
        return [line.split()[0] for line in self._log.read_text().splitlines()] if self._log.exists() else []

    def running(self, seed: int, watcher: str | None = None, seconds: float = 30.0) -> Job:
        """A job that has shown its first snapshot."""
        job = self.queue.submit(self.spec(seed, seconds), watcher=watcher)
        self.until(lambda: job.trajectory)
        return job

    def idle(self) -> bool:
        """True when a worker is free: a run submitted now is done at once."""
        job = self.queue.submit(self.spec(time.monotonic_ns() % 1_000_000 + 5000, 0.01))
        return job.wait(10.0).state.ended  # a busy one is busy for 30 s

    def kill_worker(self) -> None:
        assert self.queue.executor.pids
        for pid in self.queue.executor.pids:
            os.kill(pid, signal.SIGKILL)

    def until(self, true: Callable[[], object], timeout: float = 60.0) -> float:
        """Waits until it is true and returns the seconds that took; fails after the timeout."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < timeout, "it did not become true in time"
            time.sleep(0.005)
        return time.monotonic() - began


@pytest.fixture(scope="session")
def make_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Lab]]:
    """Makes labs, which are closed at the end."""
    queues: list[JobQueue] = []

    def make(workers: int = 1, simulate: str = "fake_runs:steady", **options: float) -> Lab:
        log = tmp_path_factory.mktemp("lab") / "runs.txt"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(Path(__file__).parent))
            patch.setenv("RUNS", str(log))
            queues.append(JobQueue(workers, simulate=simulate, **options))  # type: ignore[arg-type]
            lab = Lab(queues[-1], log)
            lab.until(lambda: len(lab.lines()) >= workers)  # every worker has inherited this environment
        return lab

    yield make
    for queue in queues:
        queue.close()


@pytest.fixture(scope="session")
def lab(make_lab: Callable[..., Lab]) -> Lab:
    """One worker; watchers never expire."""
    return make_lab(workers=1, patience=1000.0)
