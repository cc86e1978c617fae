"""Masks for the tests of what rank and observations leave open."""

import numpy as np
from scipy.linalg import lstsq


def sampled(rows: int, columns: int, count: int, seed: int) -> np.ndarray:  # [rows, columns] bool
    mask = np.zeros(rows * columns, dtype=bool)
    mask[np.random.default_rng(seed).permutation(rows * columns)[:count]] = True
    return mask.reshape(rows, columns)


def blocks(rows: int, columns: int) -> np.ndarray:  # [rows, columns] bool
    """Two full blocks on the diagonal."""
    mask = np.zeros((rows, columns), dtype=bool)
    mask[: rows // 2, : columns // 2] = mask[rows // 2 :, columns // 2 :] = True
    return mask


def walked(mask: np.ndarray, rank: int, i: int, j: int, by: float, seed: int = 5) -> tuple[float, float]:
    """(how far entry (i, j) went, largest change of an observed entry) on the way to another matrix of this rank.

    Newton's method for the observed entries and this one, in all unknowns at once, each step the smallest that fits.
    """
    source = np.random.default_rng(seed)
    U, V = source.standard_normal((mask.shape[0], rank)), source.standard_normal((mask.shape[1], rank))
    a, b = np.array([*np.argwhere(mask), (i, j)]).T
    at = np.arange(len(a))
    M = U @ V.T
    goal = M[a, b] + by * (at == at[-1])
    for _ in range(6):
        J = np.zeros((len(at), sum(mask.shape), rank))
        J[at, a], J[at, len(U) + b] = V[b], U[a]
        left = goal - (U @ V.T)[a, b]
        step = lstsq(J.reshape(len(at), -1), left, cond=1e-12, lapack_driver="gelsy")[0].reshape(-1, rank)
        U, V = U + step[: len(U)], V + step[len(U) :]
    W = U @ V.T
    return float(W[i, j] - M[i, j]), float(np.abs(W - M)[mask].max())
