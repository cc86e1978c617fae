"""The space that curves, dashed lines and other words leave free for words in a plot. All in pixels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.time_axis import TimeAxis

COLUMN = 4  # pixels: words keep clear of the highest and the lowest point of every curve in columns so wide
LETTER, BOLD = 6.7, 7.4  # pixels of an average letter of 12 pixels, in the widest typeface of the design


@dataclass(frozen=True)
class Plot:
    """A plot's size in pixels, and whether words are short there."""

    width: float
    height: float
    short: bool = False
    disc: float = 0.0  # radius of the discs that words keep clear of, beside the curves that they move on


PLOTS = {  # the smallest of the page's layouts of each kind
    "wide": Plot(500, 350),
    "low": Plot(500, 262),  # the projector, whose words are larger
    "narrow": Plot(210, 226, short=True),
    "narrow low": Plot(210, 130, short=True, disc=7.5),  # of a chapter, and of a phone on its side
}


AvoidedCurves = tuple[Curves, TimeAxis, int]  # curves that words keep clear of: so many of them, from the largest
Columns = tuple[np.ndarray, np.ndarray]  # [curves, columns] both: the highest and the lowest point of a curve in a column


@dataclass(frozen=True, eq=False)
class Layout:
    """A plot of one size between two scales."""

    axis: TimeAxis
    heights: Heights
    plot: Plot


def width(text: str, bold: bool = False) -> float:
    """The width of a text in pixels, rather too large than too small."""
    return len(text) * (BOLD if bold else LETTER)


def pixels(shares: Sequence[float], plot: Plot) -> list[float]:
    """Pixels from the top of a plot to shares of its height, which count from below."""
    return [(1 - share) * plot.height for share in shares]


