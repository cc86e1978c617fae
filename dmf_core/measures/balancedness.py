"""Balancedness: what gradient flow conserves and finite steps lose."""

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from dmf_core.interfaces import Factors


class Balance:
    """B_j = W_{j+1}^T W_{j+1} - W_j W_j^T at the start. Gradient flow keeps every B_j constant.

    Source: Arora et al. 2019 (balancedness); conservation derived, see tests/measures.
    """

    def __init__(self, factors: Factors) -> None:
        self._start = residuals(factors)

    def drift(self, factors: Factors) -> np.ndarray:  # W_j: [B, d_j, d_{j-1}] -> [B]
        """max_j |B_j(now) - B_j(start)|_F; 0 at depth 1."""
        worst = np.zeros(len(factors[0]))
        for start, (lower, upper) in zip(self._start, pairwise(factors), strict=True):
            moved = torch.bmm(upper.mT, upper).baddbmm_(lower, lower.mT, alpha=-1).sub_(start)
            worst = np.maximum(worst, [float(torch.dot(each, each)) for each in moved.flatten(1)])
        return np.sqrt(worst)


def residuals(factors: Factors) -> list[Tensor]:
    """B_1 .. B_{N-1}, each [hidden, hidden]."""
    return [torch.addmm(upper.T @ upper, lower, lower.T, alpha=-1) for lower, upper in pairwise(factors)]
