"""A run into the bytes of a zip: the same bytes for the same run."""

import hashlib
import io
import json
import zipfile

import numpy as np

from dmf_core import __version__
from dmf_core.archive.accuracies import accuracy_object
from dmf_core.archive.members import (
    ACCOUNT,
    ACCURACY,
    BOUNDS,
    CHECK,
    COLUMNS,
    FORMAT,
    INSIGHT,
    MANIFEST,
    RESULT,
    SPEC,
    Layout,
    arrays,
    bounds_name,
    check_name,
    growth_name,
    insight_name,
    measure_name,
    optional_arrays,
    path,
    spectrum_name,
    true_spectrum_name,
)
from dmf_core.archive.plugins import named
from dmf_core.archive.result import result
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip: no clock in the bytes
FAST = 1  # level of compression: random numbers do not pack better at 9


def write(trajectory: Trajectory, spec: RunSpec, inputs: Inputs = Inputs()) -> bytes:
    """The archive of a run, complete or as far as it is known. `read` gives all of it back."""
    members = {SPEC: spec.to_json().encode(), RESULT: _json(result(trajectory, spec))}
    if spec.shape is None and inputs.account is not None:
        members[ACCOUNT] = _json(inputs.account)
    if trajectory.accuracy is not None:
        members[ACCURACY] = _json(accuracy_object(trajectory.accuracy))
    members |= {path(name): _npy(array) for name, array in to_arrays(trajectory, spec, inputs).items()}
    manifest = {
        "format": FORMAT,
        "program": f"DMF Lab {__version__}",
        "digest": spec.digest(),
        "picture_limit": trajectory.start.picture_limit,
        "measures": list(trajectory.snapshots[0].measures),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in members.items()},
    }
    if plugins := named(spec):
        manifest["plugins"] = plugins
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in {MANIFEST: _json(manifest), **members}.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, FAST)
    return stream.getvalue()


def to_arrays(trajectory: Trajectory, spec: RunSpec, inputs: Inputs = Inputs()) -> dict[str, np.ndarray]:
    """Every array of the archive by name, in the types of the archive."""
    start, end, snapshots = trajectory.start, trajectory.end, trajectory.snapshots
    columns: dict[str, np.ndarray] = {name: np.array([getattr(each, name) for each in snapshots]) for name in COLUMNS}
    columns["singular_values"], columns["pictures"] = trajectory.singular_values, trajectory.pictures
    columns["ground_truth"], columns["observed_mask"] = start.ground_truth, start.observed_mask
    columns["end_to_end_first"] = start.end_to_end_first
    columns |= {f"factors_first_{j}": factor for j, factor in enumerate(start.factors_first, start=1)}
    given = inputs.factors if spec.init.factors is not None else None
    columns |= {f"given_factors_{j}": factor for j, factor in enumerate(given or (), start=1)}
    existing = [key for key in snapshots[0].measures if any(each.measures[key] is not None for each in snapshots)]
    for key in existing:
        values = [each.measures[key] for each in snapshots]
        columns[measure_name(key)] = np.array([np.nan if value is None else value for value in values])
    if start.true_singular_values is not None:
        columns["true_singular_values"] = start.true_singular_values
    columns |= {spectrum_name(key): trajectory.spectrum(key) for key in snapshots[0].spectra}
    columns |= {true_spectrum_name(key): values for key, values in start.true_spectra.items()}
    if end is not None:
        columns["end_to_end_last"] = end.end_to_end_last
        columns |= {growth_name(key): times for key, times in end.growth.items()}
    if (insight := trajectory.insight) is not None and not insight.missing:
        columns |= {insight_name(key): getattr(insight, key) for key in INSIGHT}
        columns |= {bounds_name(key): getattr(insight.bounds, key) for key in BOUNDS if insight.bounds is not None}
        columns |= {check_name(key): getattr(insight.check, key) for key in CHECK if insight.check is not None}
    if spec.shape is None and inputs.data is not None:
        columns["data"] = inputs.data
    shapes = None if given is None else tuple(factor.shape for factor in given)
    model = spec.model
    layout = Layout(start.shape, model.factor_shapes(start.shape), shapes, spec.dtype, len(snapshots), model.spectra(start.shape))
    types = arrays(layout, tuple(existing)) | optional_arrays(layout)
    return {name: array.astype(types[name].dtype if name in types else "<f8") for name, array in columns.items()}


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, allow_nan=False).encode()
