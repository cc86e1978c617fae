"""JobQueue: same spec, same job, for everybody; fair order; work that nobody watches stops."""

import atexit
import contextlib
import os
import threading
import time

from dmf_core.analysis.replay import nothing, why_not
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs.analysis_backlog import Pile, Unexplained
from dmf_core.jobs.fair_schedule import Asker, Line
from dmf_core.jobs.job import Job, State, digest_of_work
from dmf_core.jobs.pool import Slot
from dmf_core.jobs.result_cache import Kept
from dmf_core.jobs.unfinished import CLOSED, REPLACED, UNWATCHED, WITHDRAWN, no_workers
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Accuracy, Insight

PATIENCE = 15.0  # a hidden tab looks about once a second; seconds without a heartbeat after which a watcher is gone
KEEPER_SECONDS = 0.25
FAILED = "The numbers could not be computed because of an error in the program, which is now in the log."
CALM_SECONDS = 0.5  # between the end of a run and its theory: its first picture has the machine to itself
HOPELESS = 3  # starts in a row that failed, in every slot: then waiting jobs are told


class JobQueue:
    """Owns the worker processes. Every method may be called from any thread."""

    def __init__(
        self,
        workers: int | None = None,
        keep_bytes: int = 256 << 20,
        keep_count: int = 200,
        patience: float = PATIENCE,
        simulate: str = "dmf_core.simulate:simulate",
        insight: bool = False,
    ) -> None:
        """`insight`: when workers have nothing else to do, they lay the theory over the runs that have ended."""
        self._wake = threading.Condition(threading.RLock())
        self._patience = patience
        self._active: dict[str, Job] = {}  # by digest: queued or running, and wanted
        self._askers: dict[Job, set[Asker]] = {}  # of the active jobs
        self._running: dict[Job, Slot] = {}
        self._watching: dict[str, Job] = {}
        self._heard: dict[str, float] = {}
        self._line = Line()
        self._insight = insight
        self._pile = Pile()
        self._explaining: dict[Slot, Unexplained] = {}
        self._kept = Kept(keep_bytes, keep_count)
        self._closed = threading.Event()
        self.slots: tuple[Slot, ...] = ()
        count = worker_count() if workers is None else workers
        environment = dict(os.environ)  # a worker that replaces another one finds the same
        self.slots = tuple(Slot(self, simulate, environment, number) for number in range(count))
        threading.Thread(target=self._keep, name="dmf-keeper", daemon=True).start()
        atexit.register(self.close)

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def submit(
        self,
        spec: RunSpec,
        inputs: Inputs = Inputs(),
        watcher: str | None = None,
        work: str | None = None,
        afresh: bool = False,
    ) -> Job:
        """The job of this spec: one that waits, runs or is done, else a new one. Failed and cancelled ones start anew.
        `afresh`: one that is done starts anew too.

        A watcher looks at one job at a time: asking for another one leaves the one before. Without a watcher the
        job never expires. `work` names another generator of events than `simulate`, as MODULE:FUNCTION.
        """
        digest = digest_of_work(spec, work)
        with self._wake:
            if self.closed:
                raise RuntimeError("The queue is closed.")
            job = self._active.get(digest)
            kept = None if afresh else self._kept.get(digest)
            if job is None and kept is not None and kept.state is State.DONE:
                job = kept
            if job is None:
                job = self._active[digest] = Job(spec, inputs, work, self._insight and work is None)
                self._askers[job] = set()
            self._ask(watcher, job)
            self._renumber()
            self._make_room()
            self._wake.notify()
            return job

    def cancel(self, job: Job, watcher: str | None = None) -> bool:
        """The watcher wants no more of this job. True when it stops: nobody else looks at it."""
        with self._wake:
            self._leave(watcher, job, WITHDRAWN)
            return job not in self._askers and job.state not in (State.DONE, State.FAILED)

    def heartbeat(self, watcher: str) -> None:
        """The watcher is still there."""
        with self._wake:
            if watcher in self._watching:
                self._heard[watcher] = time.monotonic()

    def leave(self, watcher: str) -> None:
        """The watcher is gone: his page was closed."""
        with self._wake:
            job = self._watching.pop(watcher, None)
            self._heard.pop(watcher, None)
            if job is not None:
                self._leave(watcher, job, UNWATCHED)

    def find(self, digest: str) -> Job | None:
        """The job of this digest that waits, runs or is kept."""
        with self._wake:
            return self._active.get(digest) or self._kept.get(digest)

    def specs(self) -> list[RunSpec]:
        """Of every run that waits, runs or is kept."""
        with self._wake:
            return [job.spec for job in (*self._active.values(), *self._kept.jobs()) if job.work is None]

    def close(self) -> None:
        """Ends all workers. Waiting and running jobs end as cancelled."""
        atexit.unregister(self.close)
        self._closed.set()
        for slot in self.slots:
            slot.close()
        with self._wake:
            for job in self._line.order():
                job.update(state=State.CANCELLED, note=CLOSED)
            self._wake.notify_all()
        for slot in self.slots:
            slot.join(2.0)

    # For the slots ---------------------------------------------------------------------------------------------------

    def take(self, slot: Slot, timeout: float) -> Job | Unexplained | None:
        """The next job, now running in this slot; else an ended run to explain; None after the timeout."""
        with self._wake:
            self._wake.wait_for(lambda: self._line or self._pile or self.closed, timeout)
            job = None if self.closed else self._line.take()
            if job is None and self._pile and not self.closed:
                one = self._explaining[slot] = self._pile.take()
                return one
            if job is not None:
                self._running[job] = slot
                job.update(state=State.RUNNING, position_in_queue=None)
                self._renumber()
            return job

    def put_back(self, job: Job) -> None:
        """The slot could not begin it."""
        with self._wake:
            self._running.pop(job, None)
            askers = self._askers.get(job)
            if not askers or self.closed:
                job.update(state=State.CANCELLED, note=CLOSED if self.closed else UNWATCHED)
                return
            self._line.put_back(job, askers)
            job.update(state=State.QUEUED, began=None)
            self._renumber()
            self._wake.notify()

    def finished(self, job: Job) -> None:
        """The job has ended."""
        with self._wake:
            self._running.pop(job, None)
            self._askers.pop(job, None)
            if self._active.get(job.digest) is job:
                del self._active[job.digest]
            if job.digest not in self._active:
                self._kept.add(job)

    def unexplained(self, job: Job, inputs: Inputs) -> None:
        """The ended job wants its theory, if it is to have one."""
        with self._wake:
            trajectory = job.trajectory
            if not job.view.insight_due or trajectory is None:
                return
            why = why_not(trajectory)
            if why:
                job.explain(nothing(why))
                return
        soon = threading.Timer(CALM_SECONDS, self._explicable, (Unexplained(job, inputs),))
        soon.daemon = True
        soon.start()

    def _explicable(self, one: Unexplained) -> None:
        with self._wake:
            self._pile.put(one)
            self._wake.notify()

    def explained(self, slot: Slot, one: Unexplained, insight: Insight | None, again: bool) -> None:
        """The slot has the theory, and its accuracy will follow; or none. `again`: it was interrupted."""
        with self._wake:
            if insight is not None:
                one.job.explain(insight, accuracy_follows=True)
                return
            del self._explaining[slot]
            if again:
                self._pile.put(one)
                self._wake.notify()
                return
            one.job.explain(nothing(FAILED))
            self._weigh(one.job)

    def assessed(self, slot: Slot, one: Unexplained, accuracy: Accuracy | None) -> None:
        """The slot is done with it."""
        with self._wake:
            del self._explaining[slot]
            one.job.assess(accuracy)
            self._weigh(one.job)

    def _weigh(self, job: Job) -> None:
        if self._kept.get(job.digest) is job:
            self._kept.add(job)  # it has grown

    def start_failed(self, why: str) -> None:
        """A process died at its start. When that is so everywhere and again and again, waiting jobs fail."""
        with self._wake:
            if any(each.attempts < HOPELESS for each in self.slots):
                return
            for job in self._line.order():
                for asker in list(self._askers[job]):
                    self._line.forget(asker, job)
                job.update(state=State.FAILED, error=no_workers(why))
                self.finished(job)

    # All below: with the lock held -----------------------------------------------------------------------------------

    def _ask(self, asker: Asker, job: Job) -> None:
        before = self._watching.get(asker) if asker is not None else None
        if job in self._askers:
            self._askers[job].add(asker)
        if job.state is State.QUEUED:
            self._line.ask(asker, job)
        if asker is not None:
            self._watching[asker] = job
            self._heard[asker] = time.monotonic()
        if before is not None and before is not job:
            self._leave(asker, before, REPLACED)

    def _leave(self, asker: Asker, job: Job, note: str) -> None:
        askers = self._askers.get(job)
        if askers is None:
            return
        askers.discard(asker)
        self._line.forget(asker, job)
        if askers:
            return
        del self._askers[job]
        if self._active.get(job.digest) is job:
            del self._active[job.digest]
        if job in self._running:
            self._running[job].cancel()
        else:
            job.update(state=State.CANCELLED, note=note)
        self._renumber()

    def _make_room(self) -> None:
        """A run that waits goes before the theory of one that has ended."""
        if self._line and self._explaining and len(self._running) + len(self._explaining) >= len(self.slots):
            next(iter(self._explaining)).interrupt()

    def _renumber(self) -> None:
        for position, job in enumerate(self._line.order(), start=1):
            if job.position_in_queue != position:
                job.update(position_in_queue=position)

    def _keep(self) -> None:
        """On its own thread: sees who is gone and which worker does not obey."""
        while not self._closed.wait(KEEPER_SECONDS):
            now = time.monotonic()
            with self._wake:
                for watcher in [watcher for watcher, heard in self._heard.items() if now - heard > self._patience]:
                    self.leave(watcher)
            for slot in self.slots:
                slot.look_after(now)


def worker_count() -> int:
    """DMF_WORKERS, else one for each core, from 1 to 4. Raises BadInput."""
    text = os.environ.get("DMF_WORKERS", "")
    with contextlib.suppress(ValueError):
        if text and int(text) >= 1:
            return int(text)
    if text:
        raise BadInput(f"DMF_WORKERS is {text}; it must be a whole number from 1 up, or not set at all.")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(4, cores))
