"""Balancedness: what gradient flow conserves and finite steps lose."""

import math

import numpy as np

from dmf_core.interfaces import Factorization, Factors
from dmf_core.norms import square_norm


class Balance:
    """What a factorization conserves (`Factorization.conserved`), as it was at the start."""

    def __init__(self, factorization: Factorization, factors: Factors) -> None:
        self._conserved = factorization.conserved
        self._start = self._conserved(tuple(factor[None].clone() for factor in factors))

    def drift(self, factors: Factors) -> np.ndarray:  # each: [B, *its shape] -> [B]
        """The largest Frobenius norm of a change since the start; 0 where nothing is conserved, as at depth 1."""
        return np.array([self._drift(tuple(factor[i : i + 1].clone() for factor in factors)) for i in range(len(factors[0]))])

    def _drift(self, factors: Factors) -> float:  # each: [1, *its shape]
        """Of one moment by itself: a product of many matrices at once rounds by how many there are."""
        moved = [(now - start).flatten() for start, now in zip(self._start, self._conserved(factors), strict=True)]
        return math.sqrt(max((square_norm(each) for each in moved), default=0.0))
