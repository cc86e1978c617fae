"""The leading modes of W with their singular vectors, and which of these vectors can be trusted."""

from typing import NamedTuple

import torch
from torch import Tensor

UNSURE = 1e-3  # a vector that rounding may turn by more than this angle is not defined
EPS = torch.finfo(torch.float64).eps


class Modes(NamedTuple):
    """The first R modes, R <= count. Of equal singular values only the subspace exists: `defined` is False there."""

    U: Tensor  # [rows, R]
    sigma: Tensor  # [R] descending
    V: Tensor  # [columns, R]
    defined: Tensor  # [R] bool

    def first(self, count: int) -> "Modes":
        """The `count` largest modes."""
        return Modes(self.U[:, :count], self.sigma[:count], self.V[:, :count], self.defined[:count])


def all_modes(W: Tensor) -> Modes:  # [rows, columns] float64
    """Every mode, also those near zero, by the SVD."""
    U, sigma, Vh = torch.linalg.svd(W, full_matrices=False)
    return Modes(U, sigma, Vh.T, _defined(sigma, sigma[0]))


def leading_modes(W: Tensor, count: int) -> Modes:  # [rows, columns] float64
    """By the eigenvectors of the smaller Gram matrix, a third of the price of an SVD; by the SVD where squares are too coarse.

    Rounding turns a vector by about eps |W|^2 / (difference of squares) there, by eps |W| / (difference) here.
    """
    wide = W if W.shape[0] <= W.shape[1] else W.T
    values, vectors = torch.linalg.eigh(wide @ wide.T)
    squares = values.flip(0).clamp(min=0)
    R = min(count, len(squares))
    if _defined(squares, squares[0])[:R].all():
        sigma, U = squares[:R].sqrt(), vectors.flip(1)[:, :R]
        V = wide.T @ (U / sigma)
        return _as_given(W, U, sigma, V, torch.ones(R, dtype=torch.bool))
    U, sigma, Vh = torch.linalg.svd(wide, full_matrices=False)
    return _as_given(W, U[:, :R], sigma[:R], Vh[:R].T, _defined(sigma, sigma[0])[:R])


def _defined(descending: Tensor, largest: Tensor) -> Tensor:  # [k] -> [k] bool
    """Far enough from both neighbours; the last one from zero, where the vectors of the longer side are free."""
    gaps = descending - torch.cat([descending[1:], descending.new_zeros(1)])
    before = torch.cat([gaps.new_full((1,), torch.inf), gaps[:-1]])
    return torch.minimum(gaps, before) * UNSURE > EPS * largest


def _as_given(W: Tensor, U: Tensor, sigma: Tensor, V: Tensor, defined: Tensor) -> Modes:
    return Modes(U, sigma, V, defined) if W.shape[0] <= W.shape[1] else Modes(V, sigma, U, defined)
