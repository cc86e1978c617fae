"""Requests of HTTP below /live/: phones that poll, a driver who does, and strangers who ask for anything.

What must hold is what `messages` says of sockets; besides, every request has one answer with a status that browsers know, a token
opens its own room only, and nothing of a run leaves the server that its room is still to predict.
"""

import asyncio
import atexit
import contextlib
import gzip
import json
import random
import string
from collections.abc import Callable
from typing import Any

from benchmarks.fuzz import mutation
from benchmarks.fuzz.messages import MESSAGES, SECRET, Lecture
from ui.lecture import keys, polling
from ui.lecture.live import Live

HOST = "192.168.0.17:8501"
OURS = f"http://{HOST}"
ODD_ORIGINS = (
    "null",
    "http://[",
    "http://[evil",
    "//",
    "http://evil.example",
    f"https://{HOST}",
    f"http://{HOST}:1",
    OURS.upper(),
)
ODD_HOSTS = ("", "[", "[::1", "localhost", "evil.example", "127.0.0.1:x", "::1", "[fe80::1%25eth0]:80", "1.2.3.4@evil.example")
STATUSES = (200, 204, 403, 404, 405, 409, 410, 421, 429, 503)
PHONES = 4
Answer = tuple[int, bytes]


class Requests(Lecture):
    """The hall with one room; everybody speaks to it by requests."""

    def __init__(self) -> None:
        polling.HANG_SECONDS = polling.SEND_SECONDS = 0.001  # hardly any time passes here
        self.app = Live(_streamlit, lambda: self.hall)
        super().__init__()
        atexit.register(self._close)

    def _close(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _open(self) -> None:
        await super()._open()
        for each in (*self.phones, self.driver):
            self.hall.leave(self.room, each)
        self.tokens = [await self._token() for _ in range(PHONES)]
        self.lead = await self._token()
        text = json.dumps({"is": "present", "key": self.key, "role": "desk"})
        assert (await self._ask(f"/live/{self.code}/poll/{self.lead}/say", text.encode()))[0] == 204

    async def _token(self) -> str:
        status, token = await self._ask(f"/live/{self.code}/poll", b"")
        assert status == 200, status
        return token.decode()

    def attempt(self, chance: random.Random) -> None:
        """One request of one of them, and what must hold then."""
        self._loop.run_until_complete(self._attempt(chance))
        if chance.random() < 0.002:
            self._restart()

    async def _attempt(self, chance: random.Random) -> None:
        by_driver = chance.random() < 0.3
        token = self.lead if by_driver else chance.choice(self.tokens)
        path = f"/live/{self.code}/poll/{token}" + chance.choice(("", "/say", "/say"))
        if chance.random() < 0.3:
            path = self._path(chance, path)
        for polled in self.app._polls._followers.values():
            polled.follower._allowance = 10.0  # the limit of messages a second is not what is tried here
        before, scene = self.room.room.seq, self.room.room.scene
        answers, was_open = self.hall.book.answers(self.code, scene), self.room.room.question_state == "open"
        state = self.room.room.question_state
        status, body = await self._ask(path, _body(chance, self.hall.book.secret), chance)
        assert status in STATUSES, status
        if not by_driver and self.lead not in path:
            assert self.room.room.seq == before, "a phone drove"
            assert was_open or self.hall.book.answers(self.code, scene) == answers, "an answer to a closed question"
            self._look_at(body, state)
        await self._settle()

    def _path(self, chance: random.Random, path: str) -> str:
        """Another address below /live/, or this one with damage."""
        whole = f"/live/{self.code}/run/{self._digest}"
        frame = chance.choice((0, 3, 40, 99999))
        paths = (path, "/live", f"/live/{self.code}/desk", f"/live/{self.code}/qr.svg", whole, f"{whole}/until/{frame}/to/1400.0")
        path = chance.choice(
            (*paths, f"{whole}/until/{self.room.room.visible_part(self._digest)[0] or 0}", f"/live/{self.code}/ws")
        )
        damaged = path if chance.random() < 0.3 else "/live" + mutation.of_text(chance, path.removeprefix("/live"))
        return damaged.encode("utf-8", "replace").decode()  # uvicorn decodes a path in this way: no surrogate is left alone

    def _look_at(self, body: bytes, state: str | None) -> None:
        """`state` of the question while this was asked."""
        text = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
        assert SECRET not in text and self.key not in text
        for line in text.split("\n"):
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict) and message.get("is") == "question" and message["text"]:
                    assert message["state"] in ("revealed", "played") or "tally" not in message
                    assert message["state"] == "played" or "solution" not in message
                if isinstance(message, dict) and "frames" in message:
                    until = self.room.room.visible_part(self._digest)[0]
                    assert until is None or message["frames"] <= until + 1, "the future of a run"

    async def _settle(self) -> None:
        """Who was sent away is replaced; nobody is counted who is not there."""
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        known = self.app._polls._followers
        assert self.hall.connections == len(known) == len(self.room.followers)
        for token in set(known) - {*self.tokens, self.lead}:  # opened by an address with damage
            known[token].follower.gone.set()
        self.tokens = [token if token in known else await self._token() for token in self.tokens]
        if self.lead not in known:
            self.lead = await self._token()
            text = json.dumps({"is": "present", "key": self.key, "role": "desk"})
            await self._ask(f"/live/{self.code}/poll/{self.lead}/say", text.encode())
            await self._ask(f"/live/{self.code}/poll/{self.lead}/say", b'{"is":"drive"}')
        await asyncio.sleep(0)

    def _restart(self) -> None:
        self.hall.delete(self.code)
        self._loop.run_until_complete(asyncio.sleep(0))
        super()._restart()

    async def _ask(self, path: str, body: bytes, chance: random.Random | None = None) -> Answer:
        """Without a chance as a page of ours; else perhaps from a foreign page, in pieces, or broken off."""
        method, host, origin, parts, stays = "POST", HOST, OURS, [body], True
        caller = "10.0.0.9"
        if chance is not None:
            method = chance.choice(("POST", "POST", "POST", "GET", "HEAD", "PUT", "OPTIONS", "x"))
            host = chance.choice(ODD_HOSTS) if chance.random() < 0.05 else host
            origin = chance.choice(ODD_ORIGINS) if chance.random() < 0.05 else origin
            place = chance.randrange(len(body) + 1)
            parts = [body[:place], body[place:]] if chance.random() < 0.3 else parts
            stays = chance.random() < 0.9
            caller = "10." + ".".join(str(chance.randrange(256)) for _ in range(3))  # nobody has tried too many codes
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            if parts:
                return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts) or not stays}
            if stays:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        headers = [(b"host", host.encode("latin-1", "replace")), (b"origin", origin.encode("latin-1", "replace"))]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "client": (caller, 1), "headers": headers}
        await self.app(scope, receive, send)
        starts = [each for each in sent if each["type"] == "http.response.start"]
        assert len(starts) == 1 and not sent[-1].get("more_body"), "one whole answer"
        return starts[0]["status"], b"".join(each.get("body", b"") for each in sent)


async def _streamlit(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _body(chance: random.Random, secret: bytes) -> bytes:
    """Some lines of messages, most of them right, or bytes that are none."""
    lines = []
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        message: Any = dict(chance.choice(MESSAGES))
        if message["is"] == "me":
            message["voter"] = keys.new_voter(secret)
        lines.append(json.dumps(mutation.of_value(chance, message) if chance.random() < 0.5 else message))
    text = "\n".join(lines)
    if chance.random() < 0.1:
        text += chance.choice(string.printable) * chance.choice((1, 3000, 5000))
    content = text.encode("utf-8", "surrogatepass")
    return mutation.of_bytes(chance, content) if chance.random() < 0.2 else content


def cases() -> Callable[[random.Random], None]:
    """What makes one request."""
    return Requests().attempt
