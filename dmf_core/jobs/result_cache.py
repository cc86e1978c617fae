"""Ended jobs in memory for later requests: bounded by bytes and by count; the least recently used is dropped first."""

from collections import OrderedDict

import numpy as np

from dmf_core.jobs.job import Job
from dmf_core.trajectory import Trajectory

SNAPSHOT_BYTES = 2600  # of the Python objects around one snapshot; measured with tracemalloc, see tests/jobs


def size_of(trajectory: Trajectory | None) -> int:
    """Bytes that a trajectory holds in memory, to a few per cent."""
    if trajectory is None:
        return 0
    start, end = trajectory.start, trajectory.end
    arrays: list[np.ndarray | None] = [start.ground_truth, start.observed_mask, start.true_singular_values]
    arrays += [start.end_to_end_first, *start.factors_first, end.end_to_end_last if end else None]
    arrays += start.true_spectra.values()
    if trajectory.insight is not None:
        parts = (trajectory.insight, trajectory.insight.bounds, trajectory.insight.check)
        arrays += [value for part in parts if part for value in vars(part).values() if isinstance(value, np.ndarray)]
    for snapshot in trajectory.snapshots:
        arrays += [snapshot.singular_values, snapshot.picture, *snapshot.spectra.values()]
    return sum(array.nbytes for array in arrays if array is not None) + SNAPSHOT_BYTES * len(trajectory.snapshots)


class ResultCache:
    """A bounded number of ended jobs by key (see `job.key_of`). Not thread-safe: the queue holds its lock."""

    def __init__(self, limit_bytes: int, limit_count: int) -> None:
        self._limits = limit_bytes, limit_count
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, job: Job) -> None:
        """Keeps a job, the newest of its key. A run larger than the whole cache is not kept."""
        self.remove(job.key)
        size = size_of(job.trajectory)
        if size > self._limits[0]:
            return
        self._jobs[job.key], self._sizes[job.key] = job, size
        self.bytes += size
        while self.bytes > self._limits[0] or len(self._jobs) > self._limits[1]:
            self.remove(next(iter(self._jobs)))

    def get(self, key: str) -> Job | None:
        """The job of this key, which is now the most recently used."""
        if key in self._jobs:
            self._jobs.move_to_end(key)
        return self._jobs.get(key)

    def jobs(self) -> list[Job]:
        """All jobs, the least recently used first."""
        return list(self._jobs.values())

    def remove(self, key: str) -> None:
        if self._jobs.pop(key, None) is not None:
            self.bytes -= self._sizes.pop(key)
