"""Does the server bear two hours of a busy day? In time-lapse: joins, leaves, cancels, killed workers, hostile messages.

python -m benchmarks.endurance --minutes 10 --factor 12      ten minutes in which as much happens as in two hours

In a minute of the day 12 phones come to a lecture and 4 visitors to the page, half of whom leave before their run is there;
every 10 minutes a worker is killed, every 6 seconds somebody says what no page of ours says; every 5 minutes the lecture asks a
question in a new room. Required: memory at the end within 20 % of its plateau (the third quarter), every line of stderr a record
of the log, no fault but the killed workers, and every acknowledged answer in the file. Only 127.0.0.1, bounded in count and time.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from benchmarks.fuzz import mutation
from benchmarks.fuzz.messages import MESSAGES
from benchmarks.load import SMALL, Visitor
from benchmarks.server import ROOT, command
from ui.lecture import keys, saved_room
from ui.lecture.answer_book import AnswerBook
from ui.lecture.opened import FILE
from ui.lecture.room import Room
from ui.lecture.script import read

PHONES, VISITORS, KILLS, HOSTILE, QUESTIONS = 12.0, 4.0, 0.1, 10.0, 0.2  # in a minute of the day
ROOMS = 30
GROWTH = 1.2  # of memory over its plateau
STAY = 5.0  # minutes of the day that a phone stays
SCRIPT = """title = "T"
[[scene]]
heading = "Choice"
preset = "five-modes"
at = 690
[scene.question]
text = "What next?"
choices = ["All at once", "One by one"]
right = 2
"""
LOST = (OSError, WebSocketException, TimeoutError, asyncio.IncompleteReadError)  # of a connection; what a client sees of a cut


class Day:
    """A server with rooms, and what its clients know."""

    def __init__(self, folder: Path, port: int, factor: float) -> None:
        self.folder, self.port, self.factor = folder, port, factor
        self.chance = random.Random(0)
        self.counts: dict[str, int] = {}
        self.answers: dict[tuple[str, str], int] = {}  # acknowledged ones, by room and voter
        self.memory: list[float] = []  # MB
        self.codes = [f"{number:05d}".translate(str.maketrans("01", "AB")) for number in range(22222, 22222 + ROOMS)]
        self.keys = self._prepare()
        self.code = self.codes[0]
        settings = {"DMF_LOG": "json", "DMF_LECTURES": str(folder), "DMF_STORE": str(folder / "store"), "DMF_METRICS": ""}
        self.process = subprocess.Popen(
            command(port),
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
        )

    def _prepare(self) -> dict[str, str]:
        book = AnswerBook(self.folder / FILE)
        for code in self.codes:
            room = Room(code, read(SCRIPT).lecture)
            room.enter(0, time.time() * 1000)
            book.save_room(code, time.time(), SCRIPT, saved_room.to_json(room))
        presenter_keys = {code: keys.presenter_key(book.secret, code) for code in self.codes}
        book.close()
        return presenter_keys

    def count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    async def connected(self, code: str, origin: str | None = None) -> ClientConnection:
        own = f"http://127.0.0.1:{self.port}"
        return await connect(f"ws://127.0.0.1:{self.port}/live/{code}/ws", origin=Origin(origin or own), open_timeout=30)

    # Who comes -------------------------------------------------------------------------------------------------------

    async def phone(self) -> None:
        """Comes, answers, and leaves: politely, or as when a network goes."""
        code = self.code
        async with asyncio.timeout(60 * STAY / self.factor + 30):
            follower = await self.connected(code)
            await follower.send('{"is":"me","voter":""}')
            voter = str((await _hears(follower, "you"))["voter"]).partition(".")[0]
            value = self.chance.randrange(2)
            await follower.send(json.dumps({"is": "answer", "scene": 0, "value": value}))
            if (await _hears(follower, "counted"))["ok"]:
                self.answers[code, voter] = value
                self.count("answers")
            await asyncio.sleep(self.chance.expovariate(self.factor / (60 * STAY)))
            if self.chance.random() < 0.5:
                follower.transport.abort()
            else:
                await follower.close()
        self.count("phones")

    async def visitor(self) -> None:
        """Asks for a run of his own; every second one closes the page before it is there."""
        visitor = Visitor(self.port, {**SMALL, "seed": self.chance.randrange(10**9)})
        seconds = 60.0 if self.chance.random() < 0.5 else self.chance.uniform(0.0, 0.5)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(visitor.session(), seconds)
        if visitor.complaint:
            raise OSError(visitor.complaint)
        self.count("whole visits" if visitor.complete == visitor.complete else "visits broken off")

    async def stranger(self) -> None:
        """Says what no page of ours says, from here or from a foreign page."""
        foreign = self.chance.random() < 0.2
        follower = await self.connected(self.code, "http://evil.example" if foreign else None)
        for _ in range(self.chance.randint(1, 30)):
            text = json.dumps(mutation.of_value(self.chance, dict(self.chance.choice(MESSAGES))))
            await follower.send(mutation.of_text(self.chance, text).encode("utf-8", "replace").decode())
        if self.chance.random() < 0.2:
            await follower.send("x" * 100_000)
        await follower.close()
        self.count("strangers")

    async def killer(self) -> None:
        """Kills a worker, whatever it does."""
        workers = [pid for pid in _children(self.process.pid) if b"jobs.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        if workers:
            os.kill(self.chance.choice(workers), signal.SIGKILL)
            self.count("killed workers")

    async def question(self) -> None:
        """The lecturer closes the question of this room, and goes on in the next one."""
        presenter = await self.connected(self.code)
        await presenter.send(json.dumps({"is": "present", "key": self.keys[self.code], "role": "desk"}))
        await _hears(presenter, "room")
        for state in ("locked", "revealed", "played"):
            await presenter.send('{"is":"do","what":"next"}')
            await _hears(presenter, "question", state=state)
        await presenter.close()
        self.code = self.codes[(self.codes.index(self.code) + 1) % ROOMS]
        self.count("questions")

    async def measure(self) -> None:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        self.memory.append(float(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024)

    # The day ---------------------------------------------------------------------------------------------------------

    async def often(self, action: Callable[[], Awaitable[None]], per_minute: float, until: float) -> None:
        """Starts it so often in a minute of the day, at random moments; what a cut connection raises is counted."""
        tasks: set[asyncio.Task[None]] = set()

        async def once() -> None:
            try:
                await action()
            except LOST:
                self.count(f"cut: {action.__name__}")

        while (pause := self.chance.expovariate(per_minute * self.factor / 60)) + time.monotonic() < until:
            await asyncio.sleep(pause)
            task = asyncio.ensure_future(once())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks, timeout=60)

    async def pass_by(self, minutes: float) -> None:
        await self._until_ready()
        until = time.monotonic() + 60 * minutes
        happenings = ((self.phone, PHONES), (self.visitor, VISITORS), (self.stranger, HOSTILE), (self.killer, KILLS))
        others = ((self.question, QUESTIONS), (self.measure, 60 / self.factor))  # memory is looked at once a real second
        await asyncio.gather(*(self.often(action, rate, until) for action, rate in (*happenings, *others)))

    async def _until_ready(self) -> None:
        book = AnswerBook(self.folder / FILE)
        digest = read(SCRIPT).lecture.scene[0].spec.digest()
        async with asyncio.timeout(120):
            while book.run(digest) is None:
                await asyncio.sleep(0.2)
        book.close()

    # Its end ---------------------------------------------------------------------------------------------------------

    def stop(self) -> float:
        """Seconds that Ctrl-C takes."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return time.monotonic() - began

    def lost_answers(self) -> int:
        book = AnswerBook(self.folder / FILE)
        stored = {code: book.answers(code, 0) for code in self.codes}
        book.close()
        return sum(stored[code].get(voter) != value for (code, voter), value in self.answers.items())

    def complaints(self) -> list[str]:
        """Lines of stderr that are no records, and faults other than the killed workers."""
        wrong = []
        for line in (self.folder / "log").read_text().splitlines():
            try:
                values: dict[str, Any] = json.loads(line)
            except ValueError:
                wrong.append(line)
                continue
            expected = values.get("where") == "worker" and values.get("error") == "killed by SIGKILL"
            wrong += [line] if values["level"] == "error" and not expected else []
        return wrong


