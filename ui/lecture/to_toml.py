"""A lecture as the text of a scene script: the inverse of ui.lecture.script.read, without the comments of a person."""

import json
from collections.abc import Mapping
from typing import Any

from ui.lecture.script import Lecture, Scene

ORDER = ("heading", "text", "preset", "link", "at", "minutes", "notes")


def to_toml(lecture: Lecture) -> str:
    """Only what differs from the defaults is written."""
    head = [f"{key} = {_value(value)}" for key, value in _set(lecture).items() if key != "scene"]
    return "\n".join([*head, *("\n" + scene_toml(scene) for scene in lecture.scene)]) + "\n"


def scene_toml(scene: Scene) -> str:
    given = _set(scene)
    lines = ["[[scene]]", *(f"{key} = {_value(given[key])}" for key in ORDER if key in given)]
    for name in ("changes", "view", "question"):
        if given.get(name):
            lines += [f"[scene.{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in given[name].items())]
    return "\n".join(lines)


def _set(settings: Lecture | Scene) -> dict[str, Any]:
    return settings.model_dump(mode="json", exclude_defaults=True, exclude_none=True)


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() else json.dumps(name)


def _value(value: Any) -> str:
    """A TOML value. A long text stands on lines of its own."""
    if isinstance(value, str):
        return f'"""\n{_escaped(value)}"""' if "\n" in value else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(each)}' for key, each in value.items())} }}" if value else "{}"
    return json.dumps(value)


def _escaped(text: str) -> str:
    """What stands between three quotes on each side."""
    inside = json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
    return inside.replace("\\n", "\n") if "\\\\n" not in inside else inside
