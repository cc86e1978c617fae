"""The pages below /live/ and the hall behind them, spoken to as a server does: pages, runs, sockets, and who is refused."""

import asyncio
import gzip
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmf_core import limits
from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.lecture import follower, hall, keys
from ui.lecture.answer_book import AnswerBook
from ui.lecture.hall import Hall
from ui.lecture.live import FOREIGN, TOO_MANY, UNKNOWN, Live

Run = tuple[Trajectory, RunSpec]
HOST = "192.168.0.17:8501"
TEXT = """title = "T"
[[scene]]
heading = "Before"
preset = "five-modes"
[[scene]]
heading = "Choice"
preset = "five-modes"
at = 690
notes = "only for me"
[scene.question]
text = "What next?"
choices = ["All at once", "One by one"]
right = 2
[[scene]]
heading = "After"
preset = "five-modes"
at = "end"
"""


class Hallway:
    """A hall with one room, and the middleware in front of it."""

    def __init__(self, run: Run, file: Path | None = None) -> None:
        def submit(spec: RunSpec) -> Job:
            job = Job(spec)
            job.restore(run[0])
            return job

        self.hall = Hall(AnswerBook(file), submit)
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

        def heard() -> Any:
            fits = (each for each in self.messages if each["is"] == kind)
            return next((each for each in fits if all(each.get(name) == value for name, value in values.items())), None)

        await until(lambda: heard() is not None)
        return heard()

    async def leave(self) -> None:
        self.up.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self.task


async def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


def held(run: Run, talk: Callable[[Hallway], Awaitable[None]], file: Path | None = None) -> None:
    """Talks to a hall of its own on an event loop of its own."""

    async def whole() -> None:
        hallway = Hallway(run, file)
        try:
            await talk(hallway)
        finally:
            hallway.hall.close()

    asyncio.run(whole())


async def driver(hallway: Hallway, code: str, role: str = "desk") -> Phone:
    phone = hallway.connect(code)
    phone.say(kind="present", key=keys.presenter_key(hallway.hall.book.secret, code), role=role)
    await phone.hears("room")
    return phone


