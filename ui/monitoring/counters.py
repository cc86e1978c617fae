"""Counts the records of `dmf_core.events`, and reads the state of queue and rooms when metrics are requested."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from dmf_core.events import FaultRecord, FrameRecord, JobRecord, Record, RefusalRecord, SubmissionRecord, listen
from dmf_core.jobs import JobQueue
from ui.lecture.hall import Hall

FRAME_SECONDS = (0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)  # a slider answers in 0.2 to 0.5 s
RUN_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0, 30.0, 120.0, 600.0, 3600.0)  # up to the most that a run may take


class Counters:
    """Counts from now on, until `close`. `text` is called where the hall may be read: on the event loop of the server."""

    def __init__(self, queue: Callable[[], JobQueue], hall: Callable[[], Hall | None]) -> None:
        self._queue, self._hall = queue, hall
        registry = self._registry = CollectorRegistry()
        self._runs = Counter("dmf_runs", "Runs that ended, by outcome.", ["outcome"], registry=registry)
        self._submissions = Counter("dmf_submissions", "Runs asked for, by where they came from.", ["source"], registry=registry)
        self._refusals = Counter("dmf_refusals", "Who was refused, by place and reason.", ["where", "why"], registry=registry)
        self._faults = Counter("dmf_faults", "Faults, by place; each is in the log.", ["where"], registry=registry)
        self._frame = Histogram(
            "dmf_first_frame_seconds",
            "From the submission of a run to its first picture.",
            buckets=FRAME_SECONDS,
            registry=registry,
        )
        self._seconds = Histogram("dmf_run_seconds", "Wall clock of a run.", buckets=RUN_SECONDS, registry=registry)
        for name, about, value in self._gauges():
            Gauge(name, about, registry=registry).set_function(value)
        ProcessCollector(registry=registry)
        self.close = listen(self._count)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)

    def _gauges(self) -> tuple[tuple[str, str, Callable[[], float]], ...]:
        return (
            ("dmf_queue_length", "Runs that no worker has begun.", lambda: self._queue().waiting),
            ("dmf_runs_under_way", "Runs that workers compute.", lambda: self._queue().running),
            ("dmf_workers", "Runs that can be computed at once.", lambda: self._queue().workers),
            ("dmf_kept_runs", "Runs kept in memory.", lambda: self._queue().cached[0]),
            ("dmf_kept_bytes", "Memory of the runs kept in memory.", lambda: self._queue().cached[1]),
            ("dmf_rooms", "Open rooms of lectures.", lambda: len(hall.live) if (hall := self._hall()) else 0),
            ("dmf_followers", "Phones that follow a lecture.", self._followers),
        )

    def _followers(self) -> float:
        hall = self._hall()
        return sum(live.here for live in hall.live.values()) if hall else 0

    def _count(self, event: Record) -> None:
        match event:
            case JobRecord():
                self._runs.labels(event.outcome).inc()
                if event.start is not None:
                    self._seconds.observe(event.seconds)
            case FrameRecord():
                self._frame.observe(event.seconds)
            case SubmissionRecord():
                self._submissions.labels(event.source).inc()
            case RefusalRecord():
                self._refusals.labels(event.where, event.why).inc()
            case FaultRecord():
                self._faults.labels(event.where).inc()
