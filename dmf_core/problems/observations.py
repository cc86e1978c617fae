"""The two kinds of linear observations of a matrix: single entries and random measurements."""

from collections.abc import Callable

import torch
from torch import Tensor

from dmf_core.interfaces import Observations, Shape

CACHED_BYTES = 2 << 20  # of measurements that are looked at twice before they leave the cache of a core
GRAM_ROWS = 500  # of one block: smaller ones leave out more of the upper triangle, larger ones take fewer calls
RANK_CUTOFF = 1e-11  # of the largest eigenvalue of the squared measurements: below, they are linearly dependent


class Entries(Observations):
    """Single entries of W. Dense inside: at these sizes one fused product with the mask beats gather and scatter."""

    def __init__(
        self,
        mask: Tensor,  # [*d] bool
        matrix: Tensor,  # [*d], read where mask is True
        weights: Tensor | None = None,  # [m] > 0, of the entries where mask is True, see Observations; None: 1 each
    ) -> None:
        self.index: Tensor = mask.reshape(-1).nonzero().squeeze(1)
        self.values = matrix.reshape(-1)[self.index]
        self._shape = mask.shape
        self._mask = mask.to(matrix.dtype)
        self._minus = -torch.where(mask, matrix, torch.zeros_like(matrix))
        self.weights = None if weights is None else weights.to(matrix)
        self._root = None if self.weights is None else self.adjoint(self.weights.sqrt())  # [*d]

    def dense(self) -> tuple[Tensor, Tensor, Tensor | None]:  # [*d] each
        return self._mask, self._minus, self._root

    def apply(self, W: Tensor) -> Tensor:
        return W.reshape(-1)[self.index]

    def adjoint(self, r: Tensor) -> Tensor:
        flat = torch.zeros(self._shape.numel(), dtype=r.dtype, device=r.device)
        return flat.index_copy(0, self.index, r).view(self._shape)

    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        dense = torch.addcmul(self._minus, W, self._mask)
        if self._root is None:
            return dense, dense
        dense *= self._root
        return dense, dense * self._root

    def residuals(self, W: Tensor) -> Tensor:  # [B, *d] -> [B, *d]
        dense = torch.addcmul(self._minus, W, self._mask)
        return dense if self._root is None else dense.mul_(self._root)

    def project(self) -> Callable[[Tensor], Tensor]:
        observed = self._mask > 0
        given = -self._minus
        return lambda W: torch.where(observed, given, W)

    def in_double(self) -> "Entries":
        return Entries(self._mask > 0, -self._minus.double(), self.weights)

    def scaled_residual(self, gain: float) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        mask, minus, root = self._mask * gain, self._minus * gain, self._root
        if root is not None:
            mask, minus = mask * root, minus * root

        def of(W: Tensor) -> tuple[Tensor, Tensor]:
            dense = torch.addcmul(minus, W, mask)
            return dense, dense if root is None else dense * root

        return of


class Measurements(Observations):
    """Inner products <A_i, W> with given matrices A_i.

    A is the one large thing here, and a residual with its adjoint is limited by how fast it can be read. So both are computed
    for some rows at a time, which are read from memory once and then again from the cache.
    """

    def __init__(self, A: Tensor, values: Tensor, shape: Shape) -> None:  # A: [m, d_1 * d_2 ..]
        self.A, self.values, self._shape = A, values, shape
        rows = max(1, CACHED_BYTES // (A.shape[1] * A.element_size()))
        self._parts = (
            [] if A.is_cuda or len(A) <= rows else list(zip(torch.split(A, rows), torch.split(values, rows), strict=True))
        )

    def apply(self, W: Tensor) -> Tensor:
        return self.A @ W.reshape(-1)

    def adjoint(self, r: Tensor) -> Tensor:
        return (r @ self.A).view(self._shape)

    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        if not self._parts:
            r = self.apply(W) - self.values
            return r, self.adjoint(r)
        flat, b, residuals = W.reshape(-1), torch.zeros_like(self.A[0]), []
        for A, values in self._parts:
            residuals.append(torch.addmv(values, A, flat, beta=-1))
            b.addmv_(A.mT, residuals[-1])
        return torch.cat(residuals), b.view(self._shape)

    def project(self) -> Callable[[Tensor], Tensor]:
        solve = self._gram_solver()
        few = len(self.values) <= self.A.shape[1]

        def of(W: Tensor) -> Tensor:
            r = self.apply(W) - self.values
            step = self.A.mT @ solve(r) if few else solve(self.A.mT @ r)
            return W - step.view(self._shape)

        return of

    def in_double(self) -> "Measurements":
        return Measurements(self.A.double(), self.values.double(), self._shape)

    def _gram_solver(self) -> Callable[[Tensor], Tensor]:
        """The inverse of A A^T, or of A^T A where that is smaller; without the directions in which it is singular."""
        few = len(self.values) <= self.A.shape[1]
        gram = _lower_gram(self.A if few else self.A.mT)
        factor, singular = torch.linalg.cholesky_ex(gram)
        diagonal = factor.diagonal()
        if not int(singular) and float(diagonal.min()) ** 2 > RANK_CUTOFF * float(diagonal.max()) ** 2:
            return lambda r: torch.cholesky_solve(r[:, None], factor)[:, 0]
        values, vectors = torch.linalg.eigh(gram)
        regular = values > RANK_CUTOFF * values[-1]
        values, vectors = values[regular], vectors[:, regular]
        return lambda r: vectors @ ((r @ vectors) / values)


def _lower_gram(A: Tensor) -> Tensor:  # [k, n] -> [k, k]
    """The lower triangle of A A^T, and some of the upper one: half of the work. Cholesky and eigenvalue solvers read no more."""
    gram = A.new_zeros(len(A), len(A))
    for first in range(0, len(A), GRAM_ROWS):
        last = min(first + GRAM_ROWS, len(A))
        gram[first:last, :last] = A[first:last] @ A[:last].mT
    return gram
