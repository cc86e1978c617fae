"""The scene script: a lecture as one TOML text. docs/lectures.md describes it.

Every error is one sentence with the line, the value, the limit and what to do.
"""

import pathlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, ValidationError, model_validator

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.presets import preset_spec
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, explained
from ui.lecture import rich_text
from ui.lecture.toml_lines import Path, line_of, lines
from ui.player.view import View
from ui.session import share

READY = pathlib.Path(__file__).parent / "ready"
CURVES = 8  # of the largest modes have values that can be sketched
Line = Field("", max_length=300)
Moment = float | Literal["start", "end"]


class Question(Settings):
    """What the room is asked: one of several answers, a moment on the time axis, or a curve over a part of it."""

    text: str = Field(min_length=1, max_length=300)
    choices: tuple[str, ...] = Field((), max_length=8)
    right: int | None = Field(None, ge=1, le=8)  # of the choices; None: there is no right one
    range: tuple[float, float] | None = None  # of the moments that can be answered, or over which the curve is sketched
    step: float | None = Field(None, gt=0)  # between two answers; None: a hundredth of the range
    birth: int | None = Field(None, ge=1, le=limits.MAX_SIDE)  # the answer is when this mode is born
    curve: int | None = Field(None, ge=1, le=CURVES)  # the value of this mode is sketched
    top: float | None = Field(None, gt=0, le=1e12)  # of the values that can be sketched

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.choices) == bool(self.range):
            raise ValueError("question needs either choices, a list of 2 to 8 texts, or range, as in range = [0, 2000].")
        if self.choices:
            if len(self.choices) < 2 or any(not 0 < len(choice) <= 120 for choice in self.choices):
                raise ValueError("choices must be 2 to 8 texts of 1 to 120 characters.")
            if len(set(self.choices)) < len(self.choices):
                raise ValueError("choices holds the same text twice; change one of them.")
            if self.right is not None and self.right > len(self.choices):
                raise ValueError(f"right is {self.right}; it must be from 1 to {len(self.choices)}, the number of choices.")
            if {self.birth, self.step, self.curve, self.top} != {None}:
                raise ValueError("birth, step, curve and top belong to a question with a range; remove them or the choices.")
        elif self.range is not None:
            if not 0 <= self.range[0] < self.range[1] <= limits.MAX_TIME:
                raise ValueError(f"range is {list(self.range)}; it must be two rising numbers from 0, as in range = [0, 2000].")
            if self.right is not None:
                raise ValueError(
                    "right belongs to a question with choices; say birth = 3 for the moment at which mode 3 is born."
                )
            if (self.curve is None) != (self.top is None):
                raise ValueError(
                    "curve and top belong together, as in curve = 1 and top = 40: the largest value that can be sketched."
                )
            if self.curve is not None and (self.birth is not None or self.step is not None):
                raise ValueError("a question asks for a curve or for a moment; remove curve, or birth and step.")
            if self.grain < (self.range[1] - self.range[0]) / limits.LECTURE_ANSWERS:
                raise ValueError(
                    f"step is {self.step:g}; it must divide the range into at most {limits.LECTURE_ANSWERS} answers."
                )
        return self

    @property
    def kind(self) -> Literal["choice", "moment", "curve"]:
        """What an answer is."""
        return "choice" if self.range is None else "moment" if self.curve is None else "curve"

    @property
    def moments(self) -> tuple[float, ...]:
        """The times at which a sketch has its points."""
        low, high = self.range or (0.0, 1.0)
        last = limits.LECTURE_SKETCH_POINTS - 1
        return tuple(low + (high - low) * point / last for point in range(last + 1))

    @property
    def grain(self) -> float:
        """Between two answers on the axis."""
        low, high = self.range or (0.0, 1.0)
        return self.step or (high - low) / 100


