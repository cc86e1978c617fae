"""How far a visitor is in the course: the answers given, and the chapter read last. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dmf_core.trajectory import Trajectory
from ui.session.course.chapters import CHAPTERS, Chapter
from ui.session.course.numbers import number
from ui.session.course.prose import Question

SUMMARY = len(CHAPTERS) + 1  # the number of the page after the last chapter
LONGEST = 24  # characters of an answer
Verdict = Literal["right", "wrong", "waiting"]


@dataclass
class Progress:
    """Answers by the key of the chapter: the place of a choice, or a number as it was typed."""

    answers: dict[str, str] = field(default_factory=dict)
    at: int = 1

    def tried(self, chapter: Chapter) -> bool:
        """True when its question has been answered, rightly or not."""
        return chapter.key in self.answers

    def as_json(self) -> dict[str, Any]:
        """What a browser keeps; `from_json` reads it."""
        return {"answers": self.answers, "at": self.at}


def from_json(stored: object) -> Progress:
    """The progress that a browser stored. It may hold anything: what answers no present question is left out."""
    if not isinstance(stored, Mapping):
        return Progress()
    answers, at, keys = stored.get("answers"), stored.get("at"), {chapter.key for chapter in CHAPTERS}
    known = answers if isinstance(answers, Mapping) else {}
    usable = {key: str(text) for key, text in known.items() if key in keys and isinstance(text, str) and len(text) <= LONGEST}
    valid = isinstance(at, int) and not isinstance(at, bool) and 1 <= at <= SUMMARY
    return Progress(usable, int(at) if valid and isinstance(at, int) else 1)


def judged(question: Question, answer: str, runs: Mapping[str, Trajectory] | None) -> tuple[Verdict, str]:
    """Whether an answer is right, and the reply to it, its numbers not yet filled in.

    A number is compared with that of the run; until the runs are there, the verdict is "waiting".
    """
    if question.choices:
        place = int(answer) if answer.isdecimal() and len(answer) < 3 else -1
        if not 0 <= place < len(question.choices):
            return "waiting", ""
        choice = question.choices[place]
        return ("right" if choice.right else "wrong"), choice.feedback
    value = typed(answer)
    if runs is None or value is None:
        return "waiting", ""
    true = number(question.number, runs)
    right = abs(value - true) <= question.within * abs(true) + 1e-9
    return ("right", question.right) if right else ("wrong", question.wrong)


def typed(answer: str) -> float | None:
    """A number as somebody types it, with a point or a comma and with spaces; None for anything else."""
    text = "".join(answer.split()).replace("\u202f", "").replace("\u2212", "-").replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
