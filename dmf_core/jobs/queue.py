"""JobQueue: same spec, same job, for everybody; fair order; work that nobody watches stops."""

import atexit
import threading
import time

from dmf_core.cost import USUAL, Machine
from dmf_core.events import SubmissionRecord, record
from dmf_core.events.records import Source
from dmf_core.inputs import Inputs
from dmf_core.jobs.analysis_schedule import AnalysisSchedule
from dmf_core.jobs.executors.base import Executor
from dmf_core.jobs.executors.choice import executor_for, worker_count
from dmf_core.jobs.fair_schedule import Asker, FairSchedule
from dmf_core.jobs.job import Job, State, digest_of_work, key_of
from dmf_core.jobs.known_jobs import KnownJobs
from dmf_core.jobs.messages import Run
from dmf_core.jobs.result_cache import ResultCache
from dmf_core.jobs.run_listener import RunListener
from dmf_core.jobs.spare_time import SpareTime
from dmf_core.jobs.stored_results import StoredResults
from dmf_core.jobs.trials import Trials
from dmf_core.jobs.unfinished import CLOSED, REPLACED, UNWATCHED, WITHDRAWN
from dmf_core.jobs.watchers import PATIENCE, Watchers
from dmf_core.spec import RunSpec
from dmf_core.store import Store

KEEPER_SECONDS = 0.25  # between two checks of watchers, of cancelled runs and of runs that other processes compute


