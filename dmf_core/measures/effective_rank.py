"""The two effective ranks. Different numbers; neither is ever called just "effective rank"."""

import numpy as np


def entropy_rank(singular_values: np.ndarray) -> np.ndarray:  # [..., k] -> [...], from 1 to k, 0 for the zero matrix
    """exp of the entropy of p = sigma / sum(sigma). Source: Roy and Vetterli 2007; used by Arora et al. 2019."""
    total = singular_values.sum(axis=-1)
    p = singular_values / np.where(total > 0, total, 1.0)[..., None]
    entropy = -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=-1)
    return np.where(total > 0, np.exp(entropy), 0.0)


def ratio_rank(singular_values: np.ndarray) -> np.ndarray:  # [..., k] -> [...], from 1 to k, 0 for the zero matrix
    """Nuclear norm over spectral norm. Source: Chou et al. 2020, section 4, as given in a seminar report."""
    largest = singular_values.max(axis=-1)
    return np.where(largest > 0, singular_values.sum(axis=-1) / np.where(largest > 0, largest, 1.0), 0.0)
