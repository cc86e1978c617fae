"""The two linear maps through which a matrix is seen."""

from collections.abc import Callable

import torch
from torch import Tensor

from dmf_core.interfaces import Observations


class Entries(Observations):
    """Single entries of W. Dense inside: at these sizes one fused product with the mask beats gather and scatter."""

    def __init__(self, mask: Tensor, matrix: Tensor) -> None:  # both [rows, columns]; matrix is read where mask is True
        self.index = mask.reshape(-1).nonzero().squeeze(1)  # [m], row-major
        self.values = matrix.reshape(-1)[self.index]
        self._shape = mask.shape
        self._mask = mask.to(matrix.dtype)
        self._minus = -torch.where(mask, matrix, torch.zeros_like(matrix))

    def apply(self, W: Tensor) -> Tensor:
        return W.reshape(-1)[self.index]

    def adjoint(self, r: Tensor) -> Tensor:
        flat = torch.zeros(self._shape.numel(), dtype=r.dtype, device=r.device)
        return flat.index_copy(0, self.index, r).view(self._shape)

    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        dense = torch.addcmul(self._minus, W, self._mask)
        return dense, dense

    def scaled_residual(self, gain: float) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        mask, minus = self._mask * gain, self._minus * gain

        def of(W: Tensor) -> tuple[Tensor, Tensor]:
            dense = torch.addcmul(minus, W, mask)
            return dense, dense

        return of


class Measurements(Observations):
    """Inner products <A_i, W> with given matrices A_i."""

    def __init__(self, A: Tensor, values: Tensor, shape: tuple[int, int]) -> None:  # A: [m, rows * columns]
        self.A, self.values, self._shape = A, values, shape

    def apply(self, W: Tensor) -> Tensor:
        return self.A @ W.reshape(-1)

    def adjoint(self, r: Tensor) -> Tensor:
        return (r @ self.A).view(self._shape)

    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        r = self.apply(W) - self.values
        return r, self.adjoint(r)
