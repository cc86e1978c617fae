"""The time axes of the player, for pictures drawn on the server: where each snapshot stands, and the words below."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.births import at
from ui.figures.look import Look, grown

TINY = 1e-30
TICKS = 6


@dataclass(frozen=True)
class TimeAxis:
    """One axis of one run. Places are from 0, its left end, to 1."""

    label: str
    places: np.ndarray  # [T] never falling
    ticks: tuple[tuple[float, str], ...]  # place, words

    def frame(self, place: float) -> float:
        """The fractional frame that stands at a place; after a plateau rather than before it."""
        after = int(np.searchsorted(self.places, place, side="right"))
        if after in (0, len(self.places)):
            return float(max(0, after - 1))
        a, b = self.places[after - 1], self.places[after]
        return after - 1 + float((place - a) / (b - a))

    def place(self, frame: float) -> float:
        return float(np.interp(frame, np.arange(len(self.places)), self.places))


def time_axis(run: Trajectory, spec: RunSpec, look: Look) -> TimeAxis:
    """The axis that the look asks for."""
    labels = {
        "time": f"{words.clock(spec)} t",
        "iterations": "iterations",
        "error": "observed error, the smallest so far",
        "seconds": "wall clock in seconds",
        "events": "event number",
    }
    values = _column(run, look.axis)
    label = labels[look.axis]
    if look.axis == "error":
        return _axis(label, values, lambda low, high: [(e, words.power(10.0**-e)) for e in _whole(low, high)])
    if look.axis == "events":
        return _axis(label, values, _events)
    if look.log_time and values[-1] > 0:
        first = values[values > 0].min()
        return _axis(label, np.log10(np.maximum(values, first)), _logarithmic)
    return _axis(label, values, _linear)


def _column(run: Trajectory, name: str) -> np.ndarray:  # [T] never falling
    if name == "iterations":
        return run.column("iteration")
    if name == "seconds":
        return run.column("seconds")
    if name == "error":
        errors = np.array([each.measures["observed_error"] or TINY for each in run.snapshots])
        return np.asarray(np.maximum.accumulate(-np.log10(np.clip(np.nan_to_num(errors, nan=1e30), TINY, 1e30))))
    if name == "events":
        return event_number(run)
    return run.column("t")


def event_number(run: Trajectory) -> np.ndarray:  # [T]
    """Equal room between start, births and end; in between as flow time passes."""
    t = run.column("t")
    births = sorted({at(t, g.born) for g in grown(run) if g.born is not None})
    knots = [t[0], *(moment for moment in births if t[0] < moment < t[-1])]
    knots += [t[-1]] if t[-1] > knots[-1] else []
    return np.asarray(np.interp(t, knots, np.arange(len(knots), dtype=np.float64)))


Marks = Callable[[float, float], list[tuple[float, str]]]


def _axis(label: str, values: np.ndarray, marks: Marks) -> TimeAxis:
    low, high = float(values[0]), float(values[-1])
    if not high > low:
        high = low + 1.0
    ticks = tuple(((at - low) / (high - low), text) for at, text in marks(low, high) if low - 1e-9 <= at <= high + 1e-9)
    return TimeAxis(label, (values - low) / (high - low), ticks)


def _linear(low: float, high: float) -> list[tuple[float, str]]:
    return [(float(v), words.number(float(v), 6)) for v in MaxNLocator(TICKS).tick_values(low, high)]


def _logarithmic(low: float, high: float) -> list[tuple[float, str]]:
    """Decades, with 2 and 5 between them where there are few."""
    steps, every = (1, 2, 5) if high - low < 3 else (1,), max(1, int(np.ceil((high - low) / 8)))
    values = [m * 10.0**e for e in range(int(np.floor(low)), int(np.ceil(high)) + 1, every) for m in steps]
    return [(float(np.log10(v)), words.number(v, 3) if 1e-3 <= v < 1e5 else words.power(v)) for v in values]


def _events(low: float, high: float) -> list[tuple[float, str]]:
    names = {low: "start", high: "end"}
    return [(e, names.get(e, str(int(e)))) for e in _whole(low, high)]


def _whole(low: float, high: float) -> list[float]:
    every = max(1, int(np.ceil((high - low) / 10)))
    return [float(e) for e in range(int(np.ceil(low)), int(np.floor(high)) + 1, every)]
