"""What runs on a worker of a cluster: its introduction, and tasks, whose messages go into a queue of the scheduler."""

import pickle
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch

from dmf_core.cost import Machine
from dmf_core.jobs import calibration
from dmf_core.jobs.messages import FromWorker
from dmf_core.jobs.worker import Outbox, carry_out, function_of, warm_up
from dmf_core.registry.plugins import load_all
from dmf_core.store.program import program

UNWANTED = ("cancelled", "resumed")  # states of a task that computes although the scheduler has let it go
_cancelled: set[str] = set()  # keys of tasks of this process


@dataclass(frozen=True)
class Introduction:
    """What a worker is: one whose `versions` are others gives other numbers."""

    versions: dict[str, str]  # name -> version
    machine: Machine


class Sealed:
    """A pickled task. Its bytes never stand in a log or on the pages of the cluster: it may hold somebody's data."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<a task of {len(self.content)} bytes>"


def versions() -> dict[str, str]:
    """What has to be equal here and there, for the same numbers and for messages that both understand."""
    numbers = f"{torch.get_default_dtype()}, {sys.byteorder}-endian, {np.finfo(np.longdouble).nmant} bits in a long double"
    return {"program": program(), "torch": torch.__version__, "NumPy": np.__version__, "number format": numbers}


@cache
def introduction(simulate: str) -> Introduction:
    """Makes the process ready for its first run, as a worker of one machine is when it starts."""
    torch.set_num_threads(1)
    load_all()
    warm_up(function_of(simulate))
    return Introduction(versions(), calibration.measured())


def perform(key: str, task: Sealed, stream: str) -> None:
    """Computes one task. Its messages go into the scheduler's queue of this name; all are there when this returns."""
    from distributed import Queue, get_client, get_worker

    torch.set_num_threads(1)  # one thread for each task: the same bits as on one machine
    messages = Queue(stream, client=get_client())

    def send(message: FromWorker) -> None:
        messages.put((key, pickle.dumps(message, protocol=5)))

    try:
        carry_out(pickle.loads(task.content), Cancellation(key, get_worker()), Outbox(send))
    finally:
        messages.close()
        _cancelled.discard(key)


class Cancellation:
    """Set when the program that submitted the task cancels it, or has ended."""

    def __init__(self, key: str, worker: Any) -> None:
        self._key, self._tasks = key, worker.state.tasks

    def is_set(self) -> bool:
        task = self._tasks.get(self._key)
        return self._key in _cancelled or task is None or task.state in UNWANTED


def cancel(key: str) -> None:
    """Ends this task at its next step, or as soon as it has begun. Runs at the same time as the task."""
    _cancelled.add(key)
