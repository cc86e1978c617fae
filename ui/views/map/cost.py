"""What the runs of a map cost that nobody has computed yet."""

from dataclasses import dataclass

from dmf_core.baselines.comparison.price import SPREAD
from dmf_core.cost import Cost, together
from dmf_core.sweep import Plan
from dmf_core.sweep.plan import Cell
from ui.services import owner, shared_queue, sweeps
from ui.session.map_state import MapState


@dataclass(frozen=True)
class MapCost:
    """The cost of the runs that are left to compute."""

    runs: int
    seconds: float  # on all workers
    longest: float  # that it may take
    known: int


def cost_of(state: MapState, plan: Plan) -> MapCost:
    """The cost of the runs that are not computed yet. Looks into the store once for each plan."""
    if not state.known:
        state.known = sweeps().known(plan, owner())
    left = [_cost(cell, None) for digest, cell in plan.runs.items() if digest not in state.known]
    least = state.least()
    if least is not None and not state.known_least:
        state.known_least = sweeps().known(least, owner())
    if least is not None:
        left += [_cost(cell, SPREAD) for digest, cell in least.runs.items() if digest not in state.known_least]
    workers = max(1, shared_queue().workers)
    cost = together(left)
    return MapCost(len(left), cost.seconds / workers, cost.longest / workers, len(state.known))


def _cost(cell: Cell, spread: float | None) -> Cost:
    """Of a run, or of a minimum, which may take `spread` times as long as estimated."""
    assert cell.spec is not None  # a plan lists no other one
    return Cost(0, cell.seconds, cell.bytes, cell.seconds * (spread or cell.spec.integrator.spread))
