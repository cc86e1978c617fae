"""Singular values pulled towards zero: the proximal map of the nuclear norm, at the lowest price; and its subgradient."""

import torch
from torch import Tensor

PARTIAL_SIDE = 200  # from this short side on, a few singular vectors are followed instead of all computed (measured)
PARTIAL_SHARE = 5  # ... as long as they are fewer than this part of the short side
ROUNDING = 1e-14  # of the nuclear norm: singular values below it are zeros
SPARE = 8  # vectors followed beyond those above the threshold, so that the next one to rise is seen


class Shrinkage:
    """sum of max(sigma_r - threshold, 0) u_r v_r^T, from the Gram matrix of the short side.

    Large matrices whose result has low rank: one step of subspace iteration from the vectors of the call before,
    because between two calls the matrix hardly changes. That is inexact; whoever calls checks the final answer.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._tall = shape[0] >= shape[1]
        self._side = min(shape)
        self._followed: Tensor | None = None  # [side, k] right singular vectors of the call before, and spare ones
        self.rank = 0  # of the latest result

    def __call__(self, Z: Tensor, threshold: float) -> Tensor:  # [rows, columns] -> [rows, columns]
        A = Z if self._tall else Z.mT
        result = None if self._followed is None else self._partial(A, self._followed, threshold)
        if result is None:
            result = self._full(A, threshold)
        return result if self._tall else result.mT

    def _full(self, A: Tensor, threshold: float) -> Tensor:
        squares, V = torch.linalg.eigh(A.mT @ A)  # squaring costs digits only far below the threshold
        sigma = squares.clamp_min(0.0).sqrt()
        self.rank = int((sigma > threshold).sum())
        follow = self.rank + SPARE
        worth = self._side >= PARTIAL_SIDE and PARTIAL_SHARE * follow < self._side
        self._followed = V[:, -follow:] if worth else None
        return self._pulled(A, V, sigma, threshold)

    def _partial(self, A: Tensor, V: Tensor, threshold: float) -> Tensor | None:
        """None when the followed vectors no longer hold all that lies above the threshold."""
        Q = torch.linalg.qr(A.mT @ (A @ V)).Q
        image = A @ Q
        squares, rotation = torch.linalg.eigh(image.mT @ image)
        sigma = squares.clamp_min(0.0).sqrt()
        self.rank = int((sigma > threshold).sum())
        if self.rank > len(sigma) - SPARE // 2:
            return None
        V = Q @ rotation
        self._followed = V[:, -(self.rank + SPARE) :]
        return self._pulled(A, V, sigma, threshold)

    def _pulled(self, A: Tensor, V: Tensor, sigma: Tensor, threshold: float) -> Tensor:
        if self.rank == 0:
            return torch.zeros_like(A)
        leading = V[:, -self.rank :]
        return ((A @ leading) * (1 - threshold / sigma[-self.rank :])) @ leading.mT


def subgradient(W: Tensor, U: Tensor) -> Tensor:
    """A subgradient of the nuclear norm at W: P Q^T, and where W is zero but for rounding, what U has there.

    Source: Watson 1992. P, Q are the singular vectors; the norm of U is to be at most 1.
    """
    P, sigma, Qh = torch.linalg.svd(W, full_matrices=False)
    rank = int((sigma > ROUNDING * sigma.sum()).sum())
    P, Qh = P[:, :rank], Qh[:rank]
    rest = U - P @ (P.mT @ U)
    nearby: Tensor = P @ Qh + rest - (rest @ Qh.mT) @ Qh
    return nearby
