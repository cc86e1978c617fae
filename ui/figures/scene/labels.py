"""The labels of a plot of curves, with their places: names of modes, true values, births. None crosses a curve or another label.

The places are those of a plot of a given size in pixels; on a larger one the same places have more space.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ui.figures.births import Growth
from ui.figures.scene.birth_places import BirthPlaces, birth_places
from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.free_space import AvoidedCurves, FreeSpace, Plot, width
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.words import THIN, number, plural
from ui.words import MINUS

HALF_LINE = 7  # pixels: half of the height of a line of words
DISC_GAP = 12  # pixels at the right end that are left to the disc
MERGE_DISTANCE = 16  # pixels: a curve that ends so near to its true value has its name above both
TRUTH_OFFSET = 10  # pixels between a dashed line and the middle of its words
MOST_AVOIDED = 13  # curves that words keep clear of: the named ones and the next

Role = Literal["name", "truth", "rest", "waiting"]


@dataclass(frozen=True)
class Words:
    """The words of a spectrum, which do not depend on the axes."""

    noun: str
    symbol: str
    true: np.ndarray
    learned: int
    total: int  # modes
    heading: Sequence[int]  # the true mode of each learned one, 0: none
    ended: bool


@dataclass(frozen=True)
class Label:
    """One line of words at (x, y), moved by (dx, dy) pixels, downwards positive; its middle line is at that height."""

    role: Role
    mode: int
    text: str
    x: float  # place on the axis, 0 .. 1
    y: float  # singular value
    dx: float
    dy: float
    end: bool = False  # x is its right end
    tail: str = ""  # the same line goes on in quiet ink


def below(number: int) -> str:
    """A number in subscript digits."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


def labels(
    curves: Curves, axis: TimeAxis, heights: Heights, births: Sequence[Growth], words: Words, plot: Plot
) -> tuple[list[Label], list[BirthPlaces]]:
    """Every label that does not move, and the places of the words at births."""
    count = min(max(words.learned, 1) + 1, MOST_AVOIDED, curves.named + curves.rest.shape[1])
    space = FreeSpace([(curves, axis, count)], heights, words.true, plot)
    last = curves.at(len(axis.column) - 1, heights.log)
    made = (
        [*_label_of_unlearned(space, heights, words, last), *_mode_names(space, heights, words, last, curves.named)]
        if words.ended
        else []
    )
    made += labels_of_truth(words, heights, plot, space)
    if not heights.log and births and not plot.short:
        made += _label_of_waiting(space, words)
    return made, birth_places(space, curves, axis, heights, births, words.noun)


def _label_of_unlearned(space: FreeSpace, heights: Heights, words: Words, last: np.ndarray) -> list[Label]:
    """One label on the base line for all modes that were not learned."""
    if heights.log or words.learned >= len(last):
        return []
    first, total, short = words.learned + 1, words.total, space.plot.short
    text = str(first) if first == total else f"{first} to {total}"
    text = text if short else f"{words.noun if first == total else plural(words.noun)} {text}"
    value = float(last[words.learned])
    y, wide = float(space.pixels(heights.share(value))) - 11, space.plot.width
    box = (wide - DISC_GAP - 2 - width(text), y - HALF_LINE, wide, y + HALF_LINE)
    if not space.is_free(*box):
        return []
    space.occupy(*box)
    return [Label("rest", 0, text, 1.0, value, -DISC_GAP, -11, end=True)]


def _mode_names(space: FreeSpace, heights: Heights, words: Words, last: np.ndarray, named: int) -> list[Label]:
    """The name of every learned mode above the end of its curve; where space is short, the larger mode keeps its name."""
    made, wide = [], space.plot.width
    for k in range(min(words.learned, named)):
        text, to = f"{words.noun} {k + 1}", words.heading[k] if k < len(words.heading) else 0
        tail = "" if space.plot.short or to in (0, k + 1) else f" → {words.symbol}{below(to)}"
        value = float(last[k])
        end = float(space.pixels(heights.share(value)))
        if k < len(words.true):
            truth = float(space.pixels(heights.share(float(words.true[k]))))
            if abs(truth - end) < MERGE_DISTANCE and truth < end:
                value, end = float(words.true[k]), truth
        box = (wide - DISC_GAP - 2 - width(text, bold=True) - width(tail), end - 10 - HALF_LINE, wide, end - 10 + HALF_LINE)
        if space.is_free(*box):
            space.occupy(*box)
            made.append(Label("name", k + 1, text, 1.0, value, -DISC_GAP, -10, end=True, tail=tail))
    return made


def labels_of_truth_in_comparison(curves: Sequence[AvoidedCurves], heights: Heights, words: Words, plot: Plot) -> list[Label]:
    """The labels of the true values among the curves of several runs."""
    return labels_of_truth(words, heights, plot, FreeSpace(curves, heights, words.true, plot))


def labels_of_truth(words: Words, heights: Heights, plot: Plot, space: FreeSpace | None = None) -> list[Label]:
    """Each true value at the first free place above its dashed line, or below it. Without `space`: at the left end above it."""
    names = []
    for k, value in enumerate(words.true):
        amount = fixed(float(value))
        text = f"{'' if k else 'true '}{words.symbol}{below(k + 1)} {'' if plot.short else '= '}{amount}"
        line = float((1 - heights.share(float(value))) * plot.height)
        if line - TRUTH_OFFSET > plot.height - 10:
            continue
        if space is None:
            names.append(Label("truth", k + 1, text, 0.0, float(value), 8, -TRUTH_OFFSET))
            continue
        for dy in (-TRUTH_OFFSET, TRUTH_OFFSET):
            x = _free(space, line + dy, width(text))
            if x is not None:
                names.append(Label("truth", k + 1, text, x / plot.width, float(value), 0, dy))
                break
    return names


def _free(space: FreeSpace, y: float, long: float) -> int | None:
    """Takes the first place from the left for words so long with their middle at this height; None where there is none."""
    top, bottom = y - HALF_LINE, y + HALF_LINE
    if bottom > space.plot.height - 2 or space.crosses_truth(top, bottom):
        return None
    x = space.first_free(top, bottom, range(8, int(space.plot.width - long), 8), long)
    if x is not None:
        space.occupy(x - 2, top, x + long + 4, bottom)
    return x


def _label_of_waiting(space: FreeSpace, words: Words) -> list[Label]:
    """A label in the lower left corner while all curves still lie on the axis there."""
    high = space.plot.height
    lines = (f"waiting: {plural(words.noun)} grow,", "too small to see")
    box = (8.0, high - 44, 10 + max(map(width, lines)), high - 4)
    if space.highest_curve(box[2] + 4) < high - 6 or not space.is_free(*box[:3], high - 7):
        return []
    space.occupy(*box)
    return [Label("waiting", 0, text, 0.0, 0.0, 10, dy) for text, dy in zip(lines, (-30, -14), strict=True)]


def fixed(value: float, digits: int = 3) -> str:
    """A value with `digits` significant digits, trailing zeros included; very large and very small ones as powers of ten."""
    exponent = int(np.floor(np.log10(abs(value)) + 1e-12)) if value else 0
    if not value or not -4 < exponent < 6:
        return number(value, digits)
    return f"{value:,.{max(0, digits - 1 - exponent)}f}".replace(",", THIN).replace("-", MINUS)
