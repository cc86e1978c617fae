"""An archive from a stranger back into a run. Nothing is believed, nothing touches the disk.

The order matters: the manifest and the spec come first, because they bound what every array may be; each array is
then unpacked with a cap, and its hash, type, shape and numbers are checked before anything is made of it.
"""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from dmf_core import limits
from dmf_core.archive.accounts import account_of
from dmf_core.archive.accuracies import accuracy_of
from dmf_core.archive.members import (
    ACCOUNT,
    ACCURACY,
    COLUMNS,
    FORMAT,
    JSON_BYTES,
    MANIFEST,
    RESULT,
    SPEC,
    Layout,
    Member,
    arrays,
    column_member,
    data_member,
    growth_name,
    measure_name,
    optional_arrays,
    path,
    spectrum_name,
    true_spectrum_name,
)
from dmf_core.archive.plugins import check_loaded
from dmf_core.archive.rebuild import end_of, insight_of, snapshots_of
from dmf_core.archive.result import result
from dmf_core.data.npy import read_npy
from dmf_core.data.zips import SafeZip
from dmf_core.errors import BadInput, Damaged
from dmf_core.inputs import Inputs, digest_of
from dmf_core.measures import MEASURES
from dmf_core.prepare import shape_of, with_sample
from dmf_core.problems.tensor_truth import misshapen
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start, Trajectory

WHAT = "The archive"


@dataclass(frozen=True, eq=False)
class Archive:
    """A run that was opened again."""

    spec: RunSpec
    inputs: Inputs
    trajectory: Trajectory
    manifest: dict[str, Any]


def read(source: bytes | BinaryIO) -> Archive:
    """The run in an archive. Raises BadInput with one sentence when it is not whole or from the future, Damaged when its
    parts do not fit each other: a hash of the manifest its member, a digest what it is of, a number the others."""
    with SafeZip(source, WHAT) as members:
        manifest = _manifest(members)
        fetch = _fetcher(members, manifest["sha256"])
        check_loaded(manifest, WHAT)
        spec = RunSpec.from_json(fetch(SPEC, JSON_BYTES))
        if spec.digest() != manifest.get("digest"):
            named = str(manifest.get("digest"))[:8]
            raise Damaged(f"{WHAT} is damaged: it names the run {named}, but its spec is that of {spec.digest()[:8]}.")
        inputs = _inputs(members, fetch, spec)
        trajectory = _trajectory(members, fetch, manifest, spec, inputs)
    return Archive(spec, inputs, trajectory, manifest)


def _manifest(members: SafeZip) -> dict[str, Any]:
    manifest = _object(members.read(MANIFEST, JSON_BYTES), MANIFEST)
    number = manifest.get("format")
    if isinstance(number, int) and number > FORMAT:
        raise BadInput(f"{WHAT} has format {number}, but this program reads up to format {FORMAT}; update DMF Lab.")
    hashes, limit, measures = manifest.get("sha256"), manifest.get("picture_limit"), manifest.get("measures")
    if (
        number != FORMAT
        or not isinstance(hashes, dict)
        or isinstance(limit, bool)
        or not isinstance(limit, int | float)
        or not (math.isfinite(limit) and limit > 0)
        or not isinstance(measures, list)
        or not all(isinstance(key, str) and key in MEASURES for key in measures)
    ):
        raise BadInput(f"{WHAT} has a {MANIFEST} that does not fit its format {FORMAT}; export the run again.")
    if set(hashes) | {MANIFEST} != members.names:
        odd = sorted((set(hashes) | {MANIFEST}) ^ members.names)[0]
        where = "is in the zip but not in the manifest" if odd in members.names else "is in the manifest but not in the zip"
        raise BadInput(f"{WHAT} does not fit its manifest: {odd[:80]!r} {where}; export the run again.")
    return manifest


Fetch = Callable[[str, int], bytes]


