"""What a step of a batch gives: points of its runs, and which runs have to leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

Why = Literal["still", "alone"]  # nothing more happens; or better taken alone: float64, very long steps, no step small enough


@dataclass(eq=False)
class Point:
    """Where some runs are after a step, or inside a long one; [k] each."""

    runs: np.ndarray
    t: np.ndarray
    iteration: np.ndarray
    loss: np.ndarray
    places: np.ndarray  # where they are among the B runs of the step
    x: list[Tensor]  # of each factor [B, its size]
    velocity: list[Tensor]  # the same, times `scale`
    scale: np.ndarray  # [B]
    W: Tensor | None = None  # [B, rows, columns]

    def vectors(self, k: int) -> tuple[Tensor, Tensor]:  # [p] both, of their own memory
        """(x, velocity) of one run."""
        place = self.places[k]
        x, F = (torch.cat([part[place] for part in parts]) for parts in (self.x, self.velocity))
        return x, F / float(self.scale[place])


@dataclass(eq=False)
class Moved:
    """What a step of some runs gave. The points of one run are in the order of time; valid until the next step."""

    points: list[Point]
    left: dict[int, Why]  # runs that have no further step
    start: Point | None = None  # where the runs of the last point were before; without W


def alone(runs: Iterable[int]) -> dict[int, Why]:
    """Each of these runs, to be taken by itself."""
    return {run: "alone" for run in runs}