class FreeSpace:
    """A plot with what occupies it: curves in columns of pixels, dashed lines, and the boxes of words."""

    def __init__(self, plot: Plot, curves: Columns, true: Sequence[float]) -> None:
        """`true`: the dashed lines as shares of the height."""
        self.plot, self.boxes = plot, list[tuple[float, float, float, float]]()
        self.true = pixels(true, plot)
        self.top, self.bottom = curves

    def crossed(self, top: float, bottom: float) -> bytes:  # [columns] 1 or 0
        """Where a curve passes between two heights."""
        return bytes(((self.bottom > top) & (self.top < bottom)).any(axis=0).tobytes())

    def highest_curve(self, until: float) -> float:
        """Pixels from the top to the highest point of all curves left of `until`."""
        return float(self.top[:, : int(until / COLUMN) + 1].min(initial=self.plot.height))

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """True where a box meets no curve, no dashed line and no other box."""
        for box in self.boxes:
            if left < box[2] and box[0] < right and top < box[3] and box[1] < bottom:
                return False
        if self.crosses_truth(top, bottom):
            return False
        inside = slice(max(0, int(left / COLUMN)), int(right / COLUMN) + 1)
        return not ((self.bottom[:, inside] > top) & (self.top[:, inside] < bottom)).any()

    def first_free(self, top: float, bottom: float, places: range, long: float) -> int | None:
        """The first of the places where words so long, 2 pixels before and 4 behind them included, meet no curve and no box."""
        disc = self.plot.disc
        crossed = self.crossed(top - disc, bottom + disc)
        intervals = [(left, right) for left, above, right, under in self.boxes if top < under and above < bottom]
        k = 0
        while k < len(places):
            left, right = places[k] - 2, places[k] + long + 4
            curve = crossed.rfind(1, max(0, int((left - disc) / COLUMN)), int((right + disc) / COLUMN) + 1)
            ends = [float(COLUMN * (curve + 1)) + disc] if curve >= 0 else []
            ends += [end for start, end in intervals if left < end and start < right]
            if not ends:
                return places[k]
            behind = math.ceil((max(ends) + 2 - places.start) / places.step)  # the first place behind what is in the way
            k = max(k + 1, behind)
        return None

    def crosses_truth(self, top: float, bottom: float) -> bool:
        """True where a dashed line lies between two heights."""
        return any(top < y < bottom for y in self.true)

    def occupy(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keeps a box free of later words."""
        self.boxes.append((left, top, right, bottom))


def free_spaces(curves: Curves, count: int, layouts: Sequence[Layout], true: np.ndarray) -> list[FreeSpace]:
    """Those of many layouts of the first `count` curves at once: what layouts have in common is computed once."""
    scales = {heights: shares_of(curves, count, heights) for heights in {layout.heights for layout in layouts}}
    dashed = {heights: heights.share(true).tolist() for heights in scales}
    alike: dict[tuple[TimeAxis, float], list[int]] = {}
    for i, layout in enumerate(layouts):
        alike.setdefault((layout.axis, layout.plot.width), []).append(i)
    spaces: dict[int, FreeSpace] = {}
    for (axis, wide), members in alike.items():
        of_members = [layouts[i] for i in members]
        y = np.concatenate([(1 - scales[each.heights]) * each.plot.height for each in of_members])
        top, bottom = columns_of(curves, axis, wide, y)
        for at, (i, each) in enumerate(zip(members, of_members, strict=True)):
            own = slice(at * len(y) // len(members), (at + 1) * len(y) // len(members))
            spaces[i] = FreeSpace(each.plot, (top[own], bottom[own]), dashed[each.heights])
    return [spaces[i] for i in range(len(layouts))]


def space_among(avoided: Sequence[AvoidedCurves], heights: Heights, true: np.ndarray, plot: Plot) -> FreeSpace:
    """That of a plot with the curves of several runs."""
    parts = [
        columns_of(curves, axis, plot.width, (1 - shares_of(curves, count, heights)) * plot.height)
        for curves, axis, count in avoided
    ]
    top, bottom = (np.concatenate(each) for each in zip(*parts, strict=True))
    return FreeSpace(plot, (top, bottom), heights.share(true).tolist())


def shares_of(curves: Curves, count: int, heights: Heights) -> np.ndarray:  # [curves, S]
    """The first `count` curves, one of those without a name at most, as shares of the height."""
    named = heights.share(curves.values[:, :count]).T
    if count <= curves.named or not curves.rest.shape[1]:
        return named
    rest = np.interp(curves.frames, np.arange(len(curves.rest)), heights.share(curves.rest[:, 0]))
    return np.concatenate([named, rest[None]])


def columns_of(curves: Curves, axis: TimeAxis, wide: float, y: np.ndarray) -> Columns:  # y: [n, S] pixels from the top
    """The highest and the lowest point of lines through `y` in every column; nothing beyond the end of the run.

    A line has the same height at the right edge of a column and at the left edge of the next one.
    """
    inner = np.interp(curves.frames, np.arange(len(axis.column)), axis.places) * wide
    edges = np.arange(0, wide + COLUMN, COLUMN)
    along = _interpolated(edges, inner, y)
    top, bottom = np.minimum(along[:, :-1], along[:, 1:]), np.maximum(along[:, :-1], along[:, 1:])
    where = np.clip((inner / COLUMN).astype(int), 0, len(edges) - 2)
    starts = np.flatnonzero(np.diff(where, prepend=-1))  # points of one column follow each other
    touched = where[starts]
    top[:, touched] = np.minimum(top[:, touched], np.minimum.reduceat(y, starts, axis=1))
    bottom[:, touched] = np.maximum(bottom[:, touched], np.maximum.reduceat(y, starts, axis=1))
    outside = (edges[:-1] > inner[-1]) | (edges[1:] < inner[0])
    top[:, outside], bottom[:, outside] = np.inf, -np.inf
    return top, bottom


def _interpolated(at: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:  # [k], [S] never falling, [n, S] -> [n, k]
    """`np.interp(at, x, row)` of every row, with its bits."""
    left = np.searchsorted(x, at, side="right") - 1
    i, j = np.clip(left, 0, None), np.clip(left + 1, None, len(x) - 1)
    exact = (left < 0) | (i == j) | (x[i] == at)
    gap = np.where(exact, 1.0, x[j] - x[i])
    return np.asarray(np.where(exact, y[:, i], (y[:, j] - y[:, i]) / gap * (at - x[i]) + y[:, i]))
