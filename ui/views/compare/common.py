"""What the runs of a comparison have in common, determined from their specs and their first W."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start

SAME = 1e-5  # of the norm: W(0) of different depths differs by the rounding of float32 only


@dataclass(frozen=True)
class Common:
    """`data`: the very same observations, their noise included. `places`: which entries are observed."""

    data: bool
    truth: bool
    places: Literal["same", "nested", "no"]
    start: Literal["same", "proportional", "no"]  # of W(0)
    seed: bool


def common(specs: Sequence[RunSpec], starts: Sequence[Start]) -> Common:
    """Compared with the first run. Observations are a function of problem and seed, so equal ones are equal data."""
    data = all(spec.problem == specs[0].problem and spec.seed == specs[0].seed for spec in specs)
    shaped = len({start.shape for start in starts}) == 1
    truth = shaped and all(np.array_equal(start.ground_truth, starts[0].ground_truth, equal_nan=True) for start in starts)
    return Common(
        data=data,
        truth=truth,
        places=_places([start.observed_mask for start in starts]) if shaped else "no",
        start=_start([start.end_to_end_first for start in starts]) if shaped else "no",
        seed=len({spec.seed for spec in specs}) == 1,
    )


def _places(masks: Sequence[np.ndarray]) -> Literal["same", "nested", "no"]:
    if not all(mask.any() for mask in masks):  # measurements, not entries
        return "no"
    if all(np.array_equal(mask, masks[0]) for mask in masks):
        return "same"
    rising = sorted(masks, key=lambda mask: int(mask.sum()))
    contained = all(not (few & ~more).any() for few, more in pairwise(rising))
    return "nested" if contained else "no"


def _start(starts: Sequence[np.ndarray]) -> Literal["same", "proportional", "no"]:
    sizes = [float(np.linalg.norm(W)) for W in starts]
    if not all(sizes) or not np.isfinite(sizes).all():
        return "no"
    directions = [W / size for W, size in zip(starts, sizes, strict=True)]
    if any(np.linalg.norm(direction - directions[0]) > SAME for direction in directions):
        return "no"
    return "same" if np.ptp(sizes) <= SAME * sizes[0] else "proportional"
