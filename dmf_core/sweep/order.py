"""The order in which the cells of a field are computed: coarse to fine, so that its shape is visible early."""

from dmf_core.sweep.plan import SEED, Plan

STEPS = (4, 2, 1)  # every fourth value of every axis first, then every second, then the rest


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
