"""A sweep under way: what the store knows is taken from there, the rest is computed, each run by one process only."""

import queue
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dmf_core.events import record
from dmf_core.jobs.executors.base import Execution, Executor, Lost, Message, is_last
from dmf_core.jobs.faults import fault_of_batch
from dmf_core.jobs.messages import Answers, Batch, Failed
from dmf_core.jobs.unfinished import lost
from dmf_core.store import LASTING, Row, Store
from dmf_core.sweep import compute
from dmf_core.sweep.batches import TASK_SECONDS, Batches
from dmf_core.sweep.plan import Cell, Plan
from dmf_core.sweep.table import Table

ELSEWHERE_SECONDS = 0.5  # between two looks at runs that another process computes
TRIES = 2  # of a run whose worker died: the second time it is alone, so that the reason is known


@dataclass(frozen=True)
class Tally:
    """How far a sweep is, in runs."""

    total: int
    stored: int  # known before it began
    done: int  # those included
    failed: int  # of those done: runs that did not end as their spec asks
    elsewhere: int  # that another process computes now
    rate: float  # runs computed here in a second; 0 when nothing is known
    left: float | None  # seconds to go, about; None when nothing is known


@dataclass(eq=False)
class _Task:
    """A batch that a worker has."""

    cells: dict[str, Cell]  # those without an answer, by digest
    execution: Execution | None = None
    began: float = field(default_factory=time.monotonic)
    done: list[Cell] = field(default_factory=list)


def _check_workers(plan: Plan) -> None:
    """Raises BadInput where no worker knows a kind of these runs; one run of each combination of kinds is looked at."""
    specs = [cell.spec for cell in plan.runs.values() if cell.spec is not None]
    for spec in {(each.problem.kind, each.model.kind, each.integrator.kind): each for each in specs}.values():
        spec.check_workers()


