"""What a sweep consists of, and what it will cost, before anything runs."""

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dmf_core.baselines.comparison import baseline_seconds, baseline_spec, check_baseline
from dmf_core.cost import Cost, estimate
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.prepare import check, shape_of, typical_entry
from dmf_core.spec import RunSpec
from dmf_core.store import Store
from dmf_core.sweep.axes import Axis, check_axes, parse_values

SEED = "seed"
NUMBERS = "dmf_core.sweep.compute:numbers"
LEAST = "dmf_core.sweep.compute:least"  # the minimum nuclear norm of the observations, in place of the run
PROCESS_BYTES = 290 << 20  # of a worker that computes nothing, measured
TOGETHER_BYTES = 256 << 20  # of runs that are integrated together


@dataclass(frozen=True)
class Cell:
    """One combination of values. `spec` is None where the settings do not fit each other, for the reason in `refused`."""

    values: tuple[Any, ...]  # one for each axis
    spec: RunSpec | None
    digest: str = ""
    seconds: float = 0.0  # estimated, on one core
    bytes: int = 0  # of memory while it runs, estimated
    refused: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """All cells of a sweep, the last axis fastest, and every run once."""

    axes: tuple[Axis, ...]
    cells: tuple[Cell, ...]
    inputs: Inputs
    runs: Mapping[str, Cell]  # by digest; several cells may be one run
    work: str = NUMBERS  # MODULE:FUNCTION that computes a batch of them

    @property
    def stored(self) -> bool:
        """Whether the store may hold them: not runs of given data or of plugins."""
        personal = any(cell.spec is not None and (cell.spec.needs_inputs or cell.spec.plugins) for cell in self.runs.values())
        return self.work in (NUMBERS, LEAST) and not personal

    def shelf(self, store: Store | None) -> Store | None:
        """The part of this store that holds the rows of the plan: its minima or its runs."""
        return store.minima() if store is not None and self.work == LEAST else store

    @cached_property
    def digest(self) -> str:
        """Equal for plans with the same cells."""
        cells = [[list(cell.values), cell.digest] for cell in self.cells]
        axes = [axis.paths for axis in self.axes]
        identity = [axes, cells] if self.work == NUMBERS else [axes, cells, self.work]
        return hashlib.sha256(json.dumps(identity, default=str).encode()).hexdigest()

    @property
    def seconds(self) -> float:
        """Estimate for all runs, one by one on one core."""
        return sum(cell.seconds for cell in self.runs.values())


def plan(spec: RunSpec, axes: Sequence[Axis] | Mapping[str, Any], inputs: Inputs = Inputs()) -> Plan:
    """The cells of a sweep over these axes. Raises BadInput when the axes are wrong, or when no combination is a run.

    A mapping from paths, or from paths with commas between them, to values is as good as axes: a text as typed, or a sequence.
    """
    axes = _axes(axes) if isinstance(axes, Mapping) else tuple(axes)
    check_axes(axes)
    cells = tuple(_cells(spec, axes, inputs))
    if all(cell.spec is None for cell in cells):
        raise BadInput(cells[0].refused)
    return Plan(axes, cells, inputs, {cell.digest: cell for cell in cells if cell.spec is not None})


def least_plan(of: Plan) -> Plan:
    """The minimum nuclear norm of the observations of every cell; refused where there is none."""
    cells = tuple(_least(cell, of.inputs) for cell in of.cells)
    return Plan(of.axes, cells, of.inputs, {cell.digest: cell for cell in cells if cell.spec is not None}, LEAST)


def _least(cell: Cell, inputs: Inputs) -> Cell:
    if cell.spec is None:
        return cell
    try:
        shape = shape_of(cell.spec, inputs)
        check_baseline(cell.spec, shape)
    except BadInput as error:
        return Cell(cell.values, None, refused=str(error))
    spec = baseline_spec(cell.spec)
    return Cell(cell.values, spec, spec.digest(), baseline_seconds(spec, shape), cell.bytes)


def _cells(spec: RunSpec, axes: tuple[Axis, ...], inputs: Inputs) -> Iterator[Cell]:
    known: dict[tuple[str, ...], tuple[RunSpec, Cost]] = {}  # runs that differ in their seed alone cost the same
    for values in itertools.product(*(axis.values for axis in axes)):
        changes = {path: value for axis, value in zip(axes, values, strict=True) for path in axis.paths}
        alike = tuple(repr(value) for path, value in changes.items() if path != SEED)
        try:
            if alike not in known:
                first = spec.replaced(changes)
                check(first, inputs)
                known[alike] = first, estimate(first, shape_of(first, inputs), typical_entry(first, inputs))
            first, cost = known[alike]
            changed = first.with_seed(changes[SEED]) if SEED in changes else first
        except BadInput as error:
            yield Cell(values, None, refused=str(error))
            continue
        yield Cell(values, changed, changed.digest(), cost.seconds, cost.bytes)


def _axes(given: Mapping[str, Any]) -> tuple[Axis, ...]:
    return tuple(
        Axis(
            tuple(path.strip() for path in paths.split(",")),
            parse_values(values) if isinstance(values, str) else tuple(_plain(value) for value in values),
        )
        for paths, values in given.items()
    )


def _plain(value: Any) -> Any:
    """Numbers of NumPy as numbers of Python."""
    return value.item() if hasattr(value, "item") else value


def memory(cells: Iterable[Cell], workers: int) -> int:
    """Bytes of the worker processes that compute these cells, at their largest, about."""
    largest = max((cell.bytes for cell in cells), default=0)
    return workers * (PROCESS_BYTES + max(TOGETHER_BYTES, largest))
