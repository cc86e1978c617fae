"""What Theorem 3 assumes, and by how much a run misses it: balanced factors, and the gradient flow itself."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import torch
from torch import Tensor

from dmf_core.interfaces import Factors


class Coverage(Enum):
    """Whether theorems about the gradient flow speak about a way of moving through time."""

    EXACT = "exact"  # it solves the flow, with error control
    SMALL_STEPS = "small_steps"  # it follows the flow the better the smaller its steps are
    NONE = "none"  # it goes another way


@dataclass(frozen=True)
class Covered:
    """Of one integrator: how far, and why, as the end of a sentence that begins with its name."""

    coverage: Coverage
    because: str


THEOREM_3: dict[str, Covered] = {
    "gradient_flow": Covered(Coverage.EXACT, "solves the gradient flow"),
    "implicit_flow": Covered(Coverage.EXACT, "solves the gradient flow"),
    "gradient_descent": Covered(Coverage.SMALL_STEPS, "follows the gradient flow when its steps are small"),
    "group_rmsprop": Covered(Coverage.SMALL_STEPS, "follows the path of the gradient flow when its steps are small"),
    "momentum": Covered(Coverage.NONE, "carries speed over from earlier iterations"),
    "adam": Covered(Coverage.NONE, "gives every entry a step of its own"),
}


class Balance:
    """How unbalanced the factors are: an upper bound of max_j |B_j|, B_j = W_{j+1}^T W_{j+1} - W_j W_j^T, spectral norm.

    The flow conserves every B_j, so the expensive norm is taken at the start only and the cheap one of what changed.
    A mode of size sigma has squared factors of size sigma^(2/N): imbalance / sigma^(2/N) is how far Theorem 3 is off,
    up to a factor of N - 1 (derived, as for components of CP; measured in tests/theory/test_assumptions.py).
    """

    def __init__(self, factors: Factors) -> None:
        self._start = residuals(factors)
        self._norms = [float(torch.linalg.matrix_norm(each, 2)) for each in self._start]

    def imbalance(self, factors: Factors) -> float:
        """0 at depth 1."""
        now = residuals(factors)
        moved = [float(torch.linalg.vector_norm(b - a)) for a, b in zip(self._start, now, strict=True)]
        return max((norm + each for norm, each in zip(self._norms, moved, strict=True)), default=0.0)


def residuals(factors: Factors) -> list[Tensor]:
    """B_1 .. B_{N-1}, each [hidden, hidden]."""
    return [upper.T @ upper - lower @ lower.T for lower, upper in pairwise(factors)]


def off_flow(velocity: Tensor, flow: Tensor) -> float:  # dW/dt as it was, and as the flow has it at the same point
    """How far a step goes beside the flow: |dW/dt - flow|_F / |flow|_F; 0 where nothing moves."""
    size = float(torch.linalg.vector_norm(flow))
    return float(torch.linalg.vector_norm(velocity - flow)) / size if size > 0 else 0.0
