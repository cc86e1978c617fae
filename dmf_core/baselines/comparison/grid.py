"""The same observations at other depths and scales of the start, which change the strength of the implicit bias."""

from collections.abc import Mapping
from dataclasses import dataclass

from dmf_core.spec import RunSpec

DEPTHS = (2, 3, 4)  # depth 1 is a convex problem
SCALES = (1e-1, 1e-2, 1e-3, 1e-4)  # of the start: from a weak bias to a strong one


@dataclass(frozen=True)
class Cell:
    """One finished run of the grid."""

    depth: int
    scale: float
    measures: Mapping[str, float | None]  # at its end
    done: bool  # it ended as its spec asked


def grid_base(spec: RunSpec) -> RunSpec:
    """The run that depths and scales are varied of: without factors that are given."""
    return spec if spec.init.factors is None else spec.replaced({"init.factors": None, "model.width": None})
