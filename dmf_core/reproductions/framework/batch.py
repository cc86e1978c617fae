"""The runs of a reproduction through the queue, a few at a time; `poll` drives them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from dmf_core.baselines.comparison import WORK, baseline_seconds
from dmf_core.cost import USUAL, Cost, Machine, estimate, together
from dmf_core.jobs import Job, JobQueue, SessionQueue, State
from dmf_core.prepare import shape_of, typical_entry
from dmf_core.reproductions.framework.reproduction import Key, Run
from dmf_core.trajectory import Trajectory

AHEAD = 1  # jobs that wait in the queue, so that no worker waits for us


@dataclass(frozen=True)
class Tally:
    """How many runs a batch has, how many are done, and why others failed."""

    total: int
    done: int
    from_shelf: int  # of those done: taken from the shelf
    troubles: tuple[str, ...]  # sentences of runs that failed


class Memory(Protocol):
    """A place that keeps finished runs."""

    def find(self, run: Run) -> Trajectory | None:
        """The run that ended as its spec asked, if it is remembered."""

    def keep(self, run: Run, trajectory: Trajectory) -> None:
        """Stores the trajectory of a run."""


class Batch:
    """Every run once, however many keys name it. Not thread-safe."""

    def __init__(self, runs: Mapping[Key, Run], shelf: Memory, price: Callable[[Run], Cost] | None = None) -> None:
        """`price`: what a run will cost; None: as `cost_of` says."""
        self._price = price or cost_of
        self._digests = {key: run.digest for key, run in runs.items()}
        self._waiting = {run.digest: run for run in runs.values()}
        self._total = len(self._waiting)
        self._shelf = shelf
        self._out: dict[str, tuple[Run, Job]] = {}
        self._trajectories: dict[str, Trajectory] = {}
        self._troubles: list[str] = []
        for digest, run in list(self._waiting.items()):
            stored = shelf.find(run)
            if stored is not None:
                self._trajectories[digest] = stored
                del self._waiting[digest]
        self._stored = len(self._trajectories)

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
        while self._waiting and len(self._out) < queue.workers + AHEAD:
            digest, run = next(iter(self._waiting.items()))
            self._out[digest] = run, queue.submit(run.spec, run.inputs, work=run.work)
            del self._waiting[digest]
        for _, job in list(self._out.values())[:1]:
            job.wait(timeout)
        for digest, (run, job) in list(self._out.items()):
            if job.state.ended:
                del self._out[digest]
                self._collect(digest, run, job)
        return self.tally

    def stop(self, queue: JobQueue | SessionQueue) -> None:
        """Cancels what runs; nothing more is handed out."""
        self._waiting.clear()
        for _, job in self._out.values():
            queue.cancel(job)
        self._out.clear()

    @property
    def tally(self) -> Tally:
        return Tally(self._total, len(self._trajectories) + len(self._troubles), self._stored, tuple(self._troubles))

    @property
    def fraction(self) -> float:
        """How far it is, those under way with their part."""
        under_way = sum(job.fraction or 0.0 for _, job in self._out.values())
        return (self.tally.done + under_way) / max(1, self._total)

    @property
    def trajectories(self) -> dict[Key, Trajectory]:
        """The trajectories of the runs that have ended so far, by key."""
        return {key: self._trajectories[digest] for key, digest in self._digests.items() if digest in self._trajectories}

    def _collect(self, digest: str, run: Run, job: Job) -> None:
        trajectory = job.trajectory
        if job.state is State.DONE and trajectory is not None and trajectory.end and trajectory.end.outcome.done:
            self._trajectories[digest] = trajectory
            self._shelf.keep(run, trajectory)
        elif job.state is State.CANCELLED:  # by somebody else who watched it: once more
            self._waiting[digest] = run
        else:
            self._troubles.append(f"Run {digest[:8]}: {job.message}")


def cost_of(run: Run, machine: Machine = USUAL) -> Cost:
    """Estimate of one run, on one core."""
    shape = shape_of(run.spec, run.inputs)
    if run.work == WORK:
        return Cost(1, machine.products * baseline_seconds(run.spec, shape), 0)
    return estimate(run.spec, shape, typical_entry(run.spec, run.inputs), machine)
