"""Balancedness: what gradient flow conserves and finite steps lose."""

from itertools import pairwise

import torch
from torch import Tensor

from dmf_core.interfaces import Factors


class Balance:
    """B_j = W_{j+1}^T W_{j+1} - W_j W_j^T at the start. Gradient flow keeps every B_j constant.

    Source: Arora et al. 2019 (balancedness); conservation derived, see tests/measures.
    """

    def __init__(self, factors: Factors) -> None:
        self._start = residuals(factors)

    def drift(self, factors: Factors) -> float:
        """max_j |B_j(now) - B_j(start)|_F; 0 at depth 1."""
        moved = (
            torch.addmm(start, upper.T, upper, beta=-1).addmm_(lower, lower.T, alpha=-1)
            for start, (lower, upper) in zip(self._start, pairwise(factors), strict=True)
        )
        return max((float(torch.linalg.vector_norm(each)) for each in moved), default=0.0)


def residuals(factors: Factors) -> list[Tensor]:
    """B_1 .. B_{N-1}, each [hidden, hidden]."""
    return [torch.addmm(upper.T @ upper, lower, lower.T, alpha=-1) for lower, upper in pairwise(factors)]
