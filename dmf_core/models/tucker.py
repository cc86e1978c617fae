"""W = core times one matrix in every mode: the Tucker factorization, shallow and deep."""

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import BeforeValidator, Field
from torch import Tensor

from dmf_core import limits
from dmf_core.formatting import with_article
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Pullback, Shape
from dmf_core.models.chains import chain_imbalance, chain_shapes, chains, products, pull_chain
from dmf_core.models.starts import OF_TENSORS
from dmf_core.shapes import Ranks, in_words, spread, whole_numbers

THIN = 3.0  # dense products in the time of one of thin tensors, whose numbers move too; see tests/core/test_cost.py


class Tucker(Factorization):
    """A core [r_1, .., r_N] times the matrix X_n^(1) X_n^(2) .. X_n^(K) in every mode n, K = `depth`.

    The first of them is [d_n, r_n], the others are square. Depth 1 is the usual Tucker. The factors come as core,
    X_1^(1) .. X_1^(K), X_2^(1) .. X_N^(K). Every mode product is one matrix product, which leaves its mode the last:
    after N of them the order is the old one.

    Source: Tucker 1966; deep: our own settings after the abstract of Milanesi et al. 2021, which gives no formula.
    """

    kind: Literal["tucker"] = "tucker"
    depth: int = Field(1, ge=1, le=limits.MAX_DEPTH)
    rank: Annotated[Ranks | None, BeforeValidator(whole_numbers)] = None  # of every mode; None: the sides
    tensor: ClassVar[bool] = True
    starts: ClassVar[Mapping[str, InitialFactors]] = OF_TENSORS
    label: ClassVar[str] = "Tucker"
    short: ClassVar[str] = "Tucker"
    help: ClassVar[str] = "A small core, multiplied by one matrix along every axis."
    depth_help: ClassVar[str] = (
        "How many matrices are multiplied along every axis; the scale follows, so that the start stays as small."
    )

    def degree(self, shape: Shape) -> int:
        return len(self.factor_shapes(shape))

    def ranks(self, shape: Shape) -> Shape:
        return shape if self.rank is None else spread(self.rank, len(shape))

    def incompatibility(self, shape: Shape) -> str:
        ranks = self.ranks(shape)
        if len(ranks) != len(shape):
            return (
                f"model.rank gives {len(ranks)} ranks, but tucker has one per mode, {len(shape)} for "
                f"{with_article(in_words(shape))} tensor; give so many, or one for all."
            )
        for n, (rank, side) in enumerate(zip(ranks, shape, strict=True), start=1):
            if not 1 <= rank <= side:
                return (
                    f"model.rank is {rank} in mode {n}, but it goes from 1 to {side} in {with_article(in_words(shape))} tensor; "
                    "choose such a rank, or leave it empty for the sides."
                )
        return ""

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        ranks = self.ranks(shape)
        pairs = zip(shape, ranks, strict=True)
        return (ranks, *(each for side, rank in pairs for each in chain_shapes((side, rank), self.depth)))

    def end_to_end(self, factors: Factors) -> Tensor:
        matrices = [products(chain)[-1] for chain in chains(factors[1:], self.depth)]
        return _forward(factors[0], matrices)[-1].view([matrix.shape[0] for matrix in matrices])

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        groups = chains(factors[1:], self.depth)
        partial = [products(chain) for chain in groups]
        matrices = [each[-1] for each in partial]
        passed = _forward(factors[0], matrices)

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            D = dL_dW.reshape(-1)
            for n in range(len(matrices) - 1, -1, -1):
                side, rank = matrices[n].shape
                D = D.view(-1, side)  # mode n is the last
                own = torch.mm(D.T, passed[n].view(rank, -1).T)
                at = 1 + n * self.depth
                pull_chain(groups[n], partial[n], own, gradients[at : at + self.depth])
                D = torch.mm(matrices[n].T, D.T)  # mode n is the first
            gradients[0].copy_(D.view(gradients[0].shape))

        return passed[-1].view([matrix.shape[0] for matrix in matrices]), pullback

    def wider(self, shape: Shape) -> str:
        return "a higher rank of the model" if self.ranks(shape) != shape else ""

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """In dense products; one of thin tensors counts `THIN` times."""
        ranks = self.ranks(shape)
        flops, size = 0.0, math.prod(ranks)
        for side, rank in zip(shape, ranks, strict=True):
            flops += 6.0 * size * side + 6.0 * side * rank * rank * (self.depth - 1)
            size = size // rank * side
        return THIN * flops

    def paths(self, shape: Shape) -> float:
        return float(math.prod(self.ranks(shape))) ** self.depth

    def conserved(self, factors: Factors) -> list[Tensor]:
        """Inside each mode as in a product of matrices; between mode n and the core X_n^(K)T X_n^(K) - C_(n) C_(n)T.

        Derived: see tests/contracts/test_models.py.
        """
        core, conserved = factors[0], []
        for n, chain in enumerate(chains(factors[1:], self.depth), start=1):
            unfolded = core.movedim(n, 1).flatten(2)
            conserved += [*chain_imbalance(chain), torch.bmm(chain[-1].mT, chain[-1]).baddbmm_(unfolded, unfolded.mT, alpha=-1)]
        return conserved

    def spectra(self, shape: Shape) -> dict[str, int]:
        return {f"unfolding_{n}": min(side, math.prod(shape) // side) for n, side in enumerate(shape, start=1)}


def _forward(core: Tensor, matrices: list[Tensor]) -> list[Tensor]:
    """The core, then with the first matrix applied, with the first two, ..; the latest mode comes last."""
    partial = [core]
    for matrix in matrices:
        partial.append(torch.mm(partial[-1].reshape(matrix.shape[1], -1).T, matrix.T))
    return partial
