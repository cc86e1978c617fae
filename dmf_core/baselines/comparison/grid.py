"""The same observations at other depths and scales: what moves when the implicit bias grows stronger."""

from collections.abc import Sequence
from dataclasses import dataclass

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

DEPTHS = (2, 3, 4)
SCALES = (1e-1, 1e-2, 1e-3, 1e-4)


@dataclass(frozen=True)
class Cell:
    """One finished run of the grid."""

    depth: int
    scale: float
    measures: dict[str, float | None]  # of its last snapshot
    done: bool  # it ended as its spec asked


def variants(spec: RunSpec, depths: Sequence[int] = DEPTHS, scales: Sequence[float] = SCALES) -> list[RunSpec]:
    """The specs of the grid, cheap ones first: depth after depth, from the largest scale to the smallest."""
    plain = spec if spec.init.factors is None else spec.replaced({"init.factors": None, "model.width": None})
    return [
        plain.replaced({"model.depth": depth, "init.scale": scale})
        for depth in sorted(depths)
        for scale in sorted(scales, reverse=True)
    ]


def cell(spec: RunSpec, run: Trajectory) -> Cell:
    """What the grid keeps of a run."""
    done = run.end is not None and run.end.outcome.done
    return Cell(spec.model.degree(run.start.shape), spec.init.scale, run.snapshots[-1].measures, done)
