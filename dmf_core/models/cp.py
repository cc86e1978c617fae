"""W = sum of outer products of one column from each factor matrix: the CP factorization, shallow and deep."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.formatting import with_article
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Linearize, Pullback, Shape
from dmf_core.models.chains import chain_imbalance, chain_shapes, chains, products, pull_chain
from dmf_core.models.observed_products import ObservedProducts
from dmf_core.models.starts import OF_COMPONENTS
from dmf_core.shapes import balanced_cut, in_words

SPARSE = 4.5  # a multiplication with a sparse residual costs about so many dense ones here, where both halves are in the cache
WORTHWHILE = 5e6  # multiplications and additions that a gradient must save
MOVED = 60.0  # flops in the time that a number takes through the passes over the Khatri-Rao products


class CP(Factorization):
    """`rank` components, each the outer product of one column of every mode's matrix.

    The matrix of mode n is X_n^(1) X_n^(2) .. X_n^(K) with K = `depth`: the first [d_n, rank], the others square.
    Depth 1 is the usual CP. W is the product of two Khatri-Rao products, of the first modes and of the rest, so that
    a gradient is three matrix products; the factors come as X_1^(1) .. X_1^(K), X_2^(1) .. X_N^(K).

    Source: Razin, Maman, Cohen 2021, released code (depth 1); deep: our own after the abstract of Hariz et al.
    2022, whose formula was not read.
    """

    kind: Literal["cp"] = "cp"
    depth: int = Field(1, ge=1, le=limits.MAX_DEPTH)
    rank: int | None = Field(None, ge=1, le=limits.MAX_COMPONENTS)  # None: the product of all sides but the largest
    tensor: ClassVar[bool] = True
    one_rank: ClassVar[bool] = True
    starts: ClassVar[Mapping[str, InitialFactors]] = OF_COMPONENTS
    label: ClassVar[str] = "CP"
    short: ClassVar[str] = "CP"
    help: ClassVar[str] = "A sum of components, each the outer product of one vector per axis."
    depth_help: ClassVar[str] = (
        "How many matrices are multiplied along every axis; the scale follows, so that the start stays as small."
    )

    @property
    def theory(self) -> str:
        return "balanced_components" if self.depth == 1 else ""

    def degree(self, shape: Shape) -> int:
        return len(self.factor_shapes(shape))

    def components(self, shape: Shape) -> int:
        return math.prod(shape) // max(shape) if self.rank is None else self.rank

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        R = self.components(shape)
        return tuple(each for side in shape for each in chain_shapes((side, R), self.depth))

    def incompatibility(self, shape: Shape) -> str:
        R = self.components(shape)
        if R <= limits.MAX_COMPONENTS:
            return ""
        return (
            f"model.rank is empty, which means {R} components for {with_article(in_words(shape))} tensor, above the limit of "
            f"{limits.MAX_COMPONENTS}; choose a number of components."
        )

    def end_to_end(self, factors: Factors) -> Tensor:
        matrices = [products(chain)[-1] for chain in chains(factors, self.depth)]
        shape = tuple(matrix.shape[0] for matrix in matrices)
        cut = balanced_cut(shape)
        left, right = khatri_rao(matrices[:cut])[-1], khatri_rao(matrices[cut:])[-1]
        return torch.mm(left, right.T).view(shape)

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        halves = _Halves(factors, self.depth)
        W = torch.mm(halves.left, halves.right.T)

        def pullback(dL_dW: Tensor, gradients: Factors) -> None:
            D = dL_dW.view(W.shape)
            halves.pull(torch.mm(D, halves.right), torch.mm(D.T, halves.left), gradients)

        return W.view(halves.shape), pullback

    def entrywise(self, shape: Shape, index: Tensor) -> Linearize | None:
        return self.linearize_entries(shape, index) if self._pays(shape, len(index)) else None

    def linearize_entries(self, shape: Shape, index: Tensor) -> Linearize:
        """Like `entrywise`, without comparing costs: inner products of rows of the two halves."""
        cut = balanced_cut(shape)
        entries_of_product = ObservedProducts((math.prod(shape[:cut]), math.prod(shape[cut:])), index)

        def linearize(factors: Factors) -> tuple[Tensor, Pullback]:
            halves = _Halves(factors, self.depth)
            entries, back = entries_of_product(halves.left, halves.right)

            def pullback(r: Tensor, gradients: Factors) -> None:
                halves.pull(*back(r, None), gradients)

            return entries, pullback

        return linearize

    def _pays(self, shape: Shape, observed: int) -> bool:
        return 6.0 * self.components(shape) * (math.prod(shape) - SPARSE * observed) >= WORTHWHILE

    def wider(self, shape: Shape) -> str:
        enough = math.prod(shape) // max(shape)
        return "a higher rank of the model" if self.components(shape) < enough else ""

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """In dense products; one with a sparse residual counts `SPARSE` times, a number moved in memory `MOVED` times."""
        R, cut = self.components(shape), balanced_cut(shape)
        products = SPARSE * observed if observed is not None and self._pays(shape, observed) else math.prod(shape)
        halves = math.prod(shape[:cut]) + math.prod(shape[cut:])
        return 6.0 * R * products + MOVED * R * halves + 6.0 * R * R * sum(shape) * (self.depth - 1)

    def paths(self, shape: Shape) -> float:
        return float(self.components(shape)) ** (1 + len(shape) * (self.depth - 1))

    def conserved(self, factors: Factors) -> list[Tensor]:
        """Inside each mode as in a product of matrices; between modes n and n + 1 for every component the difference of
        the squared norms of its columns in X_n^(K) and X_{n+1}^(K).

        Derived, see tests/contracts/test_models.py.
        """
        groups = chains(factors, self.depth)
        inside = [each for chain in groups for each in chain_imbalance(chain)]
        squares = [chain[-1].square().sum(dim=1) for chain in groups]
        return inside + [a - b for a, b in pairwise(squares)]

    def spectra(self, shape: Shape) -> dict[str, int]:
        count = min(self.components(shape), limits.COMPONENTS_KEPT)
        unfoldings = {f"unfolding_{n}": min(side, math.prod(shape) // side) for n, side in enumerate(shape, start=1)}
        return {"component_norms": count, **unfoldings}

    def own_spectra(self, factors: Factors) -> dict[str, Tensor]:  # each: [B, *its shape] -> [B, R] descending, float64
        norms = factors[0].new_ones(1, dtype=torch.float64)
        for chain in chains(factors, self.depth):
            matrix = chain[0].double()
            for factor in chain[1:]:
                matrix = torch.bmm(matrix, factor.double())
            norms = norms * matrix.norm(dim=1)
        return {"component_norms": norms.sort(dim=1, descending=True).values}


def khatri_rao(matrices: list[Tensor]) -> list[Tensor]:  # each: [d_n, R] -> [d_1, R], [d_1 d_2, R], ..
    """The column-wise outer products of the first one, two, .. matrices; rows in the order of the flat tensor."""
    partial = [matrices[0]]
    for matrix in matrices[1:]:
        partial.append((partial[-1][:, None, :] * matrix[None, :, :]).view(-1, matrix.shape[1]))
    return partial


class _Halves:
    """The factors multiplied together from both ends to the middle, and the way back."""

    def __init__(self, factors: Factors, depth: int) -> None:
        self._depth = depth
        self._chains = chains(factors, depth)
        self._partial = [products(chain) for chain in self._chains]
        matrices = [partial[-1] for partial in self._partial]
        self._matrices = matrices
        self.shape = tuple(matrix.shape[0] for matrix in matrices)
        self._cut = balanced_cut(self.shape)
        self._grown = khatri_rao(matrices[: self._cut]), khatri_rao(matrices[self._cut :])
        self.left, self.right = self._grown[0][-1], self._grown[1][-1]

    def pull(self, D_left: Tensor, D_right: Tensor, gradients: Factors) -> None:
        """Writes the gradients, given those of both halves."""
        self._pull_half(0, D_left, self._grown[0], gradients)
        self._pull_half(self._cut, D_right, self._grown[1], gradients)

    def _pull_half(self, first: int, D: Tensor, grown: list[Tensor], gradients: Factors) -> None:
        for k in range(len(grown) - 1, 0, -1):
            matrix, before = self._matrices[first + k], grown[k - 1]
            D = D.view(before.shape[0], *matrix.shape)
            self._write(first + k, (D * before[:, None, :]).sum(dim=0), gradients)  # einsum takes six times as long
            D = (D * matrix).sum(dim=1)
        self._write(first, D, gradients)

    def _write(self, n: int, D: Tensor, gradients: Factors) -> None:
        at = n * self._depth
        pull_chain(self._chains[n], self._partial[n], D, gradients[at : at + self._depth])
