"""What a room has answered: which answers are taken, how they are counted, how near they are. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ui.lecture.answer_book import Answer
from ui.lecture.script import Question


def accepted(question: Question, value: Any) -> Answer | None:
    """The answer as it is counted, a moment on the grain of the axis; None where the question has no such answer."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if question.range is None:
        return value if isinstance(value, int) and 0 <= value < len(question.choices) else None
    low, high = question.range
    if not low <= value <= high:  # NaN is refused here too
        return None
    return round(min(high, low + round((value - low) / question.grain) * question.grain), 9)


def tally(question: Question, answers: Iterable[Answer]) -> dict[str, Any]:
    """Counts of the choices, or [moment, count] in rising order with the middle answer and the half around it."""
    counts = Counter(answers)
    if question.range is None:
        return {"counts": [counts.get(choice, 0) for choice in range(len(question.choices))], "answers": counts.total()}
    result: dict[str, Any] = {"values": [[value, counts[value]] for value in sorted(counts)], "answers": counts.total()}
    if counts:
        low, middle, high = np.quantile(list(counts.elements()), (0.25, 0.5, 0.75), method="inverted_cdf")
        result |= {"middle": float(middle), "half": [float(low), float(high)]}
    return result
