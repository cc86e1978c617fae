"""DaskExecutor: the workers of an existing dask.distributed cluster, one task at a time on each worker process."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from dmf_core.cost import USUAL, Machine
from dmf_core.jobs.executors import dask_worker
from dmf_core.jobs.executors.base import Execution, Listener, Lost, Message, Task, is_last
from dmf_core.jobs.executors.dask_connection import LOST, Connection, Member, check_address
from dmf_core.jobs.messages import Begun

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # between two polls of the workers
RETRY_SECONDS = 1.0  # between two attempts to reach the scheduler
PATIENCE = 20.0  # seconds without a worker, at the beginning, after which waiting jobs fail with a sentence
FAREWELL = 5.0  # seconds to wait for each thread at the end; all are daemons and stop with the process

UNREACHABLE = "The scheduler of the cluster does not answer; start it, correct its address, or leave it out to compute here."
EMPTY = "The cluster has no worker yet; start one with `dask worker`, or leave out the scheduler to compute here."
REFUSED = "No worker of the cluster can be used, and the log says why for each; install the same program there."
CONNECTION, GONE, KILLED = "the connection to the cluster was lost", "its worker left the cluster", "it did not obey a cancel"


@dataclass(eq=False)
class _Worker:
    """A worker of the cluster."""

    member: Member
    name: str
    ready: bool = False  # its versions are ours
    refused: bool = False
    assignment: "Assignment | None" = None


class DaskExecutor:
    """An `Executor`. After a lost connection it goes on when the scheduler is back; tasks that were under way are `Lost`."""

    def __init__(self, address: str, simulate: str) -> None:
        """`simulate`: what every worker runs once to warm up, as MODULE:FUNCTION. Raises BadInput."""
        check_address(address)
        self._address, self._simulate = address, simulate
        self._lock = threading.RLock()  # of the four below
        self._connection: Connection | None = None
        self._workers: dict[Member, _Worker] = {}
        self._assignments: dict[str, Assignment] = {}
        self._machine = USUAL
        self._on_room: Callable[[], None] = lambda: None
        self._on_broken: Callable[[str], None] = lambda why: None
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._outgoing = ThreadPoolExecutor(2, thread_name_prefix="dmf-cluster-outgoing")
        self._closing = threading.Event()
        self._worked = False  # a worker has been ready
        self._warned = ""
        self._threads = [
            threading.Thread(target=self._supervise, name="dmf-cluster", daemon=True),
            threading.Thread(target=self._dispatch, name="dmf-cluster-listeners", daemon=True),
        ]

    @property
    def machine(self) -> Machine:
        """How fast its slowest worker is; as usual, until one is ready."""
        return self._machine

    @property
    def size(self) -> int:
        with self._lock:
            return max(1, sum(worker.ready for worker in self._workers.values()))

    @property
    def room(self) -> int:
        with self._lock:
            return sum(_free(worker) for worker in self._workers.values()) if self._connection else 0

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None:
        self._on_room, self._on_broken = on_room, on_broken
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task, listen: Listener) -> Execution | None:
        with self._lock:
            connection = self._connection
            worker = next((each for each in self._workers.values() if _free(each)), None)
            if connection is None or worker is None or connection.broken.is_set():
                return None
            assignment = Assignment(self, connection, worker, listen)

            failed = partial(self._failed, connection, assignment.key)
            try:
                connection.begin(assignment.key, task, worker.member, failed)
            except LOST:  # it is closed
                connection.broken.set()
                return None
            worker.assignment = self._assignments[assignment.key] = assignment
            return assignment

    def close(self) -> None:
        self._closing.set()
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.broken.set()
        for thread in self._threads:
            if thread.ident is not None and thread is not threading.current_thread():
                thread.join(FAREWELL)
        self._outgoing.shutdown(wait=False, cancel_futures=True)

    # For assignments: from any thread ---------------------------------------------------------------------------------

    def cancel(self, assignment: "Assignment") -> None:
        if not assignment.over and not self._closing.is_set():
            self._outgoing.submit(assignment.connection.cancel, assignment.key, assignment.worker.member)

    def kill(self, assignment: "Assignment") -> None:
        """Its worker is of no use until its nanny has started it again, as another one."""
        with self._lock:
            if assignment.over or self._closing.is_set():
                return
            assignment.worker.ready = False
        self._inbox.put(partial(self._deliver, assignment.key, Lost(KILLED, begun=True)))
        self._outgoing.submit(assignment.connection.restart, assignment.worker.member)

    # On the thread of the connection ----------------------------------------------------------------------------------

    def _supervise(self) -> None:
        while not self._closing.is_set():
            try:
                connection = Connection(self._address)
            except Exception as error:  # also what dask raises where certificates are missing
                sentence = f"The scheduler at {self._address} does not answer ({error or type(error).__name__})."
                self._trouble(sentence, UNREACHABLE, None if isinstance(error, LOST) else error)
                self._closing.wait(RETRY_SECONDS)
                continue
            self._serve(connection)
        self._inbox.put(None)

    def _serve(self, connection: Connection) -> None:
        """Until the connection is lost, or the executor is closed."""
        receiver = threading.Thread(target=self._receive, args=(connection,), name="dmf-cluster-stream", daemon=True)
        receiver.start()
        with self._lock:
            self._connection = connection
        alone = 0.0
        while not connection.broken.is_set() and not self._closing.is_set():
            try:
                self._update(connection, connection.workers())
            except LOST:
                break
            alone = 0.0 if self._worked else alone + POLL_SECONDS
            if alone >= PATIENCE:
                alone = 0.0
                self._trouble(f"The cluster at {self._address} has no worker that can be used.", self._why_none())
            connection.broken.wait(POLL_SECONDS)
        with self._lock:
            self._connection = None
            lost = list(self._assignments.values())
            self._workers.clear()
        connection.close()
        if not self._closing.is_set():
            self._warn(f"The connection to the scheduler at {self._address} was lost; runs go on when it is back.")
        for assignment in lost:
            self._inbox.put(partial(self._deliver, assignment.key, Lost(CONNECTION, begun=False)))

    def _update(self, connection: Connection, present: dict[Member, str]) -> None:
        """Takes in which workers have joined and which have left."""
        with self._lock:
            gone = [worker for member, worker in self._workers.items() if member not in present]
            new = [_Worker(member, name) for member, name in present.items() if member not in self._workers]
            for worker in gone:
                del self._workers[worker.member]
            self._workers |= {worker.member: worker for worker in new}
        for worker in gone:
            if worker.assignment is not None:
                connection.say(worker.assignment.key, Lost(GONE, begun=True))
        for worker in new:
            connection.introduce(worker.member, self._simulate, partial(self._introduced, worker))

    def _trouble(self, for_log: str, sentence: str, error: Exception | None = None) -> None:
        """The log names the scheduler, and the places of an unexpected error; what a visitor of a page may read does not."""
        self._warn(for_log, error)
        if not self._worked:
            self._on_broken(sentence)

    def _warn(self, sentence: str, error: Exception | None = None) -> None:
        """Once for each trouble, not for each attempt."""
        if sentence != self._warned:
            self._warned = sentence
            log.warning("%s", sentence, exc_info=error)

    def _why_none(self) -> str:
        with self._lock:
            return REFUSED if any(worker.refused for worker in self._workers.values()) else EMPTY

    # From any thread --------------------------------------------------------------------------------------------------

    def _introduced(self, worker: _Worker, answer: object) -> None:
        difference = _difference(answer)
        if difference:
            log.warning("Worker %s at %s is not used: %s.", worker.name, worker.member[0], difference)
            worker.refused = True
            with self._lock:
                none = not self._worked and all(each.refused for each in self._workers.values())
            if none:
                self._on_broken(REFUSED)
            return
        assert isinstance(answer, dask_worker.Introduction)
        with self._lock:
            self._machine = answer.machine if not self._worked else _slower(self._machine, answer.machine)
            worker.ready = self._worked = True
        self._inbox.put(self._on_room)

    def _failed(self, connection: Connection, key: str, why: str) -> None:
        """A task raised outside of its run: behind all that it has sent comes its last message."""
        connection.say(key, Lost(why, begun=True))

    def _receive(self, connection: Connection) -> None:
        try:
            while (received := connection.receive()) is not None:
                self._inbox.put(partial(self._deliver, *received))
        finally:
            connection.broken.set()  # also where a message cannot be read: its runs must not wait for ever

    # On the thread of the listeners -----------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        while (action := self._inbox.get()) is not None:
            action()

    def _deliver(self, key: str, message: Message) -> None:
        assignment = self._assignments.get(key)
        if assignment is None:  # a word of a task that is over
            return
        if isinstance(message, Begun):
            if assignment.begun:
                message = Lost("its worker was started again", begun=True)
            assignment.begun = True
        elif isinstance(message, Lost) and message.begun:
            message = replace(message, begun=assignment.begun)
        last = is_last(message)
        if last:
            with self._lock:
                assignment.over = True
                del self._assignments[key]
                assignment.worker.assignment = None
            self._end(assignment, message)
        assignment.listen(message)
        if last and not self._closing.is_set():
            self._on_room()

    def _end(self, assignment: "Assignment", message: Message) -> None:
        """Forgets a task; one that is lost may still stand with the scheduler, for a worker that does not come back."""
        connection = assignment.connection
        if isinstance(message, Lost) and not connection.broken.is_set() and not self._closing.is_set():
            self._outgoing.submit(connection.abandon, assignment.key)
        else:
            connection.forget(assignment.key)


class Assignment:
    """A task on a worker: the `Execution` of this executor."""

    def __init__(self, executor: DaskExecutor, connection: Connection, worker: _Worker, listen: Listener) -> None:
        self.key = f"dmf-{uuid4().hex}"  # says nothing about the run: everybody who may use the cluster can read it
        self.connection, self.worker, self.listen = connection, worker, listen
        self.begun = self.over = False
        self._executor = executor

    def cancel(self) -> None:
        self._executor.cancel(self)

    def kill(self) -> None:
        self._executor.kill(self)


def _free(worker: _Worker) -> bool:
    return worker.ready and worker.assignment is None


def _difference(answer: object) -> str:
    """Why a worker with this answer cannot be used; empty where it can."""
    if isinstance(answer, ModuleNotFoundError):
        return f"DMF Lab is not installed there, or in another version ({answer})"
    if not isinstance(answer, dask_worker.Introduction):
        return f"its first run failed ({type(answer).__name__}: {answer})"
    ours, theirs = dask_worker.versions(), answer.versions
    differences = [f"its {part} is {theirs.get(part, 'unknown')}, here it is {version}" for part, version in ours.items()]
    return "; ".join(each for each, part in zip(differences, ours, strict=True) if theirs.get(part) != ours[part])


def _slower(a: Machine, b: Machine) -> Machine:
    return Machine(max(a.calls, b.calls), max(a.products, b.products))
