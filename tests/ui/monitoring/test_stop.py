"""A server with followers and running jobs, told to end: it ends at once, with all its processes, and its log says so."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from ui.lecture import saved_room
from ui.lecture.answer_book import AnswerBook
from ui.lecture.opened import FILE
from ui.lecture.room import Room
from ui.lecture.script import read

ROOT = Path(__file__).parents[3]
CODE, FOLLOWERS = "K7RTM", 20
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
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    settings = {"DMF_LOG": "json", "DMF_LECTURES": str(folder), "DMF_STORE": "off", "DMF_WORKERS": "2", "DMF_METRICS": ""}
    return subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("w"),
        text=True,
    )


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


async def _closed(follower: ClientConnection) -> int | None:
    try:
        while True:
            await follower.recv()
    except ConnectionClosed:
        return follower.close_code


async def _talk(server: "subprocess.Popen[str]", port: int) -> tuple[float, list[int | None], list[int]]:
    """(seconds until the server had ended, how the sockets were closed, its processes)"""
    await _until(lambda: _metrics(port).get("dmf_first_frame_seconds_count", 0) >= 2)  # the default run, and the room's
    assert (await asyncio.to_thread(_metrics, port))["dmf_runs_under_way"] == 1
    origin, address = Origin(f"http://127.0.0.1:{port}"), f"ws://127.0.0.1:{port}/live/{CODE}/ws"
    followers = [await connect(address, origin=origin) for _ in range(FOLLOWERS)]
    await _until(lambda: _metrics(port).get("dmf_followers") == FOLLOWERS)
    tasks = Path(f"/proc/{server.pid}/task")
    workers = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
    server.send_signal(signal.SIGINT)  # Ctrl-C; after SIGTERM Python does not even wait for its threads
    began = time.monotonic()
    codes = await asyncio.gather(*(_closed(follower) for follower in followers))
    await asyncio.to_thread(server.wait, 60)
    return time.monotonic() - began, codes, workers


def test_server_with_followers_and_jobs_ends_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    _prepare(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = _started(tmp_path, port)
    try:
        seconds, codes, workers = asyncio.run(_talk(server, port))
    finally:
        server.kill()
        server.wait()
    assert seconds < SECONDS
    assert codes == [1012] * FOLLOWERS  # "service restart": phones try again
    assert len(workers) >= 2 and not any(Path(f"/proc/{pid}").exists() for pid in workers)
    written = [line for line in (tmp_path / "log").read_text().splitlines() if line not in ("", "Aborted!")]  # the word of click
    lines = [json.loads(line) for line in written]  # every line is one JSON object
    assert [line["outcome"] for line in lines if line["event"] == "job"] == ["converged", "cancelled"]
    assert [line for line in lines if line["event"] != "job"] == []  # no error, and no address of a follower
