"""Norms and sums of squares whose squares neither underflow nor overflow, and products that a batch does not change."""

import math

import numpy as np
import torch
from torch import Tensor

UNDERFLOW = 1e-30  # a sum of float32 squares below it has lost digits, or all of them


def norm(x: Tensor) -> float:
    """Euclidean norm of all entries, as exact as the dtype of x allows; infinite or NaN only where an entry is."""
    flat = x if x.ndim == 1 else x.reshape(-1)
    square = flat.dot(flat).item()
    return math.sqrt(square) if UNDERFLOW <= square < math.inf else _scaled_norm(flat)


def square_norm(x: Tensor) -> float:
    """The square of `norm`, inside the range of float64 rather than that of x."""
    flat = x if x.ndim == 1 else x.reshape(-1)
    square = flat.dot(flat).item()
    if UNDERFLOW <= square < math.inf:
        return square
    size = _scaled_norm(flat)
    return size * size  # a product may be infinite, where a power raises OverflowError


def square_norms(x: Tensor) -> np.ndarray:  # [B, *d] -> [B] float64
    """`square_norm` of each row. The bits of a row do not depend on the others."""
    if x.device.type != "cpu":
        return np.array([square_norm(row) for row in x])
    rows = x.flatten(1).numpy()
    with np.errstate(over="ignore"):
        squares = np.matmul(rows[:, None, :], rows[:, :, None])[:, 0, 0].astype(np.float64)
    for i in np.flatnonzero(~((squares >= UNDERFLOW) & (squares < math.inf))):
        squares[i] = square_norm(x[i])
    return np.asarray(squares)


def products(a: Tensor, b: Tensor) -> Tensor:  # [B, i, j], [B, j, k] -> [B, i, k]
    """The products of B pairs of matrices. On a CPU by numpy: the bits of each do not depend on the others.

    Those of `torch.bmm` do, where the matrices do not all begin at multiples of 16 bytes (seen with MKL, 9 x 9 and 33 x 33).
    """
    if a.device.type != "cpu" or a.requires_grad or b.requires_grad:
        return torch.bmm(a, b)
    return torch.from_numpy(np.matmul(a.numpy(), b.numpy()))


def _scaled_norm(flat: Tensor) -> float:
    """The norm, by way of entries of at most 1: deep plateaus have squares below float32, data times 1e20 above it."""
    wide = flat.double()
    largest = float(wide.abs().max()) if wide.numel() else 0.0
    if largest == 0 or not math.isfinite(largest):
        return largest
    low = math.frexp(largest)[1] // 2  # a power of two, in two halves that are both in range: the same bits in any unit
    high = math.frexp(largest)[1] - low
    wide = wide * 2.0**-low * 2.0**-high
    return math.sqrt(float(torch.dot(wide, wide))) * 2.0**low * 2.0**high
