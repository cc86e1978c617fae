"""Where words stand among the curves: names, true values, births. None crosses a curve or another word.

Places are found for a plot of a given size in pixels; on a larger one the same places have more room.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ui.figures.births import Growth
from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.words import THIN, number, plural
from ui.words import MINUS

COLUMN = 4  # pixels: words are held against the highest and the lowest point of every curve in columns so wide
LETTER, BOLD = 6.7, 7.4  # pixels of an average letter of 12 pixels, in the widest typeface of the design
HALF = 7  # pixels: half of the height of a line of words
END = 12  # pixels at the right end that are left to the disc
TOGETHER = 16  # pixels: a curve that ends so near to its true value has its name above both
BIRTH_OFFSETS = (0, -24, 24, -48, 48, -80, 80)  # pixels from a birth to its words
BIRTH_PLACES = 4  # of them that are kept: the cursor hides one of them at a time
ABOVE = 10  # pixels between a dashed line and the middle of its words
HELD_AGAINST = 13  # curves that words keep clear of: the named ones and the next

Role = Literal["name", "truth", "rest", "waiting"]


@dataclass(frozen=True)
class Plot:
    """A plot's size in pixels, and whether words are short there."""

    width: float
    height: float
    short: bool = False


PLOTS = {  # the smallest of the page's layouts of each kind
    "wide": Plot(500, 350),
    "low": Plot(500, 262),  # the projector, whose words are larger
    "narrow": Plot(210, 226, short=True),
}


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


@dataclass(frozen=True)
class BirthPlaces:
    """Where "mode 3 born" may stand beside its birth: (side, dy) in the order to be tried; side -1: left of it."""

    mode: int
    frame: float
    y: float
    places: tuple[tuple[int, int], ...]


def width(text: str, bold: bool = False) -> float:
    """Pixels, rather too many."""
    return len(text) * (BOLD if bold else LETTER)


