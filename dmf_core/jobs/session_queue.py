"""The queue as one visitor sees it: jobs of given data are his alone."""

from dmf_core.inputs import Inputs
from dmf_core.jobs.job import Job
from dmf_core.jobs.queue import JobQueue
from dmf_core.spec import RunSpec


class SessionQueue:
    """`JobQueue` for one owner of data. Runs without given data are shared by all."""

    def __init__(self, queue: JobQueue, owner: str) -> None:
        self._queue, self._owner = queue, owner

    @property
    def workers(self) -> int:
        """Runs that are computed at once."""
        return self._queue.workers

    def submit(
        self,
        spec: RunSpec,
        inputs: Inputs = Inputs(),
        watcher: str | None = None,
        work: str | None = None,
        afresh: bool = False,
    ) -> Job:
        """See `JobQueue.submit`."""
        return self._queue.submit(spec, inputs, watcher, work, afresh, self._owner)

    def find(self, digest: str) -> Job | None:
        """See `JobQueue.find`."""
        return self._queue.find(digest, self._owner)

    def cancel(self, job: Job, watcher: str | None = None) -> bool:
        """See `JobQueue.cancel`."""
        return self._queue.cancel(job, watcher)

    def heartbeat(self, watcher: str) -> None:
        """See `JobQueue.heartbeat`."""
        self._queue.heartbeat(watcher)

    def leave(self, watcher: str) -> None:
        """See `JobQueue.leave`."""
        self._queue.leave(watcher)

    def specs(self) -> list[RunSpec]:
        """See `JobQueue.specs`."""
        return self._queue.specs()

    def pin(self, job: Job, inputs: Inputs, pinned: bool = True) -> bool:
        """See `JobQueue.pin`."""
        return self._queue.pin(job, inputs, pinned)

    def pinned(self, job: Job) -> bool:
        """See `JobQueue.pinned`."""
        return self._queue.pinned(job)

    @property
    def stores(self) -> bool:
        """Whether there is a store at all."""
        return self._queue.store is not None
