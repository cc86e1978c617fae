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


def width(text: str, bold: bool = False) -> float:
    """The width of a text in pixels, rather too large than too small."""
    return len(text) * (BOLD if bold else LETTER)


class FreeSpace:
    """A plot with what occupies it: curves in columns of pixels, dashed lines, and the boxes of words."""

    def __init__(self, curves: Sequence[AvoidedCurves], heights: Heights, true: np.ndarray, plot: Plot) -> None:
        self.plot, self.boxes = plot, list[tuple[float, float, float, float]]()
        self.true: list[float] = self.pixels(heights.share(true)).tolist()
        parts = [self._columns(each, heights) for each in curves]
        self.top: np.ndarray = np.concatenate([top for top, _ in parts], axis=1)
        self.bottom: np.ndarray = np.concatenate([bottom for _, bottom in parts], axis=1)

    def _columns(self, curve_set: AvoidedCurves, heights: Heights) -> tuple[np.ndarray, np.ndarray]:  # [columns, curves] each
        """The highest and the lowest point of every curve in every column; nothing beyond the end of the run."""
        curves, axis, count = curve_set
        wide, T = self.plot.width, len(axis.column)
        inner = np.interp(curves.frames, np.arange(T), axis.places) * wide
        y = self.pixels(heights.share(curves.values[:, :count]))
        if count > curves.named and curves.rest.shape[1]:
            rest = np.interp(curves.frames, np.arange(T), heights.share(curves.rest[:, 0]))
            y = np.concatenate([y, self.pixels(rest)[:, None]], axis=1)
        edges = np.arange(0, wide + COLUMN, COLUMN)
        along = np.stack([np.interp(edges, inner, column) for column in y.T], axis=1)
        top, bottom = np.minimum(along[:-1], along[1:]), np.maximum(along[:-1], along[1:])
        where = np.clip((inner / COLUMN).astype(int), 0, len(edges) - 2)
        starts = np.flatnonzero(np.diff(where, prepend=-1))  # points of one column follow each other
        touched = where[starts]
        top[touched] = np.minimum(top[touched], np.minimum.reduceat(y, starts))
        bottom[touched] = np.maximum(bottom[touched], np.maximum.reduceat(y, starts))
        outside = (edges[:-1] > inner[-1]) | (edges[1:] < inner[0])
        top[outside], bottom[outside] = np.inf, -np.inf
        return top, bottom

    def pixels(self, share: np.ndarray | float) -> np.ndarray:
        """Pixels from the top of the plot to a share of its height, which counts from below."""
        return np.asarray((1 - np.asarray(share)) * self.plot.height)

    def crossed(self, top: float, bottom: float) -> bytes:  # [columns] 1 or 0
        """Where a curve passes between two heights."""
        return bytes(self.crossings(np.array([top]), np.array([bottom]))[0].tobytes())

    def crossings(self, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:  # [n] both -> [n, columns] of bool
        """The same for many pairs of heights at once."""
        return np.asarray(((self.bottom > top[:, None, None]) & (self.top < bottom[:, None, None])).any(axis=2))

    def highest_curve(self, until: float) -> float:
        """Pixels from the top to the highest point of all curves left of `until`."""
        return float(self.top[: int(until / COLUMN) + 1].min(initial=self.plot.height))

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """True where a box meets no curve, no dashed line and no other box."""
        for box in self.boxes:
            if left < box[2] and box[0] < right and top < box[3] and box[1] < bottom:
                return False
        if self.crosses_truth(top, bottom):
            return False
        return 1 not in self.crossed(top, bottom)[max(0, int(left / COLUMN)) : int(right / COLUMN) + 1]

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
