"""A hall with one room, spoken to as a server does: pages, runs, sockets, and requests in place of sockets."""

import asyncio
import gzip
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from tests.ui.lecture.texts import AFTER, BEFORE, CHOICE, script
from ui.lecture import keys
from ui.lecture.answer_book import AnswerBook
from ui.lecture.driver_actions import Price, price_by_formula
from ui.lecture.hall import Hall
from ui.lecture.live import Live

Run = tuple[Trajectory, RunSpec]
HOST = "192.168.0.17:8501"
TEXT = script(BEFORE, CHOICE.replace("at = 400", "at = 690"), AFTER)


class Hallway:
    """A hall with one room, and the middleware in front of it."""

    def __init__(self, run: Run, file: Path | None = None, price: Price = price_by_formula) -> None:
        def submit(spec: RunSpec) -> Job:
            job = Job(spec)
            job.restore(run[0])
            return job

        self.hall = Hall(AnswerBook(file), submit, price=price)
        self.hall.start()
        self.passed_on: list[str] = []
        self.live = Live(self._streamlit, lambda: self.hall)
        self.digest = run[1].digest()

    async def open(self) -> str:
        code = self.hall.open(TEXT, "http://192.168.0.17:8501/live")
        await until(lambda: self.hall.live[code].room.run is not None)
        return code

    async def _streamlit(self, scope: Any, receive: Any, send: Any) -> None:
        self.passed_on.append(scope["path"])

    async def get(
        self, path: str, method: str = "GET", host: str = HOST, client: str = "10.0.0.9"
    ) -> tuple[int, dict[str, str], bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request"}

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "client": (client, 1),
            "headers": [(b"host", host.encode())],
        }
        await self.live(scope, receive, send)
        if not sent:
            return 0, {}, b""
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        body = b"".join(each.get("body", b"") for each in sent[1:])
        packed = headers.get("content-encoding") == "gzip" and headers["content-type"].startswith("text/html")
        return sent[0]["status"], headers, gzip.decompress(body) if packed else body

    def connect(self, code: str, host: str = HOST, origin: str | None = f"http://{HOST}", client: str = "10.0.0.9") -> "Phone":
        headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
        return Phone(
            self.live,
            {"type": "websocket", "path": f"/live/{code}/ws", "headers": headers, "client": (client, 1), "subprotocols": []},
        )


class Phone:
    """The other end of a socket."""

    def __init__(self, live: Live, scope: dict[str, Any]) -> None:
        self.up: asyncio.Queue[Any] = asyncio.Queue()
        self.messages: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.stuck = False
        self.up.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(live(scope, self.up.get, self._send))

    async def _send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        elif message["type"] == "websocket.send":
            while self.stuck:
                await asyncio.sleep(0.01)
            self.messages.append(json.loads(message["text"]))

    def say(self, **message: Any) -> None:
        message["is"] = message.pop("kind")
        self.up.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def raw(self, text: str) -> None:
        self.up.put_nowait({"type": "websocket.receive", "text": text})

    def last(self, kind: str) -> Any:
        return next((message for message in reversed(self.messages) if message["is"] == kind), None)

    async def hears(self, kind: str, **values: Any) -> Any:
        """Waits for a message of a kind with these values."""

        def receive() -> Any:
            fits = (each for each in self.messages if each["is"] == kind)
            return next((each for each in fits if all(each.get(name) == value for name, value in values.items())), None)

        await until(lambda: receive() is not None)
        return receive()

    async def leave(self) -> None:
        self.up.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self.task


async def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


def held(run: Run, talk: Callable[[Hallway], Awaitable[None]], file: Path | None = None, price: Price = price_by_formula) -> None:
    """Talks to a hall of its own on an event loop of its own."""

    async def whole() -> None:
        hallway = Hallway(run, file, price)
        try:
            await talk(hallway)
        finally:
            await hallway.hall.close()

    asyncio.run(whole())


async def driver(hallway: Hallway, code: str, role: str = "desk") -> Phone:
    phone = hallway.connect(code)
    phone.say(kind="present", key=keys.presenter_key(hallway.hall.book.secret, code), role=role)
    await phone.hears("room")
    return phone
