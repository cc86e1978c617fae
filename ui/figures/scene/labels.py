"""Where words stand among the curves: names, true values, births. None crosses a curve or another word.

Places are found for a plot of a given size in pixels; on a larger one the same places have more room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ui.figures.births import Growth
from ui.figures.scene.birth_places import BirthPlaces, birth_places
from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.room import Drawn, Plot, Room, width
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.words import THIN, number, plural
from ui.words import MINUS

HALF = 7  # pixels: half of the height of a line of words
END = 12  # pixels at the right end that are left to the disc
TOGETHER = 16  # pixels: a curve that ends so near to its true value has its name above both
ABOVE = 10  # pixels between a dashed line and the middle of its words
HELD_AGAINST = 13  # curves that words keep clear of: the named ones and the next

Role = Literal["name", "truth", "rest", "waiting"]


@dataclass(frozen=True)
class Words:
    """What is said of a spectrum, whatever the axes."""

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
    """A lowered number."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


def labels(
    curves: Curves, axis: TimeAxis, heights: Heights, births: Sequence[Growth], words: Words, plot: Plot
) -> tuple[list[Label], list[BirthPlaces]]:
    """Everything that stands still, and the places beside births."""
    count = min(max(words.learned, 1) + 1, HELD_AGAINST, curves.named + curves.rest.shape[1])
    room = Room([(curves, axis, count)], heights, words.true, plot)
    last = curves.at(len(axis.column) - 1, heights.log)
    made = [*_rest(room, heights, words, last), *_names(room, heights, words, last, curves.named)] if words.ended else []
    made += ghosts(words, heights, plot, room)
    if not heights.log and births and not plot.short:
        made += _waiting(room, words)
    return made, birth_places(room, curves, axis, heights, births, words.noun)


def _rest(room: Room, heights: Heights, words: Words, last: np.ndarray) -> list[Label]:
    """The modes that were not learned, once, on the base line."""
    if heights.log or words.learned >= len(last):
        return []
    first, total, short = words.learned + 1, words.total, room.plot.short
    text = str(first) if first == total else f"{first} to {total}"
    text = text if short else f"{words.noun if first == total else plural(words.noun)} {text}"
    value = float(last[words.learned])
    y, wide = float(room.up(heights.share(value))) - 11, room.plot.width
    box = (wide - END - 2 - width(text), y - HALF, wide, y + HALF)
    if not room.free(*box):
        return []
    room.take(*box)
    return [Label("rest", 0, text, 1.0, value, -END, -11, end=True)]


def _names(room: Room, heights: Heights, words: Words, last: np.ndarray, named: int) -> list[Label]:
    """ "mode k" above the end of its curve; where it is tight the larger one keeps its name."""
    made, wide = [], room.plot.width
    for k in range(min(words.learned, named)):
        text, to = f"{words.noun} {k + 1}", words.heading[k] if k < len(words.heading) else 0
        tail = "" if room.plot.short or to in (0, k + 1) else f" → {words.symbol}{below(to)}"
        value = float(last[k])
        end = float(room.up(heights.share(value)))
        if k < len(words.true):
            truth = float(room.up(heights.share(float(words.true[k]))))
            if abs(truth - end) < TOGETHER and truth < end:
                value, end = float(words.true[k]), truth
        box = (wide - END - 2 - width(text, bold=True) - width(tail), end - 10 - HALF, wide, end - 10 + HALF)
        if room.free(*box):
            room.take(*box)
            made.append(Label("name", k + 1, text, 1.0, value, -END, -10, end=True, tail=tail))
    return made


def among(curves: Sequence[Drawn], heights: Heights, words: Words, plot: Plot) -> list[Label]:
    """The values of the truth among the curves of several runs."""
    return ghosts(words, heights, plot, Room(curves, heights, words.true, plot))


def ghosts(words: Words, heights: Heights, plot: Plot, room: Room | None = None) -> list[Label]:
    """The values of the truth above their dashed lines, or below where another line is near, each at the first free place."""
    names = []
    for k, value in enumerate(words.true):
        amount = fixed(float(value))
        text = f"{'' if k else 'true '}{words.symbol}{below(k + 1)} {'' if plot.short else '= '}{amount}"
        line = float((1 - heights.share(float(value))) * plot.height)
        if line - ABOVE > plot.height - 10:
            continue
        if room is None:
            names.append(Label("truth", k + 1, text, 0.0, float(value), 8, -ABOVE))
            continue
        for dy in (-ABOVE, ABOVE):
            x = _free(room, line + dy, width(text))
            if x is not None:
                names.append(Label("truth", k + 1, text, x / plot.width, float(value), 0, dy))
                break
    return names


def _free(room: Room, y: float, long: float) -> int | None:
    """Takes the first place from the left for words so long with their middle at this height; None where there is none."""
    top, bottom = y - HALF, y + HALF
    if bottom > room.plot.height - 2 or room.crosses_truth(top, bottom):
        return None
    x = room.first_free(top, bottom, range(8, int(room.plot.width - long), 8), long)
    if x is not None:
        room.take(x - 2, top, x + long + 4, bottom)
    return x


def _waiting(room: Room, words: Words) -> list[Label]:
    """In the corner where the curves lie on the axis at first."""
    high = room.plot.height
    lines = (f"waiting: {plural(words.noun)} grow,", "too small to see")
    box = (8.0, high - 44, 10 + max(map(width, lines)), high - 4)
    if room.lowest(box[2] + 4) < high - 6 or not room.free(*box[:3], high - 7):
        return []
    room.take(*box)
    return [Label("waiting", 0, text, 0.0, 0.0, 10, dy) for text, dy in zip(lines, (-30, -14), strict=True)]


def fixed(value: float, digits: int = 3) -> str:
    """So many significant digits, zeros at the end included; very large and small ones in powers of ten."""
    exponent = int(np.floor(np.log10(abs(value)) + 1e-12)) if value else 0
    if not value or not -4 < exponent < 6:
        return number(value, digits)
    return f"{value:,.{max(0, digits - 1 - exponent)}f}".replace(",", THIN).replace("-", MINUS)