class JobQueue:
    """Owns an executor and decides what it does next. Every method may be called from any thread."""

    def __init__(
        self,
        workers: int | None = None,
        keep_bytes: int = 256 << 20,
        keep_count: int = 200,
        patience: float = PATIENCE,
        simulate: str = "dmf_core.simulate:simulate",
        insight: bool = False,
        executor: Executor | None = None,
        store: Store | None = None,
    ) -> None:
        """`insight`: when workers have nothing else to do, they lay the theory over the runs that have ended.

        `executor`: not yet opened; by default the cluster that DMF_SCHEDULER names, else so many processes of this machine.
        `store`: where runs outlive this process, closed with the queue; None: nowhere.
        """
        self._lock = threading.RLock()  # of everything below but the executor, which has its own
        self._running: dict[Job, RunListener] = {}
        self._watchers = Watchers(patience)
        self._schedule = FairSchedule()
        self._stored = StoredResults(store)
        self._jobs = KnownJobs(self._lock, ResultCache(keep_bytes, keep_count), self._stored, insight)
        self._analyses = AnalysisSchedule(self._lock, self._watchers.left, self._dispatch, self._analysed)
        self._simulate, self._insight = simulate, insight
        self._closed = threading.Event()
        self.executor = executor or executor_for(worker_count() if workers is None else workers, simulate)
        self.spare_time = SpareTime(self.executor, self._idle)  # for sweeps: what the runs of pages leave of the workers
        self.trials = Trials(self.executor, self._dispatch)
        self.executor.open(self._has_room, self._broken)
        threading.Thread(target=self._keep, name="dmf-keeper", daemon=True).start()
        atexit.register(self.close)

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    @property
    def store(self) -> Store | None:
        """Where runs outlive this process."""
        return self._stored.store

    @property
    def workers(self) -> int:
        """Runs that are computed at once."""
        return self.executor.size

    @property
    def machine(self) -> Machine:
        """How fast its workers are, for `estimate`; as usual, where they do not say."""
        return getattr(self.executor, "machine", USUAL)

    def submit(
        self,
        spec: RunSpec,
        inputs: Inputs = Inputs(),
        watcher: str | None = None,
        work: str | None = None,
        afresh: bool = False,
        owner: str | None = None,
    ) -> Job:
        """The job of this spec: one that waits, runs or is done, else a new one. Failed and cancelled ones start anew.
        `afresh`: one that is done starts anew too.

        A watcher looks at one job at a time: asking for another one leaves the one before. Without a watcher the
        job never expires. `work` names another generator of events than `simulate`, as MODULE:FUNCTION. `owner`: whose
        data these are; only the same owner finds a job of given data. Raises BadInput where no worker knows a kind of the spec.
        """
        spec.check_workers()
        key = key_of(spec, digest_of_work(spec, work), owner)
        stored = False
        if not afresh and work is None:
            if not spec.needs_inputs:
                stored = self._restore(key)
            elif owner is not None:
                stored = self._restore(spec.digest(), inputs, owner)
        with self._lock:
            if self.closed:
                raise RuntimeError("The queue is closed.")
            job = self._jobs.active(key)
            cached = None if afresh else self._jobs.ended(key)
            source: Source = "shared"
            if job is None and cached is not None and cached.state is State.DONE:
                job, source = cached, "store" if stored else "memory"
            if job is None:
                source = "new"
                job = Job(spec, inputs, work, self._insight and work is None, owner)
                self._jobs.add(job)
                self._watchers.follow(job)
            self._ask(watcher, job)
            self._dispatch()
        record(SubmissionRecord(source))
        return job

    def cancel(self, job: Job, watcher: str | None = None) -> bool:
        """The watcher wants no more of this job. True when it stops: nobody else looks at it."""
        with self._lock:
            self._leave(watcher, job, WITHDRAWN)
            return not self._watchers.follows(job) and job.state not in (State.DONE, State.FAILED)

    def heartbeat(self, watcher: str) -> None:
        """The watcher is still there."""
        with self._lock:
            self._watchers.heartbeat(watcher)

    def leave(self, watcher: str) -> None:
        """The watcher is gone: his page was closed."""
        with self._lock:
            job = self._watchers.remove(watcher)
            if job is not None:
                self._leave(watcher, job, UNWATCHED)

    def find(self, digest: str, owner: str | None = None) -> Job | None:
        """The job of this digest that waits, runs or is kept, in memory or in the store: a public one, or one of this owner."""
        self._restore(digest)
        return self._jobs.find(digest, owner)

    def pin(self, job: Job, inputs: Inputs = Inputs(), pinned: bool = True) -> bool:
        """Keeps a run that has ended in the store, whatever its limits; of given data with the data, which are then on its disk.
        False where there is no store, or the run is not stored."""
        return self._stored.pin(job, inputs, pinned)

    def pinned(self, job: Job) -> bool:
        """Whether the run is pinned."""
        return self._stored.pinned(job.digest)

    @property
    def waiting(self) -> int:
        """Jobs that no worker has begun."""
        with self._lock:
            return len(self._schedule)

    @property
    def running(self) -> int:
        """Jobs that workers compute."""
        with self._lock:
            return len(self._running)

    @property
    def cached(self) -> tuple[int, int]:
        """(jobs kept in memory, their bytes)."""
        return self._jobs.cached

    def specs(self) -> list[RunSpec]:
        """Of every run without given data that waits, runs or is kept in memory."""
        return self._jobs.specs()

    def close(self) -> None:
        """Ends all workers. Waiting and running jobs end as cancelled."""
        atexit.unregister(self.close)
        self._closed.set()
        self._analyses.close()
        with self._lock:
            for listener in self._running.values():
                listener.cancel()
            for job in self._schedule.order():
                job.update(state=State.CANCELLED, note=CLOSED)
        self.executor.close()
        self._stored.close()

    # From the executor: without a lock -------------------------------------------------------------------------------

    def _has_room(self) -> None:
        """Runs and analyses first; what room is left is for sweeps."""
        self._dispatch()
        if not self.closed:
            self.spare_time.notify()

    def _idle(self) -> bool:
        """True when neither a run nor a trial nor an analysis waits for a worker."""
        with self._lock:
            return not (self.closed or self._schedule or len(self.trials) or self._analyses.waiting)

    def _dispatch(self) -> None:
        """Gives the executor what it has room for: runs, when none waits trials, and then analyses of ended runs."""
        with self._lock:
            while not self.closed and self.executor.room and (job := self._schedule.take()) is not None:
                if not self._begin(job):
                    break
            if not self.closed and not self._schedule:
                self.trials.hand_out()
            if not self.closed and not self._schedule and not len(self.trials):
                self._analyses.begin(self.executor)
            waiting = len(self._schedule) + len(self.trials)
            room = self.spare_time.interrupt(waiting)
            room += self.trials.interrupt(max(0, len(self._schedule) - room))
            self._analyses.interrupt(max(0, waiting - room))
            self._renumber()

    def _broken(self, why: str) -> None:
        """No worker comes to life: waiting jobs fail."""
        with self._lock:
            self.trials.give_up()
            for job in self._schedule.order():
                for asker in self._watchers.askers(job):
                    self._schedule.forget(asker, job)
                job.update(state=State.FAILED, error=why)
                self._finish(job)

    def _ended(self, listener: RunListener, again: bool) -> None:
        """After the last message of a run. `again`: it was not begun."""
        job = listener.job
        with self._lock:
            self._running.pop(job, None)
            if again:
                self._put_back(job)
            else:
                self._finish(job)
            self._dispatch()
        if not again:
            self._stored.keep(job, listener.inputs)
            self._analyses.soon(job, listener.inputs)

    def _analysed(self, job: Job, interrupted: bool) -> None:
        """After the last message of an analysis."""
        if not interrupted:
            self._jobs.resized(job)
        self._dispatch()
        if not interrupted:
            self._stored.keep(job, Inputs())

    def _restore(self, digest: str, inputs: Inputs = Inputs(), owner: str | None = None) -> bool:
        """Takes a stored run into memory, if nothing of its key is there, and queues its theory. True when it did."""
        job = self._jobs.restore(digest, inputs, owner)
        if job is not None:
            self._analyses.soon(job, inputs)
        return job is not None

    # With the lock held ----------------------------------------------------------------------------------------------

    def _begin(self, job: Job) -> bool:
        """Gives a job, just taken out of the schedule, to the executor. False, and it is back, when there is no room."""
        if not self._stored.claim(job):
            job.update(position_in_queue=None)
            return True  # another process computes it: see `_keep`
        listener = self._running[job] = RunListener(job, self._ended)
        job.update(state=State.RUNNING, position_in_queue=None)
        job.tries += 1
        task = Run(job.spec.to_json(), job.inputs, job.work or self._simulate)
        listener.execution = self.executor.submit(task, listener)
        if listener.execution is None:
            del self._running[job]
            job.tries -= 1
            self._put_back(job)
            return False
        return True

    def _put_back(self, job: Job) -> None:
        """The executor could not begin it."""
        askers = self._watchers.askers(job)
        if not askers or self.closed:
            job.update(state=State.CANCELLED, note=CLOSED if self.closed else UNWATCHED)
            return
        self._schedule.put_back(job, askers)
        job.update(state=State.QUEUED, began=None)

    def _finish(self, job: Job) -> None:
        """The job has ended."""
        self._watchers.forget(job)
        self._jobs.end(job)

    def _ask(self, asker: Asker, job: Job) -> None:
        before = self._watchers.ask(asker, job)
        if job.state is State.QUEUED:
            self._schedule.ask(asker, job)
        if before is not None:
            self._analyses.run_replaced()
            self._leave(asker, before, REPLACED)

    def _leave(self, asker: Asker, job: Job, note: str) -> None:
        alone = self._watchers.leave(asker, job)
        self._schedule.forget(asker, job)
        if not alone:
            return
        self._watchers.forget(job)
        self._jobs.drop(job)
        if job in self._running:
            self._running[job].cancel()
        else:
            job.update(state=State.CANCELLED, note=note)
        self._renumber()

    def _renumber(self) -> None:
        for position, job in enumerate(self._schedule.order(), start=1):
            if job.position_in_queue != position:
                job.update(position_in_queue=position)

    def _keep(self) -> None:
        """On its own thread: removes watchers that are gone and kills runs that do not end after a cancel."""
        while not self._closed.wait(KEEPER_SECONDS):
            now = time.monotonic()
            with self._lock:
                for watcher in self._watchers.gone(now):
                    self.leave(watcher)
                running = list(self._running.values())
            for listener in running:
                listener.look_after(now)
            self._look_elsewhere()

    def _look_elsewhere(self) -> None:
        """Jobs whose runs another process computed, or gave up."""
        for job in self._stored.looked_up():
            restored = self._stored.restored(job.digest, Inputs(), self._insight)
            with self._lock:
                if job.state.ended:
                    continue
                if restored is None or restored.trajectory is None:
                    self._put_back(job)
                    continue
                job.restore(restored.trajectory)
                self._finish(job)
            self._analyses.soon(job, Inputs())
        with self._lock:
            self._dispatch()
