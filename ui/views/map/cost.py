"""What the runs of a map cost that nobody has computed yet."""

from dataclasses import dataclass

from dmf_core.cost import Cost, together
from dmf_core.sweep import Plan
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
    left = [cell for digest, cell in plan.runs.items() if digest not in state.known]
    least = state.least()
    if least is not None and not state.known_least:
        state.known_least = sweeps().known(least, owner())
    left += [] if least is None else [cell for digest, cell in least.runs.items() if digest not in state.known_least]
    workers = max(1, shared_queue().workers)
    costs = [
        Cost(0, cell.seconds, cell.bytes, cell.seconds * cell.spec.integrator.spread) for cell in left if cell.spec is not None
    ]
    cost = together(costs)
    return MapCost(len(left), cost.seconds / workers, cost.longest / workers, len(state.known))
