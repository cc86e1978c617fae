"""Does a lecture hold with two hundred phones? A server as `make run` starts it, and clients on the same two cores.

python -m benchmarks.lecture [--followers 200]

A client is what a phone does: the page, its script and style, the run, and a socket that takes every message. Times are upper
bounds, because clients and server share the machine. Only 127.0.0.1, bounded in count and time.
"""

import argparse
import asyncio
import gzip
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benchmarks.server import ROOT
from ui.lecture import keys, saved_room
from ui.lecture.answer_book import AnswerBook
from ui.lecture.opened import FILE
from ui.lecture.room import Room
from ui.lecture.script import read, ready

CODE, SCRIPT, QUESTION = "K7RTM", "ten-minutes", 2  # the scene with the first question
JOIN_SECONDS, QUIET_SECONDS, ANSWER_SECONDS = 5.0, 20.0, 3.0
CHANGES = 10  # of the scene
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """One process of the dashboard with a room in its file."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        environment = {**os.environ, "DMF_LECTURES": str(folder), "DMF_STORE": "off"}
        arguments = [*command, "--server.address", "127.0.0.1"]
        self.process = subprocess.Popen(
            arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def cpu(self) -> float:
        """Seconds of the server's own process; its workers are others."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """kB that are resident."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


class Phone:
    """One follower."""

    def __init__(self, port: int) -> None:
        self.port, self.bytes = port, 0
        self.picture = float("nan")  # seconds until the data of the first picture
        self.heard: list[tuple[float, dict[str, object]]] = []
        self.socket: ClientConnection | None = None
        self.news = asyncio.Event()

    async def join(self, delay: float = 0.0) -> None:
        await asyncio.sleep(delay)
        began = time.perf_counter()
        page = gzip.decompress(await self.get(f"/live/{CODE}")).decode()
        names = [part.split('"')[0] for part in page.split("/live/static/")[1:]]
        await asyncio.gather(self.open(), *(self.get(f"/live/static/{name}") for name in names))
        scene = await self.hears("scene")
        until = "" if scene["until"] is None else f"/until/{scene['until']}"
        ends = "" if scene["ends"] is None else f"/to/{scene['ends']:g}"
        await self.get(f"/live/run/{scene['run']}{until}{ends}")
        self.picture = time.perf_counter() - began
        await self.say({"is": "me", "voter": ""})

    async def open(self) -> None:
        origin = Origin(f"http://127.0.0.1:{self.port}")
        self.socket = await connect(f"ws://127.0.0.1:{self.port}/live/{CODE}/ws", origin=origin, open_timeout=60)
        self.listening = asyncio.ensure_future(self._listen(self.socket))

    async def get(self, path: str) -> bytes:
        """The body, as it travelled. One connection for each request."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        answer = await reader.read(-1)
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"{path}: {head.splitlines()[0]!r}")
        self.bytes += len(answer)
        return body

    async def say(self, message: dict[str, object]) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(message))

    async def hears(self, kind: str, after: float = 0.0, seconds: float = 60.0) -> dict[str, object]:
        """The first message of this kind after a moment."""
        async with asyncio.timeout(seconds):
            while True:
                for moment, message in self.heard:
                    if moment >= after and message["is"] == kind:
                        return {**message, "moment": moment}
                self.news.clear()
                await self.news.wait()

    async def _listen(self, connection: ClientConnection) -> None:
        try:
            async for text in connection:
                self.bytes += len(text)
                self.heard.append((time.perf_counter(), json.loads(text)))
                self.news.set()
        except ConnectionClosed:
            return

    async def leave(self) -> None:
        if self.socket is not None:
            await self.socket.close()


def prepared(folder: Path) -> str:
    """A room in the file of a server that is to be started; the key of its presenter."""
    text = ready()[SCRIPT]
    room = Room(CODE, read(text).lecture)
    room.enter(0, time.time() * 1000)
    book = AnswerBook(folder / FILE)
    book.save_room(CODE, time.time(), text, saved_room.to_json(room))
    key = keys.presenter_key(book.secret, CODE)
    book.close()
    return key


async def answering(server: Server) -> float:
    """Waits until the room is there and all its runs are packed; seconds until the first answer of the server."""
    began = time.perf_counter()
    phone = Phone(server.port)
    while True:
        try:
            await phone.get(f"/live/{CODE}")
            break
        except (OSError, RuntimeError):
            await asyncio.sleep(0.02)
    there = time.perf_counter() - began
    digests = {scene.spec.digest() for scene in read(ready()[SCRIPT]).lecture.scene}
    book = AnswerBook(server.folder / FILE)
    while not all(book.run(digest) for digest in digests):
        await asyncio.sleep(0.2)
    book.close()
    return there


class Report:
    """Rows of the table: what, measured, limit."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        print("| what | measured | at most | holds |\n| --- | --- | --- | --- |")

    def add(self, what: str, value: float, limit: float, unit: str) -> None:
        self.rows.append({"what": what, "measured": round(value, 4), "limit": limit, "unit": unit, "holds": value <= limit})
        print(f"| {what} | {value:.3g} {unit} | {limit:g} {unit} | {'yes' if value <= limit else 'NO'} |", flush=True)


