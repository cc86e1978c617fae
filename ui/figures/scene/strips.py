"""The strips below the curves: what each shows, on which scale, and which two are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ui.figures import words
from ui.figures.scene import ticks

MARGIN = 0.07  # of the height, above and below
PER_TICK = 22  # pixels of a logarithmic scale
APART = 13  # pixels between two ticks
SMALLEST = 1e-4  # of the largest value: the lower end of a logarithmic scale, unless the strip has its own
LEAST_DECADES = 0.3  # of a logarithmic scale: a factor of 2; what moves less is shown as nearly flat


@dataclass(frozen=True)
class Line:
    """One column of a strip."""

    key: str  # of ui.figures.scene.series
    name: str = ""  # at the cursor
    truth_only: bool = False  # dashed: measured against the truth
    unless: str = ""  # left out where there is this column


@dataclass(frozen=True)
class Strip:
    """Columns on one scale: a logarithmic one, or a linear one with zero on it where there are signs."""

    name: str
    lines: tuple[Line, ...]
    least: float = SMALLEST
    counts: bool = False  # the scale has whole numbers on it
    signed: bool = False
    size: bool = False  # without its sign
    room: float = 0.0  # at least so far up, that what is small looks small

    def of(self, known: Mapping[str, np.ndarray | None]) -> list[Line]:
        """The lines that there are numbers for."""
        present = {key for key, values in known.items() if values is not None}
        return [line for line in self.lines if line.key in present and line.unless not in present]

    def column(self, values: np.ndarray) -> np.ndarray:
        return np.abs(values) if self.size else values

    def ends(self, columns: Sequence[np.ndarray], levels: Sequence[float]) -> tuple[float, float]:
        """The least and the largest value of the scale, or their decimal logarithms."""
        values = np.concatenate([*columns, np.array(levels)]) if columns else np.empty(0)
        if self.signed:
            low, high = float(values.min(initial=0.0)), float(values.max(initial=self.room))
            return (low, high) if high > low else (-1.0, 1.0)
        values = np.append(values[values > 0], [1.0] if self.counts else [])
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
        a, b = np.log10(max(low, high * self.least)), np.log10(high)
        return (float(a), float(b)) if b - a >= LEAST_DECADES else (float(a) - 0.15, float(b) + 0.15)


@dataclass(frozen=True, eq=False)
class DrawnLine:
    """One column as it is drawn: nothing lies below the lowest value of the scale."""

    about: Line
    values: np.ndarray  # [T] as measured
    heights: np.ndarray  # [T] in the units of the scale
    level: float | None  # of the truth


@dataclass(frozen=True, eq=False)
class DrawnStrip:
    """A strip of one run: its lines and its scale, of values or of their decimal logarithms."""

    about: Strip
    lines: tuple[DrawnLine, ...]
    low: float  # the lowest and the highest of all values; the scale goes a little beyond both
    high: float
    rank: int | None  # of the truth

    @property
    def ends(self) -> tuple[float, float]:
        """Of the scale."""
        margin = MARGIN * (self.high - self.low)
        return self.low - margin, self.high + margin

    def height(self, values: np.ndarray | float) -> np.ndarray:
        """Values in the units of the scale."""
        if self.about.signed:
            return np.asarray(values)
        return np.maximum(np.log10(np.maximum(values, 1e-300)), self.low)

    def ticks(self, pixels: float) -> list[ticks.Tick]:
        """On a strip so high; of those that are too near the first ones stay: they are those that matter."""
        a, b = self.low, self.high
        if self.about.signed:
            marks = [(v, words.number(v)) for v in ticks.linear(a, b, 3)]
        elif self.about.counts:
            counts = [
                n for n in (1, self.rank if self.lines else None, round(10**b)) if n and a - 0.05 <= np.log10(n) <= b + 0.05
            ]
            marks = [(float(np.log10(n)), words.number(n)) for n in counts]
        else:
            marks = ticks.logarithmic(a, b, pixels / PER_TICK)
        chosen: list[ticks.Tick] = []
        for at, text in marks:
            if all(abs(at - other) * pixels >= APART * (b - a) for other, _ in chosen):
                chosen.append((at, text))
        return chosen

    @property
    def truth(self) -> tuple[float, str, bool] | None:
        """(level, its words, whether they stand below it): where there is one line only, and not where that line is."""
        if len(self.lines) != 1 or (level := self.lines[0].level) is None:
            return None
        low, high = self.ends
        below = bool(self.lines[0].values[-1] > level) and (float(self.height(level)) - low) > 0.2 * (high - low)
        return level, f"truth {words.number(level, 3 if level >= 100 else 2)}", below


def strip_of(about: Strip, known: Mapping[str, np.ndarray | None], levels: Mapping[str, float], rank: int | None) -> DrawnStrip:
    """The strip of a run whose columns and true levels these are."""
    columns = [(line, about.column(values)) for line in about.of(known) if (values := known[line.key]) is not None]
    a, b = about.ends([column for _, column in columns], [levels[line.key] for line, _ in columns if line.key in levels])
    bare = DrawnStrip(about, (), a, b, rank)
    lines = tuple(DrawnLine(line, column, bare.height(column), levels.get(line.key)) for line, column in columns)
    return DrawnStrip(about, lines, a, b, rank)


STRIPS = {
    "error": Strip(
        "mean squared error",
        (
            Line("unobserved_error", "unseen entries", True),
            Line("mean_squared_error", "all entries", True, unless="unobserved_error"),
            Line("observed_error", "observed entries"),
        ),
        least=1e-8,
    ),
    "loss": Strip("training loss", (Line("loss"),), least=1e-8),
    "relative": Strip("reconstruction error", (Line("reconstruction_error", "all entries", True),), least=1e-8),
    "entropy_rank": Strip("effective rank (entropy)", (Line("entropy_rank"),), counts=True),
    "ratio_rank": Strip("effective rank (ratio)", (Line("ratio_rank"),), counts=True),
    "norms": Strip(
        "norms of W",
        (Line("nuclear_norm", "nuclear"), Line("spectral_norm", "spectral"), Line("frobenius_norm", "Frobenius")),
        least=1e-3,
    ),
    "schatten": Strip("Schatten 2/N, power sum", (Line("schatten"),), least=1e-3),
    "hidden": Strip("size of the hidden entry", (Line("hidden_entry"),), least=1e-6, size=True),
    "alignment": Strip("gradient in singular directions", (Line("aligned", "diagonal"), Line("crossed", "off it")), least=1e-8),
    "balance": Strip("balance lost, % of the factors", (Line("balance"),), signed=True, room=1.0),
    "determinant": Strip("determinant of W", (Line("determinant"),), signed=True),
}


def usual(known: Mapping[str, np.ndarray | None], theory: bool) -> tuple[str, str]:
    """What the theory says where it lies over the curves, else what the run is about."""
    if theory and known.get("balance") is not None:
        return "alignment", "balance"
    return ("hidden", "determinant") if known.get("hidden_entry") is not None else ("error", "entropy_rank")


def chosen(known: Mapping[str, np.ndarray | None], strips: tuple[str, str], theory: bool) -> tuple[str, str]:
    """What somebody chose where the run has it, else the usual ones."""
    upper, lower = usual(known, theory)
    first, second = (kind if kind in STRIPS and STRIPS[kind].of(known) else "" for kind in strips)
    return first or upper, second or lower
