"""The log of a server: one line for each record, in both formats, and nothing of a person in it."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from dmf_core.events import FaultRecord, JobRecord, Record, RefusalRecord, RoomRecord, listen, record, refused, reporting
from dmf_core.events.log import configure, log_format
from dmf_core.inputs import Inputs
from dmf_core.jobs.executors.process import Process
from dmf_core.jobs.faults import fault_of_job
from dmf_core.jobs.job import Job, State
from dmf_core.jobs.messages import Run
from dmf_core.jobs.worker import traceback_of
from dmf_core.prepare import with_inputs
from dmf_core.spec import RunSpec

PRIVATE = 8675309.25
JOB = JobRecord("a136ef95", "matrix_completion", "deep_matrix", "converged", 1.0, 3.5, 2.5, 0.12345678, None)


@pytest.fixture(params=["json", "text"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What a server with this DMF_LOG writes."""
    stream, hook = io.StringIO(), threading.excepthook
    handler = configure(stream, {"DMF_LOG": request.param})
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger(reporting.LOGGER).setLevel(logging.NOTSET)
    threading.excepthook = hook


def _given() -> tuple[RunSpec, Inputs]:
    inputs = Inputs(data=np.full((4, 4), PRIVATE))
    return with_inputs(RunSpec(), inputs), inputs


def test_format_is_text_unless_json_is_asked_for() -> None:
    assert [log_format({"DMF_LOG": text}) for text in ("", "text", "JSON", " json ", "xml")] == [
        "text",
        "text",
        "json",
        "json",
        "text",
    ]


@pytest.mark.parametrize(
    "entry", [JOB, RoomRecord("open", "K7RTM", 3), RefusalRecord("socket", "origin"), FaultRecord("run", "E")]
)
def test_each_record_is_one_line(written: io.StringIO, entry: Record) -> None:
    record(entry)
    lines = written.getvalue().splitlines()
    assert len(lines) == 1 and entry.event in lines[0]
    if lines[0].startswith("{"):
        values = json.loads(lines[0])
        assert values["event"] == entry.event and values["at"].endswith("Z") and values["level"] in ("info", "warning", "error")
    if entry is JOB and lines[0].startswith("{"):
        assert (values["start"], values["end"], values["seconds"], values["outcome"]) == (
            "1970-01-01T00:00:01.000Z",
            "1970-01-01T00:00:03.500Z",
            2.5,
            "converged",
        )


def test_a_fault_of_a_thread_is_logged_with_its_place_and_without_its_words(written: io.StringIO) -> None:
    def faulty() -> None:
        raise ValueError(f"could not convert {PRIVATE}")

    thread = threading.Thread(target=faulty)
    thread.start()
    thread.join()
    text = written.getvalue()
    assert "ValueError" in text and "in faulty" in text and str(PRIVATE) not in text


def test_lines_of_libraries_are_in_the_same_format(written: io.StringIO) -> None:
    try:
        raise KeyError(PRIVATE)
    except KeyError:
        logging.getLogger("some.library").exception("It failed.")
    text = written.getvalue()
    assert "It failed." in text and "KeyError" in text and "test_lines_of" in text and str(PRIVATE) not in text
    assert not text.startswith("{") or json.loads(text)["logger"] == "some.library"


def test_a_failed_run_of_given_data_leaves_nothing_of_them_in_the_log(written: io.StringIO) -> None:
    spec, inputs = _given()
    job = Job(spec, inputs, owner="somebody")
    try:
        raise ValueError(f"could not convert {PRIVATE}")
    except ValueError as error:
        fault = fault_of_job("run", job, traceback_of(error, inputs))
        record(fault)
        public = fault_of_job("run", Job(RunSpec()), traceback_of(error, Inputs()))
    job.update(state=State.RUNNING)
    job.update(state=State.FAILED, error=f"It is {PRIVATE}.")
    text = written.getvalue()
    assert fault.spec == ""
    assert "ValueError" in text and "run=given" in text.replace('"run": "', "run=") and "failed" in text
    for private in (str(PRIVATE), job.digest[:8], spec.problem.model_dump_json(), "somebody"):
        assert private not in text
    assert str(PRIVATE) in public.traceback and public.error == "ValueError" and public.spec == RunSpec().to_json()


def test_a_worker_that_had_given_data_has_no_last_words() -> None:
    words = []
    for inputs in (Inputs(), _given()[1]):
        process = Process((sys.executable, "-c", "import sys; sys.stdin.buffer.read(1); sys.exit('last words')"), {})
        process.begin(Run("", inputs, ""))
        process.bury()
        words.append(process.last_words())
    assert words == ["last words\n", ""]


def test_a_job_that_ends_is_recorded_once_with_its_times() -> None:
    records: list[Record] = []
    stop = listen(records.append)
    job = Job(RunSpec())
    job.update(state=State.RUNNING)
    job.update(state=State.CANCELLED, note="x")
    job.update(state=State.FAILED, error="too late")
    waiting = Job(RunSpec())
    waiting.update(state=State.CANCELLED, note="x")
    stop()
    ended, never = records
    assert isinstance(ended, JobRecord) and isinstance(never, JobRecord)
    assert ended.outcome == never.outcome == "cancelled" and ended.run == job.digest[:8]
    assert ended.start is not None and abs(ended.end - ended.start - ended.seconds) < 1e-3 and ended.waited >= 0
    assert never.start is None and never.seconds == 0


def test_many_refusals_are_counted_each_and_written_once_a_second(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    records: list[Record] = []
    stop = listen(records.append)
    now = [100.0]
    monkeypatch.setattr(reporting, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(reporting, "_refusals", {})
    for _ in range(1000):
        refused("test", "again and again")
    now[0] += reporting.REFUSAL_SECONDS
    refused("test", "again and again")
    stop()
    lines = written.getvalue().splitlines()
    assert len(records) == 1001 and len(lines) == 2
    assert "count=1000" in lines[1].replace('"count": ', "count=")
