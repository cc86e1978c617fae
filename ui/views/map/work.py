"""What goes on while a map is on the page: its sweep, and the run of the cell at the cursor."""

from collections.abc import Mapping

from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.sweep import Plan, Tally
from dmf_core.sweep.grid import grid
from dmf_core.sweep.order import along
from ui.services import owner, queue, sweeps
from ui.session.map_state import MapState


class MapWork:
    """For `watching.watch`. `rows`: what is known so far; `tally`: how far the sweep is, None where none is under way."""

    def __init__(self, state: MapState, plan: Plan) -> None:
        self._state, self._plan = state, plan
        self.tally: Tally | None = None
        self.swept = True  # nothing is under way
        self.job: Job | None = None
        self._preferred_at = 0

    @property
    def rows(self) -> Mapping[str, Row]:
        return self._state.known

    @property
    def ended(self) -> bool:
        return self.swept and (self.job is None or self.job.state.ended)

    def poll(self) -> None:
        state, plan = self._state, self._plan
        self.job = cell_job(state, plan)
        if self.job is not None:
            queue().heartbeat(cell_watcher(state))
        if state.requested != plan.digest:
            self.tally, self.swept = None, True
            return
        progress = sweeps().progress(plan, state.watcher, owner())
        if progress is None:  # it was left for too long, and is taken up again
            start(state, plan)
            progress = sweeps().progress(plan, state.watcher, owner())
        if progress is not None:
            state.known, self.tally, self.swept = progress.rows, progress.tally, progress.ended
            self._prefer()

    def _prefer(self) -> None:
        """Cells along the threshold come next, once there are others to tell where that is."""
        level = self._state.field.threshold
        if self.swept or level is None or len(self.rows) < self._preferred_at + len(self._plan.runs) // 20:
            return
        self._preferred_at = len(self.rows)
        chosen = along(grid(self._plan, self.rows, self._state.field.measure), level)
        if chosen:
            sweeps().prefer(self._plan, owner(), chosen)


def start(state: MapState, plan: Plan) -> None:
    """Computes what is not known yet."""
    state.requested = plan.digest
    sweeps().start(plan, state.watcher, owner())


def stop(state: MapState) -> None:
    """Ends it; what has been computed stays."""
    state.requested = ""
    sweeps().stop(state.watcher)


def cell_job(state: MapState, plan: Plan) -> Job | None:
    """The run of the cell at the cursor, its first seed, where it was asked for."""
    spec = next(iter(specs_at(state, plan)), None)
    return None if spec is None else queue().find(spec.digest())


def specs_at(state: MapState, plan: Plan) -> list[RunSpec]:
    """The runs of the cell at the cursor, the first seed first."""
    if state.cell is None:
        return []
    return specs_of(plan, state.cell)


def specs_of(plan: Plan, place: tuple[int, int]) -> list[RunSpec]:
    """The runs of a cell by row and column, the first seed first; none where its settings do not fit."""
    found = grid(plan, {}, "loss")
    return found.specs(*place) if place in found.cells else []


def cell_watcher(state: MapState) -> str:
    return f"{state.watcher} cell"
