"""One measure of a field of runs over one or two axes, with the values of all seeds of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.sweep.axes import Axis
from dmf_core.sweep.plan import SEED, Cell, Plan


@dataclass(frozen=True, eq=False)
class Grid:
    """Rows are the values of the second axis, columns those of the first; with one axis there is one row."""

    across: Axis
    up: Axis | None
    seeds: int
    values: np.ndarray  # [rows, columns, seeds] float64; NaN where a run is not known, failed, or has no such number
    known: np.ndarray  # [rows, columns] int: runs that have ended
    failed: np.ndarray  # [rows, columns] int: of those, runs that did not end as their spec asks
    refused: np.ndarray  # [rows, columns] bool: the settings do not fit each other
    cells: Mapping[tuple[int, int], tuple[Cell, ...]]  # by row and column: one for each seed

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.known.shape
        return rows, columns

    @cached_property
    def measured(self) -> np.ndarray:  # [rows, columns] bool
        """At least one run has the number."""
        return np.asarray(self.count > 0)

    @cached_property
    def count(self) -> np.ndarray:  # [rows, columns] int
        """The number of runs of each cell that have a value."""
        return np.asarray(np.isfinite(self.values).sum(axis=2))

    @cached_property
    def median(self) -> np.ndarray:  # [rows, columns], NaN where nothing is measured
        return self._of_seeds(np.nanmedian)

    @cached_property
    def lowest(self) -> np.ndarray:  # [rows, columns]
        return self._of_seeds(np.nanmin)

    @cached_property
    def highest(self) -> np.ndarray:  # [rows, columns]
        return self._of_seeds(np.nanmax)

    def share_below(self, threshold: float) -> np.ndarray:  # [rows, columns], NaN where nothing is measured
        """Of the runs that have the number, the share in which it is below the threshold."""
        below = (self.values < threshold).sum(axis=2)
        return np.where(self.measured, below / np.maximum(self.count, 1), np.nan)

    def specs(self, row: int, column: int) -> list[RunSpec]:
        """The runs of a cell, the first seed first."""
        return [cell.spec for cell in self.cells[row, column] if cell.spec is not None]

    def value_across(self, column: int) -> Any:
        return self.across.values[column]

    def value_up(self, row: int) -> Any:
        return None if self.up is None else self.up.values[row]

    def _of_seeds(self, reduce: Any) -> np.ndarray:
        values = np.full(self.shape, np.nan)
        values[self.measured] = reduce(self.values[self.measured], axis=1)
        return values


def grid(plan: Plan, rows: Mapping[str, Row], measure: str, layers: Axis | None = None, layer: int = 0) -> Grid:
    """The field of a plan whose axes are one or two settings, and the seed. Of one with another axis, `layers`, the cells with
    this value of it."""
    axes = [axis for axis in plan.axes if axis.name != SEED and axis != layers]
    seeds = next((axis for axis in plan.axes if axis.name == SEED), None)
    across, up = axes[0], axes[1] if len(axes) > 1 else None
    in_layer = None if layers is None else layers.values[layer]
    depth = None if layers is None else plan.axes.index(layers)
    shape = (1 if up is None else len(up.values), len(across.values), 1 if seeds is None else len(seeds.values))
    order = [plan.axes.index(axis) for axis in (up, across, seeds) if axis is not None]
    sizes = [len(axis.values) for axis in plan.axes]
    places = np.indices(sizes).reshape(len(sizes), -1)[order].T  # of each cell, in the order of `order`
    values = np.full(shape, np.nan)
    known, failed, refused = np.zeros(shape[:2], int), np.zeros(shape[:2], int), np.zeros(shape[:2], bool)
    cells: dict[tuple[int, int], list[Cell]] = {}
    for cell, place in zip(plan.cells, places.tolist(), strict=True):
        if depth is not None and cell.values[depth] != in_layer:
            continue
        row_number = place.pop(0) if up is not None else 0
        column, seed = place[0], place[1] if seeds is not None else 0
        cells.setdefault((row_number, column), []).append(cell)
        refused[row_number, column] |= cell.spec is None
        row = rows.get(cell.digest)
        if row is None:
            continue
        known[row_number, column] += 1
        failed[row_number, column] += not row.outcome.done
        value = row.measures.get(measure)
        if row.outcome.done and value is not None:
            values[row_number, column, seed] = value
    return Grid(across, up, shape[2], values, known, failed, refused, {key: tuple(each) for key, each in cells.items()})
