"""The table of a sweep: one row a cell, what was varied first, then how it ended and what was measured."""

import csv
import io
import json
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dmf_core.store import Row
from dmf_core.sweep.axes import Axis
from dmf_core.sweep.plan import SEED, Cell, Plan

if TYPE_CHECKING:
    import pandas

REFUSED = "refused"  # the outcome of a cell whose settings do not fit each other
MISSING = "missing"  # ... of a run that was not computed, because the sweep was interrupted
MOST_BIRTHS = 12  # columns of birth times


@dataclass(frozen=True, eq=False)
class Table:
    """The cells of a plan with the rows of their runs; a run may be missing as long as the sweep goes on."""

    plan: Plan
    rows: Mapping[str, Row]  # by digest

    def row(self, cell: Cell) -> Row | None:
        return self.rows.get(cell.digest)

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.plan.axes

    @cached_property
    def measures(self) -> list[str]:
        """The measures that at least one run has, in the order of the runs."""
        keys: dict[str, None] = {}
        for row in self.rows.values():
            keys |= {key: None for key, value in row.measures.items() if value is not None}
        return list(keys)

    def columns(self) -> dict[str, list[Any]]:
        """Every column by its heading, all of one length. None where a number does not exist."""
        cells = self.plan.cells
        by_name: dict[str, list[Any]] = {}
        for place, axis in enumerate(self.axes):
            values = [_scalar(cell.values[place]) for cell in cells]
            by_name |= {path: values for path in axis.paths}
        rows = [self.row(cell) for cell in cells]
        by_name["digest"] = [cell.digest or None for cell in cells]
        by_name["outcome"] = [_outcome(cell, row) for cell, row in zip(cells, rows, strict=True)]
        by_name["reason"] = [row.message if row else cell.refused for cell, row in zip(cells, rows, strict=True)]
        for key in self.measures:
            by_name[key] = [row.measures.get(key) if row else None for row in rows]
        modes = min(MOST_BIRTHS, max((mode for row in self.rows.values() for mode in row.births), default=0))
        for mode in range(1, modes + 1):
            by_name[f"birth_{mode}"] = [row.births.get(mode) if row else None for row in rows]
        by_name["gradients"] = [row.gradients if row else None for row in rows]
        by_name["seconds"] = [row.seconds if row else None for row in rows]
        return by_name

    def to_csv(self) -> str:
        """Numbers are printed so that reading them gives the same bits; empty where one does not exist."""
        columns = self.columns()
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            [["" if value is None else _text(value) for value in line] for line in zip(*columns.values(), strict=True)]
        )
        return stream.getvalue()

    def to_parquet(self) -> bytes:
        """The same columns; the spec and the axes as JSON in the file's metadata."""
        import pyarrow
        import pyarrow.parquet

        table = pyarrow.table({name: _of_one_type(values) for name, values in self.columns().items()})
        axes = json.dumps([{"paths": axis.paths, "values": axis.values} for axis in self.axes])
        stream = io.BytesIO()
        pyarrow.parquet.write_table(table.replace_schema_metadata({"dmf_axes": axes}), stream)
        return stream.getvalue()

    def to_pandas(self) -> "pandas.DataFrame":
        """The columns as a DataFrame of pandas."""
        import pandas

        return pandas.DataFrame(self.columns())

    def summary(self, measure: str) -> list[tuple[dict[str, Any], list[float]]]:
        """The values of a measure over the seeds, for each combination of the other settings: of runs that did what their spec
        asked for, as on a map."""
        groups: dict[str, tuple[dict[str, Any], list[float]]] = {}
        for cell in self.plan.cells:
            varied = [pair for pair in zip(self.axes, cell.values, strict=True) if pair[0].name != SEED]
            named = {path: value for axis, value in varied for path in axis.paths}
            _, values = groups.setdefault(json.dumps(named), (named, []))
            row = self.row(cell)
            value = row.measures.get(measure) if row and row.outcome.done else None
            if value is not None:
                values.append(value)
        return list(groups.values())


def median(values: list[float]) -> float | None:
    """The median, None where there are no values."""
    return statistics.median(values) if values else None


def _outcome(cell: Cell, row: Row | None) -> str:
    if cell.spec is None:
        return REFUSED
    return MISSING if row is None else row.outcome.value


def _scalar(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict | tuple) else value


def _text(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _of_one_type(values: list[Any]) -> list[Any]:
    """As texts where numbers and words are mixed, as on an axis of null and 5."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return [float(value) if value is not None and float in kinds else value for value in values]
    return values if len(kinds) <= 1 else [None if value is None else _text(value) for value in values]
