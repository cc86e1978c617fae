"""LocalExecutor: worker processes of this machine, each with a thread that feeds it, listens to it and replaces it."""

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence

from dmf_core.cost import USUAL, Machine
from dmf_core.events import FaultRecord, record
from dmf_core.jobs.executors.base import Execution, Listener, Lost, Task, is_last
from dmf_core.jobs.executors.process import Process
from dmf_core.jobs.messages import Begun, Ready
from dmf_core.jobs.unfinished import no_workers

WORKER = (sys.executable, "-m", "dmf_core.jobs.worker")
IDLE_CHECK = 1.0  # seconds after which an idle worker's death is noticed
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between attempts to start a worker that dies at once
HOPELESS = 3  # starts in a row that failed, in every slot: then the executor says that it is broken
FAREWELL = 1.0  # seconds to wait for all threads at the end; their processes are killed


class LocalExecutor:
    """An `Executor` with a fixed number of worker processes."""

    def __init__(self, workers: int, simulate: str, command: Sequence[str] = WORKER) -> None:
        """`simulate`: the generator of events that every new worker runs once to warm up, as MODULE:FUNCTION.

        `command` starts a worker; `simulate` is its last argument.
        """
        self._environment = dict(os.environ)  # a worker that replaces another one finds the same
        self._command = (*command, simulate)
        self._lock = threading.Lock()  # of what the slots are doing
        self._slots = tuple(Slot(self, number) for number in range(workers))
        self._on_room: Callable[[], None] = lambda: None
        self._on_broken: Callable[[str], None] = lambda why: None
        self._machine = USUAL
        self.closing = threading.Event()

    @property
    def machine(self) -> Machine:
        """How fast its processes are; as usual, until the first one has started."""
        return self._machine

    @property
    def size(self) -> int:
        return len(self._slots)

    @property
    def room(self) -> int:
        with self._lock:
            return sum(slot.free for slot in self._slots)

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        return [process.pid for slot in self._slots if (process := slot.process) is not None]

    def open(self, on_room: Callable[[], None], on_broken: Callable[[str], None]) -> None:
        self._on_room, self._on_broken = on_room, on_broken
        for slot in self._slots:
            slot.thread.start()

    def submit(self, task: Task, listen: Listener) -> Execution | None:
        with self._lock:
            slot = next((slot for slot in self._slots if slot.free), None)
            return None if slot is None else slot.assign(task, listen)

    def close(self) -> None:
        self.closing.set()
        for slot in self._slots:
            slot.stop()
        deadline = time.monotonic() + FAREWELL
        for slot in self._slots:
            if slot.thread.ident is not None and slot.thread is not threading.current_thread():
                slot.thread.join(max(0.0, deadline - time.monotonic()))

    # For the slots ---------------------------------------------------------------------------------------------------

    @property
    def lock(self) -> threading.Lock:
        return self._lock

    def new_process(self) -> Process:
        """Starts a worker process. Raises OSError."""
        return Process(self._command, self._environment)

    def measured(self, machine: Machine) -> None:
        """Takes the speed of this machine as a worker has measured it at its start."""
        self._machine = machine

    def has_room(self) -> None:
        """A slot has become free."""
        if not self.closing.is_set():
            self._on_room()

    def start_failed(self, why: str) -> None:
        """A process died at its start. When that is so everywhere and again and again, the executor is broken."""
        if all(slot.attempts >= HOPELESS for slot in self._slots):
            self._on_broken(no_workers(why))


class Assignment:
    """A task in a slot: the `Execution` of this executor."""

    def __init__(self, slot: "Slot", task: Task, listen: Listener) -> None:
        self.task, self.listen = task, listen
        self._slot = slot

    def cancel(self) -> None:
        self._slot.cancel(self)

    def kill(self) -> None:
        self._slot.kill(self)


class Slot:
    """A place for one worker process. It is free when the process is warm and has no task."""

    def __init__(self, executor: LocalExecutor, number: int) -> None:
        self.attempts = 0  # starts in a row without a task that began
        self.free = False
        self.process: Process | None = None
        self.thread = threading.Thread(target=self._work, name=f"dmf-worker-{number}", daemon=True)
        self._executor = executor
        self._assignment: Assignment | None = None
        self._assigned = threading.Event()

    # From other threads, with the executor's lock held ------------------------------------------------------------------

    def assign(self, task: Task, listen: Listener) -> Assignment:
        self.free = False
        self._assignment = Assignment(self, task, listen)
        self._assigned.set()
        return self._assignment

    # From other threads, without it -------------------------------------------------------------------------------------

    def cancel(self, assignment: Assignment) -> None:
        with self._executor.lock:
            if self._assignment is assignment and self.process is not None:
                self.process.cancel()

    def kill(self, assignment: Assignment) -> None:
        with self._executor.lock:
            if self._assignment is assignment and self.process is not None:
                self.process.kill()

    def stop(self) -> None:
        self._assigned.set()
        with self._executor.lock:
            if self.process is not None:
                self.process.kill()

    # On the slot's own thread -------------------------------------------------------------------------------------------

    def _work(self) -> None:
        closing = self._executor.closing
        while not closing.is_set():
            process = self._start()
            if process is not None:
                self._serve(process)
            if self.process is not None:
                self._bury(self.process)
            if self.attempts:
                closing.wait(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.attempts - 1)))

    def _start(self) -> Process | None:
        """A warm process; None when it could not be started."""
        self.attempts += 1
        try:
            process = self.process = self._executor.new_process()
        except OSError as error:
            self._executor.start_failed(str(error))
            return None
        if self._executor.closing.is_set():  # closed meanwhile
            process.kill()
        ready = process.receive()
        if not isinstance(ready, Ready):
            return None
        self._executor.measured(ready.machine)
        return process

    def _bury(self, process: Process) -> None:
        why, words = process.bury(), process.last_words()
        self.process = None
        if not self._executor.closing.is_set():
            record(FaultRecord("worker", why, traceback=words.rstrip()))
            if self.attempts:
                self._executor.start_failed(why)

    def _serve(self, process: Process) -> None:
        """Runs one task after the other until the process has ended."""
        self._unassign(process, free=True)
        self._executor.has_room()
        last: Lost | None = None
        while last is None and process.alive and not self._executor.closing.is_set():
            assignment = self._next()
            if assignment is not None:
                process.begin(assignment.task)
                last = self._pass_on(process, assignment)
        with self._executor.lock:
            self.free, unbegun = False, self._assignment
        if unbegun is not None:  # it was assigned to a process that died while it was idle
            last = Lost(process.bury(), begun=False)
            self._unassign(process, free=False)
            unbegun.listen(last)

    def _next(self) -> Assignment | None:
        """The next task; None when there was none for a while."""
        self._assigned.wait(IDLE_CHECK)
        with self._executor.lock:
            self._assigned.clear()
            return self._assignment

    def _pass_on(self, process: Process, assignment: Assignment) -> Lost | None:
        """Passes the messages of the worker to the task's listener. Returns the news of its death, if it died."""
        begun = False
        while True:
            received = process.receive()
            message = Lost(process.bury(), begun) if received is None else received
            lost = message if isinstance(message, Lost) else None
            if isinstance(message, Begun):
                begun, self.attempts = True, 0
            last = is_last(message)
            if last:
                self._unassign(process, free=lost is None)
            assignment.listen(message)
            if last:
                self._executor.has_room()
                return lost

    def _unassign(self, process: Process, free: bool) -> None:
        """Marks the task as over, so that a late cancel cannot hit the next one."""
        with self._executor.lock:
            self._assignment, self.free = None, free
            process.idle()
