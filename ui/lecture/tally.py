"""What a room has answered: which answers are taken, how they are counted, how near they are. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from dmf_core import limits
from ui.figures.words import number
from ui.lecture.answer_book import Answer, Truth
from ui.lecture.script import Question

PER_CENT = 100.0  # heights of a sketch are whole numbers up to it, of the top of the question


def accepted(question: Question, value: Any) -> Answer | None:
    """The answer as it is counted, a moment on the grain of the axis; None where the question has no such answer."""
    if question.kind == "curve":
        return _sketch(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if question.range is None:
        return value if isinstance(value, int) and 0 <= value < len(question.choices) else None
    low, high = question.range
    if not low <= value <= high:  # NaN is refused here too
        return None
    return round(min(high, low + round((value - low) / question.grain) * question.grain), 9)


def _sketch(value: Any) -> Answer | None:
    if not isinstance(value, list | tuple) or len(value) != limits.LECTURE_SKETCH_POINTS:
        return None
    whole = all(isinstance(height, int) and not isinstance(height, bool) and 0 <= height <= PER_CENT for height in value)
    return tuple(value) if whole else None


def tally(question: Question, answers: Iterable[Answer]) -> dict[str, Any]:
    """Counts of the choices; or [moment, count] in rising order with the middle answer and the half around it; or some of the
    sketches, spread over all of them, with the middle height at every point."""
    given = list(answers)
    if question.kind == "curve":
        return _sketches([each for each in given if isinstance(each, tuple)])
    counts = Counter(given)
    if question.range is None:
        return {"counts": [counts.get(choice, 0) for choice in range(len(question.choices))], "answers": counts.total()}
    result: dict[str, Any] = {"values": [[value, counts[value]] for value in sorted(counts)], "answers": counts.total()}
    if counts:
        low, middle, high = np.quantile(list(counts.elements()), (0.25, 0.5, 0.75), method="inverted_cdf")
        result |= {"middle": float(middle), "half": [float(low), float(high)]}
    return result


def _sketches(given: Sequence[tuple[int, ...]]) -> dict[str, Any]:
    most = limits.LECTURE_SKETCHES
    shown = given if len(given) <= most else [given[round(place)] for place in np.linspace(0, len(given) - 1, most)]
    result: dict[str, Any] = {"sketches": [list(each) for each in shown], "answers": len(given)}
    if given:
        result["middle"] = [float(height) for height in np.median(np.array(given), axis=0)]
    return result


def nearness(question: Question, right: Truth | None, counts: Mapping[str, Any]) -> str:
    """How near the room was, as a sentence; "" where nobody answered or nothing is right."""
    if right is None or not counts["answers"]:
        return ""
    if isinstance(right, tuple):
        return _sketch_nearness(question, right, counts["middle"])
    if question.range is None:
        return f"{counts['counts'][int(right)]} of {counts['answers']} chose what happened."
    off = counts["middle"] - right
    if abs(off) <= question.grain / 2:
        return f"The room said {number(counts['middle'])}, as near as its answers could be."
    return f"The room said {number(counts['middle'])}: {number(abs(off), 2)} too {'late' if off > 0 else 'early'}."


def _sketch_nearness(question: Question, right: tuple[float, ...], middle: Sequence[float]) -> str:
    off = np.abs(in_units(question, middle) - np.array(right))
    worst = int(off.argmax())
    mean, most, when = number(float(off.mean()), 2), number(float(off[worst]), 2), number(question.moments[worst], 3)
    return f"The middle of the sketches is {mean} off on average, at most {most} off, at t = {when}."


def in_units(question: Question, heights: Sequence[float]) -> np.ndarray:  # [points]
    """Heights of a sketch as values of the curve."""
    return np.array(heights) * (question.top or 0.0) / PER_CENT


def answer_text(question: Question, value: Answer) -> str:
    """An answer for a table: the choice, the moment, or the values of a sketch."""
    if isinstance(value, tuple):
        return " ".join(f"{height:.4g}" for height in in_units(question, value))
    return question.choices[int(value)] if question.choices else f"{value:g}"