class Sweep:
    """The runs of a plan, through an executor that is open. One thread polls it."""

    def __init__(
        self,
        plan: Plan,
        store: Store | None,
        executor: Executor,
        whole: bool = False,
        rows: Mapping[str, Row] | None = None,
        ranks: Mapping[str, int] | None = None,
        task_seconds: float = TASK_SECONDS,
    ) -> None:
        """`whole`: the store keeps the archives of all runs, not the numbers alone. `rows`: what is known, None: what the store
        knows. `ranks`: runs of lower ones come first. `task_seconds`: of what a worker gets at once."""
        _check_workers(plan)
        self.plan, self._store, self._executor, self._whole = plan, plan.shelf(store), executor, whole
        self.rows: dict[str, Row] = {}  # added to by `_add` alone
        self._failed, self._done_seconds = 0, 0.0  # counted here, because thousands of runs are reported many times a second
        self._all_seconds = plan.seconds
        self._add(known(plan, store, whole) if rows is None else rows)
        self._stored, self._stored_seconds = len(self.rows), self._done_seconds
        waiting = [cell for digest, cell in plan.runs.items() if digest not in self.rows]
        self._batches = Batches(waiting, executor.size, ranks, task_seconds)
        self._alone: list[Cell] = []  # whose worker died
        self._elsewhere: dict[str, Cell] = {}
        self._tasks: list[_Task] = []
        self._unwritten: list[compute.Computed] = []
        self._tries: dict[str, int] = {}
        self._messages: queue.SimpleQueue[tuple[_Task, Message]] = queue.SimpleQueue()
        self._began = time.monotonic()
        self._polled = self._began
        self._stopped = False
        self.on_news: Callable[[], None] = lambda: None  # called from any thread: there is something to take in

    @property
    def ended(self) -> bool:
        return not self._tasks and (self._stopped or not (self._batches or self._alone or self._elsewhere))

    @property
    def table(self) -> Table:
        """The table of all runs that have ended so far."""
        return Table(self.plan, dict(self.rows))

    def poll(self, timeout: float) -> Tally:
        """Hands out what there is room for, and takes in what has been computed; waits at most so long."""
        self.advance(timeout)
        return self.tally

    def advance(self, timeout: float) -> None:
        """As `poll`, without counting what is done."""
        self.hand_out()
        self.take_in(timeout)
        self.hand_out()  # before anything is written, so that no worker waits for a disk
        self.write()

    def hand_out(self) -> None:
        """Gives the executor what it has room for."""
        self._look_elsewhere()
        while not self._stopped and self._executor.room and (batch := self._next()):
            self._hand_out(batch)

    def take_in(self, timeout: float) -> None:
        """Takes in what has been computed; waits at most so long for it."""
        try:
            self._take_in(*self._messages.get(timeout=timeout))
            while True:
                self._take_in(*self._messages.get_nowait())
        except queue.Empty:
            return

    def write(self) -> None:
        """Stores what was taken in, but for what is an accident of the clock or of this machine."""
        if self._store is not None and self._unwritten:
            for answer in self._unwritten:
                if answer.content:
                    self._store.put_content(answer.content, answer.row)
            rows = [each.row for each in self._unwritten if not each.content and each.row.outcome in LASTING]
            self._store.put_rows(rows, {row.digest: self.plan.runs[row.digest].spec for row in rows})
            self._release([answer.row.digest for answer in self._unwritten])
        self._unwritten = []  # only now: what Ctrl-C has interrupted is written when the sweep is abandoned

    def prefer(self, digests: Collection[str]) -> None:
        """Those of these runs that wait come next."""
        self._batches.prefer(digests)

    def stop(self) -> None:
        """Hands out nothing more and cancels what runs; what has been computed stays."""
        self._stopped = True
        for task in self._tasks:
            if task.execution is not None:
                task.execution.cancel()

    def resume(self) -> None:
        """After `stop`: it goes on."""
        self._stopped = False

    def abandon(self) -> None:
        """The executor is closed: others may compute what it had."""
        self._stopped = True
        self.write()
        for task in self._tasks:
            self._release(list(task.cells))
        self._tasks.clear()

    @property
    def tally(self) -> Tally:
        computed, elapsed = len(self.rows) - self._stored, time.monotonic() - self._began
        ours = self._done_seconds - self._stored_seconds
        left = elapsed * (self._all_seconds - self._done_seconds) / ours if computed and ours > 0 else None
        return Tally(
            len(self.plan.runs), self._stored, len(self.rows), self._failed, len(self._elsewhere), computed / elapsed, left
        )

    def _add(self, rows: Mapping[str, Row]) -> None:
        """These runs are done; a later row takes the place of an earlier one."""
        for digest, row in rows.items():
            before = self.rows.get(digest)
            self._failed += (not row.outcome.done) - (before is not None and not before.outcome.done)
            self._done_seconds += self.plan.runs[digest].seconds if before is None else 0.0
            self.rows[digest] = row

    def _next(self) -> list[Cell]:
        """The next batch of runs that no other process computes; empty when none is left."""
        while batch := [self._alone.pop()] if self._alone else self._batches.take():
            if self._store is None:
                return batch
            granted = set(self._store.claim([cell.digest for cell in batch]))
            self._elsewhere |= {cell.digest: cell for cell in batch if cell.digest not in granted}
            rows = known(self.plan, self._store, self._whole, list(granted))  # somebody may just have finished it
            self._add(rows)
            self._release(list(rows))
            batch = [cell for cell in batch if cell.digest in granted - rows.keys()]
            if batch:
                return batch
        return []

    def _hand_out(self, batch: list[Cell]) -> None:
        task = _Task({cell.digest: cell for cell in batch})
        specs = tuple(cell.spec.model_dump_json() for cell in batch if cell.spec is not None)
        work = compute.ARCHIVES if self._whole else self.plan.work

        def listen(message: Message) -> None:
            self._messages.put((task, message))
            self.on_news()

        task.execution = self._executor.submit(Batch(specs, self.plan.inputs, work), listen)
        if task.execution is None:
            self._release(list(task.cells))
            self._batches.put_back(batch)
            return
        self._tasks.append(task)

    def _take_in(self, task: _Task, message: Message) -> None:
        if isinstance(message, Answers):
            self._record(task, [answer for answer in message.answers if isinstance(answer, compute.Computed)])
        if not is_last(message) or task not in self._tasks:
            return
        self._tasks.remove(task)
        seconds = time.monotonic() - task.began
        self._batches.learn(task.done, seconds)
        rest = list(task.cells.values())
        self._release([cell.digest for cell in rest])
        if self._stopped or isinstance(message, Answers):
            self._batches.put_back(rest, 0.0 if self._stopped else seconds)
        elif isinstance(message, Failed):
            if message.traceback:
                record(fault_of_batch("sweep", message.traceback))
            self._add({cell.digest: compute.failed(cell.spec, message.sentence) for cell in rest if cell.spec is not None})
        elif isinstance(message, Lost) and not message.begun:  # or the whole cluster ended: no run is the reason
            self._batches.put_back(rest)
        elif isinstance(message, Lost):
            self._lost(rest, message)

    def _lost(self, rest: list[Cell], message: Lost) -> None:
        """The worker died. Its runs are tried once more, each alone; a run that kills two workers is a row that says so."""
        for cell in rest:
            assert cell.spec is not None
            tries = self._tries[cell.digest] = self._tries.get(cell.digest, 0) + 1
            if tries < TRIES:
                self._alone.append(cell)
            else:
                self._add({cell.digest: compute.failed(cell.spec, lost(message.why, None))})

    def _record(self, task: _Task, answers: list[compute.Computed]) -> None:
        """Takes answers into the table; they wait to be stored."""
        self._add({answer.row.digest: answer.row for answer in answers})
        task.done += [task.cells.pop(answer.row.digest) for answer in answers]
        self._unwritten += answers

    def _look_elsewhere(self) -> None:
        """Runs that another process had: its results, or the runs themselves where it gave them up or died."""
        now = time.monotonic()
        if self._store is None or not self._elsewhere or now - self._polled < ELSEWHERE_SECONDS:
            return
        self._polled = now
        rows = known(self.plan, self._store, self._whole, list(self._elsewhere))
        self._add(rows)
        for digest in rows:
            del self._elsewhere[digest]
        free = self._store.claim(list(self._elsewhere))
        self._batches.put_back([self._elsewhere.pop(digest) for digest in free])

    def _release(self, digests: Sequence[str]) -> None:
        if self._store is not None and digests:
            self._store.release(digests)


def known(plan: Plan, store: Store | None, whole: bool = False, digests: Sequence[str] | None = None) -> dict[str, Row]:
    """What the store knows of these runs, None: of all."""
    shelf = plan.shelf(store)
    rows = {} if shelf is None else shelf.rows(list(plan.runs) if digests is None else digests)
    return {digest: row for digest, row in rows.items() if row.bytes or not whole}
