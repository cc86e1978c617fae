"""W = u^N - v^N, entry by entry: a diagonal linear network, laid out as a matrix."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Pullback, Shape
from dmf_core.norms import norm

PASSES = 60.0  # flops in the time that an entry takes through the powers of u and v and their gradients: an estimate


def balanced(model: Factorization, shape: Shape, scale: float, source: torch.Generator) -> Factors:
    """u = v = alpha in every entry, so that W starts at zero, and |u^N|_F = scale sqrt(n), the size of other models' W.

    Source: Woodworth et al. 2020 (the unbiased start), as remembered; that scale means the same is ours.
    """
    N = model.degree(shape)
    alpha = (scale * math.prod(shape) ** -0.25) ** (1 / N)
    return tuple(torch.full(each, alpha, dtype=torch.float64) for each in model.factor_shapes(shape))


class Hadamard(Factorization):
    """W_ij = u_ij^N - v_ij^N with N = `depth`: no entry of W shares a factor with another one.

    The gradients are N u^(N-1) G and -N v^(N-1) G with G = dL/dW.

    Source: Woodworth et al. 2020 (diagonal linear networks), as remembered: the paper could not be read here.
    """

    kind: Literal["hadamard"] = "hadamard"
    depth: int = Field(2, ge=1, le=limits.MAX_DEPTH)
    starts: ClassVar[Mapping[str, InitialFactors]] = MappingProxyType(
        {"balanced": InitialFactors("balanced: u equal to v, so that W starts at zero", balanced)}
    )
    label: ClassVar[str] = "entry by entry, uᴺ − vᴺ"
    short: ClassVar[str] = "entry by entry"
    help: ClassVar[str] = "Every entry of W is uᴺ − vᴺ with a u and a v of its own: a diagonal linear network."
    depth_help: ClassVar[str] = "N: every entry of W is uᴺ − vᴺ, with a u and a v of its own."
    separable: ClassVar[bool] = True
    pictured: ClassVar[str] = "entries"

    @property
    def theory(self) -> str:
        return "diagonal_network"

    @property
    def title(self) -> str:
        return f"Entry by entry, N = {self.depth}"

    def degree(self, shape: Shape) -> int:
        return self.depth

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        return shape, shape

    def end_to_end(self, factors: Factors) -> Tensor:
        u, v = factors
        return u * power(u, self.depth - 1) - v * power(v, self.depth - 1)

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        u, v = factors
        du, dv = power(u, self.depth - 1), power(v, self.depth - 1)

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            torch.mul(du, dL_dW, out=gradients[0]).mul_(self.depth)
            torch.mul(dv, dL_dW, out=gradients[1]).mul_(-self.depth)

        return u * du - v * dv, pullback

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        return PASSES * math.prod(shape)

    def conserved(self, factors: Factors) -> list[Tensor]:  # u, v: [B, *d] -> 1 of [B, *d]
        """u + v (N = 1), u v (N = 2), u^(2-N) + v^(2-N) (N > 2). Derived: tests/theory/test_entry_flow.py."""
        u, v = factors
        if self.depth == 1:
            return [u + v]
        return [u * v] if self.depth == 2 else [u.pow(2 - self.depth) + v.pow(2 - self.depth)]

    def factors_of(self, W: Tensor) -> Factors | None:
        """One of both is zero in every entry."""
        roots = W.abs().pow(1 / self.depth)
        return torch.where(W > 0, roots, 0.0), torch.where(W < 0, roots, 0.0)

    def size(self, factors: Factors) -> float:
        """The Frobenius norm of u^N; W itself starts at zero."""
        u, _ = factors
        return norm(u * power(u, self.depth - 1))

    def spectra(self, shape: Shape) -> dict[str, int]:
        return {"singular_values": min(shape), "entries": min(math.prod(shape), limits.COMPONENTS_KEPT)}


def power(x: Tensor, exponent: int) -> Tensor:
    """x^exponent by multiplication."""
    product = torch.ones_like(x) if exponent == 0 else x
    for _ in range(exponent - 1):
        product = product * x
    return product
