"""Ended runs that wait for their theory and accuracy. They are computed when no run waits, the latest first: it is on a page."""

from collections.abc import Callable

from dmf_core.analysis.accuracy import outline
from dmf_core.analysis.replay import nothing, why_not
from dmf_core.events import record
from dmf_core.inputs import Inputs
from dmf_core.jobs.executors.base import Execution, Executor, Lost, Message, is_last
from dmf_core.jobs.faults import fault_of_job
from dmf_core.jobs.job import Job
from dmf_core.jobs.messages import Assessed, Explain, Explained, Failed

MOST = 40  # the oldest go first: their pages show the equation without numbers
FAILED = "The numbers could not be computed because of an error in the program, which is now in the log."


class Analysis:
    """An ended run that waits for its theory, with what its job no longer holds."""

    def __init__(self, job: Job, inputs: Inputs) -> None:
        """The job has a trajectory. Takes some milliseconds, so nobody who calls this holds a lock."""
        trajectory = job.trajectory
        assert trajectory is not None
        t, iteration = trajectory.column("t"), trajectory.column("iteration")
        self.job = job
        self.task = Explain(job.spec.to_json(), inputs, t, iteration, outline(trajectory), why_not(trajectory))


class AnalysisBacklog:
    """Last in, first out. Not thread-safe: the queue holds its lock, but for the messages, which come without it."""

    def __init__(self, ended: Callable[[Analysis, bool], None]) -> None:
        """`ended`: called without a lock after the last message; True when the analysis was interrupted."""
        self._ended = ended
        self._waiting: list[Analysis] = []
        self._running: dict[Analysis, Execution] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def holds(self, due: Callable[[Job], bool]) -> bool:
        """Whether an analysis waits whose job is due."""
        return any(due(each.job) for each in self._waiting)

    def put(self, analysis: Analysis) -> None:
        """Adds one; when there are too many, the oldest gets no theory."""
        self._waiting.append(analysis)
        if len(self._waiting) > MOST:
            self._waiting.pop(0).job.explain(None)

    def begin(self, executor: Executor, due: Callable[[Job], bool]) -> bool:
        """Begins the latest one whose job is due. False when none is, or there is no room."""
        analysis = next((each for each in reversed(self._waiting) if due(each.job)), None)
        if analysis is None:
            return False
        listener = AnalysisListener(analysis, self._ended)
        execution = executor.submit(analysis.task, listener)
        if execution is None:
            return False
        self._waiting.remove(analysis)
        self._running[analysis] = execution
        return True

    def interrupt(self, count: int) -> None:
        """Interrupts as many analyses as runs wait without room; they are taken up again later."""
        for execution in list(self._running.values())[:count]:
            execution.cancel()

    def done(self, analysis: Analysis) -> None:
        """The analysis no longer runs."""
        self._running.pop(analysis, None)


class AnalysisListener:
    """Takes in what one analysis yields: first the theory, then the accuracy."""

    def __init__(self, analysis: Analysis, ended: Callable[[Analysis, bool], None]) -> None:
        self._analysis, self._ended = analysis, ended
        self._explained = False

    def __call__(self, message: Message) -> None:
        job, interrupted = self._analysis.job, False
        match message:
            case Explained(insight):
                interrupted = insight is None
                if insight is not None:
                    self._explained = True
                    job.explain(insight, accuracy_follows=True)
            case Assessed(accuracy):
                job.assess(accuracy)
            case Failed(_, traceback):
                record(fault_of_job("accuracy" if self._explained else "theory", job, traceback))
                self._give_up()
            case Lost():
                self._give_up()
        if is_last(message):
            self._ended(self._analysis, interrupted)

    def _give_up(self) -> None:
        job = self._analysis.job
        if self._explained:
            job.assess(None)
        else:
            job.explain(nothing(FAILED))
