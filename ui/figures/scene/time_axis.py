"""The time axes of a run: where each snapshot stands on them, and the words below."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.births import Growth, at
from ui.figures.scene import ticks as round_numbers
from ui.figures.scene.curves import HUGE, TINY
from ui.figures.scene.ticks import Tick

PER_TICK = 120  # pixels
NAMES = {  # in menus; that of "time" depends on the integrator
    "time": "flow time",
    "iterations": "iterations",
    "error": "observed error",
    "seconds": "wall clock",
    "events": "event number",
}
LOGS = ("time", "iterations", "seconds")  # these start at 0 and grow: there is a logarithm of each too


@dataclass(frozen=True, eq=False)
class TimeAxis:
    """One axis of one run. Places are from 0, its left end, to 1, its right one, which an unfinished run does not reach."""

    name: str
    log: bool
    label: str
    column: np.ndarray  # [T] never falling: the quantity, its decimal logarithm, or minus that of the error
    low: float
    high: float
    open: bool  # the run may still go on

    @property
    def key(self) -> str:
        return f"{self.name} log" if self.log else self.name

    @property
    def places(self) -> np.ndarray:  # [T]
        return np.asarray((self.column - self.low) / (self.high - self.low))

    def frame(self, place: float) -> float:
        """The fractional frame that stands at a place; after a plateau rather than before it."""
        places = self.places
        after = int(np.searchsorted(places, place, side="right"))
        if after in (0, len(places)):
            return float(max(0, after - 1))
        a, b = places[after - 1], places[after]
        return after - 1 + float((place - a) / (b - a))

    def place(self, frame: float) -> float:
        return float(np.interp(frame, np.arange(len(self.column)), self.places))

    def ticks(self, width: float) -> list[Tick]:
        """(value of the column, words) on an axis so many pixels long."""
        count = max(2, int(width / PER_TICK))
        if self.log:
            return round_numbers.logarithmic(self.low, self.high, 1.5 * count)
        if self.name == "error":
            return [(float(e), round_numbers.decade(-e)) for e in round_numbers.decades(self.low, self.high, 1.5 * count)]
        if self.name == "progress":
            shares = round_numbers.linear(self.low, self.high, count)
            return [(v, f"{words.number(100 * v, 3)}{words.THIN}%") for v in shares]
        if self.name != "events":
            return [(v, words.number(v, 6)) for v in round_numbers.linear(self.low, self.high, count)]
        last = float(self.column[-1])
        whole = [v for v in round_numbers.linear(0.0, last, max(1.0, min(2.0 * count, last))) if v == round(v)]
        return [(v, "start" if v == 0 else "end" if v == last and not self.open else str(round(v))) for v in whole]

    def marks(self, width: float) -> list[Tick]:
        """The same as places."""
        return [((value - self.low) / (self.high - self.low), text) for value, text in self.ticks(width)]


def time_axis(run: Trajectory, spec: RunSpec, grown: Sequence[Growth], name: str, log: bool, ends: float = 0.0) -> TimeAxis:
    """The axis of this name; its logarithm where it is wanted and there is one. That of the time of a run that may still go on
    shows at least the moment `ends`."""
    labels = {
        "time": f"{words.clock(spec)} t",
        "iterations": "iterations",
        "error": "observed error, the smallest so far",
        "seconds": "wall clock in seconds",
        "events": "event number",
    }
    column = _column(run, grown, name)
    growing = run.end is None or not run.end.outcome.done
    logarithm = log and name in LOGS and float(column[-1]) > float(column[column > 0].min(initial=np.inf))
    if logarithm:
        column = np.log10(np.maximum(column, column[column > 0].min()))
    low, last = float(column[0]), float(column[-1])
    high = last
    if growing:
        if logarithm:
            high = float(np.ceil(4 * (last + 0.1)) / 4)
        else:
            high = float(np.ceil(last + 0.5)) if name == "error" else low + round_numbers.beyond(last - low)
        if name == "time":
            high = max(high, float(np.log10(ends)) if logarithm and ends > 0 else ends)
    return TimeAxis(name, logarithm, labels[name], column, low, high if high > low else low + 1.0, high > last)


def _column(run: Trajectory, grown: Sequence[Growth], name: str) -> np.ndarray:  # [T] never falling
    if name == "iterations":
        return run.column("iteration").astype(np.float64)
    if name == "seconds":
        return run.column("seconds")
    if name == "error":
        errors = np.array([each.measures["observed_error"] or TINY for each in run.snapshots])
        return np.asarray(np.maximum.accumulate(-np.log10(np.clip(np.nan_to_num(errors, nan=HUGE), TINY, HUGE))))
    return event_number(run.column("t"), grown) if name == "events" else run.column("t")


def event_number(t: np.ndarray, grown: Sequence[Growth]) -> np.ndarray:  # [T] -> [T]
    """Equal room between start, births and end; in between as flow time passes."""
    births = sorted({at(t, g.born) for g in grown if g.born is not None})
    knots = [t[0], *(moment for moment in births if t[0] < moment < t[-1])]
    knots += [t[-1]] if t[-1] > knots[-1] else []
    return np.asarray(np.interp(t, knots, np.arange(len(knots), dtype=np.float64)))