def p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


async def measured(server: Server, key: str, count: int, report: Report) -> list[Phone]:
    """Everything but the end of the server."""
    driver = Phone(server.port)
    await driver.open()
    await driver.say({"is": "present", "key": key, "role": "desk"})
    await driver.hears("room")
    phones = [Phone(server.port) for _ in range(count)]
    before, memory = server.cpu(), server.memory()
    await asyncio.gather(*(phone.join(JOIN_SECONDS * number / count) for number, phone in enumerate(phones)))
    report.add(
        f"join {count} in {JOIN_SECONDS:g} s: picture's data, p95", 1000 * p95([phone.picture for phone in phones]), 500, "ms"
    )
    report.add("bytes of a phone, mean", statistics.mean(phone.bytes for phone in phones) / 1000, 130, "kB")
    report.add("CPU of the server for it", server.cpu() - before, 1, "s")
    report.add("memory of a follower", (server.memory() - memory) / count, 50, "kB")
    times: list[float] = []
    before = server.cpu()
    for number in range(CHANGES):
        sent = time.perf_counter()
        await driver.say({"is": "do", "what": "blank", "on": number % 2 == 0})
        heard = await asyncio.gather(*(phone.hears("scene", sent) for phone in phones))
        times += [float(str(message["moment"])) - sent for message in heard]
    report.add("scene, same run, p95", 1000 * p95(times), 100, "ms")
    report.add("CPU of the server for one", 1000 * (server.cpu() - before) / CHANGES, 20, "ms")
    before, from_now = server.cpu(), time.perf_counter()
    await asyncio.sleep(QUIET_SECONDS)
    report.add("idle CPU, per cent of a core", 100 * (server.cpu() - before) / QUIET_SECONDS, 3, "%")
    quiet = [message for phone in phones for moment, message in phone.heard if moment > from_now + 1 and message["is"] != "here"]
    report.add("messages while nothing is touched", len(quiet), 0, "")
    sent = time.perf_counter()
    await driver.say({"is": "do", "what": "scene", "scene": QUESTION})
    await asyncio.gather(*(phone.hears("question", sent) for phone in phones))
    for name, spread, value in (("200 answers in 3 s", ANSWER_SECONDS, 1), ("200 answers in one instant", 0.0, 0)):
        taken = await asyncio.gather(*(_answer(phone, spread * number / count, value) for number, phone in enumerate(phones)))
        report.add(f"{name.replace('200', str(count))}: acknowledged, p95", 1000 * p95(taken), 250, "ms")
    await driver.leave()
    return phones


async def _answer(phone: Phone, delay: float, value: int) -> float:
    await asyncio.sleep(delay)
    sent = time.perf_counter()
    await phone.say({"is": "answer", "scene": QUESTION, "value": value})
    counted = await phone.hears("counted", sent)
    if not counted["ok"]:
        raise RuntimeError("An answer was refused.")
    return float(str(counted["moment"])) - sent


async def restarted(server: Server, count: int, report: Report, wait: Callable[[], int]) -> Server:
    """After SIGKILL every acknowledged answer is there; phones are back; and Ctrl-C ends a server with all of them."""
    server.process.send_signal(signal.SIGKILL)
    wait()
    book = AnswerBook(server.folder / FILE)
    missing = count - len(book.answers(CODE, QUESTION))
    book.close()
    report.add("acknowledged answers missing after SIGKILL", missing, 0, "")
    again = Server(server.folder, server.port)
    await answering(again)
    began = time.perf_counter()
    phones = [Phone(again.port) for _ in range(count)]
    await asyncio.gather(*(phone.open() for phone in phones))
    await asyncio.gather(*(phone.hears("scene") for phone in phones))
    report.add(f"{count} back after the server answers", time.perf_counter() - began, 5, "s")
    again.process.send_signal(signal.SIGINT)
    began = time.perf_counter()
    await asyncio.to_thread(again.process.wait, 60)
    report.add(f"Ctrl-C with {count} connected", time.perf_counter() - began, 3, "s")
    return again


async def whole(count: int) -> Report:
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        key = prepared(Path(name))
        server = Server(Path(name), port)
        try:
            await answering(server)
            await asyncio.sleep(8)  # workers and theory are done
            report = Report()
            phones = await measured(server, key, count, report)
            server = await restarted(server, count, report, lambda: server.process.wait(30))
            for phone in phones:
                phone.listening.cancel()
        finally:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()
        return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=200)
    options = parser.parse_args()
    report = asyncio.run(whole(min(400, options.followers)))
    print(json.dumps({"benchmark": "lecture", "cores": os.cpu_count(), "load": os.getloadavg(), "rows": report.rows}))
    return 0 if all(row["holds"] for row in report.rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
