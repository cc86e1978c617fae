"""Moments measured by a second thread while the steps go on: at 100 x 100 measuring takes half as long as the steps.

Products and eigenvalues leave Python's lock to the others. Which moments are measured together, and when, changes no bit of
them (`Recorder.record`), so runs are the same however the threads share the cores.
"""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from dmf_core.prepare import Prepared
from dmf_core.recording.places import Sample
from dmf_core.recording.snapshots import Recorded, Recorder

SHORTEST_SIDE = 64  # of smaller matrices, measuring is mostly Python, which two threads cannot do at once


def useful(prepared: Prepared) -> bool:
    """Whether a second thread can help: there is a second core, and moments are costly."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    costly = prepared.field.whole and min(prepared.problem.shape) >= SHORTEST_SIDE
    return costly and cores > 1 and prepared.x.device.type == "cpu"


class Ahead:
    """The moments of one run that the second thread measures. Used by one thread."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._pending: dict[int, tuple[Future[list[Recorded]], int]] = {}  # by serial number of the moment

    def submit(self, samples: Sequence[Sample]) -> None:
        """These moments are measured as soon as the thread is free."""
        ways = [sample.way for sample in samples if sample.way is not None]
        future = _thread().submit(self._recorder.record, ways)
        for place, sample in enumerate(samples):
            self._pending[sample.index] = future, place

    def __contains__(self, sample: Sample) -> bool:
        return sample.index in self._pending

    def take(self, sample: Sample) -> Recorded:
        """What was measured, once it is. Raises what measuring raised."""
        future, place = self._pending.pop(sample.index)
        return future.result()[place]

    def close(self) -> None:
        """Nobody wants the rest."""
        for future, _ in self._pending.values():
            future.cancel()
        self._pending.clear()


@cache
def _thread() -> ThreadPoolExecutor:
    """One for all runs of this process."""
    return ThreadPoolExecutor(1, thread_name_prefix="dmf-measuring")
