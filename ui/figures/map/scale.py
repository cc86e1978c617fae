"""The colour scale of a map: cividis, low is dark, in the part of it that no page of either theme swallows."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from plotly.colors import sequential

from ui.figures.theme import rgb
from ui.words import power

PARTS = {"light": (0.0, 0.95), "dark": (0.22, 1.0)}  # of cividis: without the end that is near the colour of the page
STEPS = 64  # colours
NEAR = 0.16  # of the scale: an end nearer than that to a round value is not printed, as the scale below a map is 100 pixels high
DECADES = 8  # of a logarithmic scale at most: what lies below is shown as its lower end


@dataclass(frozen=True)
class Scale:
    """Values to shares from 0 to 1; those beyond the ends have the colour of the end."""

    low: float
    high: float
    log: bool

    def share(self, values: np.ndarray) -> np.ndarray:  # of the same shape; NaN stays
        low, high, array = self.low, self.high, np.asarray(values, dtype=np.float64)
        if self.log:
            low, high, array = math.log10(low), math.log10(high), np.log10(np.maximum(array, 1e-300))
        return np.asarray(np.clip((array - low) / ((high - low) or 1.0), 0.0, 1.0))

    def ticks(self) -> list[tuple[float, str]]:
        """Round values inside, and the ends where no round value is near, with their words."""
        return self._labelled(self._powers(), power) if self.log else self._labelled(self._multiples(), _plain)

    def _labelled(self, values: list[float], text: Callable[[float], str]) -> list[tuple[float, str]]:
        ends = [end for end in (self.low, self.high) if all(self._apart(end, each) >= NEAR for each in values)]
        return [(each, text(each)) for each in sorted({*values, *ends})]

    def _apart(self, a: float, b: float) -> float:
        return abs(float(self.share(np.array(a))) - float(self.share(np.array(b))))

    def _powers(self) -> list[float]:
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        step = max(1, math.ceil((last - first + 1) / 5))
        tens = [10.0**e for e in range(first, last + 1, step)]
        if len(tens) > 1:
            return tens
        between = [m * 10.0**e for e in range(first - 1, last + 1) for m in (1, 2, 5)]
        return [each for each in between if self.low <= each <= self.high]

    def _multiples(self) -> list[float]:
        size = (self.high - self.low) / 4 or 1.0
        ten = 10.0 ** math.floor(math.log10(size))
        width = ten * next(each for each in (1, 2, 2.5, 5, 10) if each * ten >= size * 0.999)
        first = math.ceil(self.low / width - 1e-9)
        return [width * k for k in range(first, math.floor(self.high / width + 1e-9) + 1)]


def _plain(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def scale_of(values: np.ndarray, log: bool) -> Scale:
    """Over all values that are known: the ends are rounded outwards, so that they can be printed."""
    known = values[np.isfinite(values)]
    if log:
        known = known[known > 0]
    if not len(known):
        return Scale(1e-3, 1.0, True) if log else Scale(0.0, 1.0, False)
    low, high = float(known.min()), float(known.max())
    if log:
        low = max(low, high / 10.0**DECADES)
        return Scale(_rounded(low, math.floor), _rounded(high, math.ceil), True)
    room = (high - low) or abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(room)) / 2
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, False)


def _rounded(value: float, to: object) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    exponent = math.floor(math.log10(value))
    steps = [m * 10.0**e for e in (exponent - 1, exponent, exponent + 1) for m in (1, 2, 5)]
    if to is math.floor:
        return max(step for step in steps if step <= value * (1 + 1e-9))
    return min(step for step in steps if step >= value * (1 - 1e-9))


@cache
def colours(theme: str) -> tuple[str, ...]:  # STEPS of them, from low to high
    """The colours of the scale in a theme, "light" or "dark"."""
    anchors = np.stack([rgb(each) for each in sequential.Cividis])
    at = np.linspace(*PARTS[theme], STEPS) * (len(anchors) - 1)
    mixed = np.stack([np.interp(at, np.arange(len(anchors)), channel) for channel in anchors.T], axis=1)
    return tuple("#" + "".join(f"{round(each):02X}" for each in colour) for colour in mixed)


def colour(share: float, theme: str) -> str:
    return colours(theme)[min(STEPS - 1, int(share * STEPS))]
