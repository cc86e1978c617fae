"""The low-rank matrix that a synthetic problem hides."""

import math

import torch
from torch import Tensor

from dmf_core.streams import generator


def low_rank(rows: int, columns: int, rank: int, symmetric: bool, seed: int) -> Tensor:  # [rows, columns], float64
    """M = U V^T with standard normal U, V (V = U when symmetric), scaled to root mean square entry 1.

    Source: Arora et al. 2019, released code (gen_gt.py): |M|_F = n for an n x n matrix.
    """
    source = generator(seed, "ground_truth")
    U = torch.randn(rows, rank, generator=source, dtype=torch.float64)
    V = U if symmetric else torch.randn(columns, rank, generator=source, dtype=torch.float64)
    M = U @ V.T
    return M * (math.sqrt(rows * columns) / float(torch.linalg.vector_norm(M)))
