"""How W = U U^T moves along the gradient flow, from any start.

U' = S U with the symmetric pull S = -(G + G^T), G = dL/dW. Hence W' = S W + W S: the end-to-end equation of two balanced
factors (Arora et al. 2019), with S in place of -G. One factor moves both sides, so that no balance is needed, and every
statement about two balanced factors holds with S: an eigenvalue grows by 2 sigma v^T S v.

Derived; tests/theory/test_symmetric_flow.py.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from dmf_core.theory.births import CLEAR, SMALL


def symmetric_pull(gradient: Tensor) -> Tensor:  # dL/dW [n, n] -> [n, n]
    """-(G + G^T): the pull on a symmetric W whose entries i, j and j, i are one number."""
    return -(gradient + gradient.T)


def velocity(U: Tensor, dU: Tensor) -> Tensor:  # [n, k], [n, k] -> [n, n]
    """dW/dt where U moves with dU."""
    moving = torch.mm(dU, U.T)
    return moving + moving.T


def predicted_births(
    W: np.ndarray,  # [n, n] at the start
    gradient: np.ndarray,  # [n, n] dL/dW there
    noise: float,  # the largest singular value of it without structure, see theory.births.random_pull
    count: int,
) -> Iterator[tuple[int, float]]:
    """(mode from 1, t) for those of the first modes that stand out, each by itself under its pull at the start.

    Mode r with the eigenvector a of S and its eigenvalue 2 g follows s' = 4 g s (1 - s / c), s = a^T W a, with c = g n^2 / 2,
    where a fully observed loss would stop pulling. It is at c / 2 at t = log((c - s0) / s0) / (4 g). A random S has eigenvalues
    up to sqrt(2) `noise`: its entries are averages of two. Derived, not a theorem.
    """
    values, vectors = np.linalg.eigh(-(gradient + gradient.T) / 2)
    size = np.linalg.norm(W, 2)
    for r in range(1, min(count, len(values)) + 1):
        g, a = float(values[-r]), vectors[:, -r]
        target = g * W.size / 2
        if g <= CLEAR * noise / math.sqrt(2) or size > SMALL * target:
            return
        start = float(a @ W @ a)
        if start > 0:
            yield r, math.log((target - start) / start) / (4 * g)