async def _hears(follower: ClientConnection, kind: str, **values: object) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            message: dict[str, Any] = json.loads(await follower.recv())
            if message["is"] == kind and all(message.get(name) == value for name, value in values.items()):
                return message


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="that it takes")
    parser.add_argument("--factor", type=float, default=12.0, help="how much faster everything happens than on the day")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        day = Day(Path(name), port, options.factor)
        try:
            asyncio.run(day.pass_by(options.minutes))
            seconds = day.stop()
        finally:
            if day.process.poll() is None:
                day.process.kill()
                day.process.wait()
        quarter = len(day.memory) // 4
        plateau, end = statistics.median(day.memory[2 * quarter : 3 * quarter]), max(day.memory[3 * quarter :])
        wrong, lost = day.complaints(), day.lost_answers()
    for line in wrong[:5]:
        print(line[:2000], file=sys.stderr)
    holds = end <= GROWTH * plateau and not wrong and not lost and day.process.returncode == 0
    row = {"benchmark": "endurance", "minutes": options.minutes, "factor": options.factor, "load": os.getloadavg()}
    row |= {"plateau_mb": round(plateau), "end_mb": round(end), "first_mb": round(day.memory[0]), "complaints": len(wrong)}
    print(json.dumps(row | {"lost_answers": lost, "stop_seconds": round(seconds, 2), "counts": day.counts, "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
