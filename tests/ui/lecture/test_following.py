"""Phones and presenters in a room: answers, latecomers, a restart, who drives, the end."""

from pathlib import Path

import pytest

from dmf_core.cost import Cost
from tests.ui.lecture.hallway import Hallway, Run, driver, held, until
from ui.lecture import hall, preparing
from ui.lecture.live import UNKNOWN


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
        desk.say(kind="me", voter="")
        desk.say(kind="answer", scene=1, value=1)
        await desk.hears("counted", ok=False)  # presenters are not the audience
        await desk.hears("count", answers=2, here=2)
        projector = await driver(hallway, code, "projector")
        heard = first.messages + second.messages
        assert all("tally" not in message and "notes" not in message for message in heard)
        desk.say(kind="do", what="lock")
        await first.hears("question", state="locked")
        first.say(kind="answer", scene=1, value=0)
        await first.hears("counted", ok=False)
        desk.say(kind="do", what="reveal")
        revealed = await first.hears("question", state="revealed")
        assert revealed["tally"]["counts"] == [0, 2] and "solution" not in revealed
        desk.say(kind="do", what="next")
        played = await second.hears("question", state="played")
        assert played["solution"] == 1 and played["verdict"] == "2 of 2 chose what happened."
        await projector.hears("question", state="played")
        assert all("notes" not in message for message in projector.messages) and "notes" in desk.last("desk")
        for phone in (desk, first, second, projector):
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
        again.messages.clear()
        again.say(kind="me", voter="")
        assert (await again.hears("you"))["voter"] == token  # one name for each connection
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
        assert (await hallway.get(f"/live/{known['code']}/run/{scene['run']}/until/{scene['until']}"))[0] == 200
        await phone.leave()

    held(five_modes, before, file)
    held(five_modes, after, file)


def test_settings_are_moved_on_the_projector_the_last_change_counts_and_the_script_comes_back(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        projector, phone = await driver(hallway, code, "projector"), hallway.connect(code)
        settings = (await projector.hears("live"))["settings"]
        for path, value in (("model.depth", 2), ("model.depth", 4), ("init.scale", 0.01)):
            projector.say(kind="do", what="change", path=path, value=value)
        moved = {"model.depth": 4, "init.scale": 0.01}
        scene = await phone.hears("scene", changes=moved)
        assert (await hallway.get(f"/live/{code}/run/{scene['run']}"))[0] == 200 and scene["until"] is None
        now = (await projector.hears("live", changed=True, seq=scene["seq"]))["settings"]
        assert moved.items() <= {part["path"]: part["value"] for part in now}.items()
        assert projector.last("notice")["text"] == ""
        assert phone.last("live") is None
        projector.say(kind="do", what="change", path="model.depth", value=3)
        projector.say(kind="do", what="script")  # before the run of the change is there
        await phone.hears("scene", changes={}, run=hallway.digest, seq=scene["seq"] + 1)
        assert (await projector.hears("live", changed=False, seq=scene["seq"] + 1))["settings"] == settings
        projector.say(kind="do", what="scene", scene=1)  # here the room predicts
        assert (await projector.hears("live", settings=[]))["changed"] is False
        assert phone.last("scene")["changes"] == {} and hallway.hall.live[code].pending is None
        for each in (projector, phone):
            await each.leave()

    held(five_modes, talk)


def test_only_the_driver_drives_and_only_with_the_key(five_modes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall, "SILENT_SECONDS", 1000.0)  # which ends a connection that says nothing, too

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


def test_an_error_of_the_program_is_in_the_log_with_its_traceback(
    five_modes: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While a run is packed the driver hears of it; while a message is heard the connection ends."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        desk, phone = await driver(hallway, code), hallway.connect(code)
        monkeypatch.setattr(preparing, "packed", broken)
        desk.say(kind="do", what="change", path="model.depth", value=4)
        await desk.hears("notice", text="This run could not be computed.")
        monkeypatch.setattr(hallway.hall, "receive", broken)
        phone.say(kind="time", t=1)
        await phone.task
        monkeypatch.undo()
        await desk.leave()

    held(five_modes, talk)
    faults = [entry.exc_info[0] for entry in caplog.records if entry.exc_info]
    assert faults == [ZeroDivisionError, ZeroDivisionError]


def test_a_change_that_a_page_would_not_start_by_itself_is_refused_with_its_price(five_modes: Run) -> None:
    """The price comes from another thread and holds what the run may take; one that is there (None) is shown at once."""
    prices = {2: Cost(1, 1.0, 1, most=9.0), 4: None}

    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        desk, phone = await driver(hallway, code), hallway.connect(code)
        desk.say(kind="do", what="change", path="model.depth", value=4)
        await phone.hears("scene", changes={"model.depth": 4})
        desk.say(kind="do", what="change", path="model.depth", value=2)
        refusal = "This run takes about 1 to 9 s; make it a scene of its own, which is computed beforehand."
        await desk.hears("notice", text=refusal)
        assert not hallway.hall.live[code].changing and phone.last("scene")["changes"] == {"model.depth": 4}
        for each in (desk, phone):
            await each.leave()

    held(five_modes, talk, price=lambda spec: prices[spec.model.layers or 1])
