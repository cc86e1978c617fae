"""W = U U^T: the symmetric factorization, which makes matrices without negative eigenvalues."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Linearize, Pullback, Shape
from dmf_core.models.observed_products import SPARSE, WORTHWHILE, ObservedProducts
from dmf_core.models.starts import identity, orthogonal
from dmf_core.settings import Settings


def gaussian(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """U has independent normal entries of variance s^2, so that E|W|_F^2 = s^4 n k (n + k + 1) = scale^2 n for a U [n, k].

    That is the size of the other models' starts. Derived: the second moment of a Wishart matrix.
    """
    ((n, k),) = model.factor_shapes(shape)
    deviation = (scale**2 / (k * (n + k + 1))) ** 0.25
    return (torch.randn(n, k, generator=source, dtype=torch.float64) * deviation,)


class Symmetric(Factorization):
    """One matrix U times its own transpose.

    The gradient of U is (G + G^T) U with G = dL/dW.

    Source: Gunasekar et al. 2017; Li, Ma, Zhang 2018 (as others restate them: neither paper could be read here).
    """

    kind: Literal["symmetric"] = "symmetric"
    width: int | None = Field(None, ge=1, le=limits.MAX_SIDE)  # columns of U; None: the side of W
    starts: ClassVar[Mapping[str, InitialFactors]] = MappingProxyType(
        {
            "gaussian": InitialFactors("normal entries", gaussian),
            "identity": InitialFactors("identity", identity),
            "orthogonal": InitialFactors("orthogonal", orthogonal),
        }
    )
    label: ClassVar[str] = "symmetric, U times Uᵀ"
    short: ClassVar[str] = "symmetric"
    help: ClassVar[str] = "One matrix U times its transpose: symmetric, without negative eigenvalues."
    needs: ClassVar[Mapping[str, Any]] = MappingProxyType({"problem.symmetric": True})

    @property
    def theory(self) -> str:
        return "symmetric"

    @property
    def title(self) -> str:
        return "W = U Uᵀ"

    def refusal(self, problem: Settings) -> str:
        if getattr(problem, "positive_semidefinite", False):
            return ""
        return (
            "model.kind is symmetric, which makes symmetric matrices without negative eigenvalues only, but the truth need not "
            "be one; set problem.symmetric to true where the problem has that, or choose another model."
        )

    def degree(self, shape: Shape) -> int:
        return 2

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        return ((shape[0], shape[0] if self.width is None else self.width),)

    def following(self, shapes: Sequence[Shape]) -> dict[str, Any]:
        return {"width": shapes[0][-1]}

    def end_to_end(self, factors: Factors) -> Tensor:
        (U,) = factors
        return torch.mm(U, U.T)

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        (U,) = factors

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            torch.mm(dL_dW + dL_dW.T, U, out=gradients[0])

        return torch.mm(U, U.T), pullback

    def entrywise(self, shape: Shape, index: Tensor) -> Linearize | None:
        return self.linearize_entries(shape, index) if self._pays(shape, len(index)) else None

    def linearize_entries(self, shape: Shape, index: Tensor) -> Linearize:
        """Like `entrywise`, without comparing costs: inner products of rows of U."""
        products = ObservedProducts(shape, index)

        def linearize(factors: Factors) -> tuple[Tensor, Pullback]:
            (U,) = factors
            entries, back = products(U, U)

            def pullback(dL_dentries: Tensor, gradients: Factors) -> None:
                left, right = back(dL_dentries, gradients[0])
                torch.add(left, right, out=gradients[0])

            return entries, pullback

        return linearize

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """In dense products; one with a sparse residual counts `SPARSE` times."""
        columns = self.factor_shapes(shape)[0][1]
        if observed is not None and self._pays(shape, observed):
            return 6.0 * columns * SPARSE * observed
        return 4.0 * shape[0] ** 2 * columns

    def _pays(self, shape: Shape, observed: int) -> bool:
        columns = self.factor_shapes(shape)[0][1]
        return 6.0 * columns * SPARSE * observed + WORTHWHILE <= 4.0 * shape[0] ** 2 * columns

    def paths(self, shape: Shape) -> float:
        return float(self.factor_shapes(shape)[0][1])

    def wider(self, shape: Shape) -> str:
        return "more columns of U" if self.width is not None and self.width < shape[0] else ""

    def factors_of(self, W: Tensor) -> Factors | None:
        """The square root of W, where W has one."""
        n, k = self.factor_shapes((W.shape[0], W.shape[1]))[0]
        values, vectors = torch.linalg.eigh((W + W.T) / 2)
        U = W.new_zeros(n, k)
        count = min(n, k)
        U[:, :count] = (vectors * values.clamp(min=0).sqrt()).flip(1)[:, :count]
        return (U,)