def _fetcher(members: SafeZip, hashes: dict[str, Any]) -> Fetch:
    def fetch(name: str, most: int) -> bytes:
        content = members.read(name, most)
        if hashlib.sha256(content).hexdigest() != hashes.get(name):
            raise Damaged(f"{WHAT} is damaged: its {name} is another one than its manifest names (sha256 differs).")
        return content

    return fetch


def _array(fetch: Fetch, name: str, member: Member, exact: bool = True) -> np.ndarray:
    """A checked array. Without `exact`, the shape only bounds it."""
    array = read_npy(fetch(path(name), member.most_bytes), f"{WHAT}'s {path(name)}")
    fits = array.shape == member.shape if exact else array.ndim == len(member.shape)
    if array.dtype != np.dtype(member.dtype) or not fits:
        raise BadInput(
            f"{WHAT}'s {path(name)} holds {array.dtype} of shape {array.shape}, where {np.dtype(member.dtype)} of shape "
            f"{member.shape} belongs; export the run again."
        )
    broken = ~np.isfinite(array) if member.numbers == "finite" else np.isinf(array) if member.numbers == "nan" else None
    if broken is not None and broken.any():
        raise BadInput(f"{WHAT}'s {path(name)} holds numbers that are not finite, where no run has any; export the run again.")
    if array.dtype == np.float64 and (np.abs(array) > limits.ARCHIVE_NUMBER).any():
        raise BadInput(
            f"{WHAT}'s {path(name)} holds numbers above {limits.ARCHIVE_NUMBER:g}, where no run has any; export the run again."
        )
    return array


def _inputs(members: SafeZip, fetch: Fetch, spec: RunSpec) -> Inputs:
    data = factors = account = None
    if spec.shape is None and path("data") in members.names:
        data = _data(fetch, spec)
        wrong = misshapen(data.shape, "The tensor is") if data.ndim > 2 else ""
        if wrong or not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in data.shape):
            raise BadInput(f"{WHAT}'s data have the shape {data.shape}; sides go from {limits.MIN_SIDE} to {limits.MAX_SIDE}.")
        if digest_of(data) != getattr(spec.problem, "data", None):
            raise Damaged(f"{WHAT} is damaged: its data are not those that its spec names.")
        if ACCOUNT in members.names:
            account = account_of(_object(fetch(ACCOUNT, JSON_BYTES), ACCOUNT), data)
    if spec.init.factors is not None:
        rough = shape_of(spec, Inputs(data=data))
        shapes = spec.model.factor_shapes(rough)
        factors = tuple(_array(fetch, f"given_factors_{j}", Member("<f8", shape, "finite")) for j, shape in enumerate(shapes, 1))
        if digest_of(*factors) != spec.init.factors:
            raise Damaged(f"{WHAT} is damaged: its given factors are not those that its spec names.")
    # torch needs writable memory
    copied = None if factors is None else tuple(each.copy() for each in factors)
    return Inputs(None if data is None else data.copy(), copied, account)


def _data(fetch: Fetch, spec: RunSpec) -> np.ndarray:
    array = read_npy(fetch(path("data"), data_member(2).most_bytes), f"{WHAT}'s {path('data')}")
    orders = range(limits.MIN_ORDER, limits.MAX_ORDER + 1) if spec.model.tensor else range(2, 3)
    if array.dtype != np.dtype("<f8") or array.ndim not in orders or np.isinf(array).any():
        raise BadInput(
            f"{WHAT}'s {path('data')} holds {array.dtype} of shape {array.shape}, where the finite numbers of "
            f"{'a tensor' if spec.model.tensor else 'a matrix'} belong; export the run again."
        )
    return array


