"""Which arrays an archive holds, with type and shape. Writer and reader know them from here."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dmf_core import limits
from dmf_core.measures.growth import LEVELS
from dmf_core.shapes import picture_shape

FORMAT = 1  # raised when an older program could not read it
MANIFEST, SPEC, RESULT = "manifest.json", "spec.json", "result.json"
ACCURACY = "accuracy.json"  # where it was estimated; not in older archives
ACCOUNT = "data.json"  # how the data were read; only of given data, and not in older archives
HEADER_BYTES = 4096  # more than the header of any array here
JSON_BYTES = 4 << 20  # of one JSON member, unpacked; a data.json may name 4000 rows and columns

Numbers = Literal["finite", "nan", "any"]  # nan: where unknown; any: whole numbers and truth values
COLUMNS = {  # of every snapshot
    "index": "<i8",
    "position": "<f8",
    "t": "<f8",
    "iteration": "<i8",
    "gradients": "<i8",
    "seconds": "<f8",
    "loss": "<f8",
}


@dataclass(frozen=True)
class Layout:
    """The sizes that determine the shape of every array."""

    shape: tuple[int, ...]  # of W
    factors: tuple[tuple[int, ...], ...]  # shapes of W_1 .. W_N
    given_factors: tuple[tuple[int, ...], ...] | None
    dtype: str  # float32 or float64
    snapshots: int
    spectra: dict[str, int]  # the names of the recorded spectra and their lengths, the main one first


@dataclass(frozen=True)
class Member:
    """One array of the archive."""

    dtype: str
    shape: tuple[int, ...]
    numbers: Numbers

    @property
    def most_bytes(self) -> int:
        return int(np.dtype(self.dtype).itemsize * np.prod(self.shape, dtype=np.int64)) + HEADER_BYTES


INSIGHT = {  # of `Insight`, with its axes: T snapshots, R modes
    "sigma": "TR",
    "pull": "TR",
    "measured": "TR",
    "imbalance": "TR",
    "off_flow": "T",
    "births": "R",
}
BOUNDS = {"exact": "TR", "low": "TR", "high": "TR"}  # of `Bounds`, likewise
CHECK = {  # of `Check`, likewise; L links between factors
    "speed": "T",
    "equation": "T",
    "aligned": "T",
    "crossed": "T",
    "turning": "TR",
    "predicted_turning": "TR",
    "turning_off": "TR",
    "drift": "TL",
    "squares": "T",
}


def path(name: str) -> str:
    """The name of an array's member in the zip file."""
    return f"arrays/{name}.npy"


def measure_name(key: str) -> str:
    return f"measure_{key}"


def insight_name(key: str) -> str:
    return f"insight_{key}"


def bounds_name(key: str) -> str:
    return f"bounds_{key}"


def check_name(key: str) -> str:
    return f"check_{key}"


def spectrum_name(key: str) -> str:
    return f"spectrum_{key}"


def growth_name(key: str) -> str:
    return f"growth_{key}"


def true_spectrum_name(key: str) -> str:
    return f"true_spectrum_{key}"


def data_member(order: int) -> Member:
    """The user's matrix or tensor, as large as it can be."""
    return Member("<f8", (limits.MAX_ENTRIES, *(1,) * (order - 1)), "nan")


def column_member(name: str, snapshots: int) -> Member:
    kind = COLUMNS[name]
    return Member(kind, (snapshots,), "finite" if kind == "<f8" else "any")


def arrays(layout: Layout, measures: tuple[str, ...]) -> dict[str, Member]:
    """Every array that is there for certain, but the user's data, by name."""
    T, real = layout.snapshots, "<f4" if layout.dtype == "float32" else "<f8"
    (_, k), *others = layout.spectra.items()
    members = {name: column_member(name, T) for name in COLUMNS}
    members["singular_values"] = Member("<f8", (T, k), "finite")
    members["pictures"] = Member("|i1", (T, *picture_shape(layout.shape)), "any")
    members |= {spectrum_name(key): Member("<f8", (T, length), "finite") for key, length in others}
    members["ground_truth"] = Member(real, layout.shape, "nan")
    members["observed_mask"] = Member("|b1", layout.shape, "any")
    members["end_to_end_first"] = Member(real, layout.shape, "finite")
    for j, shape in enumerate(layout.factors, start=1):
        members[f"factors_first_{j}"] = Member(real, shape, "finite")
    for j, shape in enumerate(layout.given_factors or (), start=1):
        members[f"given_factors_{j}"] = Member("<f8", shape, "finite")
    members |= {measure_name(key): Member("<f8", (T,), "nan") for key in measures}
    return members


def optional_arrays(layout: Layout) -> dict[str, Member]:
    """The arrays that only some runs have: spectra of the truth, an end, the theory."""
    real = "<f4" if layout.dtype == "float32" else "<f8"
    sides = {"T": layout.snapshots, "R": min(limits.INSIGHT_MODES, *layout.shape), "L": len(layout.factors) - 1}
    theory = {insight_name(key): axes for key, axes in INSIGHT.items()} | {check_name(key): axes for key, axes in CHECK.items()}
    theory |= {bounds_name(key): axes for key, axes in BOUNDS.items()}
    (_, k), *others = layout.spectra.items()
    return {name: Member("<f8", tuple(sides[each] for each in axes), "nan") for name, axes in theory.items()} | {
        **{true_spectrum_name(key): Member("<f8", (length,), "finite") for key, length in others},
        "true_singular_values": Member("<f8", (k,), "finite"),
        "end_to_end_last": Member(real, layout.shape, "finite"),
        **{growth_name(key): Member("<f8", (length, len(LEVELS)), "nan") for key, length in layout.spectra.items()},
    }
