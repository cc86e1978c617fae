"""/metrics: who may read it, and that its numbers are those of the server."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dmf_core.events import FaultRecord, FrameRecord, JobRecord, SubmissionRecord, record, refused
from dmf_core.jobs import JobQueue, State
from dmf_core.store import Store
from tests.jobs.test_stored_results import SMALL, Threads
from ui.monitoring.counters import Counters
from ui.monitoring.endpoint import Metrics

HALL = SimpleNamespace(live={"K7RTM": SimpleNamespace(here=3), "QQQQQ": SimpleNamespace(here=4)})
QUEUE = SimpleNamespace(waiting=5, running=2, workers=4, cached=(7, 1000))


@pytest.fixture
def counters() -> Iterator[Counters]:
    made = Counters(cast(Any, lambda: QUEUE), cast(Any, lambda: HALL))
    yield made
    made.close()


def _get(
    counters: Counters, client: str = "127.0.0.1", method: str = "GET", path: str = "/metrics", base: str = "", **headers: str
) -> tuple[int, str]:
    """Status and body; status 0 where the request was passed on."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        sent.append({"status": 0})

    given = {"host": "localhost:8501"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "client": (client, 1),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    asyncio.run(Metrics(app, counters.text, base)(scope, cast(Any, None), send))
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode()


def test_counters_are_what_the_records_say(counters: Counters) -> None:
    for seconds, outcome in ((0.2, "converged"), (4.0, "converged"), (0.1, "cancelled")):
        record(JobRecord("a136ef95", "p", "m", outcome, 1.0, 1.0 + seconds, seconds, 0.0, 2 * seconds))
        record(FrameRecord(2 * seconds))
    record(JobRecord("a136ef95", "p", "m", "cancelled", None, 1.0, 0.0, 0.0, None))
    for source in ("new", "memory", "memory", "store"):
        record(SubmissionRecord(cast(Any, source)))
    refused("socket", "origin")
    record(FaultRecord("run", "ValueError"))
    lines = set(counters.text().decode().splitlines())
    assert lines >= {
        'dmf_runs_total{outcome="converged"} 2.0',
        'dmf_runs_total{outcome="cancelled"} 2.0',
        'dmf_submissions_total{source="memory"} 2.0',
        'dmf_submissions_total{source="store"} 1.0',
        'dmf_refusals_total{where="socket",why="origin"} 1.0',
        'dmf_faults_total{where="run"} 1.0',
        "dmf_run_seconds_count 3.0",
        'dmf_run_seconds_bucket{le="0.25"} 2.0',
        "dmf_first_frame_seconds_count 3.0",
        'dmf_first_frame_seconds_bucket{le="0.5"} 2.0',
        "dmf_queue_length 5.0",
        "dmf_runs_under_way 2.0",
        "dmf_workers 4.0",
        "dmf_kept_runs 7.0",
        "dmf_kept_bytes 1000.0",
        "dmf_rooms 2.0",
        "dmf_followers 7.0",
    }


def test_metrics_count_what_a_queue_has_done(tmp_path: Path) -> None:
    executor, queues = Threads(), []

    def opened() -> JobQueue:
        queues.append(JobQueue(executor=executor, store=Store(tmp_path / "store")))
        return queues[-1]

    counters = Counters(lambda: queues[-1], lambda: None)
    queue = opened()
    first = queue.submit(SMALL).wait(60)
    queue.submit(SMALL)
    executor.go.clear()
    waiting = [queue.submit(SMALL.replaced({"seed": 1})) for _ in range(2)]
    lines = set(counters.text().decode().splitlines())
    assert lines >= {"dmf_runs_under_way 1.0", "dmf_queue_length 0.0", "dmf_workers 2.0", "dmf_kept_runs 1.0", "dmf_rooms 0.0"}
    executor.go.set()
    assert waiting[0] is waiting[1] and waiting[0].wait(60).state is State.DONE
    assert queue.submit(SMALL.replaced({"seed": 2}), work="tests:nothing").wait(60).state is State.FAILED
    stored, deadline = Store(tmp_path / "store"), time.monotonic() + 60
    while not stored.rows([SMALL.digest()]):  # a thread writes it
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stored.close()
    queue.close()
    assert opened().submit(SMALL).view.state is State.DONE
    lines = set(counters.text().decode().splitlines())
    queues[-1].close()
    counters.close()
    assert first.trajectory is not None and first.trajectory.end is not None
    assert lines >= {
        'dmf_submissions_total{source="new"} 3.0',
        'dmf_submissions_total{source="memory"} 1.0',
        'dmf_submissions_total{source="shared"} 1.0',
        'dmf_submissions_total{source="store"} 1.0',
        f'dmf_runs_total{{outcome="{first.trajectory.end.outcome.value}"}} 2.0',
        'dmf_runs_total{outcome="failed"} 1.0',
        "dmf_run_seconds_count 3.0",
        "dmf_first_frame_seconds_count 2.0",
        "dmf_runs_under_way 0.0",
    }


@pytest.mark.parametrize(
    ("setting", "client", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "192.168.0.9", {}, 404),
        ("", "127.0.0.1", {"host": "evil.example"}, 404),
        ("", "127.0.0.1", {"x_forwarded_for": "10.0.0.1"}, 404),
        ("on", "192.168.0.9", {"host": "dmf:8501"}, 200),
        ("off", "127.0.0.1", {}, 404),
    ],
)
def test_metrics_are_for_this_computer_unless_they_are_switched(
    counters: Counters, monkeypatch: pytest.MonkeyPatch, setting: str, client: str, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setenv("DMF_METRICS", setting)
    got, body = _get(counters, client, **headers)
    assert got == status and ("dmf_queue_length" in body) == (status == 200)
    assert _get(counters, client, path="/_stcore/metrics", **headers)[0] == (404 if status == 404 else 0)  # 0: Streamlit answers


def test_metrics_touch_no_other_address(counters: Counters) -> None:
    assert _get(counters, path="/metrics2")[0] == 0
    assert _get(counters, path="/metrics", base="/lab")[0] == 0
    assert _get(counters, path="/lab/metrics", base="lab")[0] == 200
    assert _get(counters, method="POST")[0] == 405
