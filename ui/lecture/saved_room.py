"""A room as JSON, and back: what outlives the server."""

import json
from dataclasses import fields
from typing import Any

from ui.lecture.room import Room
from ui.lecture.script import read
from ui.lecture.timeline import Moments

ELSEWHERE = ("lecture", "runs")
BY_SCENE = ("questions", "opened")


def to_json(room: Room) -> str:
    """All but the lecture, whose text is stored beside it, and its runs."""
    return json.dumps({each.name: getattr(room, each.name) for each in fields(room) if each.name not in ELSEWHERE})


def from_json(text: str, script: str, runs: dict[str, Moments]) -> Room:
    """The room again. Raises BadInput where this version does not understand the script."""
    known = {each.name for each in fields(Room)} - set(ELSEWHERE)
    values: dict[str, Any] = {name: value for name, value in json.loads(text).items() if name in known}
    for name in BY_SCENE:
        values[name] = {int(scene): value for scene, value in values[name].items()}
    values["pointer"] = None
    return Room(lecture=read(script).lecture, runs=runs, **values)
