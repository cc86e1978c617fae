"""The room: what follows what, who may answer when, and that nothing is said before its time."""

import json
import random
from typing import Any
from urllib.parse import parse_qsl

import pytest

from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from tests.ui.lecture import texts
from ui.lecture import saved_room
from ui.lecture.moments import moments
from ui.lecture.room import STATES, Room
from ui.lecture.room_messages import desk_message, live_message, next_label, question_message, scene_message
from ui.lecture.script import read
from ui.lecture.timeline import Moments
from ui.session import share

Run = tuple[Trajectory, RunSpec]
TEXT = texts.script(texts.BEFORE, texts.CHOICE, texts.MOMENT, texts.AFTER)
CHOICE, MOMENT, AFTER = 1, 2, 3


@pytest.fixture
def known(five_modes: Run) -> Moments:
    return moments(*five_modes)


@pytest.fixture
def room(known: Moments) -> Room:
    room = Room("K7RTM", read(TEXT).lecture, {known.digest: known})
    room.enter(0, 0.0)
    return room


def test_the_clicker_alone_gives_the_whole_lecture(room: Room, known: Moments) -> None:
    """`next` alone reaches the end of the last scene, opens every question once and walks it through its states in order."""
    scenes: list[tuple[int, str | None]] = []
    for press in range(60):
        scenes.append((room.scene, room.question_state))
        if next_label(room).startswith("nothing"):
            break
        room.next(press)
    states = {scene: list(dict.fromkeys(state for at, state in scenes if at == scene)) for scene in range(4)}
    assert states == {0: [None], CHOICE: list(STATES), MOMENT: list(STATES), AFTER: [None]}
    assert room.scene == AFTER and room.frame == known.last


def test_a_run_is_shown_as_far_as_no_later_question_is_about_it(room: Room, known: Moments) -> None:
    first, second = (int(known.frame(t)) for t in (400, 690))
    assert room.last_visible == first  # in the scene before both questions
    room.enter(CHOICE, 0)
    assert room.last_visible == first
    for _ in range(3):
        room.advance_question(0)
    assert room.question_state == "played" and room.last_visible == second and room.stop == second
    room.enter(MOMENT, 0)
    assert room.last_visible == second
    for _ in range(3):
        room.advance_question(0)
    assert room.last_visible is None and room.stop == pytest.approx(known.frame(known.births[3]))


def test_a_scene_that_was_skipped_hides_nothing_from_those_after_it(room: Room) -> None:
    room.enter(AFTER, 0)
    assert room.last_visible is None


def test_a_run_that_is_not_shown_stays_hidden_until_its_questions_are_played(known: Moments) -> None:
    other = texts.AFTER.replace('"five-modes"', '"arora-completion"')
    room = Room("K7RTM", read(texts.script(texts.CHOICE, other)).lecture, {known.digest: known})
    room.enter(0, 0)
    hidden = room.visible_part(known.digest)
    room.enter(1, 0)  # the lecturer goes on with another run, and may come back to the open question
    assert hidden[0] is not None and room.visible_part(known.digest) == hidden and room.last_visible is None


@pytest.mark.parametrize("state", STATES)
def test_an_answer_counts_only_while_the_question_is_open(room: Room, state: str) -> None:
    room.enter(CHOICE, 0)
    while room.question_state != state:
        room.advance_question(0)
    assert room.answer(CHOICE, 1) == (1 if state == "open" else None)


def test_an_answer_to_another_scene_is_refused(room: Room) -> None:
    room.enter(MOMENT, 0)
    assert room.answer(MOMENT, 800) == 800
    assert room.answer(CHOICE, 800) is None and room.answer(0, 800) is None


@pytest.mark.parametrize("value", [True, None, "800", float("nan"), float("inf"), 689.9, 1400.1, [800]])
def test_what_is_no_moment_of_the_axis_is_refused(room: Room, value: Any) -> None:
    room.enter(MOMENT, 0)
    assert room.answer(MOMENT, value) is None


def test_a_moment_counts_on_the_grain_of_the_axis(room: Room) -> None:
    room.enter(MOMENT, 0)
    assert [room.answer(MOMENT, value) for value in (690, 694.9, 733.2, 1400)] == [690, 690, 730, 1400]


def test_a_question_that_was_played_stays_played_when_its_scene_comes_again(room: Room) -> None:
    room.enter(CHOICE, 0)
    for _ in range(3):
        room.advance_question(0)
    room.enter(0, 0)
    room.enter(CHOICE, 0)
    assert room.question_state == "played" and room.answer(CHOICE, 1) is None


def test_reveal_locks_first_and_lock_does_not_unlock(room: Room) -> None:
    room.enter(CHOICE, 0)
    room.reveal()
    assert room.question_state == "revealed"
    room.lock()
    assert room.question_state == "revealed"


