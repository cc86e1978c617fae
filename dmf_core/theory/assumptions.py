"""What Theorem 3 assumes, and by how much a run misses it: balanced factors, and the gradient flow itself."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import torch
from torch import Tensor

from dmf_core.interfaces import Factors
from dmf_core.theory.modes import Modes


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


def imbalance(factors: Factors, modes: Modes) -> Tensor:  # [R] at least 0; 0 at depth 1
    """How unbalanced the factors are for each mode: max_j |B_j h_j| / sigma^(2/N), B_j = W_{j+1}^T W_{j+1} - W_j W_j^T.

    h_j is the direction of W_j .. W_1 v, in which the mode passes through the j-th hidden space; where the factors are
    balanced it has squared size sigma^(2/N) in each of them. The flow conserves B_j, so a growing mode outgrows it.
    Derived; below 0.1 Theorem 3 was off by at most 2 % wherever a learned mode moved: tests/theory/test_assumptions.py.
    """
    worst = torch.zeros_like(modes.sigma)
    h = modes.V
    for lower, upper in pairwise(factors):
        h = torch.nn.functional.normalize(lower @ h, dim=0)
        residual = upper.T @ (upper @ h) - lower @ (lower.T @ h)
        worst = torch.maximum(worst, residual.norm(dim=0))
    return worst / modes.sigma ** (2 / len(factors))


def off_flow(velocity: Tensor, flow: Tensor) -> float:  # dW/dt as it was, and as the flow has it at the same point
    """How far a step goes beside the flow: |dW/dt - flow|_F / |flow|_F; 0 where nothing moves."""
    size = float(torch.linalg.vector_norm(flow))
    return float(torch.linalg.vector_norm(velocity - flow)) / size if size > 0 else 0.0
