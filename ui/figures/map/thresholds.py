"""Which cells of a map are below its threshold, and how far along its rows and columns."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmf_core.sweep.grid import Grid
from ui.figures.map.scene import OBSERVED, MapScene

RANK = "problem.rank"
INSIDE = 0.65  # of the width: of equally round numbers the one nearest to here is taken


@dataclass(frozen=True)
class Onset:
    """From this column on every measured cell of the row is below the threshold; None: not even the last one is."""

    row: int
    column: int | None


def below(scene: MapScene, grid: Grid | None = None) -> np.ndarray:  # [rows, columns] bool
    """Measured, and the median is below the threshold; of another grid over the same axes where one is given."""
    assert scene.field.threshold is not None
    with np.errstate(invalid="ignore"):
        return np.asarray((grid or scene.grid).median < scene.field.threshold)


def limit(scene: MapScene, column: int, grid: Grid | None = None) -> int | None:
    """The highest row up to which, from the lowest one on, every measured cell of this column is below; None: not even that."""
    ok, known = below(scene, grid)[:, column], (grid or scene.grid).measured[:, column]
    highest = None
    for row in np.flatnonzero(known):
        if not ok[row]:
            break
        highest = int(row)
    return highest if known[0] else None


def onsets(scene: MapScene) -> Iterator[Onset]:
    """Of every row with at least two measured cells."""
    ok, known = below(scene), scene.grid.measured
    for row in range(scene.grid.shape[0]):
        columns = np.flatnonzero(known[row])
        if len(columns) < 2:
            continue
        bad = np.flatnonzero(~ok[row, columns])
        first = 0 if not len(bad) else int(bad[-1]) + 1
        yield Onset(row, int(columns[first]) if first < len(columns) else None)


def rising(values: tuple[object, ...]) -> bool:
    numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
    return len(numbers) == len(values) and all(a < b for a, b in itertools.pairwise(numbers))


def ranks_by_observations(scene: MapScene) -> bool:
    grid = scene.grid
    return (
        grid.up is not None
        and (grid.across.name, grid.up.name) == (OBSERVED, RANK)
        and rising(grid.across.values)
        and rising(grid.up.values)
    )


def round_column(scene: MapScene) -> tuple[int, int] | None:
    """(column, its highest row): the roundest number of observations whose limit is inside the map."""
    crossings = [(column, row) for column in range(scene.grid.shape[1]) if (row := limit(scene, column)) is not None]
    inside = [(column, row) for column, row in crossings if row < scene.grid.shape[0] - 1] or crossings
    if not inside:
        return None
    middle = INSIDE * scene.grid.shape[1]
    return min(inside, key=lambda each: (_digits(scene.grid.value_across(each[0])), abs(each[0] - middle)))


def _digits(number: object) -> int:
    """How many digits a number has that are not zeros at its end."""
    return len(str(number).rstrip("0")) if isinstance(number, int) else 9
