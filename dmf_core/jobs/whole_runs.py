"""Several runs of which the whole trajectory is wanted, through the queue and its store, a few at a time."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from dmf_core.baselines.comparison import WORK, baseline_seconds
from dmf_core.cost import USUAL, Cost, Machine, estimate, together
from dmf_core.inputs import Inputs
from dmf_core.jobs.job import Job, State, digest_of_work
from dmf_core.jobs.queue import JobQueue
from dmf_core.jobs.session_queue import SessionQueue
from dmf_core.prepare import shape_of, typical_entry
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

AHEAD = 1  # jobs that wait in the queue, so that no worker waits for us
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, eq=False)
class WholeRun:
    """What one run needs."""

    spec: RunSpec
    inputs: Inputs = Inputs()
    work: str | None = None  # another generator of events than `simulate`, as MODULE:FUNCTION

    @property
    def digest(self) -> str:
        """Of its job."""
        return digest_of_work(self.spec, self.work)


@dataclass(frozen=True)
class Tally:
    """How far they are, in runs."""

    total: int
    done: int
    from_shelf: int  # of those done: remembered from before
    troubles: tuple[str, ...]  # sentences of runs that failed


class Memory(Protocol):
    """A place that keeps finished runs."""

    def find(self, run: WholeRun) -> Trajectory | None:
        """The run as it ended, if it is remembered."""

    def keep(self, run: WholeRun, trajectory: Trajectory) -> None:
        """Remembers it."""


class WholeRuns(Generic[Key]):
    """Every run once, however many keys name it; `poll` drives them. Not thread-safe."""

    def __init__(
        self,
        runs: Mapping[Key, WholeRun],
        memory: Memory,
        price: Callable[[WholeRun], Cost] | None = None,
        watcher: str | None = None,
        any_end: bool = False,
        explained: bool = False,
    ) -> None:
        """`price`: what a run will cost; None: as `cost_of` says. `watcher`: who waits for them; he has one run at a time, so
        that they never stand before those of other visitors. `any_end`: a run that did not end as its spec asks counts, too.
        `explained`: a run is done when its theory and accuracy are there."""
        self._price = price or cost_of
        self._watcher, self._any_end, self._explained = watcher, any_end, explained
        self._digests = {key: run.digest for key, run in runs.items()}
        self._waiting = {run.digest: run for run in runs.values()}
        self._total = len(self._waiting)
        self._memory = memory
        self._out: dict[str, tuple[WholeRun, Job]] = {}
        self._ended: dict[str, Trajectory] = {}
        self._failed: dict[str, str] = {}
        for digest, run in list(self._waiting.items()):
            remembered = memory.find(run)
            if remembered is not None:
                self._ended[digest] = remembered
                del self._waiting[digest]
        self._remembered = len(self._ended)

    @property
    def ended(self) -> bool:
        return not self._waiting and not self._out

    def cost(self, workers: int = 1) -> Cost:
        """Estimate of what is still to do, by so many workers at once: no sooner than its longest run."""
        each = [self._price(run) for run in self._waiting.values()]
        whole, longest = together(each), max((cost.seconds for cost in each), default=0.0)
        most = max((cost.most for cost in each), default=0.0)
        return replace(whole, seconds=max(whole.seconds / workers, longest), most=max(whole.most / workers, most))

    def poll(self, queue: JobQueue | SessionQueue, timeout: float = 0.0) -> Tally:
        """Hands out what there is room for, waits at most so long for one of them, collects what has ended."""
        if self._watcher is not None:
            queue.heartbeat(self._watcher)
        most = 1 if self._watcher is not None else queue.workers + AHEAD
        while self._waiting and sum(not job.state.ended for _, job in self._out.values()) < most:
            digest, run = next(iter(self._waiting.items()))
            self._out[digest] = run, queue.submit(run.spec, run.inputs, self._watcher, run.work)
            del self._waiting[digest]
        for _, job in list(self._out.values())[:1]:
            job.wait(timeout)
        for digest, (run, job) in list(self._out.items()):
            if job.view.complete if self._explained else job.state.ended:
                del self._out[digest]
                self._collect(digest, run, job)
        return self.tally

    def stop(self, queue: JobQueue | SessionQueue) -> None:
        """Cancels what runs; nothing more is handed out."""
        self._waiting.clear()
        for _, job in self._out.values():
            queue.cancel(job, self._watcher)
        self._out.clear()

    @property
    def tally(self) -> Tally:
        troubles = tuple(f"Run {digest[:8]}: {why}" for digest, why in self._failed.items())
        return Tally(self._total, len(self._ended) + len(self._failed), self._remembered, troubles)

    @property
    def fraction(self) -> float:
        """How far it is, those under way with their part."""
        under_way = sum(job.fraction or 0.0 for _, job in self._out.values())
        return (self.tally.done + under_way) / max(1, self._total)

    @property
    def trajectories(self) -> dict[Key, Trajectory]:
        """What has come out so far, by key."""
        return {key: self._ended[digest] for key, digest in self._digests.items() if digest in self._ended}

    @property
    def failures(self) -> dict[Key, str]:
        """Why runs have failed, by key."""
        return {key: self._failed[digest] for key, digest in self._digests.items() if digest in self._failed}

    def _collect(self, digest: str, run: WholeRun, job: Job) -> None:
        trajectory = job.trajectory
        if job.state is State.DONE and trajectory is not None and self._counts(trajectory):
            self._ended[digest] = trajectory
            self._memory.keep(run, trajectory)
        elif job.state is State.CANCELLED:  # by somebody else who watched it: once more
            self._waiting[digest] = run
        else:
            self._failed[digest] = job.message

    def _counts(self, trajectory: Trajectory) -> bool:
        return trajectory.end is not None and (self._any_end or trajectory.end.outcome.done)


def cost_of(run: WholeRun, machine: Machine = USUAL) -> Cost:
    """Estimate of one run, on one core."""
    shape = shape_of(run.spec, run.inputs)
    if run.work == WORK:
        return Cost(1, machine.products * baseline_seconds(run.spec, shape), 0)
    return estimate(run.spec, shape, typical_entry(run.spec, run.inputs), machine)
