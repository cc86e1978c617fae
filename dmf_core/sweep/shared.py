"""SharedSweeps: the sweeps of several people on the workers of one queue, each with the same share of them.

A thread of its own polls them, so that workers never wait for a page. A watcher without heartbeats is dropped after a while; what
has been computed stays.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from dmf_core.jobs.executors.base import Execution, Executor, Listener, Task
from dmf_core.jobs.watchers import PATIENCE
from dmf_core.store import Row, Store
from dmf_core.sweep.order import coarse_to_fine
from dmf_core.sweep.plan import Plan
from dmf_core.sweep.running import Sweep, Tally, known

TASK_SECONDS = 0.5  # of what a worker gets at once: so much is lost when a slider needs the worker
PUBLISH_SECONDS = 0.1  # between two states that a page can see
POLL_SECONDS = 0.25  # between two checks of watchers and of runs that other processes compute
REMEMBERED = 24  # sweeps whose rows are kept in memory, for those that no store may hold


@dataclass(frozen=True, eq=False)
class Progress:
    """What is known of a sweep at one moment."""

    rows: Mapping[str, Row]  # by digest
    tally: Tally
    ended: bool  # nothing is under way: all is computed, or it was stopped


class _OneTask:
    """An `Executor` that takes one task, and only in its turn."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.turn = False
        self.size = executor.size

    @property
    def room(self) -> int:
        return min(1, self._executor.room) if self.turn else 0

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None: ...

    def submit(self, task: Task, listen: Listener) -> Execution | None:
        execution = self._executor.submit(task, listen)
        if execution is not None:
            self.turn = False
        return execution

    def close(self) -> None: ...


@dataclass(eq=False)
class _Entry:
    """A sweep with its watchers."""

    key: str
    sweep: Sweep
    gate: _OneTask
    store: Store | None
    watchers: set[str] = field(default_factory=set)
    tasks: int = 0  # handed out so far, or as many as the others had when it came
    at: float = 0.0  # when it was last published
    published: Progress | None = None
    preferred: Collection[str] = ()


