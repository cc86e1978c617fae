"""The strips below the curves: what each shows and which two are shown. The player's are ui/player/js/06_strips.js."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ui.figures.look import Look

SMALLEST = 1e-4  # of the largest value: as far down as a logarithmic scale goes, where a strip says no other
LEAST_DECADES = 0.3


@dataclass(frozen=True)
class Line:
    """One column of a strip."""

    key: str  # of ui.figures.series
    name: str = ""  # at the cursor
    truth_only: bool = False  # dashed: only who knows the truth can measure it
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
        there = {key for key, values in known.items() if values is not None}
        return [line for line in self.lines if line.key in there and line.unless not in there]

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


def chosen(known: Mapping[str, np.ndarray | None], look: Look) -> tuple[str, str]:
    """What somebody chose, else what the theory says, else what this run is about."""
    upper, lower = "error", "entropy_rank"
    if known.get("hidden_entry") is not None:
        upper, lower = "hidden", "determinant"
    if look.theory and known.get("balance") is not None:
        upper, lower = "alignment", "balance"
    first, second = (kind if kind in STRIPS and STRIPS[kind].of(known) else "" for kind in look.strips)
    return first or upper, second or lower