def below(number: int) -> str:
    """A lowered number."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


Drawn = tuple[Curves, TimeAxis, int]  # curves that words keep clear of: so many of them, from the largest


class _Room:
    """What is taken of a plot: curves in columns of pixels, dashed lines, and the boxes of words."""

    def __init__(self, curves: Sequence[Drawn], heights: Heights, true: np.ndarray, plot: Plot) -> None:
        self.plot, self._boxes = plot, list[tuple[float, float, float, float]]()
        self._true: list[float] = self.up(heights.share(true)).tolist()
        parts = [self._columns(each, heights) for each in curves]
        self._top: np.ndarray = np.concatenate([top for top, _ in parts], axis=1)
        self._bottom: np.ndarray = np.concatenate([bottom for _, bottom in parts], axis=1)

    def _columns(self, curve_set: Drawn, heights: Heights) -> tuple[np.ndarray, np.ndarray]:  # [columns, curves] each
        """The highest and the lowest point of every curve in every column; nothing beyond the end of the run."""
        curves, axis, count = curve_set
        wide, T = self.plot.width, len(axis.column)
        inner = np.interp(curves.frames, np.arange(T), axis.places) * wide
        y = self.up(heights.share(curves.values[:, :count]))
        if count > curves.named and curves.rest.shape[1]:
            rest = np.interp(curves.frames, np.arange(T), heights.share(curves.rest[:, 0]))
            y = np.concatenate([y, self.up(rest)[:, None]], axis=1)
        edges = np.arange(0, wide + COLUMN, COLUMN)
        along = np.stack([np.interp(edges, inner, column) for column in y.T], axis=1)
        top, bottom = np.minimum(along[:-1], along[1:]), np.maximum(along[:-1], along[1:])
        where = np.clip((inner / COLUMN).astype(int), 0, len(edges) - 2)
        np.minimum.at(top, where, y)
        np.maximum.at(bottom, where, y)
        outside = (edges[:-1] > inner[-1]) | (edges[1:] < inner[0])
        top[outside], bottom[outside] = np.inf, -np.inf
        return top, bottom

    def up(self, share: np.ndarray | float) -> np.ndarray:
        """Pixels from the top."""
        return np.asarray((1 - np.asarray(share)) * self.plot.height)

    def crossed(self, top: float, bottom: float) -> bytes:  # [columns] 1 or 0
        """Where a curve passes between two heights."""
        return np.asarray(((self._bottom > top) & (self._top < bottom)).any(axis=1)).tobytes()

    def lowest(self, until: float) -> float:
        """The highest point, from the top, of all curves in the first pixels."""
        return float(self._top[: int(until / COLUMN) + 1].min(initial=self.plot.height))

    def free(self, left: float, top: float, right: float, bottom: float, crossed: bytes | None = None) -> bool:
        for box_there in self._boxes:
            if left < box_there[2] and box_there[0] < right and top < box_there[3] and box_there[1] < bottom:
                return False
        if self.struck(top, bottom):
            return False
        crossed = self.crossed(top, bottom) if crossed is None else crossed
        return 1 not in crossed[max(0, int(left / COLUMN)) : int(right / COLUMN) + 1]

    def first_free(self, top: float, bottom: float, places: range, long: float) -> int | None:
        """The first of the places where words so long, 2 pixels before and 4 behind them included, meet no curve and no box."""
        crossed = self.crossed(top, bottom)
        intervals = [(left, right) for left, above, right, under in self._boxes if top < under and above < bottom]
        k = 0
        while k < len(places):
            left, right = places[k] - 2, places[k] + long + 4
            curve = crossed.rfind(1, max(0, int(left / COLUMN)), int(right / COLUMN) + 1)
            ends = [float(COLUMN * (curve + 1))] if curve >= 0 else []
            ends += [end for start, end in intervals if left < end and start < right]
            if not ends:
                return places[k]
            k = max(
                k + 1, math.ceil((max(ends) + 2 - places.start) / places.step)
            )  # the first that begins behind what is in the way
        return None

    def struck(self, top: float, bottom: float) -> bool:
        """True where a dashed line lies between two heights."""
        return any(top < y < bottom for y in self._true)

    def take(self, left: float, top: float, right: float, bottom: float) -> None:
        self._boxes.append((left, top, right, bottom))


def labels(
    curves: Curves, axis: TimeAxis, heights: Heights, births: Sequence[Growth], words: Words, plot: Plot
) -> tuple[list[Label], list[BirthPlaces]]:
    """Everything that stands still, and the places beside births."""
    count = min(max(words.learned, 1) + 1, HELD_AGAINST, curves.named + curves.rest.shape[1])
    room = _Room([(curves, axis, count)], heights, words.true, plot)
    last = curves.at(len(axis.column) - 1, heights.log)
    made = [*_rest(room, heights, words, last), *_names(room, heights, words, last, curves.named)] if words.ended else []
    made += ghosts(words, heights, plot, room)
    if not heights.log and births and not plot.short:
        made += _waiting(room, words)
    return made, [_birth(room, curves, axis, heights, growth, words.noun) for growth in births if growth.born is not None]


def _rest(room: _Room, heights: Heights, words: Words, last: np.ndarray) -> list[Label]:
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


def _names(room: _Room, heights: Heights, words: Words, last: np.ndarray, named: int) -> list[Label]:
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
    return ghosts(words, heights, plot, _Room(curves, heights, words.true, plot))


def ghosts(words: Words, heights: Heights, plot: Plot, room: _Room | None = None) -> list[Label]:
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


def _free(room: "_Room", y: float, long: float) -> int | None:
    """Takes the first place from the left for words so long with their middle at this height; None where there is none."""
    top, bottom = y - HALF, y + HALF
    if bottom > room.plot.height - 2 or room.struck(top, bottom):
        return None
    x = room.first_free(top, bottom, range(8, int(room.plot.width - long), 8), long)
    if x is not None:
        room.take(x - 2, top, x + long + 4, bottom)
    return x


def _waiting(room: _Room, words: Words) -> list[Label]:
    """In the corner where the curves lie on the axis at first."""
    high = room.plot.height
    lines = (f"waiting: {plural(words.noun)} grow,", "too small to see")
    box = (8.0, high - 44, 10 + max(map(width, lines)), high - 4)
    if room.lowest(box[2] + 4) < high - 6 or not room.free(*box[:3], high - 7):
        return []
    room.take(*box)
    return [Label("waiting", 0, text, 0.0, 0.0, 10, dy) for text, dy in zip(lines, (-30, -14), strict=True)]


def _birth(room: _Room, curves: Curves, axis: TimeAxis, heights: Heights, growth: Growth, noun: str) -> BirthPlaces:
    frame = growth.born or 0.0
    value = float(curves.at(frame, heights.log)[growth.mode - 1])
    x, y = axis.place(frame) * room.plot.width, float(room.up(heights.share(value)))
    places: list[tuple[int, int]] = []
    long = width(f"{noun} {growth.mode} born", bold=True)
    for dy in BIRTH_OFFSETS:
        if len(places) >= BIRTH_PLACES:
            break
        top, bottom = y + dy - 24, y + dy + 10
        if top < 0 or bottom > room.plot.height or room.struck(top, bottom):
            continue
        crossed = room.crossed(top, bottom)
        for side in (-1, 1):
            left = x - 10 - long if side < 0 else x + 10
            if left >= 0 and left + long <= room.plot.width and room.free(left - 3, top, left + long + 3, bottom, crossed):
                places.append((side, dy))
    return BirthPlaces(growth.mode, frame, value, tuple(places))


def fixed(value: float, digits: int = 3) -> str:
    """So many significant digits, zeros at the end included; very large and small ones in powers of ten."""
    exponent = int(np.floor(np.log10(abs(value)) + 1e-12)) if value else 0
    if not value or not -4 < exponent < 6:
        return number(value, digits)
    return f"{value:,.{max(0, digits - 1 - exponent)}f}".replace(",", THIN).replace("-", MINUS)
