"""What a room sends: the scene and its question to everybody, settings to its presenters, notes to its desks.

The keys are part of the protocol: a phone may show a page of an older version of the server.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dmf_core import limits
from ui.lecture.answer_book import Answer
from ui.lecture.live_settings import changed_words, live_settings
from ui.lecture.rich_text import blocks, inline
from ui.lecture.room import Room
from ui.lecture.tally import nearness, tally
from ui.session import share


def scene_message(room: Room) -> dict[str, Any]:
    """For everybody: what is shown, and from when on it moves by itself."""
    until, ends = room.visible_part(room.spec.digest())
    return {
        "is": "scene",
        "seq": room.seq,
        "scene": room.scene,
        "of": len(room.lecture.scene),
        "heading": inline(room.current.heading),
        "text": inline(room.current.text),
        "run": room.spec.digest(),
        "ready": room.run is not None,
        "until": until,
        "ends": ends,
        "view": room.view,
        "frame": room.frame,
        "playing": room.playing,
        "stop": room.stop,
        "speed": room.speed,
        "at": room.at,
        "blank": room.blank,
        "changes": room.changes,
        "changed": changed_words(room.current.spec, room.spec) if room.changes else "",
        "lab": None if until is not None else _lab_query(room),
    }


def question_message(room: Room, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """For everybody. Counts come with the reveal, the right answer when the run is played."""
    question, state = room.question, room.question_state
    message: dict[str, Any] = {"is": "question", "seq": room.seq, "scene": room.scene, "text": None}
    if question is None or state is None:
        return message
    choices = [inline(choice) for choice in question.choices]
    message |= {"text": inline(question.text), "choices": choices, "state": state, "range": None}
    if question.range is not None:
        message |= {"range": list(question.range), "step": question.grain, "mode": question.birth or question.curve}
    if question.kind == "curve":
        message |= {"top": question.top, "points": limits.LECTURE_SKETCH_POINTS}
    if state in ("revealed", "played"):
        message["tally"] = tally(question, answers.values())
    if state == "played":
        message |= {"solution": room.solution, "verdict": nearness(question, room.solution, message["tally"])}
    return message


def live_message(room: Room) -> dict[str, Any]:
    """For presenters: the settings that can be moved now, as they are; none while the room predicts this run."""
    settings = () if room.question_pending else live_settings(room.spec)
    return {"is": "live", "seq": room.seq, "settings": settings, "changed": bool(room.changes)}


def desk_message(room: Room, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """For the desk only: notes, what comes next, and the answers so far."""
    following = room.lecture.scene[room.scene + 1] if room.scene + 1 < len(room.lecture.scene) else None
    message: dict[str, Any] = {
        "is": "desk",
        "seq": room.seq,
        "title": inline(room.lecture.title),
        "notes": blocks(room.current.notes),
        "next": next_label(room),
        "following": "" if following is None else inline(following.heading),
        "scenes": [
            {"heading": inline(scene.heading), "minutes": scene.minutes, "asks": scene.question is not None}
            for scene in room.lecture.scene
        ],
        "opened": room.opened.get(room.scene),
    }
    if room.question is not None and room.question_state is not None:
        message |= {"tally": tally(room.question, answers.values()), "solution": room.solution}
    return message


def next_label(room: Room) -> str:
    """What `Room.next` does now, for its button."""
    labels = {"open": "lock answers", "locked": "reveal to the room", "revealed": "play"}
    if room.question_state in labels:
        return labels[room.question_state]
    if room.next_stop is not None:
        return "play to the next event"
    return "next scene" if room.scene + 1 < len(room.lecture.scene) else "nothing, this is the end"


def _lab_query(room: Room) -> str:
    """The query of an address of Explore or Tensors that shows this very run; not to be sent while its future is hidden."""
    return urlencode(share.parameters(room.spec), safe=",:")
