"""The worker processes, each with a thread of the parent that feeds it, listens to it and replaces it when it dies."""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Protocol

from dmf_core.inputs import Inputs
from dmf_core.jobs.analysis_backlog import Unexplained
from dmf_core.jobs.job import Job, State
from dmf_core.jobs.messages import Assessed, Begun, Events, Explained, Failed, Ready, Run
from dmf_core.jobs.process import Process
from dmf_core.jobs.unfinished import killed, lost, with_end
from dmf_core.trajectory import Accuracy, Builder, End, Event, Insight, Outcome, Progress

log = logging.getLogger(__name__)

IDLE_CHECK = 1.0  # seconds after which an idle worker's death is noticed
CANCEL_GRACE = 5.0  # seconds of silence after a cancel before the worker is killed
OVERRUN_GRACE = 60.0  # seconds beyond stop.seconds; a run checks its own clock between steps
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between attempts to start a worker that dies at once


class Source(Protocol):
    """What a slot needs of the queue."""

    @property
    def closed(self) -> bool: ...
    def take(self, slot: "Slot", timeout: float) -> Job | Unexplained | None: ...
    def put_back(self, job: Job) -> None: ...
    def finished(self, job: Job) -> None: ...
    def unexplained(self, job: Job, inputs: Inputs) -> None: ...
    def explained(self, slot: "Slot", one: Unexplained, insight: Insight | None, again: bool) -> None: ...
    def assessed(self, slot: "Slot", one: Unexplained, accuracy: Accuracy | None) -> None: ...
    def start_failed(self, why: str) -> None: ...


class Slot:
    """A place for one worker process."""

    def __init__(self, source: Source, simulate: str, environment: Mapping[str, str], number: int) -> None:
        self.attempts = 0  # starts in a row without a job
        self._source = source
        self._simulate = simulate
        self._environment = environment
        self._process: Process | None = None
        self._job: Job | None = None
        self._cancelled = False
        self._heard = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"dmf-worker-{number}", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Of the present process."""
        process = self._process
        return process.pid if process else None

    def cancel(self) -> None:
        """Ends the present job gracefully. Called while the queue's lock says that it is this slot's job."""
        if self._process and not self._cancelled:
            self._cancelled, self._heard = True, time.monotonic()
            self._process.cancel()

    def interrupt(self) -> None:
        """Another run waits: ends the present explanation. Called while the queue's lock says that there is one."""
        if self._process:
            self._process.cancel()

    def look_after(self, now: float) -> None:
        """Kills a process that does not obey. Called every now and then."""
        process, job = self._process, self._job
        if process is None or job is None:
            return
        silent = self._cancelled and now - self._heard > CANCEL_GRACE
        if silent or job.seconds > job.spec.stop.seconds + OVERRUN_GRACE:
            process.kill()

    def close(self) -> None:
        """Ends the process now. `join` waits for the thread."""
        self._closing.set()
        if self._process:
            self._process.kill()

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)

    def _work(self) -> None:
        while not self._closing.is_set():
            process = self._start()
            if process:
                self._serve(process)
            if self._process:
                self._bury(self._process)
            if self.attempts:
                self._closing.wait(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.attempts - 1)))

    def _start(self) -> Process | None:
        """A warm process; None when it could not be started."""
        self.attempts += 1
        try:
            process = self._process = Process(self._simulate, self._environment)
        except OSError as error:
            self._source.start_failed(str(error))
            return None
        if self._closing.is_set():  # closed meanwhile
            process.kill()
        return process if isinstance(process.receive(), Ready) else None

    def _bury(self, process: Process) -> None:
        why, words = process.bury(), process.last_words()
        self._process = None
        if not self._closing.is_set():
            log.error("A worker process ended (%s). Its last words: %s", why, words or "none")
            if self.attempts:
                self._source.start_failed(why)

    def _serve(self, process: Process) -> None:
        """One job after the other, until the process is gone."""
        while process.alive and not self._closing.is_set():
            self._cancelled = False
            job = self._source.take(self, IDLE_CHECK)
            if job is None:
                continue
            if isinstance(job, Unexplained):
                self._explain(process, job)
                continue
            job.tries += 1
            inputs = job.inputs
            process.begin(Run(job.spec.to_json(), inputs, job.work or self._simulate))
            if not isinstance(process.receive(), Begun) and job.tries == 1:  # it died while it was idle
                self._source.put_back(job)
                break
            self._job, self.attempts = job, 0
            self._follow(process, job)
            self._source.finished(job)
            self._job = None
            process.idle()
            self._source.unexplained(job, inputs)

    def _explain(self, process: Process, one: Unexplained) -> None:
        """The theory of an ended run."""
        process.begin(one.message())
        message = process.receive()
        if isinstance(message, Begun):
            message = process.receive()
        insight = message.insight if isinstance(message, Explained) else None
        if isinstance(message, Failed):
            log.error("The theory of a run failed. Its spec: %s\n%s", one.job.spec.to_json(), message.traceback)
        self._source.explained(self, one, insight, again=isinstance(message, Explained) and insight is None)
        if insight is not None:
            self._assess(process, one)
        process.idle()  # only now: an interruption that came too late must not hit the next run

    def _assess(self, process: Process, one: Unexplained) -> None:
        message = process.receive()
        if isinstance(message, Failed):
            log.error("The accuracy of a run failed. Its spec: %s\n%s", one.job.spec.to_json(), message.traceback)
        self._source.assessed(self, one, message.accuracy if isinstance(message, Assessed) else None)

    def _follow(self, process: Process, job: Job) -> None:
        """Takes in what the run yields, until the job has ended."""
        builder = Builder()
        while not job.state.ended:
            message = process.receive()
            self._heard = time.monotonic()
            match message:
                case Events(events):
                    self._absorb(job, builder, events)
                case Failed(sentence, traceback):
                    if traceback:
                        log.error("A run failed. Its spec: %s\n%s", job.spec.to_json(), traceback)
                    trajectory = with_end(builder.trajectory(), Outcome.FAILED, sentence)
                    job.update(state=State.FAILED, trajectory=trajectory, error=sentence)
                case _:
                    self._lose(process, job, builder)

    def _absorb(self, job: Job, builder: Builder, events: tuple[Event, ...]) -> None:
        changes: dict[str, object] = {}
        for event in events:
            builder.add(event)
            if isinstance(event, Progress):
                changes["progress"] = event
            if isinstance(event, End):
                changes["state"] = State.CANCELLED if event.outcome is Outcome.CANCELLED else State.DONE
        job.update(trajectory=builder.trajectory(), **changes)

    def _lose(self, process: Process, job: Job, builder: Builder) -> None:
        """The process is gone in the middle of the job. What it sent is kept."""
        why = process.bury()
        if self._cancelled or self._closing.is_set():
            sentence = killed(job.progress)
            trajectory = with_end(builder.trajectory(), Outcome.CANCELLED, sentence)
            job.update(state=State.CANCELLED, trajectory=trajectory, note=sentence)
            return
        sentence = lost(why, job.progress)
        trajectory = with_end(builder.trajectory(), Outcome.FAILED, sentence)
        job.update(state=State.FAILED, trajectory=trajectory, error=sentence)