def _trajectory(members: SafeZip, fetch: Fetch, manifest: dict[str, Any], spec: RunSpec, inputs: Inputs) -> Trajectory:
    shape = shape_of(spec, inputs)
    times = _array(fetch, "t", column_member("t", spec.save.snapshots), exact=False)
    if not 1 <= len(times) <= spec.save.snapshots:
        raise BadInput(f"{WHAT} has {len(times)} snapshots; its spec keeps 1 to {spec.save.snapshots}.")
    shapes = spec.model.factor_shapes(shape)
    spectra = spec.model.spectra(shape)
    layout = Layout(shape, shapes, shapes if inputs.factors else None, spec.dtype, len(times), spectra)
    keys = tuple(key for key in manifest["measures"] if path(measure_name(key)) in members.names)
    expected = arrays(layout, keys) | {name: m for name, m in optional_arrays(layout).items() if path(name) in members.names}
    allowed = (
        {path(name) for name in expected} | {MANIFEST, SPEC, RESULT} | ({path("data")} if inputs.data is not None else set())
    )
    allowed |= {ACCOUNT} if inputs.account is not None else set()
    allowed |= {ACCURACY} & members.names
    if members.names != allowed:
        odd = sorted(members.names ^ allowed)[0]
        raise BadInput(f"{WHAT} {'has an unknown' if odd in members.names else 'lacks the'} member {odd}; export the run again.")
    values = {name: _array(fetch, name, member) for name, member in expected.items()}
    others = list(spectra)[1:]
    _check_order(values, ["singular_values", *(spectrum_name(key) for key in others)])
    start = Start(
        digest=spec.digest(),
        shape=shape,
        ground_truth=values["ground_truth"],
        observed_mask=values["observed_mask"],
        true_singular_values=values.get("true_singular_values"),
        factors_first=tuple(values[f"factors_first_{j}"] for j in range(1, len(shapes) + 1)),
        end_to_end_first=values["end_to_end_first"],
        picture_limit=float(manifest["picture_limit"]),
        main_spectrum=next(iter(spectra)),
        true_spectra={key: values[true_spectrum_name(key)] for key in others if true_spectrum_name(key) in values},
        of_picture=with_sample(spec, inputs).of_picture,
    )
    stated = _object(fetch(RESULT, JSON_BYTES), RESULT)
    growth = {key: values[growth_name(key)] for key in spectra if growth_name(key) in values}
    end = end_of(stated, values.get("end_to_end_last"), growth)
    trajectory = Trajectory(
        start,
        snapshots_of(values, manifest["measures"], shape, others),
        end,
        insight_of(values, spec.model.degree(shape)),
        accuracy_of(_object(fetch(ACCURACY, JSON_BYTES), ACCURACY)) if ACCURACY in members.names else None,
    )
    if trajectory.accuracy is not None and (end is None or not end.outcome.done or spec.integrator.judged_tolerance is None):
        raise Damaged(f"{WHAT} is damaged: it holds an accuracy, which a run that ended so does not have.")
    last = trajectory.snapshots[-1]
    early = end is not None and (end.gradients < last.gradients or end.accepted != last.iteration or end.seconds < last.seconds)
    if early or result(trajectory, spec) != stated:
        raise Damaged(f"{WHAT} is damaged: its {RESULT} does not agree with its arrays.")
    return trajectory


def _check_order(values: dict[str, np.ndarray], spectra: list[str]) -> None:
    """What every run obeys: serial numbers rise, nothing runs backwards or is negative, spectra descend."""
    rising = all((np.diff(values[name]) >= 0).all() for name in COLUMNS if name != "loss")
    serial = bool((np.diff(values["index"]) > 0).all())
    positive = all(values[name].min() >= 0 for name in (*COLUMNS, *spectra))
    descending = all(bool((np.diff(values[name], axis=1) <= 0).all()) for name in spectra)
    if not (rising and serial and positive and descending):
        raise Damaged(f"{WHAT} is damaged: it holds snapshots that no run can give (times or spectra out of order).")


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadInput(f"{WHAT}'s {name} is not valid JSON; export the run again.") from None
    if not isinstance(value, dict):
        raise BadInput(f"{WHAT}'s {name} is not one JSON object; export the run again.")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
