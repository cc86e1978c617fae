"""One line of the index: what is known of a run without opening its archive."""

import json
import math
import time
from dataclasses import dataclass, field, fields
from typing import Any

from dmf_core.analysis.birth_times import birth_times
from dmf_core.inputs import Inputs, digest_of
from dmf_core.spec import RunSpec
from dmf_core.store.program import program
from dmf_core.trajectory import Outcome, Trajectory

LASTING = (Outcome.CONVERGED, Outcome.TIME, Outcome.ITERATIONS, Outcome.AT_REST, Outcome.DIVERGED)  # not by the clock


@dataclass(frozen=True)
class Row:
    """How a run ended. `bytes` is the size of its archive, 0 where only these numbers are stored."""

    digest: str
    spec: dict[str, Any]
    outcome: Outcome
    message: str
    seconds: float
    gradients: int
    measures: dict[str, float | None]  # of the last snapshot, and `loss`
    births: dict[int, float]  # by mode from 1
    accuracy: dict[str, Any] | None = None
    program: str = field(default_factory=program)
    batched: bool = False  # integrated together with others: equal to a run of its own within the promised accuracy
    bytes: int = 0
    sha256: str = ""
    created: float = field(default_factory=time.time)
    used: float = field(default_factory=time.time)
    pinned: bool = False


def row_of(run: Trajectory, spec: RunSpec) -> Row:
    """The row of a run that has ended."""
    assert run.end is not None
    last = run.snapshots[-1]
    measures = {"loss": last.loss, **last.measures}
    return Row(
        digest=spec.digest(),
        spec=spec.model_dump(mode="json"),
        outcome=run.end.outcome,
        message=run.end.message,
        seconds=run.end.seconds,
        gradients=run.end.gradients,
        measures={key: value if value is not None and math.isfinite(value) else None for key, value in measures.items()},
        births=birth_times(run),
        accuracy=None if run.accuracy is None else vars(run.accuracy).copy(),
    )


_json = json.JSONEncoder(separators=(",", ":")).encode  # made once: thousands of rows are written in a second
COLUMNS = tuple(each.name for each in fields(Row))


def to_columns(row: Row) -> tuple[Any, ...]:
    """The row as SQLite takes it, in the order of COLUMNS."""
    return tuple(_plain(getattr(row, name)) for name in COLUMNS)


def from_columns(values: tuple[Any, ...]) -> Row:
    """The inverse of `to_columns`."""
    named = dict(zip(COLUMNS, values, strict=True))
    named |= {name: json.loads(named[name]) for name in ("spec", "measures", "births", "accuracy")}
    named["births"] = {int(mode): t for mode, t in named["births"].items()}
    named |= {"outcome": Outcome(named["outcome"]), "batched": bool(named["batched"]), "pinned": bool(named["pinned"])}
    return Row(**named)


def _plain(value: Any) -> Any:
    if isinstance(value, Outcome):
        return value.value
    if isinstance(value, dict) or value is None:
        return _json(value)
    return int(value) if isinstance(value, bool) else value


def may_read(row: Row, inputs: Inputs) -> bool:
    """Whether a run may be given to the owner of these inputs: one of given data only where the data are the same."""
    spec = RunSpec.check(row.spec)
    if not spec.needs_inputs:
        return True
    data = getattr(spec.problem, "data", None)
    return (data is None or (inputs.data is not None and digest_of(inputs.data) == data)) and (
        spec.init.factors is None or (inputs.factors is not None and digest_of(*inputs.factors) == spec.init.factors)
    )
