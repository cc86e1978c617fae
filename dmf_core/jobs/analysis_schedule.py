"""When theory and accuracy of ended runs are computed: a moment after the end of the run, and while no run waits."""

import threading
import time
from collections.abc import Callable

from dmf_core.analysis.accuracy import assessable
from dmf_core.analysis.replay import nothing, why_not
from dmf_core.inputs import Inputs
from dmf_core.jobs.analysis_backlog import Analysis, AnalysisBacklog
from dmf_core.jobs.executors.base import Executor
from dmf_core.jobs.job import Job

CALM_SECONDS = 0.5  # between the end of a run and its theory: its first picture has the machine to itself


class AnalysisSchedule:
    """Analyses of ended runs. One of a run that no page shows any more waits as long as somebody moves a slider.

    Safe to use from several threads: it holds the lock of the queue.
    """

    def __init__(
        self,
        lock: threading.RLock,
        left: Callable[[Job], bool],
        dispatch: Callable[[], None],
        analysed: Callable[[Job, bool], None],
    ) -> None:
        """`left`: whether no page shows this job any more. `dispatch`: called without the lock when analyses may begin.
        `analysed`: called without the lock when one has ended; True when it was interrupted, and waits again."""
        self._lock, self._left, self._dispatch, self._analysed = lock, left, dispatch, analysed
        self._backlog = AnalysisBacklog(self._ended)
        self._replaced = -CALM_SECONDS  # when a watcher last left one run for another
        self._timed = False  # `dispatch` is called after CALM_SECONDS
        self._closed = False

    @property
    def waiting(self) -> bool:
        """Whether an analysis waits for a worker: those that wait for a slider to rest do not."""
        with self._lock:
            return self._backlog.holds(self._due)

    def run_replaced(self) -> None:
        """A watcher has just left one run for another: a slider moves."""
        self._replaced = time.monotonic()

    def soon(self, job: Job, inputs: Inputs) -> None:
        """Queues theory and accuracy of a run that has ended, or says why there is no theory. Called without the lock."""
        trajectory = job.trajectory
        if not job.view.insight_due or trajectory is None:
            return
        why = why_not(trajectory)
        if why:
            end, unknown = trajectory.end, trajectory.accuracy is None
            follows = end is not None and unknown and assessable(job.spec, trajectory.start.shape, end)
            job.explain(nothing(why), accuracy_follows=follows)
            if not follows:
                return
        self._after_calm(lambda: self._put(job, inputs))

    def begin(self, executor: Executor) -> None:
        """Gives the executor as many analyses as it has room for."""
        with self._lock:
            while self._backlog and self._backlog.begin(executor, self._due):
                pass
            if self._backlog and not self._timed:
                self._timed = True
                self._after_calm(self._dispatch_later)

    def interrupt(self, count: int) -> None:
        """Interrupts so many: runs wait without room."""
        with self._lock:
            self._backlog.interrupt(count)

    def close(self) -> None:
        """Nothing begins any more."""
        self._closed = True

    def _due(self, job: Job) -> bool:
        return not self._left(job) or time.monotonic() - self._replaced >= CALM_SECONDS

    def _put(self, job: Job, inputs: Inputs) -> None:
        analysis = Analysis(job, inputs)
        with self._lock:
            self._backlog.put(analysis)
        self._dispatch()

    def _dispatch_later(self) -> None:
        with self._lock:
            self._timed = False
        self._dispatch()

    def _ended(self, analysis: Analysis, interrupted: bool) -> None:
        with self._lock:
            self._backlog.done(analysis)
            if interrupted:
                self._backlog.put(analysis)
        self._analysed(analysis.job, interrupted)

    def _after_calm(self, act: Callable[[], None]) -> None:
        timer = threading.Timer(CALM_SECONDS, lambda: None if self._closed else act())
        timer.daemon = True
        timer.start()
