"""Trials of runs that wait to be asked for, on the workers of a queue: what each will cost."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from dmf_core.events import record
from dmf_core.inputs import Inputs
from dmf_core.jobs.executors.base import Execution, Executor, Lost, Message, is_last
from dmf_core.jobs.faults import fault_of_batch
from dmf_core.jobs.messages import Answers, Batch, Failed
from dmf_core.spec import RunSpec
from dmf_core.trial import TRIALS, Trial

REMEMBERED = 1000  # trials; in memory only
WAITING = 4  # the latest ones; who moves a slider wants those before no more


class Trials:
    """Each run is tried once. Safe to use from several threads. `len`: those that wait for a worker."""

    def __init__(self, executor: Executor, dispatch: Callable[[], None]) -> None:
        """`dispatch`: of the queue, which calls `hand_out` when it is the turn of trials."""
        self._executor, self._dispatch = executor, dispatch
        self._known: OrderedDict[str, Trial | None] = OrderedDict()  # by digest; None: it cannot be tried
        self._waiting: OrderedDict[str, Batch] = OrderedDict()
        self._running: dict[str, Execution] = {}
        self._interrupted: set[str] = set()  # of those that run
        self._changed = threading.Condition()

    def __len__(self) -> int:
        with self._changed:
            return len(self._waiting)

    def find(self, digest: str) -> Trial | None:
        """What the trial of this run said, if it has ended."""
        with self._changed:
            return self._known.get(digest)

    def under_way(self, digest: str) -> bool:
        """Whether this run is or will be tried."""
        with self._changed:
            return digest in self._waiting or digest in self._running

    def begin(self, spec: RunSpec, inputs: Inputs = Inputs()) -> None:
        """Tries this run as soon as a worker is free, unless that was done before."""
        digest = spec.digest()
        with self._changed:
            if digest in self._known or digest in self._running:
                return
            self._waiting[digest] = Batch((spec.to_json(),), inputs, TRIALS)
            self._waiting.move_to_end(digest)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
        self._dispatch()

    def hand_out(self) -> None:
        """Gives the executor what it has room for, the latest first."""
        with self._changed:
            while self._waiting and self._executor.room:
                digest, batch = self._waiting.popitem()
                execution = self._executor.submit(batch, partial(self._listen, digest))
                if execution is None:
                    self._waiting[digest] = batch
                    return
                self._running[digest] = execution

    def interrupt(self, count: int) -> int:
        """So many runs wait: as many trials make room. Returns how many do, those that were interrupted before included."""
        with self._changed:
            for digest in list(self._running)[: max(0, count - len(self._interrupted))]:
                if digest not in self._interrupted:
                    self._interrupted.add(digest)
                    self._running[digest].cancel()
            return len(self._interrupted)

    def give_up(self) -> None:
        """No worker will ever be free."""
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()

    def wait(self, digest: str, seconds: float) -> Trial | None:
        """`find`, after so many seconds at most while it is under way."""
        until = time.monotonic() + seconds
        with self._changed:
            while (digest in self._waiting or digest in self._running) and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            return self._known.get(digest)

    def _listen(self, digest: str, message: Message) -> None:
        if isinstance(message, Failed) and message.traceback:
            record(fault_of_batch("trial", message.traceback))
        with self._changed:
            if isinstance(message, Answers) and message.answers:
                self._known[digest] = message.answers[0]
            elif isinstance(message, Failed) or (isinstance(message, Lost) and message.begun):
                self._known[digest] = None  # it would fail again
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            if is_last(message):
                self._running.pop(digest, None)
                self._interrupted.discard(digest)
                self._changed.notify_all()
