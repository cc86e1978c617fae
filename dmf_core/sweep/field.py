"""The question of a map: a base run, one or two axes, seeds, a measure and a threshold. It determines the sweep."""

from dataclasses import dataclass
from typing import Literal, get_args

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.measures import MEASURES
from dmf_core.spec import RunSpec
from dmf_core.sweep.axes import Axis, parse_axis
from dmf_core.sweep.plan import SEED, Plan, plan

Shown = Literal["median", "worst", "share"]  # of the seeds of a cell: their median, the highest, the share below the threshold
SHOWN: tuple[Shown, ...] = get_args(Shown)
DEPTH = "model.depth"
MOST_SEEDS = 50  # in each cell of a map
LOSS = "loss"


@dataclass(frozen=True)
class MapQuestion:
    """A map. `across` and `up` are axes as they are typed, `model.depth=2,3,4`; without `up` it is a set of curves."""

    base: RunSpec
    across: str
    up: str = ""
    seeds: int = 5
    measure: str = "reconstruction_error"
    threshold: float | None = 0.1
    shown: Shown = "median"
    log: bool = True
    other_depths: tuple[int, ...] = ()  # other depths whose threshold is drawn too
    least: bool = False  # that of the minimum nuclear norm too

    def typed(self) -> list[Axis]:
        """The axes of the map, across and up. Raises BadInput."""
        axes = [parse_axis(text) for text in (self.across, self.up) if text]
        if any(SEED in axis.paths for axis in axes):
            raise BadInput("The seed is no axis of a map: each cell has several seeds already; choose another setting.")
        return axes

    def layers(self) -> Axis | None:
        """The depth of the map and the other ones, where there are others."""
        own = self.base.model.layers
        if not self.other_depths or own is None or any(DEPTH in axis.paths for axis in self.typed()):
            return None
        return Axis((DEPTH,), (own, *(depth for depth in self.other_depths if depth != own)))

    def axes(self) -> list[Axis]:
        """All axes, the seeds last. Raises BadInput."""
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise BadInput(f"{self.seeds} seeds in each cell are asked for; a map has from 1 to {MOST_SEEDS}.")
        layers, first = self.layers(), self.base.seed
        return [*self.typed(), *([layers] if layers else []), Axis((SEED,), tuple(range(first, first + self.seeds)))]

    def plan(self, inputs: Inputs = Inputs()) -> Plan:
        """The sweep of this map. Raises BadInput."""
        return plan(self.base, self.axes(), inputs)


def checked(measure: str) -> str:
    """The measure, if there is such a one. Raises BadInput."""
    if measure not in (*MEASURES, LOSS):
        raise BadInput(f"There is no measure {measure[:40]}; it must be one of {', '.join((LOSS, *MEASURES))}.")
    return measure
