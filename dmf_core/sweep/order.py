"""The order in which the cells of a field are computed: coarse to fine, so that its shape is visible early."""

import numpy as np

from dmf_core.sweep.grid import Grid
from dmf_core.sweep.plan import SEED, Plan

STEPS = (4, 2, 1)  # every fourth value of every axis first, then every second, then the rest
NEAR = 2  # cells: so far apart are those of the second round


def coarse_to_fine(plan: Plan) -> dict[str, int]:
    """The rank of each run by its digest, from 0; all seeds of a cell have the same."""
    places = [{repr(value): i for i, value in enumerate(axis.values)} for axis in plan.axes]
    counted = [number for number, axis in enumerate(plan.axes) if axis.name != SEED]
    ranks: dict[str, int] = {}
    for cell in plan.cells:
        if cell.spec is None:
            continue
        at = [places[number][repr(cell.values[number])] for number in counted]
        rank = next(rank for rank, step in enumerate(STEPS) if all(each % step == 0 for each in at))
        ranks[cell.digest] = min(rank, ranks.get(cell.digest, rank))
    return ranks


def along(grid: Grid, threshold: float) -> frozenset[str]:
    """The runs of cells that are not complete and lie where measured cells on both sides of the threshold are near."""
    near = [np.zeros(grid.shape, dtype=bool) for _ in range(2)]
    with np.errstate(invalid="ignore"):
        sides = grid.median < threshold, grid.measured & ~(grid.median < threshold)
    for reached, side in zip(near, sides, strict=True):
        for row, column in np.argwhere(side & grid.measured):
            reached[max(0, row - NEAR) : row + NEAR + 1, max(0, column - NEAR) : column + NEAR + 1] = True
    places = np.argwhere(near[0] & near[1] & (grid.known < grid.seeds))
    return frozenset(cell.digest for row, column in places for cell in grid.cells[int(row), int(column)] if cell.digest)
