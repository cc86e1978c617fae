"""A server as `make run` starts it, with one room in its file."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.lecture.phone import CODE, Phone
from benchmarks.server import ROOT, command, free_port
from ui.lecture import keys, saved_room
from ui.lecture.answer_book import AnswerBook
from ui.lecture.opened import FILE
from ui.lecture.room import Room
from ui.lecture.script import read, ready

SCRIPT, QUESTION = "ten-minutes", 2  # the scene with the first question
TICKS = os.sysconf("SC_CLK_TCK")
CALM_SECONDS = 8  # after the runs are packed: workers and theory are done


class Server:
    """One process of the dashboard."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        environment = {**os.environ, "DMF_LECTURES": str(folder), "DMF_STORE": "off"}
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command(port), cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds of the server's own process; its workers are others."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """kB that are resident."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))

    async def ended(self, how: signal.Signals) -> float:
        """Sends a signal and waits; seconds that it took."""
        self.process.send_signal(how)
        began = time.perf_counter()
        await asyncio.to_thread(self.process.wait, 60)
        return time.perf_counter() - began

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


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


async def answering(server: Server) -> None:
    """Waits until the room is there and all its runs are packed."""
    phone = Phone(server.port)
    while True:
        try:
            await phone.get(f"/live/{CODE}")
            break
        except (OSError, RuntimeError):
            await asyncio.sleep(0.02)
    digests = {scene.spec.digest() for scene in read(ready()[SCRIPT]).lecture.scene}
    book = AnswerBook(server.folder / FILE)
    while not all(book.run(digest) for digest in digests):
        await asyncio.sleep(0.2)
    book.close()


@asynccontextmanager
async def hall() -> AsyncIterator[tuple[Server, str]]:
    """A calm server and the key of the presenter of its room."""
    with TemporaryDirectory() as name:
        key = prepared(Path(name))
        server = Server(Path(name), free_port())
        try:
            await answering(server)
            await asyncio.sleep(CALM_SECONDS)
            yield server, key
        finally:
            server.kill()


async def presenter(server: Server, key: str) -> Phone:
    """A desk that drives."""
    driver = Phone(server.port)
    await driver.open()
    await driver.say({"is": "present", "key": key, "role": "desk"})
    await driver.hears("room")
    return driver
