"""Which watcher waits for which job, and which watchers have left."""

import time
from weakref import WeakSet

from dmf_core.jobs.fair_schedule import Asker
from dmf_core.jobs.job import Job

PATIENCE = 15.0  # seconds without a heartbeat after which a watcher is gone; a hidden tab looks about once a second


class Watchers:
    """A watcher waits for one job at a time; without a watcher (None) a job is waited for until it ends.

    Not thread-safe: the queue holds its lock.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        """`patience`: seconds without a heartbeat after which a watcher counts as having left."""
        self._patience = patience
        self._askers: dict[Job, set[Asker]] = {}  # of the jobs that have not ended
        self._watched: dict[str, Job] = {}
        self._heard: dict[str, float] = {}
        self._left: WeakSet[Job] = WeakSet()

    def follow(self, job: Job) -> None:
        """Begins to follow a new job, which nobody watches yet."""
        self._askers[job] = set()

    def forget(self, job: Job) -> None:
        """Stops following a job that has ended or that has no watchers."""
        self._askers.pop(job, None)

    def follows(self, job: Job) -> bool:
        """Whether the job may have watchers."""
        return job in self._askers

    def askers(self, job: Job) -> set[Asker]:
        """Everybody who waits for this job."""
        return set(self._askers.get(job, ()))

    def ask(self, asker: Asker, job: Job) -> Job | None:
        """From now on the asker waits for this job. Returns the one that he waited for before, if it is another."""
        if job in self._askers:
            self._askers[job].add(asker)
        if asker is None:
            return None
        before = self._watched.get(asker)
        self._watched[asker], self._heard[asker] = job, time.monotonic()
        self._left.discard(job)
        if before is None or before is job:
            return None
        self._left.add(before)
        return before

    def left(self, job: Job) -> bool:
        """True when the last who asked for this job has asked for another one since: no page shows it."""
        return job in self._left and job not in self._watched.values()

    def leave(self, asker: Asker, job: Job) -> bool:
        """Removes the watcher from the job. True when he was its last one."""
        if job not in self._askers:
            return False
        self._askers[job].discard(asker)
        return not self._askers[job]

    def heartbeat(self, watcher: str) -> None:
        """The watcher is still there."""
        if watcher in self._watched:
            self._heard[watcher] = time.monotonic()

    def remove(self, watcher: str) -> Job | None:
        """Removes a watcher that has left. Returns the job that he waited for."""
        self._heard.pop(watcher, None)
        return self._watched.pop(watcher, None)

    def gone(self, now: float) -> list[str]:
        """Those that have not been heard of for too long."""
        return [watcher for watcher, last in self._heard.items() if now - last > self._patience]
