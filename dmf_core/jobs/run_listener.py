"""Takes in what one run yields and keeps its Job up to date, until the job has ended."""

import time
from collections.abc import Callable

from dmf_core.events import record
from dmf_core.jobs.executors.base import Execution, Lost, Message, is_last
from dmf_core.jobs.faults import fault_of_job
from dmf_core.jobs.job import Job, State
from dmf_core.jobs.messages import Events, Failed
from dmf_core.jobs.unfinished import killed, lost, with_end
from dmf_core.trajectory import Builder, End, Event, Outcome, Progress

CANCEL_GRACE = 5.0  # seconds of silence after a cancel before the run is killed
OVERRUN_GRACE = 60.0  # seconds beyond stop.seconds; a run checks its own clock between steps


class RunListener:
    """Listens to the run of one job. `execution` is set by the queue, which holds its lock for everything but messages."""

    def __init__(self, job: Job, ended: Callable[["RunListener", bool], None]) -> None:
        """`ended`: called without a lock after the last message; True when the run was not begun and may be tried again."""
        self.job, self.inputs = job, job.inputs  # an ended job does not hold its inputs
        self.execution: Execution | None = None
        self._ended = ended
        self._builder = Builder()
        self._cancelled = False
        self._heard = 0.0

    def __call__(self, message: Message) -> None:
        self._heard = time.monotonic()
        again = False
        match message:
            case Events(events):
                self._absorb(events)
            case Failed(sentence, traceback):
                if traceback:
                    record(fault_of_job("run", self.job, traceback))
                self._end(State.FAILED, Outcome.FAILED, sentence)
            case Lost(why, begun):
                again = not begun and self.job.tries == 1
                if not again:
                    self._lose(why)
        if is_last(message):
            self._ended(self, again)

    def cancel(self) -> None:
        """Ends the run gracefully; when it does not obey, `look_after` kills it."""
        if self.execution is not None and not self._cancelled:
            self._cancelled, self._heard = True, time.monotonic()
            self.execution.cancel()

    def look_after(self, now: float) -> None:
        """Kills a run that does not obey. Called every now and then."""
        silent = self._cancelled and now - self._heard > CANCEL_GRACE
        overdue = self.job.seconds > self.job.spec.stop.seconds + OVERRUN_GRACE
        if self.execution is not None and (silent or overdue):
            self.execution.kill()

    def _absorb(self, events: tuple[Event, ...]) -> None:
        changes: dict[str, object] = {}
        for event in events:
            self._builder.add(event)
            if isinstance(event, Progress):
                changes["progress"] = event
            if isinstance(event, End):
                changes["state"] = State.CANCELLED if event.outcome is Outcome.CANCELLED else State.DONE
        self.job.update(trajectory=self._builder.trajectory(), **changes)

    def _lose(self, why: str) -> None:
        """The worker has died; what it sent stays."""
        if self._cancelled:
            self._end(State.CANCELLED, Outcome.CANCELLED, killed(self.job.progress))
        else:
            self._end(State.FAILED, Outcome.FAILED, lost(why, self.job.progress))

    def _end(self, state: State, outcome: Outcome, sentence: str) -> None:
        trajectory = with_end(self._builder.trajectory(), outcome, sentence)
        changes = {"error": sentence} if state is State.FAILED else {"note": sentence}
        self.job.update(state=state, trajectory=trajectory, **changes)
