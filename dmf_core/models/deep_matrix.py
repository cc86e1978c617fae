"""W = W_N ... W_1: the deep matrix factorization."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Linearize, Pullback, Shape
from dmf_core.models.observed_products import SPARSE, WORTHWHILE, ObservedProducts
from dmf_core.models.starts import OF_MATRICES, split_evenly
from dmf_core.norms import products


class DeepMatrix(Factorization):
    """A product of `depth` matrices. Depth 1 is the matrix itself: no factorization at all.

    The gradient of W_j is (W_N .. W_{j+1})^T G (W_{j-1} .. W_1)^T with G = dL/dW; with the products W_j .. W_1
    kept from the way forward, it costs 3 (N - 1) matrix products, the way forward included.
    """

    kind: Literal["deep_matrix"] = "deep_matrix"
    depth: int = Field(3, ge=1, le=limits.MAX_DEPTH)
    width: int | None = Field(None, ge=1, le=limits.MAX_SIDE)  # hidden width; None: the smaller side of W
    chain: ClassVar[bool] = True
    starts: ClassVar[Mapping[str, InitialFactors]] = OF_MATRICES
    label: ClassVar[str] = "product of matrices"
    help: ClassVar[str] = "A product of matrices, each multiplied by the next."
    depth_help: ClassVar[str] = "How many matrices are multiplied to make W."

    @property
    def theory(self) -> str:
        return "product_of_matrices"

    @property
    def free(self) -> bool:
        return self.depth == 1

    def degree(self, shape: Shape) -> int:
        return self.depth

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        rows, columns = shape
        hidden = min(rows, columns) if self.width is None else self.width
        sides = [columns, *[hidden] * (self.depth - 1), rows]
        return tuple((sides[j + 1], sides[j]) for j in range(self.depth))

    def end_to_end(self, factors: Factors) -> Tensor:
        W = factors[0]
        for factor in factors[1:]:
            W = torch.mm(factor, W)
        return W

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        partial = [factors[0]]  # partial[j] = W_{j+1} .. W_1
        for factor in factors[1:]:
            partial.append(torch.mm(factor, partial[-1]))

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            for j in range(len(factors) - 1, 0, -1):
                torch.mm(dL_dW, partial[j - 1].T, out=gradients[j])
                if j > 1:
                    dL_dW = torch.mm(factors[j].T, dL_dW)
                else:
                    torch.mm(factors[1].T, dL_dW, out=gradients[0])
            if len(factors) == 1:
                gradients[0].copy_(dL_dW)

        return partial[-1], pullback

    def entrywise(self, shape: Shape, index: Tensor) -> Linearize | None:
        return self.linearize_entries(shape, index) if self._pays(shape, len(index)) else None

    def linearize_entries(self, shape: Shape, index: Tensor) -> Linearize:
        """Like `entrywise`, without comparing costs; depth 2 at least.

        The entries are inner products of the rows of a left and the columns of a right part of W = left right, one of
        which is a single factor: nothing of the shape of W is built, and the residual stays sparse.
        """
        entries_of = ObservedProducts(shape, index)
        first = self._right_is_first(shape)

        def linearize(factors: Factors) -> tuple[Tensor, Pullback]:
            many = factors[1:] if first else factors[:-1]
            product, pull = self.linearize(many)
            left, right = (product, factors[0].T) if first else (factors[-1], product.T)
            entries, back = entries_of(left, right.contiguous())

            def pullback(dL_dentries: Tensor, gradients: Factors) -> None:
                if first:
                    dL_dleft, dL_dright = back(dL_dentries, None)
                    gradients[0].copy_(dL_dright.T)
                    pull(dL_dleft, gradients[1:])
                else:
                    _, dL_dright = back(dL_dentries, gradients[-1])
                    pull(dL_dright.T, gradients[:-1])

            return entries, pullback

        return linearize

    def following(self, shapes: Sequence[Shape]) -> dict[str, Any]:
        return {"depth": len(shapes), "width": shapes[0][0] if len(shapes) > 1 else None}

    def wider(self, shape: Shape) -> str:
        narrow = self.depth > 1 and self.width is not None and self.width < min(shape)
        return "more hidden width" if narrow else ""

    def factors_of(self, W: Tensor) -> Factors | None:
        rows, columns = W.shape
        return split_evenly(W, self.factor_shapes((rows, columns)))

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """In dense products; one with a sparse residual counts `SPARSE` times."""
        if observed is not None and self._pays(shape, observed):
            return self._seen_flops(shape, observed)
        return 3 * sum(2.0 * a * b * shape[1] for a, b in self.factor_shapes(shape)[1:])

    def _pays(self, shape: Shape, observed: int) -> bool:
        return self.depth > 1 and self._seen_flops(shape, observed) + WORTHWHILE <= self.gradient_flops(shape, None)

    def _seen_flops(self, shape: Shape, observed: int) -> float:
        hidden = self.factor_shapes(shape)[0][0]
        return 6.0 * hidden * (SPARSE * observed + min(self._inner_products(shape)))

    def _inner_products(self, shape: Shape) -> tuple[float, float]:
        """Multiplications, divided by the hidden width, in W_{N-1} .. W_1 and in W_N .. W_2."""
        hidden = self.factor_shapes(shape)[0][0]
        middle = self.depth - 2
        return middle * hidden * shape[1], (middle - 1) * hidden**2 + hidden * shape[0] if middle else 0.0

    def _right_is_first(self, shape: Shape) -> bool:
        right, left = self._inner_products(shape)
        return left < right

    def paths(self, shape: Shape) -> float:
        return float(math.prod(each[1] for each in self.factor_shapes(shape)[1:]))

    def conserved(self, factors: Factors) -> list[Tensor]:  # W_j: [B, d_j, d_{j-1}] -> N - 1 of [B, hidden, hidden]
        """B_j = W_{j+1}^T W_{j+1} - W_j W_j^T.

        Source: Arora et al. 2019 (balancedness); conservation derived, see tests/contracts/test_models.py.
        """
        return [products(upper.mT, upper).sub_(products(lower, lower.mT)) for lower, upper in pairwise(factors)]
