"""The spectrum of W, as exactly as its dtype allows, at the lowest price."""

import numpy as np
import torch
from torch import Tensor

from dmf_core.norms import products

ALIGNED = 64  # bytes: torch's memory begins at a multiple of it, and LAPACK rounds by how a matrix lies


def singular_values(W: Tensor) -> np.ndarray:  # [..., rows, columns] -> [..., min(rows, columns)] float64, descending
    """All singular values. Those of one matrix have the same bits however many are computed together.

    A float32 matrix goes through the eigenvalues of its Gram matrix in float64: the squares lose digits below
    1e-8 of the largest, where float32 has none either, and it takes two thirds of the time of an SVD.
    """
    matrices = W.reshape(-1, *W.shape[-2:])
    if W.dtype == torch.float64:
        values = np.stack([torch.linalg.svdvals(matrix.clone()).cpu().numpy() for matrix in matrices])
    else:
        wide = (matrices if W.shape[-2] <= W.shape[-1] else matrices.mT).double()
        squares = _eigenvalues(products(wide, wide.mT))
        values = np.sqrt(np.maximum(squares[:, ::-1], 0.0))
    return np.asarray(values.reshape(*W.shape[:-2], -1))


def _eigenvalues(symmetric: Tensor) -> np.ndarray:  # [B, k, k] -> [B, k] ascending
    """One by one where the solver's own copies of them would not all lie alike."""
    if symmetric.device.type == "cpu" and symmetric[0].nbytes % ALIGNED == 0:
        return np.asarray(torch.linalg.eigvalsh(symmetric).numpy())
    return np.asarray(torch.stack([torch.linalg.eigvalsh(each) for each in symmetric.unbind()]).cpu().numpy())
