"""Balancedness: what gradient flow conserves and finite steps lose."""

import numpy as np

from dmf_core.interfaces import Factorization, Factors
from dmf_core.norms import square_norm


class Balance:
    """What a factorization conserves (`Factorization.conserved`), as it was at the start."""

    def __init__(self, factorization: Factorization, factors: Factors) -> None:
        self._conserved = factorization.conserved
        self._start = self._conserved(tuple(factor[None] for factor in factors))

    def drift(self, factors: Factors) -> np.ndarray:  # each: [B, *its shape] -> [B]
        """The largest Frobenius norm of a change since the start; 0 where nothing is conserved, as at depth 1."""
        worst = np.zeros(len(factors[0]))
        for start, now in zip(self._start, self._conserved(factors), strict=True):
            moved = now.sub_(start).flatten(1)
            worst = np.maximum(worst, [square_norm(each) for each in moved])
        return np.sqrt(worst)
