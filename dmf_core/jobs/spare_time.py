"""SpareTime: the workers of a queue in the time that no run of a page needs them, for the batches of sweeps."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from dmf_core.jobs.executors.base import Execution, Executor, Listener, Message, Task, is_last


@dataclass(eq=False)
class _Batch:
    """A task under way."""

    execution: Execution | None = None
    interrupted: bool = False


class SpareTime:
    """An `Executor` over that of a queue. It has room only while no run waits, and a run that waits interrupts a batch.

    An interrupted batch is cancelled: what it has computed is sent, and its other runs have to be handed out again.
    """

    def __init__(self, executor: Executor, idle: Callable[[], bool]) -> None:
        """`idle`: no run and no analysis waits; called without this object's lock."""
        self._executor, self._idle = executor, idle
        self._on_room: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._running: dict[_Batch, None] = {}  # the one that began last is the last one

    @property
    def size(self) -> int:
        return self._executor.size

    @property
    def room(self) -> int:
        return self._executor.room if self._idle() else 0

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None:
        """The queue opens the workers; from now on `on_room` is called when there may be room."""
        self._on_room = on_room

    def submit(self, task: Task, listen: Listener) -> Execution | None:
        if not self._idle():
            return None
        batch = _Batch()

        def passed_on(message: Message) -> None:
            if is_last(message):
                with self._lock:
                    self._running.pop(batch, None)
            listen(message)

        with self._lock:
            self._running[batch] = None
            batch.execution = self._executor.submit(task, passed_on)
            if batch.execution is None:
                self._running.pop(batch, None)
        return batch.execution

    def close(self) -> None:
        """The queue closes the workers."""

    def interrupt(self, count: int) -> int:
        """So many runs wait: as many batches make room, those first that began last, as least of their work is lost.

        Returns how many do, those that were interrupted before included.
        """
        with self._lock:
            before = sum(batch.interrupted for batch in self._running)
            chosen = [batch for batch in reversed(self._running) if not batch.interrupted][: max(0, count - before)]
            for batch in chosen:
                batch.interrupted = True
        for batch in chosen:
            if batch.execution is not None:
                batch.execution.cancel()
        return before + len(chosen)

    def notify(self) -> None:
        """For the queue: there may be room now."""
        self._on_room()
