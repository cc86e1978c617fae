"""Scales, ticks and text of the small SVG charts. Colours come from classes, so that light and dark need no redrawing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ui.figures import words

LINE = 13  # pixels: labels closer than this would touch


@dataclass(frozen=True)
class Scale:
    """Values to pixels, linear or logarithmic."""

    low: float
    high: float
    start: float  # pixel of low
    end: float  # pixel of high
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high = self._of(self.low), self._of(self.high)
        return self.start + (self._of(value) - low) / ((high - low) or 1.0) * (self.end - self.start)

    def _of(self, value: float) -> float:
        return math.log10(max(value, 1e-300)) if self.log else value

    def ticks(self, most: int) -> list[float]:
        """Round values inside, at most about so many."""
        return _decades(self.low, self.high, most) if self.log else _round(self.low, self.high, most)


def spread(values: Sequence[float], log: bool, start: float, end: float) -> Scale:
    """A scale that holds all values with a little room."""
    low, high = min(values), max(values)
    if log:
        return Scale(low / (high / low) ** 0.08 / 1.02, high * (high / low) ** 0.08 * 1.02, start, end, True)
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return Scale(low - room, high + room, start, end)


def _round(low: float, high: float, most: int) -> list[float]:
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if factor * step * most >= high - low)
    return [step * i for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _decades(low: float, high: float, most: int) -> list[float]:
    tens = [10.0**e for e in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]
    if len(tens) >= 2:
        return tens[:: max(1, math.ceil(len(tens) / most))]
    first = 10.0 ** math.floor(math.log10(low))
    return [first * f for f in (1, 2, 5, 10, 20, 50, 100) if low <= first * f <= high][:most]


def label(value: float) -> str:
    """The text of a tick."""
    return words.power(value) if value and not 1e-3 < abs(value) < 1e5 else words.number(value, 4)


def text(x: float, y: float, words: str, kind: str = "tick", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="nr-{kind}" text-anchor="{anchor}">{words}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="nr-{kind}"/>'


def stacked(names: Sequence[tuple[float, str]], room: float) -> list[tuple[float, str]]:
    """The names at their heights, pushed apart where they would touch, and none below `room`."""
    heights: list[float] = []
    for height, _ in sorted(names):
        heights.append(max(height, heights[-1] + LINE) if heights else height)
    for i in reversed(range(len(heights))):
        heights[i] = min(heights[i], room)
        room = heights[i] - LINE
    return [(height, name) for height, (_, name) in zip(heights, sorted(names), strict=True)]
