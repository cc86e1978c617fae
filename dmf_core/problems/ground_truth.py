"""The low-rank or sparse matrix that a synthetic problem hides."""

import math

import torch
from torch import Tensor

from dmf_core.random_streams import generator


def low_rank(rows: int, columns: int, rank: int, symmetric: bool, seed: int) -> Tensor:  # [rows, columns], float64
    """M = U V^T with standard normal U, V (V = U when symmetric), scaled to root mean square entry 1.

    Source: Arora et al. 2019, released code (gen_gt.py): |M|_F = n for an n x n matrix.
    """
    source = generator(seed, "ground_truth")
    U = torch.randn(rows, rank, generator=source, dtype=torch.float64)
    V = U if symmetric else torch.randn(columns, rank, generator=source, dtype=torch.float64)
    M = U @ V.T
    return M * (math.sqrt(rows * columns) / float(torch.linalg.vector_norm(M)))


def sparse(rows: int, columns: int, nonzero: int, seed: int) -> Tensor:  # [rows, columns], float64
    """Values of random sign at `nonzero` uniformly chosen places, zeros elsewhere, scaled like `low_rank`.

    Their sizes are uniform between 1 and 3, before scaling, so that none can be taken for zero. More nonzero entries of one
    seed have the places of fewer. The distribution is ours.
    """
    source = generator(seed, "ground_truth")
    M = torch.zeros(rows * columns, dtype=torch.float64)
    places = torch.randperm(rows * columns, generator=source)[:nonzero]
    signs = 2.0 * torch.randint(2, (nonzero,), generator=source) - 1
    M[places] = signs * (1 + 2 * torch.rand(nonzero, generator=source, dtype=torch.float64))
    return (M * (math.sqrt(rows * columns) / float(torch.linalg.vector_norm(M)))).view(rows, columns)
