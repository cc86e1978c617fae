"""What the page does to a lecture: scenes put in another place, copied, left out, replaced, added. Pure."""

from typing import Any

from pydantic import ValidationError

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.spec import explained
from ui.lecture.script import Lecture, Scene, read
from ui.lecture.to_toml import to_toml


def moved(lecture: Lecture, scene: int, by: int) -> Lecture:
    """A scene, from 0, so many places later; the lecture itself where there is no such place."""
    scenes, place = list(lecture.scene), scene + by
    if not 0 <= place < len(scenes):
        return lecture
    scenes.insert(place, scenes.pop(scene))
    return _with(lecture, scenes)


def duplicated(lecture: Lecture, scene: int) -> Lecture:
    """The copy stands behind the scene. Raises BadInput where there are too many."""
    return inserted(lecture, scene + 1, lecture.scene[scene])


def removed(lecture: Lecture, scene: int) -> Lecture:
    """Raises BadInput for the last one."""
    if len(lecture.scene) == 1:
        raise BadInput("A lecture has at least one scene; add another one first.")
    return _with(lecture, [each for number, each in enumerate(lecture.scene) if number != scene])


def inserted(lecture: Lecture, place: int, scene: Scene) -> Lecture:
    """Raises BadInput where there are too many."""
    if len(lecture.scene) >= limits.LECTURE_SCENES:
        raise BadInput(f"A lecture has at most {limits.LECTURE_SCENES} scenes; divide it into two.")
    return _with(lecture, [*lecture.scene[:place], scene, *lecture.scene[place:]])


def replaced(lecture: Lecture, scene: int, values: dict[str, Any]) -> Lecture:
    """With other values in one scene. Raises BadInput, one sentence, where they do not fit; then nothing is changed."""
    return _with(lecture, [new_scene(values) if number == scene else each for number, each in enumerate(lecture.scene)])


def new_scene(values: dict[str, Any]) -> Scene:
    """Raises BadInput, one sentence with the field."""
    try:
        return Scene.model_validate(values)
    except ValidationError as error:
        raise BadInput(explained(error, Scene).sentence) from None


def titled(lecture: Lecture, title: str, summary: str) -> Lecture:
    """Raises BadInput where they do not fit."""
    try:
        return Lecture.model_validate({"title": title, "summary": summary, "scene": lecture.scene})
    except ValidationError as error:
        raise BadInput(explained(error, Lecture).sentence) from None


def _with(lecture: Lecture, scenes: list[Scene]) -> Lecture:
    """Read again from its own text, so that what is shown is what a file would be. Raises BadInput."""
    return read(to_toml(lecture.model_copy(update={"scene": tuple(scenes)}))).lecture
