"""The work of a map while it is on the page: its sweep, and the run of the cell at the cursor."""

from collections.abc import Mapping

from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.sweep import Plan
from dmf_core.sweep.grid import Grid, grid
from dmf_core.sweep.order import along
from ui.fields import NAMES
from ui.figures.map.scene import MapScene, Other
from ui.services import owner, queue, sweeps
from ui.session.map_state import MapState
from ui.watching import Sweeping


class MapWork:
    """For `watching.watch`: the sweep, and the run of the cell at the cursor."""

    def __init__(self, state: MapState, plan: Plan) -> None:
        self._state, self._plan = state, plan
        requested = state.requested == plan.digest
        self.sweeping = Sweeping(plan, state.watcher, requested, state.known)
        least = state.least()
        self.least = None if least is None else Sweeping(least, f"{state.watcher} least", requested, state.known_least)
        self.job: Job | None = None
        self._preferred_at = 0  # so many rows were known

    @property
    def rows(self) -> Mapping[str, Row]:
        return self.sweeping.rows

    @property
    def ended(self) -> bool:
        return self.swept and (self.job is None or self.job.state.ended)

    @property
    def swept(self) -> bool:
        """True when no run of the map is under way."""
        return self.sweeping.ended and (self.least is None or self.least.ended)

    def poll(self) -> None:
        self.job = cell_job(self._state, self._plan)
        if self.job is not None:
            queue().heartbeat(cell_watcher(self._state))
        self.sweeping.poll()
        self._state.known = self.rows
        if self.least is not None:
            self.least.poll()
            self._state.known_least = self.least.rows
        self._prefer()

    def _prefer(self) -> None:
        """Cells along the threshold come next, once there are others to tell where that is."""
        level = self._state.field.threshold
        if self.sweeping.ended or level is None or len(self.rows) < self._preferred_at + len(self._plan.runs) // 20:
            return
        self._preferred_at = len(self.rows)
        chosen = along(main_grid(self._state, self._plan), level)
        if chosen:
            sweeps().prefer(self._plan, owner(), chosen)


def start(state: MapState, plan: Plan) -> None:
    """Computes what is not known yet."""
    state.requested = plan.digest


def stop(state: MapState) -> None:
    """Ends it; what has been computed stays."""
    state.requested = ""
    for watcher in (state.watcher, f"{state.watcher} least"):
        sweeps().stop(watcher)


def cell_job(state: MapState, plan: Plan) -> Job | None:
    """The run of the cell at the cursor, its first seed, where it was requested."""
    spec = next(iter(specs_at(state, plan)), None)
    return None if spec is None else queue().find(spec.digest())


def specs_at(state: MapState, plan: Plan) -> list[RunSpec]:
    """The runs of the cell at the cursor, the first seed first."""
    if state.cell is None:
        return []
    return specs_of(state, plan, state.cell)


def main_grid(state: MapState, plan: Plan) -> Grid:
    """The cells of the map, as far as they are known."""
    return grid(plan, state.known, state.field.measure, state.field.layers())


def scene_of(state: MapState, plan: Plan) -> MapScene:
    """The map with the thresholds of other depths and of the minimum nuclear norm."""
    layers, least = state.field.layers(), state.least()
    others = []
    if layers is not None:
        for layer, depth in list(enumerate(layers.values))[1:]:
            others.append(Other(f"depth {depth}", grid(plan, state.known, state.field.measure, layers, layer)))
    if least is not None:
        others.append(Other("minimum nuclear norm", grid(least, state.known_least, state.field.measure, layers), dotted=True))
    return MapScene(state.field, main_grid(state, plan), NAMES, others)


def specs_of(state: MapState, plan: Plan, place: tuple[int, int]) -> list[RunSpec]:
    """The runs of a cell by row and column, the first seed first; none where its settings do not fit."""
    grid = main_grid(state, plan)
    return grid.specs(*place) if place in grid.cells else []


def cell_watcher(state: MapState) -> str:
    return f"{state.watcher} cell"
