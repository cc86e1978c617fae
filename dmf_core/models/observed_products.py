"""Some entries of a product of two matrices, and their gradients, without the product."""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor

from dmf_core.interfaces import Shape

SPARSE = 6.0  # a multiplication with a sparse residual costs about so many in a dense product, see benchmarks/large.py
WORTHWHILE = 30e6  # multiplications and additions that a gradient must save: small matrices stay in the cache, dense

Back = Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]


class ObservedProducts:
    """The entries of W = left right^T at fixed places. Costs the places times the width, not the sides of W.

    Measured at 1682 x 943 with 10 000 places and width 943 on one core, in milliseconds: gathered rows and one batched
    product 55, `sampled_addmm` 1.0; back, `index_add_` 42, a product with a sparse (CSR) matrix 1.0.
    """

    def __init__(self, shape: Shape, index: Tensor) -> None:  # index: [m] places in the flat W, rising
        rows, columns = shape
        row, column = index // columns, index % columns
        self._order = torch.argsort(column, stable=True)
        self._rows = _Pattern(row, column, (rows, columns))
        self._columns = _Pattern(column[self._order], row[self._order], (columns, rows))
        self._places: Tensor | None = None

    def __call__(self, left: Tensor, right: Tensor) -> tuple[Tensor, Back]:  # [rows, w], [columns, w] -> [m]
        """The entries [m], and the function that gives dL/dleft and dL/dright for dL/dentries [m].

        That function takes memory for dL/dleft, or None. `right` is of one piece: a row after the other.
        """
        if self._places is None or self._places.dtype != left.dtype:
            self._places = self._rows(left.new_zeros(len(self._order)))
        entries = torch.sparse.sampled_addmm(self._places, left, right.T, beta=0.0).values()

        def back(dL_dentries: Tensor, dL_dleft: Tensor | None) -> tuple[Tensor, Tensor]:
            into = torch.empty_like(left) if dL_dleft is None else dL_dleft
            return (
                _times(self._rows(dL_dentries), right, into),
                _times(self._columns(dL_dentries[self._order]), left, torch.empty_like(right)),
            )

        return entries, back


class _Pattern:
    """Where the entries of a sparse matrix are. Given their values, it is that matrix."""

    def __init__(self, row: Tensor, column: Tensor, shape: Shape) -> None:  # [m] both, row by row
        self._column, self._shape = column, shape
        counts = torch.bincount(row, minlength=shape[0])
        self._starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch says once that sparse matrices are young; the tests here judge them
            self(torch.zeros(len(row), device=row.device))

    def __call__(self, values: Tensor) -> Tensor:  # [m] -> sparse, CSR
        return torch.sparse_csr_tensor(self._starts, self._column, values, self._shape, check_invariants=False)


def _times(sparse: Tensor, dense: Tensor, out: Tensor) -> Tensor:
    return torch.addmm(out, sparse, dense, beta=0.0, out=out)
