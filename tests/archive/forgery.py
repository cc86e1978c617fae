"""Ways to change an archive as a stranger might."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from dmf_core.archive import Archive
from dmf_core.archive.rebuild import insight_of, snapshots_of
from dmf_core.inputs import Inputs, digest_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

Members = dict[str, bytes]


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=array.dtype.hasobject)
    return stream.getvalue()


def array_in(members: Members, name: str) -> np.ndarray:
    return np.load(io.BytesIO(members[f"arrays/{name}.npy"]))


def unpacked(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members, honest: bool = True) -> bytes:
    """A zip of these members. `honest`: the manifest's hashes are made to fit, as a careful forger would."""
    members = dict(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        others = (name for name in members if name != "manifest.json")
        manifest["sha256"] = {name: hashlib.sha256(members[name]).hexdigest() for name in others}
        members["manifest.json"] = json.dumps(manifest).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return stream.getvalue()


def forged(content: bytes, change: Callable[[Members], None]) -> bytes:
    """The archive after a change of its members, with hashes that fit again."""
    members = unpacked(content)
    change(members)
    return packed(members)


def reassembled(original: Archive, arrays: Mapping[str, np.ndarray]) -> Archive:
    """The archive with other arrays, by the names of `to_arrays`; what the zip says twice is written to fit."""
    run = original.trajectory
    others = list(run.spectra)[1:]
    measures = list(run.snapshots[0].measures)
    start = replace(
        run.start,
        **{name: arrays[name] for name in ("ground_truth", "observed_mask", "end_to_end_first")},
        factors_first=tuple(arrays[f"factors_first_{j}"] for j in range(1, len(run.start.factors_first) + 1)),
        true_singular_values=arrays.get("true_singular_values"),
        true_spectra={key: arrays[f"true_spectrum_{key}"] for key in run.start.true_spectra},
    )
    growth = {key: arrays[f"growth_{key}"] for key in run.spectra if f"growth_{key}" in arrays}
    end = None if run.end is None else replace(run.end, end_to_end_last=arrays["end_to_end_last"], growth=growth)
    snapshots = snapshots_of(dict(arrays), measures, run.start.shape, others)
    insight = insight_of(dict(arrays), run.insight.depth if run.insight is not None else 0)
    return replace(original, trajectory=Trajectory(start, snapshots, end, insight))


Change = Callable[[np.ndarray, tuple[int, ...]], np.ndarray]


def _set(array: np.ndarray, place: tuple[int, ...], value: object) -> np.ndarray:
    array = array.copy()
    array[place] = value
    return array


def _fitting(array: np.ndarray, value: float) -> float:
    return float(np.clip(value, -127, 127)) if array.dtype == np.int8 else value


def _next(array: np.ndarray, place: tuple[int, ...]) -> np.ndarray:
    """The element of the snapshot after it, or of the first one."""
    return _set(array, place, array[((place[0] + 1) % len(array), *place[1:])])


CHANGES: dict[str, Change] = {
    "times 1.04": lambda array, place: _set(array, place, _fitting(array, array[place] * 1.04)),
    "doubled": lambda array, place: _set(array, place, _fitting(array, array[place] * 2)),
    "other sign": lambda array, place: _set(array, place, ~array[place] if array.dtype == bool else -array[place]),
    "zero": lambda array, place: _set(array, place, 0),
    "of the next row": _next,
    "all shifted by one": lambda array, place: np.roll(array, 1, axis=0),
}


def moved_start(spec: RunSpec, inputs: Inputs, fresh: Trajectory, seed: int) -> tuple[RunSpec, Inputs]:
    """The run from first factors that are one rounding away, up or down at random."""
    generator = np.random.default_rng(seed)
    factors = tuple(
        np.nextafter(each, np.where(generator.random(each.shape) < 0.5, np.inf, -np.inf).astype(each.dtype)).astype(np.float64)
        for each in fresh.start.factors_first
    )
    return spec.replaced({"init.factors": digest_of(*factors)}), Inputs(inputs.data, factors)