@pytest.mark.parametrize("seed", range(20))
def test_no_message_to_the_audience_comes_before_its_time(room: Room, known: Moments, seed: int) -> None:
    """Any walk of the driver: no count before the reveal, no answer and no later frame before the run is played."""
    chance = random.Random(seed)
    answers: dict[str, int | float] = {"a": 1, "b": 0}
    for now in range(120):
        action = chance.choice(["next", "previous", "enter", "play", "pause", "lock", "reveal", "advance"])
        match action:
            case "next":
                room.next(now)
            case "previous":
                room.previous(now)
            case "enter":
                room.enter(chance.randrange(4), now)
            case "play":
                room.play(now)
            case "pause":
                room.pause(chance.uniform(-5, 200), now)
            case "lock":
                room.lock()
            case "reveal":
                room.reveal()
            case _:
                room.advance_question(now)
        scene, question = scene_message(room), question_message(room, answers)
        state, last = question.get("state"), scene["until"] if scene["until"] is not None else known.last
        assert 0 <= scene["frame"] <= last and (scene["stop"] is None or scene["stop"] <= last)
        assert ("tally" in question) == (state in ("revealed", "played"))
        assert ("solution" in question) == (state == "played")
        assert not (scene["playing"] and state in ("open", "locked", "revealed"))
        assert "only for me" not in json.dumps([scene, question])


def test_the_desk_has_notes_tally_and_answer_at_once(room: Room, known: Moments) -> None:
    room.enter(CHOICE, 0)
    message = desk_message(room, {"a": 1, "b": 1, "c": 0})
    assert message["notes"] == [["p", "only for me"]] and message["tally"]["counts"] == [1, 2] and message["solution"] == 1


def test_how_near_the_room_was_is_said_from_its_median(room: Room, known: Moments) -> None:
    room.enter(MOMENT, 0)
    for _ in range(3):
        room.advance_question(0)
    message = question_message(room, {"a": 790, "b": 800, "c": 1400})
    assert message["tally"]["middle"] == 800
    assert message["verdict"] == f"The room said 800: {800 - round(known.births[3])} too late."
    assert "as near as" in question_message(room, {"a": 730})["verdict"]
    assert question_message(room, {})["verdict"] == ""


def test_every_change_has_a_higher_number(room: Room) -> None:
    numbers = [room.seq]
    for action in (lambda: room.enter(AFTER, 0), lambda: room.play(1), lambda: room.pause(3, 2), lambda: room.darken(True)):
        action()
        numbers.append(room.seq)
    assert numbers == sorted(set(numbers))


def test_play_at_the_end_begins_anew(room: Room, known: Moments) -> None:
    room.enter(AFTER, 0)
    room.play(5)
    assert (room.frame, room.playing, room.stop, room.at) == (0.0, True, known.last, 5)


def test_a_room_whose_run_is_missing_begins_its_scene_when_it_comes(known: Moments) -> None:
    room = Room("K7RTM", read(TEXT).lecture)
    room.enter(AFTER, 0)
    assert not scene_message(room)["ready"] and room.frame == 0
    room.provide(known, 1)
    assert scene_message(room)["ready"] and room.frame == known.last


def test_a_room_survives_being_saved(room: Room, known: Moments) -> None:
    room.enter(MOMENT, 3)
    room.lock()
    room.darken(True)
    again = saved_room.from_json(saved_room.to_json(room), TEXT, {known.digest: known})
    assert again == room


def settings_of(room: Room) -> dict[str, Any]:
    """The values in the live controls, by path."""
    return {part["path"]: part["value"] for part in live_message(room)["settings"]}


def test_a_setting_is_moved_live_and_the_script_comes_back(room: Room, known: Moments) -> None:
    room.enter(AFTER, 0)
    own = settings_of(room)
    changes = room.moved({}, "model.depth", 2)
    assert changes == {"model.depth": 2}
    digest = room.current.spec.replaced(changes).digest()
    room.runs[digest] = Moments(digest, (0.0, 1.0), (1.0,), {}, {})
    room.change(changes, 1)
    assert scene_message(room)["run"] == digest and scene_message(room)["changed"] == "Changed by hand: depth 2."
    assert settings_of(room) == own | {"model.depth": 2} and live_message(room)["changed"]
    room.change(room.moved(changes, "model.depth", own["model.depth"]), 1)  # what the script says anyway is no change
    assert not live_message(room)["changed"] and scene_message(room)["run"] == known.digest
    room.change(changes, 2)
    room.back_to_script(2)
    assert scene_message(room)["run"] == known.digest and room.frame == known.last and not live_message(room)["changed"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("model.depth", 99),
        ("model.depth", True),
        ("seed", -1),
        ("problem.rows", 1e300),
        ("problem.rows", "many"),
        ("problem.kind", "tensor_completion"),
        ("problem.mask", "aaaa"),
        ("stop.seconds", 1),
        ("device", "cuda"),
        ("__class__.kind", 1),
    ],
)
def test_what_cannot_be_moved_live_is_said(room: Room, path: str, value: Any) -> None:
    room.enter(AFTER, 0)
    with pytest.raises(BadInput):
        room.moved({}, path, value)


def test_no_setting_is_moved_while_the_room_predicts(room: Room) -> None:
    room.enter(MOMENT, 0)
    with pytest.raises(BadInput, match="predicting"):
        room.moved({}, "model.depth", 2)
    assert settings_of(room) == {}


def test_the_very_same_run_is_offered_when_its_future_is_no_secret(room: Room) -> None:
    room.enter(CHOICE + 1, 0)  # the last question about this run
    for _ in range(3):
        assert scene_message(room)["lab"] is None
        room.advance_question(0)
    query = scene_message(room)["lab"]
    assert query is not None and share.read(dict(parse_qsl(query))).spec == room.spec
