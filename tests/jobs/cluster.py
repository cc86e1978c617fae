"""A dask cluster on loopback: scheduler and workers are processes, as they are elsewhere."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICK = {  # dask's own times, shortened
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "60s",  # a worker that loads torch on a busy machine is silent for over 10 s
}
WORKERS_START = 300.0  # seconds at most; each loads torch


class Cluster:
    """One scheduler, and as many workers as a test starts."""

    def __init__(self, folder: Path, worker_options: Sequence[str] = ()) -> None:
        self.folder, self.log = folder, folder / "runs.txt"
        self.port = free_port()
        self._options = worker_options
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
        self._environment = {**os.environ, **QUICK, "PYTHONPATH": path, "RUNS": str(self.log)}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start_scheduler()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        arguments = ["dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self.scheduler = self._start(arguments)
        return self.scheduler

    def start_worker(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        """One process: no nanny starts it again."""
        settings = ["--host", "127.0.0.1", "--local-directory", str(self.folder), "--no-dashboard", "--no-nanny"]
        return self._start(["dask_worker", self.address, "--name", name, "--nthreads", "1", *settings, *self._options, *options])

    def computed(self) -> list[tuple[str, int]]:
        """(digest, process) of every run that was begun."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(digest, int(pid)) for digest, pid in map(str.split, lines) if pid.isdigit()]  # fake runs write other lines

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        module, *rest = arguments
        log = (self.folder / f"{module}-{len(self.processes)}.log").open("wb")
        command = [sys.executable, "-m", f"distributed.cli.{module}", *rest]
        process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, cwd=self.folder)
        self.processes.append(process)
        return process


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def until(true: Callable[[], object], seconds: float = WORKERS_START) -> None:
    """Waits until it is true; fails after the time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true in time"
        time.sleep(0.01)
