"""Job: one requested run. Written by one thread, read by any."""

import threading
import time
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from dmf_core.events import FrameRecord, JobRecord, record
from dmf_core.events.records import GIVEN
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, End, Insight, Outcome, Progress, Trajectory


class State(Enum):
    """Where a job is on its way. The value is for messages and logs."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"  # the run ended by itself; its outcome says how
    FAILED = "failed"  # `error` says why and what to do
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """True when nothing will change any more."""
        return self in (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, eq=False)
class View:
    """Everything there is to know about a job at one moment. Never changes: a new one replaces it."""

    version: int = 0  # rises with every change
    state: State = State.QUEUED
    trajectory: Trajectory | None = None  # so far; None before the first snapshot
    progress: Progress | None = None  # the latest sign of life
    position_in_queue: int | None = None  # 1 is next; None when not queued
    error: str | None = None  # a sentence, only when failed
    note: str = ""  # why it was stopped, where the run itself could not say it
    insight_due: bool = False  # the trajectory will be replaced by one with its theory, and then by one with its accuracy
    began: float | None = None  # time.monotonic()
    seconds_taken: float | None = None  # wall clock of the whole run, once ended

    @property
    def complete(self) -> bool:
        """True when nothing will change any more, not even the theory of the run."""
        return self.state.ended and not self.insight_due

    @property
    def end(self) -> End | None:
        """How the run ended; None as long as it has not."""
        return self.trajectory.end if self.trajectory else None

    @property
    def outcome(self) -> Outcome | None:
        """How the run ended; None as long as it has not."""
        if self.end:
            return self.end.outcome
        return {State.FAILED: Outcome.FAILED, State.CANCELLED: Outcome.CANCELLED}.get(self.state)

    @property
    def message(self) -> str:
        """The sentence about how it ended; empty until then."""
        return self.error or (self.end.message if self.end else self.note)

    @property
    def seconds(self) -> float:
        """Wall clock of the run so far; 0 while it is queued."""
        if self.seconds_taken is not None:
            return self.seconds_taken
        return 0.0 if self.began is None else time.monotonic() - self.began


def digest_of_work(spec: RunSpec, work: str | None = None) -> str:
    """What makes two jobs the same: the spec, and what is done with it."""
    return spec.digest() if work is None else f"{spec.digest()}:{work}"


def key_of(spec: RunSpec, digest: str, owner: str | None) -> str:
    """What finds a job: its digest, and for a run of given data also whose they are, so that no other visitor finds it."""
    return f"{digest}@{owner}" if owner is not None and spec.needs_inputs else digest


class Job:
    """One run. The same object for all who submit the same spec."""

    def __init__(
        self,
        spec: RunSpec,
        inputs: Inputs = Inputs(),
        work: str | None = None,
        insight_due: bool = False,
        owner: str | None = None,
    ) -> None:
        """`owner`: whose data it is about; see `key_of`."""
        self.spec = spec
        self.work = work  # MODULE:FUNCTION that yields the events; None: the queue's own
        self.digest = digest_of_work(spec, work)
        self.key = key_of(spec, self.digest, owner)
        self.inputs = inputs
        self.tries = 0  # how often it was given to a worker
        self.submitted = time.monotonic()
        self.first_frame: float | None = None  # seconds from then to the first picture
        self._view = View(insight_due=insight_due)
        self._changed = threading.Condition()

    @property
    def view(self) -> View:
        """All at one moment. Read this when several values must agree."""
        return self._view

    @property
    def public_name(self) -> str:
        """Its name in the log: the beginning of its digest; of given data no digest, because that would identify the data."""
        return GIVEN if self.spec.needs_inputs else self.digest[:8]

    @property
    def version(self) -> int:
        return self._view.version

    @property
    def state(self) -> State:
        return self._view.state

    @property
    def trajectory(self) -> Trajectory | None:
        return self._view.trajectory

    @property
    def progress(self) -> Progress | None:
        return self._view.progress

    @property
    def position_in_queue(self) -> int | None:
        return self._view.position_in_queue

    @property
    def outcome(self) -> Outcome | None:
        return self._view.outcome

    @property
    def message(self) -> str:
        return self._view.message

    @property
    def error(self) -> str | None:
        return self._view.error

    @property
    def seconds(self) -> float:
        return self._view.seconds

    @property
    def fraction(self) -> float | None:
        """Share of the run that is done, where that is known: only for runs of a given length."""
        progress, stop = self._view.progress, self.spec.stop
        if progress is None:
            return None
        shares = [progress.t / stop.time] if stop.time else []
        shares += [progress.iteration / stop.iterations] if stop.iterations else []
        return min(1.0, max(shares)) if shares else None

    def wait(self, timeout: float | None = None, version: int | None = None) -> View:
        """Waits until the job has ended or, when a version is given, is no longer at it. Returns the view."""
        with self._changed:
            self._changed.wait_for(lambda: self._view.state.ended or version not in (None, self._view.version), timeout)
        return self._view

    def update(self, **changes: Any) -> bool:
        """For the queue and its workers: replaces these values of the view. False, and no change, when it has ended."""
        with self._changed:
            old = self._view
            if old.state.ended:
                return False
            state = changes.get("state", old.state)
            if state is State.RUNNING and old.began is None:
                changes["began"] = time.monotonic()
            if state.ended:
                changes |= {"seconds_taken": old.seconds, "position_in_queue": None}
                explicable = old.insight_due and state is not State.FAILED and (changes.get("trajectory") or old.trajectory)
                changes["insight_due"] = bool(explicable)
                self.inputs = Inputs()
            first = old.trajectory is None and changes.get("trajectory") is not None
            if first:
                self.first_frame = time.monotonic() - self.submitted
            view = self._view = replace(old, version=old.version + 1, **changes)
            self._changed.notify_all()
        if first and self.first_frame is not None:
            record(FrameRecord(self.first_frame))
        if state.ended:
            record(self._record(view))
        return True

    def _record(self, ended: View) -> JobRecord:
        end, began = time.time(), ended.began
        return JobRecord(
            run=self.public_name,
            problem=self.spec.problem.kind,
            model=self.spec.model.kind,
            outcome=ended.outcome.value if ended.outcome else ended.state.value,
            start=None if began is None else end - (ended.seconds_taken or 0.0),
            end=end,
            seconds=ended.seconds_taken or 0.0,
            waited=(time.monotonic() if began is None else began) - self.submitted,
            first_frame=self.first_frame,
        )

    def restore(self, run: Trajectory) -> None:
        """For the queue: the run has been computed before, by another process or on another day."""
        with self._changed:
            seconds = run.end.seconds if run.end else 0.0
            self._view = replace(
                self._view,
                version=self._view.version + 1,
                state=State.DONE,
                trajectory=run,
                position_in_queue=None,
                seconds_taken=seconds,
                insight_due=self._view.insight_due and run.insight is None,
            )
            self.inputs = Inputs()
            self._changed.notify_all()

    def explain(self, insight: Insight | None, accuracy_follows: bool = False) -> None:
        """For the queue: the theory of the ended run; None when there is none to come."""
        run = self._view.trajectory
        self._complete(run and replace(run, insight=insight), accuracy_follows)

    def assess(self, accuracy: Accuracy | None) -> None:
        """For the queue: how accurate the ended run is; None when that is not known."""
        run = self._view.trajectory
        self._complete(run and replace(run, accuracy=accuracy), False)

    def _complete(self, trajectory: Trajectory | None, more: bool) -> None:
        with self._changed:
            old = self._view
            self._view = replace(old, version=old.version + 1, trajectory=trajectory, insight_due=more)
            self._changed.notify_all()
