"""A server as `make run` starts it: it knows who sits at it by every address, and ends at once, with all its processes."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benchmarks.lecture.phone import CODE
from benchmarks.lecture.polling_phone import ALIVE, HERE, PollingPhone
from tests.ui.visits import visit
from ui.lecture import saved_room
from ui.lecture.addresses import machine_addresses
from ui.lecture.answer_book import AnswerBook
from ui.lecture.opened import FILE
from ui.lecture.room import Room
from ui.lecture.script import read

ROOT = Path(__file__).parents[3]
FOLLOWERS, POLLED = 20, 200
SECONDS = 15.0  # a machine under load; idle it is 0.3 s, and benchmarks.lecture measures it with 200 followers
TEXT = """title = "T"
[[scene]]
heading = "A run that takes longer than this test"
preset = "five-modes"
changes = { "problem.rows" = 300, "problem.columns" = 300, "problem.observations" = 20000, "integrator.tolerance" = 1e-9 }
"""


def _prepare(folder: Path) -> None:
    room = Room(CODE, read(TEXT).lecture)
    room.enter(0, 0.0)
    book = AnswerBook(folder / FILE)
    book.save_room(CODE, time.time(), TEXT, saved_room.to_json(room))
    book.close()


def _started(folder: Path, port: int) -> "subprocess.Popen[str]":
    """As `make run` does, at all addresses of the machine and of both kinds."""
    settings = {"DMF_LOG": "json", "DMF_LECTURES": str(folder), "DMF_STORE": "off", "DMF_WORKERS": "2", "DMF_METRICS": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, **settings, "DMF_PUBLIC_URL": ""},
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("w"),
        text=True,
    )


def _get(address: str, path: str, body: bytes | None = None) -> tuple[int, str]:
    """Status and text of a request, with a body one of POST of our own page."""
    request = urllib.request.Request(f"http://{address}{path}", body, {"Origin": f"http://{address}"} if body is not None else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, ""


def _other_addresses() -> list[str]:
    """Those that the machine has besides 127.0.0.1: ::1, and one that other devices reach."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return ["[::1]", *machine_addresses()[:1]]
    return machine_addresses()[:1]


def _check_address(host: str, port: int) -> None:
    """Pages for everybody; metrics, and rooms without a token, for who sits at the server."""
    address, here = f"{host}:{port}", host in ("127.0.0.1", "[::1]")
    assert _get(address, "/_stcore/health") == (200, "ok")
    assert [_get(address, path)[0] for path in ("/", "/compare", f"/live/{CODE}")] == [200] * 3, host
    assert [_get(address, path)[0] for path in ("/metrics", "/_stcore/metrics")] == [200 if here else 404] * 2, host
    with visit(address, "lecture") as messages:
        labels = [each.delta.new_element.text_input.label for each in messages if each.WhichOneof("type") == "delta"]
    assert ("Token of the server" in labels) is not here, host


def _metrics(port: int) -> dict[str, float]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return {}
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


async def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not await asyncio.to_thread(true):
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.05)


async def _all_wait(port: int, phones: list[PollingPhone]) -> None:
    """Until the server has the request of every phone: it has answered one that was sent after them.

    Between two requests a phone has nothing to be answered, and signs of life put all phones there at the same moment.
    """
    requests = None
    while requests is None or requests != [phone.requests for phone in phones] or not all(phone.waits for phone in phones):
        await _until(lambda: all(phone.waits for phone in phones))
        requests = [phone.requests for phone in phones]
        await asyncio.to_thread(_metrics, port)


async def _closed(follower: ClientConnection) -> int | None:
    """Answers every sign of life until it is closed; with which code."""
    try:
        while True:
            if await follower.recv() == HERE:
                await follower.send(ALIVE)
    except ConnectionClosed:
        return follower.close_code


async def _talk(server: "subprocess.Popen[str]", port: int) -> tuple[float, list[int | None], list[int], list[int]]:
    """(seconds until the server had ended, how the sockets were closed, how requests were answered, its processes)"""
    await _until(lambda: _metrics(port).get("dmf_first_frame_seconds_count", 0) >= 2)  # the default run, and the room's
    assert (await asyncio.to_thread(_metrics, port))["dmf_runs_under_way"] == 1
    origin, address = Origin(f"http://127.0.0.1:{port}"), f"ws://127.0.0.1:{port}/live/{CODE}/ws"
    followers = [await connect(address, origin=origin) for _ in range(FOLLOWERS)]
    closing = [asyncio.ensure_future(_closed(follower)) for follower in followers]
    await _until(lambda: _metrics(port).get("dmf_followers") == FOLLOWERS)
    for host in ("127.0.0.1", *_other_addresses()):
        await asyncio.to_thread(_check_address, host, port)
    page = contextlib.ExitStack()
    await asyncio.to_thread(page.enter_context, visit(f"127.0.0.1:{port}", "lecture"))
    phones, waiting = [], []
    for _ in range(POLLED):
        phones.append(await PollingPhone.opened(port))
        waiting.append(asyncio.ensure_future(phones[-1].follow()))
    await _until(lambda: _metrics(port).get("dmf_followers") == FOLLOWERS + POLLED)
    tasks = Path(f"/proc/{server.pid}/task")
    workers = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
    await _all_wait(port, phones)
    server.send_signal(signal.SIGINT)
    began = time.monotonic()
    codes = await asyncio.gather(*closing)
    answers = await asyncio.gather(*waiting)
    await asyncio.to_thread(server.wait, 60)
    seconds = time.monotonic() - began
    page.close()
    return seconds, codes, answers, workers


def test_server_with_followers_and_jobs_ends_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    _prepare(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = _started(tmp_path, port)
    try:
        seconds, codes, answers, workers = asyncio.run(_talk(server, port))
    finally:
        server.kill()
        server.wait()
    assert seconds < SECONDS
    assert server.returncode == 0
    assert answers.count(503) > 0.9 * POLLED, (Counter(answers), seconds, codes)  # one may be between two requests at this moment
    assert codes == [1012] * FOLLOWERS  # "service restart": phones try again
    assert len(workers) >= 2 and not any(Path(f"/proc/{pid}").exists() for pid in workers)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]  # every line is one JSON object
    assert [line["outcome"] for line in lines if line["event"] == "job"] == ["converged", "cancelled"]
    others = [(line["event"], line.get("where")) for line in lines if line["event"] != "job"]
    assert set(others) <= {("refusal", "metrics")}  # by the machine's own address; no error, and no address of a follower
