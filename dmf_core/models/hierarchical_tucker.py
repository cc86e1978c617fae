"""W = a binary tree of small tensors over its modes: the hierarchical Tucker factorization, shallow and deep."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, NamedTuple

import torch
from pydantic import BeforeValidator, Field
from torch import Tensor

from dmf_core import limits
from dmf_core.formatting import with_article
from dmf_core.interfaces import Factorization, Factors, InitialFactors, Pullback, Shape
from dmf_core.models.chains import chain_imbalance, chain_shapes, chains, products, pull_chain
from dmf_core.models.starts import OF_TENSORS
from dmf_core.shapes import Ranks, in_words, spread, whole_numbers

THIN = 6.0  # dense products in the time of one of thin tensors, whose numbers move too; see tests/core/test_cost.py
NODE = 2e6  # flops in the time that the calls for one joined node take


class Node(NamedTuple):
    """The modes first .. last (from 1), and the places of both halves among the nodes; a single mode has no halves."""

    first: int
    last: int
    halves: tuple[int, int] | None


@lru_cache(maxsize=16)
def tree(order: int) -> tuple[Node, ...]:
    """Single modes first, then groups, every group after its halves, all modes last. An odd mode goes to the first half."""
    nodes = [Node(n, n, None) for n in range(1, order + 1)]

    def place(first: int, last: int) -> int:
        if first == last:
            return first - 1
        middle = (first + last) // 2
        nodes.append(Node(first, last, (place(first, middle), place(middle + 1, last))))
        return len(nodes) - 1

    place(1, order)
    return tuple(nodes)


class HierarchicalTucker(Factorization):
    """Every mode has a matrix [d_n, r_n]; every group of modes joins its halves by B [r_left, r_right, r_group].

    V_group[(i, j), c] = sum over a, b of V_left[i, a] V_right[j, b] B[a, b, c]; for all modes together there is no c, and V
    is W. With K = `depth`, K - 1 square matrices stand between a node and the group that it belongs to. Depth 1 is the
    usual hierarchical Tucker. The factors come in the order of `tree`, each followed by its square matrices.

    Source: Razin, Maman, Cohen 2022 (released code: two by two); the tree of odd orders and depth are our own.
    """

    kind: Literal["hierarchical_tucker"] = "hierarchical_tucker"
    depth: int = Field(1, ge=1, le=limits.MAX_DEPTH)
    rank: Annotated[Ranks | None, BeforeValidator(whole_numbers)] = None  # of every node; None: as large as can be
    tensor: ClassVar[bool] = True
    starts: ClassVar[Mapping[str, InitialFactors]] = OF_TENSORS
    label: ClassVar[str] = "tree (hierarchical Tucker)"
    short: ClassVar[str] = "Tree"
    help: ClassVar[str] = "A tree of small tensors that joins the axes two by two."
    depth_help: ClassVar[str] = (
        "How many factors every node is a product of; the scale follows, so that the start stays as small."
    )

    def degree(self, shape: Shape) -> int:
        return len(self.factor_shapes(shape))

    def ranks(self, shape: Shape) -> Shape:
        """The ranks of all nodes but the root, the last one."""
        most = largest(shape)
        if self.rank is None:
            return most
        return tuple(min(self.rank, each) for each in most) if isinstance(self.rank, int) else self.rank

    def incompatibility(self, shape: Shape) -> str:
        most, ranks = largest(shape), self.ranks(shape)
        if isinstance(self.rank, int) and self.rank > max(most):
            ranks = spread(self.rank, len(most))
        if len(ranks) != len(most):
            return (
                f"model.rank gives {len(ranks)} ranks, but hierarchical_tucker has one per mode and one per group of modes, "
                f"{len(most)} for {with_article(in_words(shape))} tensor; give so many, or one for all."
            )
        for node, rank, limit in zip(tree(len(shape)), ranks, most, strict=False):
            if not 1 <= rank <= limit:
                where = f"in mode {node.first}" if node.halves is None else f"for modes {node.first} to {node.last}"
                return (
                    f"model.rank is {rank} {where}, but it goes from 1 to {limit} in {with_article(in_words(shape))} tensor; "
                    "choose such a rank, or leave it empty for the largest."
                )
        return ""

    def factor_shapes(self, shape: Shape) -> tuple[Shape, ...]:
        ranks = self.ranks(shape)
        shapes: list[Shape] = []
        for n, node in enumerate(tree(len(shape))):
            before = (shape[n],) if node.halves is None else tuple(ranks[half] for half in node.halves)
            own = ranks[n : n + 1]  # none of the last node
            shapes += [before + own, *chain_shapes(own * 2, self.depth)[1:]] if own else [before]
        return tuple(shapes)

    def end_to_end(self, factors: Factors) -> Tensor:
        return _Tree(factors, self.depth).W

    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        grown = _Tree(factors, self.depth)
        return grown.W, grown.pull

    def wider(self, shape: Shape) -> str:
        return "a higher rank of the model" if self.ranks(shape) != largest(shape) else ""

    def gradient_flops(self, shape: Shape, observed: int | None) -> float:
        """In dense products; one of thin tensors counts `THIN` times, the joining of a node `NODE` besides."""
        ranks = (*self.ranks(shape), 1)
        flops, sizes = 0.0, [float(side) for side in shape]
        for n, node in enumerate(tree(len(shape))):
            rows = shape[n] if node.halves is None else math.prod(ranks[half] for half in node.halves)
            flops += 6.0 * rows * ranks[n] ** 2 * (self.depth - 1 if n < len(ranks) - 1 else 0)
            if node.halves is not None:
                left, right = node.halves
                sizes.append(sizes[left] * sizes[right])
                flops += 6.0 * ranks[right] * ranks[n] * (sizes[left] * ranks[left] + sizes[n])
        return THIN * flops + NODE * (len(tree(len(shape))) - len(shape))

    def paths(self, shape: Shape) -> float:
        return float(math.prod(self.ranks(shape))) ** self.depth

    def conserved(self, factors: Factors) -> list[Tensor]:
        """Inside each chain as in a product of matrices; between a node's last X [.., r] and its group's B, unfolded
        to r rows: X^T X - B_(r) B_(r)^T. Derived: see tests/contracts/test_models.py.
        """
        groups, conserved = chains(factors, self.depth), []
        flat = [(chain[0].flatten(1, -2), *chain[1:]) for chain in groups]
        for node, chain in zip(tree(_order(groups)), groups, strict=True):
            for side, half in enumerate(node.halves or ()):
                lower, upper = flat[half][-1], chain[0].movedim(1 + side, 1).flatten(2)
                conserved += chain_imbalance(flat[half])
                conserved.append(torch.bmm(lower.mT, lower).baddbmm_(upper, upper.mT, alpha=-1))
        return conserved

    def spectra(self, shape: Shape) -> dict[str, int]:
        """Of every node, the first cut of the tree foremost; its two halves have the same, and are named once."""
        nodes, most = tree(len(shape)), largest(shape)
        left, right = nodes[-1].halves or (0, 0)
        main, same = (right, left) if nodes[right].halves is None else (left, right)
        groups = [n for n in range(len(most) - 1, -1, -1) if nodes[n].halves is not None]
        return {_name(nodes[n]): most[n] for n in (main, *groups, *range(len(shape))) if n != same}


def largest(shape: Shape) -> Shape:
    """The largest rank of every node but the last: the smaller of the products of the sides inside and outside."""
    inside = [math.prod(shape[node.first - 1 : node.last]) for node in tree(len(shape))[:-1]]
    return tuple(min(each, math.prod(shape) // each) for each in inside)


def _name(node: Node) -> str:
    if node.halves is None:
        return f"unfolding_{node.first}"
    return f"cut_{node.last}" if node.first == 1 else "_".join(["group", *map(str, range(node.first, node.last + 1))])


def _order(groups: Sequence[Factors]) -> int:
    return (len(groups) + 1) // 2


class _Tree:
    """Every node's V [entries of its modes, r], from the single modes to W, and the way back."""

    def __init__(self, factors: Factors, depth: int) -> None:
        self._depth = depth
        groups = chains(factors, depth)
        self._nodes = tree(_order(groups))
        self._chains = [_flat(chain) for chain in groups[:-1]] + [groups[-1]]
        self._partial = [products(chain) for chain in self._chains]
        self._grown: list[Tensor] = []
        self._halfway: list[Tensor] = []  # of a group: V_left B [entries of the left half, r_right, r]
        for node, partial in zip(self._nodes, self._partial, strict=True):
            V = partial[-1]
            if node.halves is not None:
                left, right = (self._grown[half] for half in node.halves)
                half = torch.mm(left, V.view(left.shape[1], -1)).view(left.shape[0], right.shape[1], -1)
                self._halfway.append(half)
                V = torch.matmul(right, half).view(left.shape[0] * right.shape[0], -1)
            self._grown.append(V)
        self.W = self._grown[-1].view([chain[0].shape[0] for chain in groups[: _order(groups)]])

    def pull(self, dL_dW: Tensor, gradients: Factors) -> None:
        """Writes the gradients, given dL/dW."""
        order = _order(self._chains)
        D: list[Tensor] = [dL_dW] * len(self._nodes)
        for n in range(len(self._nodes) - 1, -1, -1):
            halves, own = self._nodes[n].halves, D[n]
            if halves is not None:
                left, right = (self._grown[half] for half in halves)
                half, B = self._halfway[n - order], self._partial[n][-1].view(left.shape[1], -1)
                own = own.reshape(left.shape[0], right.shape[0], -1)
                D[halves[1]] = torch.mm(own.transpose(0, 1).flatten(1), half.transpose(0, 1).flatten(1).T)
                before = torch.matmul(right.T, own).flatten(1)
                D[halves[0]] = torch.mm(before, B.T)
                own = torch.mm(left.T, before)
            at = n * self._depth
            written = gradients[at : at + self._depth]
            chain = self._chains[n]
            pull_chain(chain, self._partial[n], own.view(chain[0].shape), (written[0].view(chain[0].shape), *written[1:]))


def _flat(chain: Factors) -> Factors:
    """The chain with its first factor as a matrix: everything before its last axis, its last axis."""
    return (chain[0].reshape(-1, chain[0].shape[-1]), *chain[1:])
