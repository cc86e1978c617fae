"""The queue's side of the store: runs of earlier days and of other processes, and the writing of new ones, off its threads."""

import queue
import threading
import time

from dmf_core.inputs import Inputs
from dmf_core.jobs.job import Job, State
from dmf_core.store import Store, with_accuracy

POLL_SECONDS = 0.25  # between two looks at runs that other processes compute
FAREWELL = 1.0  # seconds to write what is waiting, when the queue is closed; what is not written then is computed again


class StoredResults:
    """Reads and claims at once, writes on a thread of its own. Without a store every method does nothing."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[tuple[Job, Inputs] | None] = queue.SimpleQueue()
        self._elsewhere: dict[str, Job] = {}  # jobs whose runs other processes compute, by digest
        self._polled = 0.0
        self._thread = threading.Thread(target=self._write_all, name="dmf-store", daemon=True)
        if store is not None:
            self._thread.start()

    @property
    def store(self) -> Store | None:
        return self._store

    def restored(self, digest: str, inputs: Inputs, insight: bool, owner: str | None = None) -> Job | None:
        """An ended job with the stored run; None when there is none. Takes milliseconds, so nobody who calls this holds a lock.

        `insight`: a run without its theory is to get it. `owner`: whose job it is, where the run is one of given data.
        """
        entry = None if self._store is None else self._store.get(digest, inputs)
        if entry is None:
            return None
        archive, row = entry
        run = with_accuracy(archive.trajectory, row)
        job = Job(archive.spec, archive.inputs, insight_due=insight and run.insight is None, owner=owner)
        job.restore(run)
        return job

    def claim(self, job: Job) -> bool:
        """Whether the job's run may be computed here; else another process computes it, and `looked_up` gives it back later."""
        if self._store is None or not self._storable(job) or self._store.claim([job.digest]):
            return True
        self._elsewhere[job.digest] = job
        return False

    def looked_up(self) -> list[Job]:
        """Jobs that waited for another process, and whose runs are there now, or free: they are to be scheduled again."""
        now = time.monotonic()
        if self._store is None or not self._elsewhere or now - self._polled < POLL_SECONDS:
            return []
        self._polled = now
        for digest in [digest for digest, job in self._elsewhere.items() if job.state.ended]:
            del self._elsewhere[digest]
        rows = self._store.rows(list(self._elsewhere))
        archived = [digest for digest, row in rows.items() if row.bytes]
        free = self._store.claim([digest for digest in self._elsewhere if digest not in archived])
        return [self._elsewhere.pop(digest) for digest in (*archived, *free)]

    def keep(self, job: Job, inputs: Inputs) -> None:
        """Writes the run of an ended job soon, and gives its lease back."""
        if self._store is not None and self._storable(job):
            self._waiting.put((job, inputs))

    def pin(self, job: Job, inputs: Inputs, pinned: bool) -> bool:
        """Pins a run that has ended, or lets it go: one of given data leaves the store then. True when it is so."""
        run = job.trajectory
        if self._store is None or run is None or job.state is not State.DONE:
            return False
        if not pinned and job.spec.needs_inputs:
            self._store.remove([job.digest])
        elif not pinned:
            self._store.pin([job.digest], False)
        else:
            return self._store.put(run, job.spec, inputs, pin=True)
        return True

    def pinned(self, digest: str) -> bool:
        row = None if self._store is None else self._store.rows([digest]).get(digest)
        return row is not None and row.pinned

    def close(self) -> None:
        """Writes what is waiting, then gives all leases back."""
        if self._store is None:
            return
        self._waiting.put(None)
        self._thread.join(FAREWELL)
        self._store.close()

    def _storable(self, job: Job) -> bool:
        return job.work is None and not job.spec.needs_inputs

    def _write_all(self) -> None:
        assert self._store is not None
        while (item := self._waiting.get()) is not None:
            job, inputs = item
            run = job.trajectory
            if job.state is State.DONE and run is not None:
                self._store.put(run, job.spec, inputs)
            self._store.release([job.digest])
