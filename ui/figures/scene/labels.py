"""The labels of a plot of curves, with their places: names of modes, true values, births. None crosses a curve or another label.

The places are those of a plot of a given size in pixels; on a larger one the same places have more space.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ui.figures.births import Growth
from ui.figures.scene.birth_places import BirthPlaces, birth_places
from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.discs import LOW, MOST, RADIUS, STEP, fanned
from ui.figures.scene.free_space import AvoidedCurves, FreeSpace, Layout, Plot, free_spaces, pixels, space_among, width
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

    @cached_property
    def names_of_truth(self) -> dict[bool, list[str]]:
        """Of each true value, in full (False) and short (True)."""
        amounts = [(f"{self.symbol}{below(k)} ", fixed(value)) for k, value in enumerate(self.true.tolist(), start=1)]
        full = [f"{'' if k else 'true '}{name}= {amount}" for k, (name, amount) in enumerate(amounts)]
        return {False: full, True: [f"{'' if k else 'true '}{name}{amount}" for k, (name, amount) in enumerate(amounts)]}


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


@dataclass(frozen=True)
class _End:
    """The last values of all modes, also as shares of the height."""

    values: list[float]
    shares: list[float]


def labels(
    curves: Curves, layouts: Sequence[Layout], births: Sequence[Growth], words: Words
) -> list[tuple[list[Label], list[BirthPlaces]]]:
    """For each layout every label that does not move, and the places of the words at births."""
    count = min(max(words.learned, 1) + 1, MOST_AVOIDED, curves.named + curves.rest.shape[1])
    spaces = free_spaces(curves, count, layouts, words.true)
    ends = {heights: _end(curves, heights) for heights in {layout.heights for layout in layouts}}
    made = []
    for space, layout in zip(spaces, layouts, strict=True):
        log, end = layout.heights.log, ends[layout.heights]
        names = (
            [*_label_of_unlearned(space, log, words, end), *_mode_names(space, words, end, curves.named)] if words.ended else []
        )
        names += labels_of_truth(words, space.true, layout.plot, space)
        if not log and births and not layout.plot.short:
            names += _label_of_waiting(space, words)
        made.append(names)
    return list(zip(made, birth_places(spaces, curves, layouts, births, words.noun), strict=True))


def _end(curves: Curves, heights: Heights) -> _End:
    last = curves.at(curves.frames[-1], heights.log)
    return _End(last.tolist(), heights.share(last).tolist())


def _label_of_unlearned(space: FreeSpace, log: bool, words: Words, end: _End) -> list[Label]:
    """One label on the base line for all modes that were not learned."""
    if log or words.learned >= len(end.values):
        return []
    first, total, short = words.learned + 1, words.total, space.plot.short
    text = str(first) if first == total else f"{first} to {total}"
    text = text if short else f"{words.noun if first == total else plural(words.noun)} {text}"
    y, wide = (1 - end.shares[words.learned]) * space.plot.height - 11, space.plot.width
    box = (wide - DISC_GAP - 2 - width(text), y - HALF_LINE, wide, y + HALF_LINE)
    if not space.is_free(*box):
        return []
    space.occupy(*box)
    return [Label("rest", 0, text, 1.0, end.values[words.learned], -DISC_GAP, -11, end=True)]


def _mode_names(space: FreeSpace, words: Words, last: _End, named: int) -> list[Label]:
    """The name of every learned mode above the end of its curve; where space is short, the larger mode keeps its name.

    It is clear of the discs that stand beside each other when the cursor is at the end.
    """
    made, wide, high = [], space.plot.width, space.plot.height
    ends = [(k + 1, (1 - last.shares[k]) * high) for k in range(min(words.learned, named))]
    for _, y, step in fanned([(mode, y) for mode, y in ends if y <= high - LOW]):
        if step:
            space.occupy(wide - STEP * step - RADIUS - 1, y - RADIUS, wide - STEP * step + RADIUS, y + RADIUS)
    for k in range(min(words.learned, named)):
        text, to = f"{words.noun} {k + 1}", words.heading[k] if k < len(words.heading) else 0
        tail = "" if space.plot.short or to in (0, k + 1) else f" → {words.symbol}{below(to)}"
        value, end = last.values[k], (1 - last.shares[k]) * high
        if k < len(space.true) and abs(space.true[k] - end) < MERGE_DISTANCE and space.true[k] < end:
            value, end = float(words.true[k]), space.true[k]
        for gap in (DISC_GAP + STEP * step for step in range(MOST)):
            right = wide if gap == DISC_GAP else wide - gap
            box = (wide - gap - 2 - width(text, bold=True) - width(tail), end - 10 - HALF_LINE, right, end - 10 + HALF_LINE)
            if space.is_free(*box):
                space.occupy(*box)
                made.append(Label("name", k + 1, text, 1.0, value, -gap, -10, end=True, tail=tail))
                break
    return made


def labels_of_truth_in_comparison(curves: Sequence[AvoidedCurves], heights: Heights, words: Words, plot: Plot) -> list[Label]:
    """The labels of the true values among the curves of several runs."""
    space = space_among(curves, heights, words.true, plot)
    return labels_of_truth(words, space.true, plot, space)


def labels_of_truth_alone(words: Words, heights: Heights, plot: Plot) -> list[Label]:
    """The same before there are curves: at the left end above each dashed line."""
    return labels_of_truth(words, pixels(heights.share(words.true).tolist(), plot), plot)


def labels_of_truth(words: Words, lines: Sequence[float], plot: Plot, space: FreeSpace | None = None) -> list[Label]:
    """Each true value at the first free place above its dashed line, or below it. Without `space`: at the left end above it.

    `lines`: pixels from the top to the dashed lines.
    """
    names = []
    for k, (text, line, value) in enumerate(zip(words.names_of_truth[plot.short], lines, words.true.tolist(), strict=True)):
        if line - TRUTH_OFFSET > plot.height - 10:
            continue
        if space is None:
            names.append(Label("truth", k + 1, text, 0.0, value, 8, -TRUTH_OFFSET))
            continue
        for dy in (-TRUTH_OFFSET, TRUTH_OFFSET):
            x = _free(space, line + dy, width(text))
            if x is not None:
                names.append(Label("truth", k + 1, text, x / plot.width, value, 0, dy))
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
