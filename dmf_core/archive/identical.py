"""Up to which snapshot two runs share every bit. A number that differs before it was changed by hand, not by rounding.

Rounding that differs once is carried by every later step. So when the path of a later snapshot has the same bits,
the state of the run was the same at every snapshot before it, and what the integrator wrote there must agree to the
bit. Numbers computed from W may be rounded differently by another library even then, but in most snapshots, not in one.
"""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from dmf_core.archive.contents import Part, rule_of
from dmf_core.archive.difference import Difference, differing
from dmf_core.trajectory import Trajectory

FEW = 0.25  # of the snapshots: in so few, other rounding of a measured number is not believed
SHORT = 8  # snapshots: in fewer the share says little, unless the whole run is the same
ANCHORS = ("t", "loss", "singular_values")

Arrays = Mapping[str, np.ndarray]


def same_bits(a: np.ndarray, b: np.ndarray | None) -> bool:
    return b is not None and a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def identical_rows(old: Trajectory, fresh: Trajectory) -> int:
    """How many first snapshots were taken of the same states, to the bit."""
    last = [each.end.end_to_end_last for each in (old, fresh) if each.end is not None]
    if len(last) == 2 and same_bits(*last) and len(old.snapshots) == len(fresh.snapshots):
        return len(old.snapshots)
    count = min(len(old.snapshots), len(fresh.snapshots))
    same = np.ones(count, dtype=bool)
    for name in ANCHORS:
        a, b = (each.singular_values if name == "singular_values" else each.column(name) for each in (old, fresh))
        if a.shape[1:] != b.shape[1:]:
            return 0
        same &= _same_rows(a[:count], b[:count])
    return int(np.flatnonzero(same)[-1]) + 1 if same.any() else 0


def changed_by_hand(before: Arrays, after: Arrays, rows: int, whole: bool) -> Iterator[Difference]:
    """What differs although the state of the run was the same. `rows`: of `identical_rows`; `whole`: these are all."""
    for name, a in before.items():
        part, b = rule_of(name).part, after.get(name)
        if b is None or a.dtype != b.dtype or a.shape[1:] != b.shape[1:] or same_bits(a, b):
            continue
        if part is Part.START or part is Part.END:
            decided = _sampled_alike(a, b, rows) if part is Part.START else whole
            if decided and a.shape != b.shape:
                yield Difference(name, math.inf, 0.0, "in its words or shape")
            elif decided:
                yield differing(name, a, b, np.broadcast_to(0.0, a.shape))
            continue
        differ = ~_same_rows(a[:rows], b[:rows])
        few = part is Part.PATH or ((whole or rows >= SHORT) and differ.sum() <= max(1, FEW * rows))
        if differ.any() and few:
            yield differing(name, a[:rows], b[:rows], np.broadcast_to(0.0, a[:rows].shape))


def _sampled_alike(a: np.ndarray, b: np.ndarray, rows: int) -> bool:
    """True where one machine sampled both: then the run went on alike, or most numbers are the same."""
    return rows > 1 or (a.shape == b.shape and a.size > 1 and float((a == b).mean()) >= 0.5)


def _same_rows(a: np.ndarray, b: np.ndarray) -> np.ndarray:  # [T, ..] twice -> [T] bool
    return np.array([x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True)], dtype=bool)
