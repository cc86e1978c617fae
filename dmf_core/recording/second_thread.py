"""Spectra of moments, computed by a second thread while the steps go on: at 100 x 100 they take a quarter of a run.

Products and eigenvalues leave Python's lock to the steps. Everything else of a moment, its loss among them, is computed by the
thread of the steps. Which thread computes a spectrum changes no bit where torch uses one thread for a product, and only there a
second one is used: with more, a product is parted by how many threads its caller may use.
"""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import torch

from dmf_core.prepare import Prepared
from dmf_core.recording.places import Sample
from dmf_core.recording.snapshots import Costly, Points, Recorded, Recorder

SHORTEST_SIDE = 64  # at 50 x 50 the lock changes hands more often than is gained, see benchmarks/README.md
AT_ONCE = 8  # moments handed over together: with fewer the lock changes hands more often, with more less is left to share


def useful(prepared: Prepared) -> bool:
    """Whether a second thread can help: there is a second core, and spectra are costly."""
    costly = prepared.field.whole and min(prepared.problem.shape) >= SHORTEST_SIDE
    return costly and prepared.x.device.type == "cpu" and _cores() > 1 and torch.get_num_threads() == 1


class Batch:
    """Moments that are measured together. Used by the thread of the steps, which hands `_compute` to the other one."""

    def __init__(self, recorder: Recorder, samples: Sequence[Sample]) -> None:
        self.points: Points = recorder.points([sample.way for sample in samples if sample.way is not None])
        self._recorder = recorder
        self._own: Costly | None = None  # computed by the thread of the steps
        self._recorded: list[Recorded] | None = None
        self._spectra: Future[tuple[Costly, float]] = _thread(os.getpid()).submit(self._compute)

    def _compute(self) -> tuple[Costly, float]:
        """What is costly, and the processor time of this thread that it took."""
        began = time.thread_time()
        return self._recorder.costly(self.points), time.thread_time() - began

    def begin(self) -> float | None:
        """Computes here what the other thread has not begun. The seconds it took, here or there; None while it goes on there."""
        if self._spectra.cancel():
            self._own, seconds = self._compute()
            return seconds
        return self._spectra.result()[1] if self._spectra.done() else None

    def cancel(self) -> None:
        self._spectra.cancel()

    def recorded(self, patience: float | None) -> list[Recorded]:
        """What was measured. Waits so many seconds for the other thread, whose core may be taken; then computes it here."""
        if self._recorded is None:
            if self._own is None:
                try:
                    self._own, _ = self._spectra.result(patience)
                except TimeoutError:
                    self._own, _ = self._compute()
            self._recorded = self._recorder.measured(self.points, self._own)
        return self._recorded


class Ahead:
    """The moments of one run that were handed to the second thread. Used by the thread of the steps."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._where: dict[int, tuple[Batch, int]] = {}  # by serial number of the moment: its batch, its place there
        self._batches: list[Batch] = []
        self._new: list[Sample] = []
        self._enough = min(AT_ONCE, recorder.at_once)
        self._patience: float | None = None

    def __contains__(self, sample: Sample) -> bool:
        return sample.index in self._where

    def add(self, sample: Sample) -> None:
        """A moment that will be recorded; handed over as soon as there are enough."""
        self._new.append(sample)
        if len(self._new) == self._enough:
            batch = Batch(self._recorder, self._new)
            self._batches.append(batch)
            self._where |= {each.index: (batch, place) for place, each in enumerate(self._new)}
            self._new.clear()

    def share(self) -> Iterator[None]:
        """Computes here what the second thread has not begun, the latest first, and says so after each batch.

        What was not handed over stays so.
        """
        self._new.clear()
        for batch in reversed(self._batches):
            seconds = batch.begin()
            if seconds is not None:
                self._patience = max(seconds, self._patience or 0.0)
            yield
        self._batches.clear()

    def take(self, sample: Sample) -> Recorded:
        """What was measured. Raises what measuring raised."""
        batch, place = self._where.pop(sample.index)
        return batch.recorded(self._patience)[place]

    def close(self) -> None:
        """Nobody wants the rest."""
        for batch in self._batches:
            batch.cancel()
        self._batches.clear()
        self._where.clear()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _thread(process: int) -> ThreadPoolExecutor:
    """One for all runs of this process; a process that was forked makes its own."""
    return ThreadPoolExecutor(1, thread_name_prefix=f"spectra-of-{process}")