class Scene(Settings):
    """One step of a lecture: a run, a moment of it, what is said about it."""

    heading: str = Field(min_length=1, max_length=120)
    text: str = Line
    notes: str = Field("", max_length=4000)
    minutes: float = Field(1.0, gt=0, le=240)
    preset: str | None = Field(None, max_length=60)
    changes: dict[str, Any] = Field(default_factory=dict)
    link: str | None = Field(None, max_length=4000)
    at: Moment | None = None  # flow time; None: the frame of the view, else the start
    view: View = View()
    question: Question | None = None

    @model_validator(mode="after")
    def _one_run(self) -> Self:
        if (self.preset is None) == (self.link is None):
            raise ValueError('scene needs either preset = "NAME" or link = "ADDRESS".')
        if self.link is not None and self.changes:
            raise ValueError("changes belong to a preset; make them in the program and copy its link anew.")
        if isinstance(self.at, float) and not 0 <= self.at <= limits.MAX_STOP_TIME:
            raise ValueError(f'at is {self.at:g}; it must be a flow time from 0, "start" or "end".')
        if self.at is not None and self.view.frame is not None:
            raise ValueError("at and view.frame both name the moment; remove one of them.")
        if self.question is not None and self.at == "end":
            raise ValueError('at is "end", but the question is about what comes after it; name an earlier moment.')
        return self

    @cached_property
    def spec(self) -> RunSpec:
        """The run of the scene. Raises BadInput."""
        return self._link.spec or RunSpec() if self.link is not None else preset_spec(self.preset or "").replaced(self.changes)

    @cached_property
    def shown_view(self) -> View:
        """How the run is shown."""
        given = self._link.view if self.link is not None and self.view == View() else self.view
        return given.model_copy(update={"projector": False})

    @cached_property
    def _link(self) -> share.Link:
        try:
            texts = dict(parse_qsl(urlsplit(self.link or "").query, keep_blank_values=True, max_num_fields=200))
        except ValueError:
            return share.Link(None, sentences=("it is no address; copy it from Link on the page Explore or Tensors.",))
        return share.read(texts)

    def complaint(self) -> tuple[str, str]:
        """(key, sentence) of what is wrong with the texts or the run; two empty texts where nothing is."""
        for key, words in self._texts():
            if sentence := _formula_complaint(words):
                return key, sentence
        key, sentence = self._run_complaint()
        return (key, sentence) if sentence else self._view_complaint()

    def _view_complaint(self) -> tuple[str, str]:
        """Answers over the curves need the axis that they are about."""
        view, question = self.shown_view, self.question
        words = ""
        if question is not None and question.range is not None and view.axis != "time":
            words = f"axis is {view.axis}, but the question is about moments of flow time; remove axis."
        elif question is not None and question.kind == "curve" and view.log_values:
            words = "a curve is sketched on a plain scale; remove log_values."
        return ("link" if self.link is not None and self.view == View() else "view", words) if words else ("", "")

    def _texts(self) -> list[tuple[str, str]]:
        """What is Markdown, by key."""
        texts = [("heading", self.heading), ("text", self.text), ("notes", self.notes)]
        if self.question is not None:
            texts.append(("question.text", self.question.text))
            texts += [("question.choices", choice) for choice in self.question.choices]
        return texts

    def _run_complaint(self) -> tuple[str, str]:
        if self.link is not None:
            if self._link.sentences:
                return "link", f"link: {' '.join(self._link.sentences)}"
            if self._link.spec is None:
                return "link", "link says nothing about a run; copy it from Link on the page Explore or Tensors."
        elif self.preset is not None:
            try:
                preset_spec(self.preset)
            except BadInput as error:
                return "preset", str(error)
        try:
            spec = self.spec
        except BadInput as error:
            return "changes", str(error)
        if spec.needs_inputs:
            return "link" if self.link is not None else "changes", "The run needs data of a person, which no script can hold."
        if spec.plugins:
            return (
                "link" if self.link is not None else "changes",
                "The run needs a plugin; scenes show only what the program has.",
            )
        return "", ""


class Lecture(Settings):
    """A title and its scenes in order."""

    title: str = Field(min_length=1, max_length=120)
    summary: str = Field("", max_length=4000)
    scene: tuple[Scene, ...] = Field(min_length=1, max_length=limits.LECTURE_SCENES)

    @property
    def minutes(self) -> float:
        return sum(scene.minutes for scene in self.scene)


@dataclass(frozen=True)
class Script:
    """A lecture and the lines of its text."""

    text: str
    lecture: Lecture
    places: Mapping[Path, int]

    def at_scene(self, number: int, key: str, sentence: str) -> str:
        """A sentence about a key of a scene, counted from 0, with its line."""
        return _at(line_of(self.places, ("scene", number, *key.split("."))), f"Scene {number + 1}: {sentence}")


def read(text: str) -> Script:
    """The lecture of a script. Raises BadInput, one sentence that begins with the line."""
    if len(text.encode("utf-8", "replace")) > limits.LECTURE_BYTES:
        raise BadInput(f"The script is longer than {limits.LECTURE_BYTES // 1000} kB; divide the lecture into several scripts.")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The script is no TOML: {error}.") from None
    except RecursionError:
        raise BadInput("The script is no lecture: its lists are nested too deeply.") from None
    places = lines(text)
    try:
        lecture = Lecture.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(_at(line_of(places, first["loc"]), explained(error, Lecture).sentence)) from None
    script = Script(text, lecture, places)
    for key, words in (("title", lecture.title), ("summary", lecture.summary)):
        if sentence := _formula_complaint(words):
            raise BadInput(_at(line_of(places, (key,)), sentence))
    for number, scene in enumerate(lecture.scene):
        key, sentence = scene.complaint()
        if sentence:
            raise BadInput(script.at_scene(number, key, sentence))
    return script


@cache
def ready() -> dict[str, str]:
    """The scripts that come with the program, by name, the shortest first."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in READY.glob("*.toml")}
    return dict(sorted(texts.items(), key=lambda item: read(item[1]).lecture.minutes))


def _formula_complaint(text: str) -> str:
    """What cannot be read in it; "" where everything can."""
    try:
        rich_text.check(text)
    except BadInput as error:
        return str(error)
    return ""


def _at(line: int | None, sentence: str) -> str:
    return sentence if line is None else f"Line {line}: {sentence}"
