"""Norms and sums of squares whose squares neither underflow nor overflow, with one transfer from the device."""

import math

import torch
from torch import Tensor

UNDERFLOW = 1e-30  # a sum of float32 squares below it has lost digits, or all of them


def norm(x: Tensor) -> float:
    """Euclidean norm of all entries, as exact as the dtype of x allows; infinite or NaN only where an entry is."""
    flat = x if x.ndim == 1 else x.reshape(-1)
    square = float(torch.dot(flat, flat))
    return math.sqrt(square) if UNDERFLOW <= square < math.inf else _scaled_norm(flat)


def square_norm(x: Tensor) -> float:
    """The square of `norm`, inside the range of float64 rather than that of x."""
    flat = x if x.ndim == 1 else x.reshape(-1)
    square = float(torch.dot(flat, flat))
    if UNDERFLOW <= square < math.inf:
        return square
    size = _scaled_norm(flat)
    return size * size  # a product may be infinite, where a power raises OverflowError


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
