"""Quick forms of the reproductions, each run once, on one queue."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dmf_core.jobs import JobQueue
from dmf_core.reproductions import reproduction
from dmf_core.reproductions.batch import Batch
from dmf_core.reproductions.report import report
from dmf_core.reproductions.reproduction import Results
from dmf_core.reproductions.shelf import Shelf

Reproduced = Callable[[str], tuple[Results, dict[str, Any]]]


@pytest.fixture(scope="session")
def _queue() -> Iterator[JobQueue]:
    queue = JobQueue()
    yield queue
    queue.close()


@pytest.fixture(scope="session")
def reproduced(_queue: JobQueue) -> Reproduced:
    """The results of the quick form of a reproduction, and its report."""
    found: dict[str, tuple[Results, dict[str, Any]]] = {}

    def of(name: str) -> tuple[Results, dict[str, Any]]:
        if name not in found:
            figure = reproduction(name)
            runs = figure.runs(quick=True)
            batch = Batch(runs, Shelf(None))
            while not batch.ended:
                batch.poll(_queue, 0.1)
            assert batch.tally.troubles == ()
            results = Results(runs, batch.trajectories, quick=True)
            found[name] = results, report(figure, results)
        return found[name]

    return of
