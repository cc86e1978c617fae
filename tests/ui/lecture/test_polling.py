"""A phone behind a proxy without WebSocket: the same messages by requests, under the same rules."""

import asyncio
import json
from typing import Any

import pytest

from dmf_core import limits
from tests.ui.lecture.hallway import HOST, Hallway, Run, driver, held, until
from ui.lecture import hall, polling
from ui.lecture.follower import Follower

OURS = f"http://{HOST}"


async def post(
    hallway: Hallway, path: str, body: str = "", host: str = HOST, origin: str | None = OURS, left: asyncio.Event | None = None
) -> tuple[int, str]:
    """(status, text) of a request whose other end stays until `left` is set."""
    sent: list[Any] = []
    parts = [{"type": "http.request", "body": body.encode()}]

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        if parts:
            return parts.pop()
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "client": ("10.0.0.9", 1), "headers": headers}
    await hallway.live(scope, receive, send)
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode()


class PolledPhone:
    """What polled_socket.js does."""

    def __init__(self, hallway: Hallway, code: str) -> None:
        self._hallway, self._path = hallway, f"/live/{code}/poll"
        self.messages: list[dict[str, Any]] = []

    async def open(self) -> "PolledPhone":
        status, token = await post(self._hallway, self._path)
        assert status == 200
        self._path += f"/{token}"
        return self

    async def say(self, *texts: str) -> int:
        return (await post(self._hallway, f"{self._path}/say", "\n".join(texts)))[0]

    async def listen(self, left: asyncio.Event | None = None) -> int:
        status, text = await post(self._hallway, self._path, left=left)
        self.messages += [json.loads(line) for line in text.split("\n") if line]
        return status

    async def hears(self, kind: str, **values: Any) -> Any:
        """Asks until there is such a message."""
        async with asyncio.timeout(20):
            while True:
                for each in self.messages:
                    if each["is"] == kind and all(each.get(name) == value for name, value in values.items()):
                        return each
                assert await self.listen() == 200


def text(kind: str, **values: Any) -> str:
    return json.dumps({"is": kind, **values})


