"""Who and what the hall refuses: foreign pages, tried codes, too many, hostile, loud, stuck and silent phones."""

import asyncio
import json

import pytest

from dmf_core import limits
from tests.ui.lecture.hallway import HOST, Hallway, Run, driver, held, until
from ui.lecture import follower, hall
from ui.lecture.live import FOREIGN, TOO_MANY, UNKNOWN


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


def test_codes_tried_by_sockets_count_too(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        for _ in range(limits.LECTURE_TRIES):
            phone = hallway.connect("QQQQQ")
            await phone.task
            assert phone.closed == UNKNOWN
        assert (await hallway.get(f"/live/{code}"))[0] == 429

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


def test_a_message_that_is_too_long_ends_the_connection(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall, "SILENT_SECONDS", 1000.0)  # which ends a connection that says nothing, too

    async def talk(hallway: Hallway) -> None:
        phone = hallway.connect(await hallway.open())
        message = json.dumps({"is": "time", "t": 1})
        phone.raw(message.ljust(limits.LECTURE_MESSAGE_BYTES))
        await phone.hears("time")
        phone.raw(message.ljust(limits.LECTURE_MESSAGE_BYTES + 1))
        await until(phone.task.done)
        assert phone.closed is not None

    held(five_modes, talk)


def test_a_phone_that_was_silent_may_not_speak_for_all_that_time() -> None:
    phone = follower.Follower()
    later = phone.heard + 1000.0
    assert sum(phone.may_speak(later) for _ in range(100)) == limits.LECTURE_MESSAGES


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


def test_what_waits_for_a_phone_is_the_newest_of_each_topic_only() -> None:
    async def waits() -> list[str]:
        phone = follower.Follower()
        for number in range(100):
            phone.offer("scene", f"scene {number}")
            phone.offer("count", f"count {number}")
        return await phone.waiting()

    assert asyncio.run(waits()) == ["scene 99", "count 99"]


def test_a_silent_phone_is_no_longer_counted(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hall.SILENT_SECONDS + hall.HEARTBEAT_SECONDS <= 20  # seconds until it is off the list, at most
    monkeypatch.setattr(hall, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(hall, "SILENT_SECONDS", 2.0)  # the other phone may be kept waiting on a busy machine

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
