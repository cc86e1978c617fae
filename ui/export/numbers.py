"""The run as numbers: a table, arrays, or one JSON object; and the bundle that holds all and can be checked."""

import io
import json
import math
from typing import Any

import numpy as np

from dmf_core import __version__, archive
from dmf_core.archive.table import COLUMNS
from dmf_core.jobs import size_of
from dmf_core.jobs.result_cache import SNAPSHOT_BYTES
from ui.export.source import Source, Tell

CSV_BYTES = 19  # of one number, printed in full
HEADERS = 12_000  # bytes of about thirty arrays' names and shapes, and of the spec


def csv(source: Source, _: Tell) -> bytes:
    return archive.to_csv(source.run).encode()


def npz(source: Source, _: Tell) -> bytes:
    """Every array of the bundle, and the spec as text: numpy.load opens it without pickle."""
    arrays = archive.to_arrays(source.run, source.spec, source.inputs)
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, spec=np.array(source.spec.to_json()), **arrays)
    return stream.getvalue()


def as_json(source: Source, _: Tell) -> bytes:
    """Spec, result and one list for each column; null where a number does not exist."""
    run = source.run
    columns: dict[str, list[Any]] = {name: run.column(name).tolist() for name in COLUMNS}
    columns |= {key: [each.measures[key] for each in run.snapshots] for key in run.snapshots[0].measures}
    columns["singular_values"] = run.singular_values.tolist()
    body = {
        "program": f"DMF Lab {__version__}",
        "digest": source.spec.digest(),
        "spec": source.spec.model_dump(mode="json"),
        "result": archive.result(run, source.spec),
        "units": archive.units(run, source.spec),
        "columns": _finite(columns),
    } | archive.data_of_run(run, source.inputs)
    return json.dumps(body, allow_nan=False, ensure_ascii=False).encode()


def bundle(source: Source, _: Tell) -> bytes:
    return archive.write(source.run, source.spec, source.inputs)


def table_bytes(source: Source) -> int:
    """About, of the CSV and the JSON."""
    first = source.run.snapshots[0]
    return len(source.run.snapshots) * (len(COLUMNS) + len(first.measures) + len(first.singular_values)) * CSV_BYTES


def array_bytes(source: Source) -> int:
    """About, of the NPZ; the bundle is smaller."""
    return size_of(source.run) - SNAPSHOT_BYTES * len(source.run.snapshots) + HEADERS


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return value if not isinstance(value, float) or math.isfinite(value) else None
