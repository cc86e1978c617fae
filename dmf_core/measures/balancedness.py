"""Balancedness: what gradient flow conserves and finite steps lose."""

import numpy as np

from dmf_core.interfaces import Factorization, Factors
from dmf_core.norms import square_norms


class Balance:
    """What a factorization conserves (`Factorization.conserved`), as it was at the start."""

    def __init__(self, factorization: Factorization, factors: Factors) -> None:
        self._conserved = factorization.conserved
        self._together = factorization.chain  # its `products` round each moment alike, however many there are
        self._start = self._conserved(tuple(factor[None].clone() for factor in factors))

    def drift(self, factors: Factors) -> np.ndarray:  # each: [B, *its shape] -> [B]
        """The largest Frobenius norm of a change since the start; 0 where nothing is conserved, as at depth 1."""
        if self._together:
            return self._drift(factors)
        each = [self._drift(tuple(factor[i : i + 1].clone() for factor in factors)) for i in range(len(factors[0]))]
        return np.concatenate(each)

    def _drift(self, factors: Factors) -> np.ndarray:  # each: [B, *its shape] -> [B]
        if not self._start:
            return np.zeros(len(factors[0]))
        moved = [square_norms(now - start) for start, now in zip(self._start, self._conserved(factors), strict=True)]
        return np.asarray(np.sqrt(np.max(moved, axis=0)))
