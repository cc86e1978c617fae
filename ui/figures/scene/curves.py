"""The curves of one spectrum over time, and the vertical scales they are drawn on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmf_core.trajectory import Outcome, Trajectory
from ui.figures import words
from ui.figures.scene import ticks
from ui.figures.scene.smooth import smooth
from ui.figures.theme import NAMED

HUGE, TINY = 1e30, 1e-30  # what is infinite or zero, on a scale
HEADROOM = 1.1  # times the largest value: the top of the linear scale
LOG_HEADROOM = 2.0  # of the logarithmic one
BELOW = 0.008  # of the height lies below the lowest value, so that a line on it is whole
DECADES = 9  # of the logarithmic scale, at most
DIVERGED = 1.04  # times the largest true value: curves of a diverged run leave the frame


@dataclass(frozen=True)
class Heights:
    """A vertical scale: `low` and `high` are values, or their decimal logarithms where `log`."""

    log: bool
    low: float
    high: float
    ticks: tuple[ticks.Tick, ...]  # values, words

    @property
    def ends(self) -> tuple[float, float]:
        """As values."""
        return (10.0**self.low, 10.0**self.high) if self.log else (self.low, self.high)

    def share(self, values: np.ndarray | float) -> np.ndarray:
        """From 0 at the lower end to 1 at the upper one; on the logarithmic scale nothing lies below its lower end."""
        height = np.log10(np.maximum(values, 10.0**self.base)) if self.log else np.asarray(values)
        return np.asarray((height - self.low) / (self.high - self.low))

    @property
    def base(self) -> float:
        """The level of the axis: 0, or the least logarithm."""
        return self.low + BELOW * (self.high - self.low) / (1 + BELOW) if self.log else 0.0

    @property
    def level(self) -> float:
        """The same as a value."""
        return 10.0**self.base if self.log else self.base

    def value(self, share: float) -> float:
        height = self.low + share * (self.high - self.low)
        return float(10.0**height) if self.log else float(height)


@dataclass(frozen=True, eq=False)
class Curves:
    """The first NAMED modes between snapshots, and the others at them."""

    frames: np.ndarray  # [S] fractional, every snapshot among them
    values: np.ndarray  # [S, n]
    rest: np.ndarray  # [T, m]

    @property
    def named(self) -> int:
        return int(self.values.shape[1])

    def at(self, frame: float, log: bool) -> np.ndarray:  # [n + m]
        """Every mode at a fractional frame, on the drawn line."""
        return np.concatenate([_between(self.values, self.frames, frame, log), _between(self.rest, None, frame, log)])

    def of_modes(self, modes: np.ndarray, frames: np.ndarray, log: bool) -> np.ndarray:  # [k] both, from 0 -> [k]
        """Every one of these modes at its own fractional frame, on the drawn line."""
        named = modes < self.named
        made = np.empty(len(modes))
        at = np.interp(frames, self.frames, np.arange(len(self.frames)))
        for values, where, place, first in ((self.values, named, at, 0), (self.rest, ~named, frames, self.named)):
            made[where] = _on_the_line(values, place[where], modes[where] - first, log)
        return made


def _on_the_line(values: np.ndarray, at: np.ndarray, columns: np.ndarray, log: bool) -> np.ndarray:  # [S, n], [k], [k] -> [k]
    i = np.minimum(at, len(values) - 1).astype(int)
    a, b, far = values[i, columns], values[np.minimum(i + 1, len(values) - 1), columns], at - i
    if not log:
        return np.asarray(a + (b - a) * far)
    return np.asarray(np.exp(np.log(np.maximum(a, TINY)) * (1 - far) + np.log(np.maximum(b, TINY)) * far))


def _between(values: np.ndarray, frames: np.ndarray | None, frame: float, log: bool) -> np.ndarray:  # [S, k] -> [k]
    at = frame if frames is None else float(np.interp(frame, frames, np.arange(len(frames))))
    i = int(min(at, len(values) - 1))
    a, b = values[i], values[min(i + 1, len(values) - 1)]
    if not log:
        return np.asarray(a + (b - a) * (at - i))
    return np.asarray(np.exp(np.log(np.maximum(a, TINY)) * (i + 1 - at) + np.log(np.maximum(b, TINY)) * (at - i)))


def curves(run: Trajectory, follow_speeds: bool = True) -> Curves:
    """Of the main spectrum; with the measured speeds of its modes where the run has them and they are to be followed."""
    values = np.nan_to_num(run.singular_values, nan=0.0, posinf=HUGE)
    insight = run.insight
    known = follow_speeds and insight is not None and not insight.missing and len(insight.measured) == len(values)
    frames, named = smooth(run.column("t"), values[:, :NAMED], insight.measured if insight is not None and known else None)
    return Curves(frames, named, values[:, NAMED:])


def heights(run: Trajectory | None, true: np.ndarray, learned: int, log: bool) -> Heights:
    """The scale that holds all curves and the true values, the same over the whole run."""
    values = np.zeros((1, 1)) if run is None else np.nan_to_num(run.singular_values, nan=0.0, posinf=HUGE)
    top, known = float(values.max(initial=0.0)), float(true.max(initial=0.0))
    if known and run is not None and run.end is not None and run.end.outcome is Outcome.DIVERGED:
        top = min(top, DIVERGED * known)
    top = max(top, known) or 1.0
    if not log:
        return _linear(HEADROOM * top)
    high = float(np.log10(LOG_HEADROOM * top))
    shown = values[:, : max(learned, 1)]
    shown = shown[shown > 0]
    low = max(float(np.log10(shown.min())) - 0.3 if shown.size else high - 4, high - DECADES)
    return _logarithmic(min(low, high - 1), high)


def widest(scales: Sequence[Heights]) -> Heights:
    """The scale that holds all of these, which are all linear or all logarithmic."""
    high = max(each.high for each in scales)
    return _logarithmic(min(each.base for each in scales), high) if scales[0].log else _linear(high)


def _linear(top: float) -> Heights:
    marks = tuple((v, words.number(v)) for v in ticks.linear(0.0, 0.97 * top, 4))
    return Heights(False, -BELOW * top, top, marks)


def _logarithmic(low: float, high: float) -> Heights:  # decimal logarithms
    exponents = ticks.decades(low, high, 6)
    return Heights(True, low - BELOW * (high - low), high, tuple((10.0**e, ticks.decade(e)) for e in exponents))
