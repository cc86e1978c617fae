"""W = a chain of cores, one for each mode: the tensor train, shallow and deep."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import BeforeValidator, Field
from torch import Tensor

from dmf_core import limits
from dmf_core.formatting import with_article
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Pullback, Shape
from dmf_core.models.starts import OF_TENSORS
from dmf_core.shapes import Ranks, balanced_cut, cut_ranks, in_words, spread, whole_numbers


class TensorTrain(Factorization):
    """W[i_1, .., i_N] = G_1[i_1] G_2[i_2] .. G_N[i_N] with cores G_n [r_{n-1}, d_n, r_n], r_0 = r_N = 1.

    With K = `depth`, K - 1 square matrices stand in every cut, between a core and the next. Depth 1 is the usual
    tensor train. The factors come from left to right: G_1, B_1^(1) .. B_1^(K-1), G_2, ..

    Source: Oseledets 2011; deep: our own settings after the abstract of Milanesi et al. 2021, which gives no formula.
    """

    kind: Literal["tensor_train"] = "tensor_train"
    depth: int = Field(1, ge=1, le=limits.MAX_DEPTH)
    rank: Annotated[Ranks | None, BeforeValidator(whole_numbers)] = None  # of every cut; None: as large as can be
    tensor: ClassVar[bool] = True
    starts: ClassVar[Mapping[str, InitialFactors]] = OF_TENSORS
    label: ClassVar[str] = "tensor train"
    short: ClassVar[str] = "Train"
    help: ClassVar[str] = "A chain of small tensors, each tied to the next."
    depth_help: ClassVar[str] = (
        "How many factors every link is a product of; the scale follows, so that the start stays as small."
    )

    def degree(self, shape: Shape) -> int:
        return len(self.factor_shapes(shape))

    def ranks(self, shape: Shape) -> Shape:
        """r_1 .. r_{N-1}."""
        most = cut_ranks(shape)
        if self.rank is None:
            return most
        if isinstance(self.rank, int):
            return tuple(min(self.rank, each) for each in most)
        return self.rank

    def incompatibility(self, shape: Shape) -> str:
        most, ranks = cut_ranks(shape), self.ranks(shape)
        if self.rank is not None and isinstance(self.rank, int) and self.rank > max(most):
            ranks = spread(self.rank, len(most))
        if len(ranks) != len(most):
            return (
                f"model.rank gives {len(ranks)} ranks, but tensor_train has one per cut, {len(most)} for "
                f"{with_article(in_words(shape))} tensor; give so many, or one for all."
            )
        for n, (rank, limit) in enumerate(zip(ranks, most, strict=True), start=1):
            if not 1 <= rank <= limit:
                return (
                    f"model.rank is {rank} at cut {n}, but it goes from 1 to {limit} in {with_article(in_words(shape))} tensor; "
                    "choose such a rank, or leave it empty for the largest."
                )
        return ""

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        ranks = (1, *self.ranks(shape), 1)
        shapes: list[Shape] = []
        for n, side in enumerate(shape):
            shapes += [(ranks[n], side, ranks[n + 1])]
            shapes += [(ranks[n + 1], ranks[n + 1])] * (self.depth - 1 if n < len(shape) - 1 else 0)
        return tuple(shapes)

    def end_to_end(self, factors: Factors) -> Tensor:
        return _forward(factors)[-1].view(_shape(factors))

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        passed = _forward(factors)

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            D = dL_dW.reshape(-1)
            for k in range(len(factors) - 1, 0, -1):
                flat = factors[k].view(factors[k].shape[0], -1)
                D = D.view(-1, flat.shape[1])
                torch.mm(passed[k - 1].T, D, out=gradients[k].view(flat.shape))
                D = torch.mm(D, flat.T)
            gradients[0].copy_(D.view(gradients[0].shape))

        return passed[-1].view(_shape(factors)), pullback

    def wider(self, shape: Shape) -> str:
        return "a higher rank of the model" if self.ranks(shape) != cut_ranks(shape) else ""

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        flops, rows = 0.0, 1
        for each in self.factor_shapes(shape):
            flops += 6.0 * rows * math.prod(each)
            rows *= each[1] if len(each) == 3 else 1
        return flops

    def paths(self, shape: Shape) -> float:
        return float(math.prod(self.ranks(shape))) ** self.depth

    def conserved(self, factors: Factors) -> list[Tensor]:
        """Between neighbours L [.., r] and R [r, ..]: L^T L - R R^T. Derived: see tests/contracts/test_models.py."""
        conserved = []
        for left, right in pairwise(factors):
            lower, upper = left.flatten(1, -2), right.flatten(2)
            conserved.append(torch.bmm(lower.mT, lower).baddbmm_(upper, upper.mT, alpha=-1))
        return conserved

    def spectra(self, shape: Shape) -> dict[str, int]:
        main = balanced_cut(shape)
        cuts = [main, *(n for n in range(1, len(shape)) if n != main)]
        return {f"cut_{n}": cut_ranks(shape)[n - 1] for n in cuts}


def _shape(factors: Factors) -> Shape:
    return tuple(factor.shape[1] for factor in factors if factor.ndim == 3)


def _forward(factors: Factors) -> list[Tensor]:
    """The product of the first one, two, .. factors, each [everything before its last axis, its last axis]."""
    partial = [factors[0].reshape(-1, factors[0].shape[-1])]
    for factor in factors[1:]:
        partial.append(torch.mm(partial[-1], factor.reshape(factor.shape[0], -1)).view(-1, factor.shape[-1]))
    return partial