class SharedSweeps:
    """Every method may be called from any thread."""

    def __init__(self, executor: Executor, store: Store | None, patience: float = PATIENCE) -> None:
        """`executor`: room in it is for sweeps. `store`: None keeps rows in memory alone."""
        self._executor, self._store, self._patience = executor, store, patience
        self._lock = threading.RLock()  # of the entries; held while they are polled
        self._entries: dict[str, _Entry] = {}
        self._watched: dict[str, tuple[str, float]] = {}  # by watcher: the key of his sweep, and when he was heard of
        self._memory: OrderedDict[str, dict[str, Row]] = OrderedDict()
        self._news = threading.Event()
        self._closed = threading.Event()
        executor.open(self._news.set, lambda why: None)
        self._thread = threading.Thread(target=self._work, name="dmf-sweeps", daemon=True)
        self._thread.start()

    def known(self, plan: Plan, owner: str) -> dict[str, Row]:
        """What is known of these runs without computing any: rows of given data only to the owner of the data."""
        with self._lock:
            entry = self._entries.get(key_of(plan, owner))
            remembered = dict(entry.sweep.rows) if entry else dict(self._memory.get(key_of(plan, owner), {}))
        return (known(plan, self._store) if plan.stored else {}) | remembered

    def start(self, plan: Plan, watcher: str, owner: str) -> None:
        """Starts this sweep for the watcher, who no longer waits for his former one."""
        key = key_of(plan, owner)
        rows = self.known(plan, owner)
        with self._lock:
            if self._watched.get(watcher, ("", 0.0))[0] not in ("", key):
                self._leave(watcher)
            self._watched[watcher] = key, time.monotonic()
            if key not in self._entries:
                self._entries[key] = self._entry(key, plan, rows)
            self._entries[key].watchers.add(watcher)
            self._entries[key].sweep.resume()
        self._news.set()

    def progress(self, plan: Plan, watcher: str, owner: str) -> Progress | None:
        """How far the sweep is that this watcher has started; None when it is not under way. The watcher is still there."""
        key = key_of(plan, owner)
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or watcher not in entry.watchers:
                return None
            self._watched[watcher] = key, time.monotonic()
            return entry.published or self._publish(entry)

    def prefer(self, plan: Plan, owner: str, digests: Collection[str]) -> None:
        """Those of these runs that wait come next. The same again costs nothing."""
        with self._lock:
            entry = self._entries.get(key_of(plan, owner))
            if entry is not None and entry.preferred != digests:
                entry.preferred = digests
                entry.sweep.prefer(digests)

    def stop(self, watcher: str) -> None:
        """The watcher waits no more; without another one the sweep ends, and what it has computed stays."""
        with self._lock:
            self._leave(watcher)
        self._news.set()

    def close(self) -> None:
        """Before the queue: others may compute what is under way."""
        self._closed.set()
        self._news.set()
        self._thread.join(2.0)
        with self._lock:
            for entry in list(self._entries.values()):
                self._drop(entry)

    # On the thread, or with the lock held ----------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._closed.is_set():
            self._news.wait(POLL_SECONDS)
            self._news.clear()
            with self._lock:
                self.step()

    def step(self) -> None:
        """Hands out what there is room for, the least served sweep first, and takes in what has been computed."""
        self._expire()
        for entry in self._entries.values():
            entry.sweep.take_in(0.0)
        waiting = list(self._entries.values())
        while waiting and self._executor.room:
            entry = min(waiting, key=lambda each: each.tasks)
            entry.gate.turn = True
            entry.sweep.hand_out()
            if entry.gate.turn:  # it has nothing to hand out
                entry.gate.turn = False
                waiting.remove(entry)
            else:
                entry.tasks += 1
        for entry in list(self._entries.values()):
            entry.sweep.write()
            if entry.sweep.ended or time.monotonic() - entry.at >= PUBLISH_SECONDS:
                self._publish(entry)

    def _entry(self, key: str, plan: Plan, rows: Mapping[str, Row]) -> _Entry:
        gate = _OneTask(self._executor)
        store = self._store.sibling() if self._store is not None and plan.stored else None
        sweep = Sweep(plan, store, gate, rows=rows, ranks=coarse_to_fine(plan), task_seconds=TASK_SECONDS)
        sweep.on_news = self._news.set
        return _Entry(key, sweep, gate, store, tasks=max((each.tasks for each in self._entries.values()), default=0))

    def _publish(self, entry: _Entry) -> Progress:
        entry.at = time.monotonic()
        entry.published = Progress(dict(entry.sweep.rows), entry.sweep.tally, entry.sweep.ended)
        return entry.published

    def _expire(self) -> None:
        now = time.monotonic()
        for watcher in [each for each, (_, last) in self._watched.items() if now - last > self._patience]:
            self._leave(watcher)
        for entry in list(self._entries.values()):
            if not entry.watchers and entry.sweep.ended:
                self._drop(entry)

    def _leave(self, watcher: str) -> None:
        key, _ = self._watched.pop(watcher, ("", 0.0))
        entry = self._entries.get(key)
        if entry is None:
            return
        entry.watchers.discard(watcher)
        if not entry.watchers:
            entry.sweep.stop()

    def _drop(self, entry: _Entry) -> None:
        """It is over: its rows are remembered, and its leases given back."""
        entry.sweep.abandon()
        del self._entries[entry.key]
        self._memory[entry.key] = dict(entry.sweep.rows)
        self._memory.move_to_end(entry.key)
        while len(self._memory) > REMEMBERED:
            self._memory.popitem(last=False)
        if entry.store is not None:
            entry.store.close()


def key_of(plan: Plan, owner: str) -> str:
    """Equal for equal sweeps: of what the store may not hold only to one owner."""
    return plan.digest if plan.stored else f"{plan.digest}@{owner}"
