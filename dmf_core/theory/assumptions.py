"""What Theorem 3 assumes, and by how much a run misses it: balanced factors, and the gradient flow itself."""

from itertools import pairwise

import torch
from torch import Tensor

from dmf_core.interfaces import Factors
from dmf_core.theory.modes import Modes


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
