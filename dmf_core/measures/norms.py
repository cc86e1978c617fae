"""Norms of a matrix, read off its singular values."""

import numpy as np


def nuclear(singular_values: np.ndarray) -> np.ndarray:  # [..., k] -> [...]
    return np.asarray(singular_values.sum(axis=-1))


def frobenius(singular_values: np.ndarray) -> np.ndarray:  # [..., k] -> [...]
    return np.asarray(np.sqrt((singular_values**2).sum(axis=-1)))


def spectral(singular_values: np.ndarray) -> np.ndarray:  # [..., k] -> [...]
    return np.asarray(singular_values.max(axis=-1))


def schatten(singular_values: np.ndarray, depth: int) -> np.ndarray:  # [..., k] -> [...]
    """sum of sigma^(2/N), a power sum without root. Source: Arora et al. 2019, released code."""
    return np.asarray((singular_values ** (2 / depth)).sum(axis=-1))
