"""Makes the runs of a lecture and packs them for phones before anybody asks: a request never starts a computation."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from dmf_core.jobs import Job, State
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.lecture.answer_book import AnswerBook, Part
from ui.lecture.moments import moments, packed, question_part
from ui.lecture.script import Scene
from ui.lecture.timeline import Moments

THEORY_SECONDS = 20.0  # the theory of a run is waited for so long at most; without it the scene has no overlay
POLL_SECONDS = 0.1  # between two checks whether a run has ended or the lecture is over
ALL: Part = (None, None)
Ready = Callable[[Moments | None], None]  # None where the run failed
log = logging.getLogger(__name__)


class Preparing:
    """One thread packs, one run after the other; the workers of the queue compute them."""

    def __init__(self, book: AnswerBook, submit: Callable[[RunSpec], Job]) -> None:
        self._book, self._submit = book, submit
        self._thread = ThreadPoolExecutor(1, "dmf-lecture")
        self._closed = threading.Event()

    def scenes(self, scenes: Iterable[Scene], ready: Ready) -> None:
        """Calls `ready`, from another thread, for every run when it is packed; those that are packed already, at once."""
        by_digest: dict[str, list[Scene]] = {}
        for scene in scenes:
            by_digest.setdefault(scene.spec.digest(), []).append(scene)
        for digest, group in by_digest.items():
            moments = self._packed_before(digest, group)
            if moments is not None:
                ready(moments)
            else:
                self._thread.submit(self._prepare, self._submit(group[0].spec), group, ready)

    def spec(self, spec: RunSpec, ready: Ready) -> None:
        """The same for a run that no scene names."""
        moments = self._book.run(spec.digest())
        if moments is not None:
            ready(moments)
        else:
            self._thread.submit(self._prepare, self._submit(spec), [], ready)

    def run(self, spec: RunSpec) -> Trajectory | None:
        """The whole run, from memory or the store, else computed; waits for it. None where it failed."""
        return _waited_for(self._submit(spec), self._closed)

    def close(self) -> None:
        """Nothing is packed any more; Python waits for the thread at its end, so it gives up waiting for a run or its theory."""
        self._closed.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _packed_before(self, digest: str, scenes: Iterable[Scene]) -> Moments | None:
        known = self._book.run(digest)
        if known is None:
            return None
        return known if all(self._book.body(digest, *part) is not None for part in {ALL, *_parts(scenes, known)}) else None

    def _prepare(self, job: Job, scenes: list[Scene], ready: Ready) -> None:
        """Waits for a run, packs it and calls `ready`, with None where that failed; not once the server is closed."""
        try:
            known = self._pack(job, scenes)
        except Exception:  # nobody reads the result of this thread
            if not self._closed.is_set():  # afterwards the book is closed
                log.exception("The run %s of a lecture could not be packed.", job.digest[:8])
            known = None
        if not self._closed.is_set():
            ready(known)

    def _pack(self, job: Job, scenes: list[Scene]) -> Moments | None:
        """Waits for the run of a job; None where it failed."""
        run = _waited_for(job, self._closed)
        if run is None:
            if not self._closed.is_set():
                log.warning("The run %s of a lecture failed: %s", job.digest[:8], job.message)
            return None
        known = moments(run, job.spec)
        bodies = {part: packed(run, job.spec, *part) for part in {ALL, *_parts(scenes, known)}}
        self._book.save_run(known, bodies, time.time())
        return known


def _parts(scenes: Iterable[Scene], run: Moments) -> set[Part]:
    """What may be shown of a run before its questions are played."""
    return {question_part(scene, run) for scene in scenes if scene.question is not None}


def _waited_for(job: Job, closed: threading.Event) -> Trajectory | None:
    """The run when it has ended, with its theory where that comes soon; None where it failed, or the server is closed."""
    while not job.wait(POLL_SECONDS).state.ended and not closed.is_set():
        pass
    deadline = time.monotonic() + THEORY_SECONDS
    while not job.view.complete and time.monotonic() < deadline and not closed.wait(POLL_SECONDS):
        pass
    run = job.trajectory
    ended = job.state is State.DONE and run is not None and run.end is not None and run.end.outcome.done
    return run if ended and not closed.is_set() else None
