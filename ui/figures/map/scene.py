"""A map as a picture: cells with their colours, lines over them, axes and their words. Places are counted in cells from 0."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import contourpy
import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.sweep.field import MapQuestion, Shown
from dmf_core.sweep.grid import Grid
from ui.figures import words
from ui.figures.map.phrases import axis_title, axis_value, measured, value
from ui.figures.map.scale import Scale, scale_of

MOST_TICKS = 8  # of one axis
Line = list[tuple[float, float]]  # points: column, row
OBSERVED = "problem.observations"


@dataclass(frozen=True, eq=False)
class Other:
    """Something else over the same axes, of which only the threshold is drawn."""

    name: str  # "depth 2"
    grid: Grid
    dotted: bool = False


@dataclass(frozen=True, eq=False)
class MapScene:
    """`labels`: what the settings are called, by path."""

    field: MapQuestion
    grid: Grid
    labels: Mapping[str, str]
    others: Sequence[Other] = ()

    @property
    def curves(self) -> bool:
        """Whether the map has one axis and is drawn as curves."""
        return self.grid.up is None

    @property
    def kind(self) -> Shown:
        """What is shown of the seeds of a cell: a share only where there is a threshold."""
        return "median" if self.field.threshold is None and self.field.shown == "share" else self.field.shown

    @cached_property
    def shown(self) -> np.ndarray:  # [rows, columns]
        """What the cells show of their seeds."""
        if self.kind == "share":
            return self.grid.share_below(self.field.threshold or 0.0)
        return self.grid.highest if self.kind == "worst" else self.grid.median

    @property
    def band(self) -> tuple[np.ndarray, np.ndarray]:  # each [rows, columns]
        """Lower and upper end of the band of a curve: the range of the seeds around their median, no width otherwise."""
        return (self.grid.lowest, self.grid.highest) if self.kind == "median" else (self.shown, self.shown)

    @property
    def log(self) -> bool:
        """On a logarithmic scale: not where a value is zero or below, and no share."""
        values = np.stack([self.shown, *(self.band if self.curves else ())])
        known = values[np.isfinite(values)]
        return self.field.log and self.kind != "share" and bool((known > 0).all())

    @cached_property
    def scale(self) -> Scale:
        """Of the colours, and of the axis of a curve, which holds its band too."""
        if self.kind == "share":
            return Scale(0.0, 1.0, False)
        return scale_of(np.stack([self.shown, *(self.band if self.curves else ())]), self.log)

    @cached_property
    def shares(self) -> np.ndarray:  # [rows, columns] 0 .. 1; a cell without a number has that of the nearest measured one
        """Where each cell is on the colour scale; NaN as long as nothing is known."""
        along = self.scale.share(self.shown)
        known = np.argwhere(np.isfinite(along))
        if len(known):
            for row, column in np.argwhere(np.isnan(along)):
                near = known[np.argmin(((known - (row, column)) ** 2).sum(axis=1))]
                along[row, column] = self.scale.share(self.shown[tuple(near)])
        return along

    @cached_property
    def threshold_lines(self) -> list[Line]:
        """Where the measure crosses the threshold: straight between the centres of measured cells, never smoothed."""
        return self.lines_of(self.grid)

    def lines_of(self, grid: Grid) -> list[Line]:
        """The threshold lines of another grid over the same axes."""
        if self.field.threshold is None or self.curves or min(grid.shape) < 2:
            return []
        level, values = self.field.threshold, grid.median
        if self.log and level > 0:
            level, values = math.log10(level), np.log10(np.maximum(values, 1e-300))
        lines = contourpy.contour_generator(z=np.ma.masked_invalid(values)).lines(level)
        return [[(float(x), float(y)) for x, y in np.asarray(line)] for line in lines]

    @cached_property
    def freedom(self) -> list[tuple[float, float]]:
        """The line on which there are as many observations as degrees of freedom, as (column, row); empty without one."""
        if self.grid.up is None or OBSERVED not in (*self.grid.across.paths, *self.grid.up.paths):
            return []
        flip = OBSERVED in self.grid.up.paths
        observed = np.array((self.grid.up if flip else self.grid.across).values, dtype=np.float64)
        points: Line = []
        for other in range(self.grid.shape[1 if flip else 0]):
            specs = next((each for i in range(len(observed)) if (each := self._specs(other, i, flip))), [])
            freedom = specs[0].problem.freedom if specs else None
            if freedom is None or not observed.min() <= freedom <= observed.max():
                continue
            order = np.argsort(observed)
            place = float(np.interp(freedom, observed[order], np.arange(len(observed))[order]))
            points.append((other, place) if flip else (place, other))
        return points

    def _specs(self, other: int, i: int, flip: bool) -> list[RunSpec]:
        return self.grid.specs(i, other) if flip else self.grid.specs(other, i)

    @property
    def freedom_name(self) -> str:
        specs = next((specs_of_cell for key in self.grid.cells if (specs_of_cell := self.grid.specs(*key))), [])
        tensor = bool(specs) and specs[0].model.tensor
        return "degrees of freedom" if tensor else "degrees of freedom r(m + n − r)"

    @property
    def threshold_name(self) -> str:
        """Of the threshold line: which depth it belongs to where there are others, else the measure and its value."""
        if self.others and self.field.base.model.layers is not None:
            return f"depth {self.field.base.model.layers}"
        return "" if self.field.threshold is None else f"{measured(self.field.measure)} {words.number(self.field.threshold)}"

    def x_ticks(self) -> list[tuple[int, str]]:
        return _ticks(self.grid.across.name, self.grid.across.values)

    def y_ticks(self) -> list[tuple[int, str]]:
        return [] if self.grid.up is None else _ticks(self.grid.up.name, self.grid.up.values)

    @property
    def x_title(self) -> str:
        return axis_title(self.grid.across, self.labels)

    @property
    def y_title(self) -> str:
        return "" if self.grid.up is None else axis_title(self.grid.up, self.labels)

    def at(self, row: int, column: int) -> str:
        """rank 8, 1 700 observed entries."""
        return f"{self.at_row(row)}, {self.at_column(column)}" if self.grid.up is not None else self.at_column(column)

    def at_column(self, column: int) -> str:
        return axis_value(self.grid.across, self.grid.value_across(column), self.labels)

    def at_row(self, row: int) -> str:
        return "" if self.grid.up is None else axis_value(self.grid.up, self.grid.value_up(row), self.labels)


def _ticks(path: str, values: Sequence[Any]) -> list[tuple[int, str]]:
    """Of many values some at equal distances, the roundest ones."""
    step = max(1, math.ceil(len(values) / MOST_TICKS))
    first = max(range(step), key=lambda start: (sum(_round(each) for each in values[start::step]), -start))
    chosen = range(first, len(values), step)
    return [(place, value(path, values[place])) for place in chosen]


def _round(each: Any) -> float:
    """How round a number is: how few digits it has."""
    if isinstance(each, bool) or not isinstance(each, int | float) or each == 0:
        return 0.0
    return -float(len(f"{abs(each):.6e}".split("e")[0].replace(".", "").rstrip("0")))
