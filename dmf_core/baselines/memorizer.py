"""The tensor that only remembers: the observed entries, and zeros elsewhere."""

import math

import numpy as np


def memorize(
    shape: tuple[int, ...],
    index: np.ndarray,  # [m] places in the flat tensor
    values: np.ndarray,  # [m]
) -> np.ndarray:  # [*d]
    """What remains of any guess about the unseen entries when nothing is guessed.

    Source: Razin and Cohen 2020, released code (their baseline "linear").
    """
    W = np.zeros(math.prod(shape))
    W[index] = values
    return W.reshape(shape)
