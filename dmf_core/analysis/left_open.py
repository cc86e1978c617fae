"""What the observed entries of a run leave open for every method, at the rank in question."""

from functools import lru_cache

import numpy as np

from dmf_core.formatting import whole
from dmf_core.spec import RunSpec
from dmf_core.theory.unknowable import Unknowable, unknowable
from dmf_core.trajectory import Start


def left_open(start: Start, spec: RunSpec) -> Unknowable | None:
    """Counted at the rank of a sampled truth, for given data at no rank; None where no single entries are observed."""
    if not spec.problem.unknowable:
        return None
    mask = start.observed_mask
    return _counted(mask.shape, np.packbits(mask).tobytes(), spec.problem.slice_rank)


def left_open_sentence(start: Start, spec: RunSpec) -> str:
    """What no method can recover, and for given data how many of the unseen entries are held out; else empty."""
    counted = left_open(start, spec)
    if counted is None:
        return ""
    held_out = int((np.isfinite(start.ground_truth) & ~start.observed_mask).sum()) if spec.problem.needs_data else 0
    in_file = f"{whole(counted.unseen - held_out)} are unknown in the file, {whole(held_out)} held out"
    return counted.sentence(aside=in_file if held_out else "")


@lru_cache(maxsize=32)
def _counted(shape: tuple[int, ...], bits: bytes, rank: int | None) -> Unknowable:
    size = int(np.prod(shape))
    return unknowable(np.unpackbits(np.frombuffer(bits, np.uint8), count=size).reshape(shape).astype(bool), rank)