def test_pages_have_a_strict_policy_and_nothing_of_streamlit(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        for path in ("/live", f"/live/{code}", f"/live/{code}/present", f"/live/{code}/desk", f"/live/{code.lower()}"):
            status, headers, body = await hallway.get(path)
            policy = headers["content-security-policy"]
            assert (
                status == 200
                and policy.startswith("default-src 'none'; script-src 'self';")
                and "frame-ancestors 'none'" in policy
            )
            assert "unsafe-eval" not in policy and headers["x-content-type-options"] == "nosniff"
            assert (
                b"<script>" not in body
                and b"only for me" not in body
                and keys.presenter_key(hallway.hall.book.secret, code).encode() not in body
            )
        assert hallway.passed_on == []
        await hallway.get("/lively")
        await hallway.get("/")
        assert hallway.passed_on == ["/lively", "/"]

    held(five_modes, talk)


def test_scripts_and_styles_are_packed_immutable_and_small(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        _, _, body = await hallway.get(f"/live/{code}")
        names = [part.split('"')[0] for part in body.decode().split("/live/static/")[1:]]
        total = len(gzip.compress(body))
        for name in names:
            status, headers, packed = await hallway.get(f"/live/static/{name}")
            assert status == 200 and headers["content-encoding"] == "gzip" and "immutable" in headers["cache-control"]
            total += len(packed)
            gzip.decompress(packed)
        assert len(names) == 2 and total < 80_000  # the rest of 130 kB is the run

    held(five_modes, talk)


def test_a_run_is_given_as_far_as_the_room_may_know_it(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        run = f"/live/run/{hallway.digest}"
        desk = await driver(hallway, code)
        part = (await desk.hears("scene", ready=True))["until"]
        status, _, body = await hallway.get(f"{run}/until/{part}")
        assert status == 200 and json.loads(gzip.decompress(body))["frames"] == part + 1
        assert (await hallway.get(run))[0] == 403
        assert (await hallway.get(f"{run}/until/{part + 1}"))[0] == 403
        desk.say(kind="do", what="scene", scene=1)
        for _ in range(3):
            assert (await hallway.get(run))[0] == 403
            desk.say(kind="do", what="next")
            await desk.hears("question", state=["locked", "revealed", "played"][_])
        status, headers, body = await hallway.get(run)
        assert (
            status == 200 and "immutable" in headers["cache-control"] and json.loads(gzip.decompress(body))["frames"] > part + 1
        )
        assert (await hallway.get(f"/live/run/{'0' * 64}"))[0] == 404
        await desk.leave()

    held(five_modes, talk)


def test_two_phones_answer_and_hear_of_it_when_it_is_revealed(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        desk, first, second = await driver(hallway, code), hallway.connect(code), hallway.connect(code)
        desk.say(kind="do", what="scene", scene=1)
        for phone, value in ((first, 1), (second, 0)):
            await phone.hears("question", state="open")
            phone.say(kind="me", voter="")
            await phone.hears("you")
            phone.say(kind="answer", scene=1, value=value)
            assert (await phone.hears("counted"))["ok"]
        second.say(kind="answer", scene=1, value=1)
        await second.hears("counted", value=1)
        await desk.hears("count", answers=2, here=2)
        assert all("tally" not in message and "notes" not in message for message in first.messages + second.messages)
        desk.say(kind="do", what="lock")
        await first.hears("question", state="locked")
        first.say(kind="answer", scene=1, value=0)
        await first.hears("counted", ok=False)
        desk.say(kind="do", what="reveal")
        revealed = await first.hears("question", state="revealed")
        assert revealed["tally"]["counts"] == [0, 2] and "solution" not in revealed
        desk.say(kind="do", what="next")
        played = await second.hears("question", state="played")
        assert played["solution"] == 1 and played["said"] == "2 of 2 chose what happened."
        for phone in (desk, first, second):
            await phone.leave()
        assert hallway.hall.live[code].followers == set() and hallway.hall.connections == 0

    held(five_modes, talk)


def test_who_comes_late_or_again_has_the_present_scene_and_the_old_answer(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        desk, phone = await driver(hallway, code), hallway.connect(code)
        desk.say(kind="do", what="scene", scene=1)
        await phone.hears("question", state="open")
        phone.say(kind="me", voter="made up")
        token = (await phone.hears("you"))["voter"]
        assert token != "made up"
        phone.say(kind="answer", scene=1, value=1)
        await phone.hears("counted", ok=True)
        await phone.leave()
        again = hallway.connect(code)
        assert (await again.hears("scene"))["scene"] == 1
        again.say(kind="me", voter=token)
        assert (await again.hears("you")) == {"is": "you", "voter": token, "scene": 1, "answer": 1}
        await again.leave()
        await desk.leave()

    held(five_modes, talk)


def test_a_room_and_its_answers_live_through_a_restart(five_modes: Run, tmp_path: Path) -> None:
    file, known = tmp_path / "rooms.sqlite", {}

    async def before(hallway: Hallway) -> None:
        code = known["code"] = await hallway.open()
        desk, phone = await driver(hallway, code), hallway.connect(code)
        desk.say(kind="do", what="scene", scene=1)
        await phone.hears("question", state="open")
        phone.say(kind="me", voter="")
        known["voter"] = (await phone.hears("you"))["voter"]
        phone.say(kind="answer", scene=1, value=0)
        await phone.hears("counted", ok=True)
        desk.say(kind="do", what="blank", on=True)
        known["scene"] = await phone.hears("scene", blank=True)
        await phone.leave()
        await desk.leave()

    async def after(hallway: Hallway) -> None:
        await until(lambda: hallway.hall.live[known["code"]].room.run is not None)
        phone = hallway.connect(known["code"])
        scene = await phone.hears("scene", ready=True)
        assert {name: scene[name] for name in ("run", "until", "frame", "blank", "view")} == {
            name: known["scene"][name] for name in ("run", "until", "frame", "blank", "view")
        }
        phone.say(kind="me", voter=known["voter"])
        assert (await phone.hears("you"))["answer"] == 0
        assert (await hallway.get(f"/live/run/{scene['run']}/until/{scene['until']}"))[0] == 200
        await phone.leave()

    held(five_modes, before, file)
    held(five_modes, after, file)


def test_only_the_driver_drives_and_only_with_the_key(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        desk, other, phone = await driver(hallway, code), await driver(hallway, code, "projector"), hallway.connect(code)
        assert (await desk.hears("driver"))["you"] and not (await other.hears("driver"))["you"]
        for thief in (other, phone):
            thief.say(kind="do", what="scene", scene=2)
        phone.say(kind="drive")
        phone.say(kind="present", key="0" * 64, role="desk")
        await phone.hears("refused")
        phone.say(kind="do", what="scene", scene=2)
        phone.say(kind="time", t=1)
        await phone.hears("time")
        assert hallway.hall.live[code].room.scene == 0
        other.say(kind="drive")
        await other.hears("driver", you=True)
        await desk.hears("driver", you=False)
        desk.say(kind="do", what="scene", scene=2)
        other.say(kind="do", what="scene", scene=1)
        await phone.hears("scene", scene=1)
        assert hallway.hall.live[code].room.scene == 1
        guesser = hallway.connect(code)
        for _ in range(hall.WRONG_KEYS):
            guesser.say(kind="present", key="x", role="desk")
        await until(guesser.task.done)
        for each in (desk, other, phone):
            await each.leave()

    held(five_modes, talk)


@pytest.mark.parametrize(
    ("host", "origin", "code", "close"),
    [
        (HOST, "http://evil.example", "", FOREIGN),
        (HOST, None, "", FOREIGN),
        ("evil.example", "http://evil.example", "", FOREIGN),
        (HOST, f"http://{HOST}", "QQQQQ", UNKNOWN),
    ],
)
def test_a_socket_of_a_foreign_page_or_of_no_room_is_refused(
    five_modes: Run, host: str, origin: str | None, code: str, close: int
) -> None:
    async def talk(hallway: Hallway) -> None:
        phone = hallway.connect(code or await hallway.open(), host, origin)
        await phone.task
        assert phone.closed == close and phone.messages == []

    held(five_modes, talk)


def test_foreign_hosts_and_other_methods_are_refused(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        assert (await hallway.get("/live", host="evil.example"))[0] == 421
        assert (await hallway.get("/live", method="POST"))[0] == 405
        assert (await hallway.get("/live/static/../../app.py"))[0] == 404
        assert (await hallway.get("/live/QQQQQ"))[0] == 404

    held(five_modes, talk)


def test_codes_cannot_be_tried_by_the_thousand(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        for _ in range(limits.LECTURE_TRIES):
            assert (await hallway.get("/live/QQQQQ"))[0] == 404
        assert (await hallway.get("/live/QQQQQ"))[0] == 429
        phone = hallway.connect(code)
        await phone.task
        assert phone.closed == TOO_MANY
        assert (await hallway.get(f"/live/{code}", client="10.0.0.10"))[0] == 200

    held(five_modes, talk)


def test_a_full_hall_refuses_one_more(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LECTURE_CONNECTIONS", 2)

    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        phones = [hallway.connect(code), hallway.connect(code)]
        for phone in phones:
            await phone.hears("scene")
        late = hallway.connect(code)
        await late.task
        assert late.closed == TOO_MANY and late.messages == []
        for phone in phones:
            await phone.leave()

    held(five_modes, talk)


def test_a_run_of_no_room_is_not_handed_out(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        other = "a" * 64  # packed for a room that is gone
        moments = replace(hallway.hall.live[code].room.runs[hallway.digest], digest=other)
        hallway.hall.book.save_run(moments, {(None, None): b"x"}, 0.0)
        assert hallway.hall.book.body(other, None) == b"x"
        assert (await hallway.get(f"/live/run/{other}"))[0] == 404

    held(five_modes, talk)


HOSTILE = [
    "",
    "{",
    "[]",
    "null",
    '{"is":"nothing"}',
    '{"is":"answer","scene":1,"value":NaN}',
    '{"is":"answer","scene":1,"value":1e999}',
    '{"is":"answer","scene":99999999999999999999,"value":1}',
    '{"is":"answer","scene":1,"value":1,"more":1}',
    '{"is":"do","what":"pause","frame":-1}',
    '{"is":"me","voter":"' + "x" * 500 + '"}',
    '{"is":"time","t":"now"}',
    "[" * 2000,
    '{"is":"present","key":"\\ud800","role":"desk"}',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_no_page_of_ours_says_changes_nothing(five_modes: Run, text: str) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        phone = hallway.connect(code)
        before = hallway.hall.live[code].room.seq
        phone.raw(text)
        phone.say(kind="time", t=2)
        await phone.hears("time")
        assert hallway.hall.live[code].room.seq == before and phone.closed is None
        await phone.leave()

    held(five_modes, talk)


def test_a_message_that_is_too_long_ends_the_connection(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        phone = hallway.connect(await hallway.open())
        phone.raw(" " * (limits.LECTURE_MESSAGE_BYTES + 1))
        await until(phone.task.done)
        assert phone.closed is not None

    held(five_modes, talk)


def test_a_phone_that_talks_too_much_is_not_heard(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        phone = hallway.connect(await hallway.open())
        for number in range(500):
            phone.say(kind="time", t=number)
        await until(phone.up.empty)
        await phone.hears("time")
        await phone.leave()
        assert len([message for message in phone.messages if message["is"] == "time"]) < 60

    held(five_modes, talk)


def test_a_stuck_phone_makes_no_queue_and_is_dropped(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "SEND_SECONDS", 0.2)

    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        stuck, well, desk = hallway.connect(code), hallway.connect(code), await driver(hallway, code)
        await stuck.hears("scene")
        stuck.stuck = True
        for number in range(8):
            desk.say(kind="do", what="blank", on=number % 2 == 1)
        await well.hears("scene", blank=True)
        await until(lambda: hallway.hall.live[code].here == 1)
        for phone in (well, desk):
            await phone.leave()
        stuck.stuck = False
        await stuck.task

    held(five_modes, talk)


def test_a_silent_phone_is_no_longer_counted(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hall.SILENT_SECONDS + hall.WORD_SECONDS <= 60  # seconds until it is off the list, at most
    monkeypatch.setattr(hall, "WORD_SECONDS", 0.05)
    monkeypatch.setattr(hall, "SILENT_SECONDS", 0.3)

    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        silent, alive = hallway.connect(code), hallway.connect(code)

        async def answers() -> None:
            while True:
                alive.say(kind="time", t=0)
                await asyncio.sleep(0.05)

        speaking = asyncio.ensure_future(answers())
        await silent.hears("here")
        await until(silent.task.done)
        assert hallway.hall.live[code].here == 1
        speaking.cancel()
        await alive.leave()

    held(five_modes, talk)


def test_a_deleted_room_is_gone_with_its_answers(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        phone = hallway.connect(code)
        await phone.hears("scene")
        hallway.hall.delete(code)
        await until(phone.task.done)
        assert phone.closed == UNKNOWN and hallway.hall.book.rooms() == []
        assert (await hallway.get(f"/live/{code}"))[0] == 404

    held(five_modes, talk)


def test_the_qr_code_holds_the_address_of_the_room(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        status, headers, body = await hallway.get(f"/live/{code}/qr.svg")
        assert status == 200 and headers["content-type"] == "image/svg+xml" and body.startswith(b"<svg")
        hallway.hall.move_to(code, "")
        assert (await hallway.get(f"/live/{code}/qr.svg"))[0] == 404

    held(five_modes, talk)
