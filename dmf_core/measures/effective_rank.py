"""The two effective ranks. Different numbers; neither is ever called just "effective rank"."""

import numpy as np


def entropy_rank(singular_values: np.ndarray) -> float:  # [k] -> between 1 and k, 0 for the zero matrix
    """exp of the entropy of p = sigma / sum(sigma). Source: Roy and Vetterli 2007; used by Arora et al. 2019."""
    total = singular_values.sum()
    if total <= 0:
        return 0.0
    p = singular_values[singular_values > 0] / total
    return float(np.exp(-(p * np.log(p)).sum()))


def ratio_rank(singular_values: np.ndarray) -> float:  # [k] -> between 1 and k, 0 for the zero matrix
    """Nuclear norm over spectral norm. Source: Chou et al. 2020, section 4."""
    largest = singular_values.max()
    return float(singular_values.sum() / largest) if largest > 0 else 0.0