def test_phone_without_websocket_follows_answers_and_learns_the_room(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        desk, socket, phone = await driver(hallway, code), hallway.connect(code), await PolledPhone(hallway, code).open()
        desk.say(kind="do", what="scene", scene=1)
        await desk.hears("count", here=2)
        await phone.hears("question", state="open")
        assert await phone.hears("scene", scene=1) == await socket.hears("scene", scene=1)  # the very same message
        assert await phone.say(text("me", voter=""), text("answer", scene=1, value=1)) == 204
        assert (await phone.hears("counted"))["ok"] and (await phone.hears("you"))["voter"]
        await desk.hears("count", answers=1)
        assert all("tally" not in message and "notes" not in message for message in phone.messages)
        assert await phone.say(text("do", what="scene", scene=2), text("time", t=1)) == 204  # it does not drive
        await phone.hears("time")
        assert hallway.hall.live[code].room.scene == 1
        for action, state in (("lock", "locked"), ("reveal", "revealed")):
            desk.say(kind="do", what=action)
            shown = await phone.hears("question", state=state)
        assert shown["tally"]["counts"] == [0, 1]
        for each in (desk, socket):
            await each.leave()

    held(five_modes, talk)


def test_request_for_news_is_answered_when_there_is_some_and_ended_when_there_is_none(
    five_modes: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert polling.HANG_SECONDS < 3  # so long a server that stops waits for it

    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        phone = await PolledPhone(hallway, code).open()
        await phone.hears("question")
        monkeypatch.setattr(polling, "HANG_SECONDS", 0.05)
        phone.messages.clear()
        assert await phone.listen() == 200 and phone.messages == []
        monkeypatch.setattr(polling, "HANG_SECONDS", 60.0)
        waiting = asyncio.ensure_future(phone.listen())
        await asyncio.sleep(0)
        assert await phone.listen() == 409  # one request at a time, so that no message is lost between two
        hallway.hall.publish(hallway.hall.live[code])
        assert await waiting == 200 and {message["is"] for message in phone.messages} == {"scene", "question"}

    held(five_modes, talk)


def test_request_for_news_ends_at_once_where_the_server_ends(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "HANG_SECONDS", 60.0)

    async def talk(hallway: Hallway) -> None:
        phone = await PolledPhone(hallway, await hallway.open()).open()
        await phone.hears("question")
        waiting = asyncio.ensure_future(phone.listen())
        await asyncio.sleep(0)
        hallway.hall.ending.set()
        async with asyncio.timeout(20):
            assert await waiting == 503  # to be tried again, as a socket that is closed with 1012

    held(five_modes, talk)


def test_polled_phone_that_goes_is_no_longer_counted(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        live, left = hallway.hall.live[code], asyncio.Event()
        phone = await PolledPhone(hallway, code).open()
        await phone.hears("question")
        assert live.here == hallway.hall.connections == 1
        left.set()  # the page is closed while its request waits
        assert await phone.listen(left) == 410
        await until(lambda: live.here == hallway.hall.connections == 0)
        assert await phone.say(text("time", t=1)) == 410
        monkeypatch.setattr(hall, "SILENT_SECONDS", 1000.0)  # which ends a connection that says nothing, too
        monkeypatch.setattr(polling, "AWAY_SECONDS", 0.05)
        await PolledPhone(hallway, code).open()  # and never asks for anything
        assert live.here == 1
        await until(lambda: live.here == hallway.hall.connections == 0)

    held(five_modes, talk)


@pytest.mark.parametrize(
    ("host", "origin", "code", "status"),
    [
        (HOST, "http://evil.example", "", 403),
        (HOST, None, "", 403),
        ("evil.example", "http://evil.example", "", 403),
        (HOST, OURS, "QQQQQ", 404),
    ],
)
def test_a_request_of_a_foreign_page_or_of_no_room_opens_nothing_and_says_nothing(
    five_modes: Run, host: str, origin: str | None, code: str, status: int
) -> None:
    async def talk(hallway: Hallway) -> None:
        room = await hallway.open()
        token = (await post(hallway, f"/live/{room}/poll"))[1]
        for rest in ("", f"/{token}", f"/{token}/say"):
            path = f"/live/{code or room}/poll{rest}"
            assert await post(hallway, path, text("time", t=1), host, origin) == (status, "")
        assert hallway.hall.connections == 1

    held(five_modes, talk)


def test_polled_phones_have_the_limits_of_sockets(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LECTURE_CONNECTIONS", 2)
    speak = Follower.may_speak
    monkeypatch.setattr(Follower, "may_speak", lambda follower, now: speak(follower, follower.heard))  # no time passes

    async def talk(hallway: Hallway) -> None:
        code, other = await hallway.open(), await hallway.open()
        phone, loud = await PolledPhone(hallway, code).open(), await PolledPhone(hallway, code).open()
        assert all(len(each._path.rpartition("/")[2]) * 6 >= 128 for each in (phone, loud)) and phone._path != loud._path
        assert (await post(hallway, f"/live/{code}/poll"))[0] == 429
        stranger = PolledPhone(hallway, other)
        stranger._path = phone._path.replace(code, other)
        assert await stranger.listen() == await stranger.say(text("time", t=1)) == 410  # a token is of one room
        assert await loud.say(*[text("time", t=number) for number in range(100)]) == 204
        assert (await loud.hears("time"))["t"] == limits.LECTURE_MESSAGES - 1  # the newest that was heard; the rest was too much
        assert await loud.say(" " * (limits.LECTURE_MESSAGE_BYTES + 1)) == 410
        await until(lambda: hallway.hall.connections == 1)
        for _ in range(limits.LECTURE_TRIES):
            assert (await post(hallway, "/live/QQQQQ/poll"))[0] == 404
        assert (await post(hallway, f"/live/{code}/poll"))[0] == 429
        await phone.hears("scene")  # who is in stays in
        hallway.hall.delete(code)
        await until(lambda: hallway.hall.connections == 0)

    held(five_modes, talk)
