"""The jobs that a queue knows: those that somebody waits for, and ended ones, in memory or in the store."""

import threading

from dmf_core.inputs import Inputs
from dmf_core.jobs.job import Job
from dmf_core.jobs.result_cache import ResultCache
from dmf_core.jobs.stored_results import StoredResults
from dmf_core.spec import RunSpec


class KnownJobs:
    """Jobs by key (see `job.key_of`). Safe to use from several threads: it holds the lock of the queue, but not while it reads
    the store."""

    def __init__(self, lock: threading.RLock, cache: ResultCache, stored: StoredResults, insight: bool) -> None:
        """`insight`: a stored run without its theory is to get it."""
        self._lock, self._cache, self._stored, self._insight = lock, cache, stored, insight
        self._active: dict[str, Job] = {}  # queued or running, and somebody waits for it

    @property
    def cached(self) -> tuple[int, int]:
        """(jobs kept in memory, their bytes)."""
        with self._lock:
            return len(self._cache), self._cache.bytes

    def active(self, key: str) -> Job | None:
        """The job of this key that waits or runs."""
        with self._lock:
            return self._active.get(key)

    def ended(self, key: str) -> Job | None:
        """The job of this key that is kept in memory."""
        with self._lock:
            return self._cache.get(key)

    def find(self, digest: str, owner: str | None) -> Job | None:
        """A public job of this digest, or one of this owner; in memory only."""
        with self._lock:
            keys = [digest] if owner is None else [digest, f"{digest}@{owner}"]
            jobs = [self._active.get(key) or self._cache.get(key) for key in keys]
            return next((job for job in jobs if job is not None), None)

    def add(self, job: Job) -> None:
        """A new job, which somebody waits for."""
        with self._lock:
            self._active[job.key] = job

    def drop(self, job: Job) -> None:
        """Nobody waits for the job any more: the next one of its key is a new one."""
        with self._lock:
            if self._active.get(job.key) is job:
                del self._active[job.key]

    def end(self, job: Job) -> None:
        """The job has ended. It is kept, unless a newer one of its key waits or runs."""
        with self._lock:
            self.drop(job)
            if job.key not in self._active:
                self._cache.add(job)

    def resized(self, job: Job) -> None:
        """An ended job has more or fewer bytes than before."""
        with self._lock:
            if self._cache.get(job.key) is job:
                self._cache.add(job)

    def restore(self, digest: str, inputs: Inputs = Inputs(), owner: str | None = None) -> Job | None:
        """Takes a stored run into memory, and returns its job; None where there is none, or one of its key is in memory already.

        `inputs`, `owner`: of given data, whose pinned runs are only for somebody who brings the same data, and as his own.
        """
        key = digest if owner is None else f"{digest}@{owner}"
        with self._lock:
            if self._active.get(key) or self._cache.get(key):
                return None
        job = self._stored.restored(digest, inputs, self._insight, owner)
        if job is None:
            return None
        with self._lock:
            if self._active.get(key) is None and self._cache.get(key) is None:
                self._cache.add(job)
        return job

    def specs(self) -> list[RunSpec]:
        """Of every run without given data that waits, runs or is kept in memory."""
        with self._lock:
            jobs = (*self._active.values(), *self._cache.jobs())
            return [job.spec for job in jobs if job.work is None and not job.spec.needs_inputs]
