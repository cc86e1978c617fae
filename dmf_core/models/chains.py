"""Products of matrices inside a factorization: deep models put one where shallow ones have a matrix."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from dmf_core.interfaces import Factors, Shape


def chain_shapes(first: Shape, depth: int) -> tuple[Shape, ...]:  # [a, b], then depth - 1 times [b, b]
    """Shapes of X^(1), X^(2) .. X^(K), whose product stands in for one matrix of the shape `first`."""
    return (first, *((first[1], first[1]),) * (depth - 1))


def chains(factors: Factors, depth: int) -> list[Factors]:
    """The factors in groups of `depth`."""
    return [factors[i : i + depth] for i in range(0, len(factors), depth)]


def products(chain: Factors) -> list[Tensor]:
    """X^(1), X^(1) X^(2), .. , the whole product last."""
    partial = [chain[0]]
    for factor in chain[1:]:
        partial.append(torch.mm(partial[-1], factor))
    return partial


def pull_chain(chain: Factors, partial: Sequence[Tensor], D: Tensor, gradients: Factors) -> None:
    """Writes the gradients of the chain's factors, given D = dL/d(product); `partial` as from `products`."""
    for k in range(len(chain) - 1, 0, -1):
        torch.mm(partial[k - 1].T, D, out=gradients[k])
        D = torch.mm(D, chain[k].T)
    gradients[0].copy_(D)


def chain_imbalance(chain: Factors) -> list[Tensor]:  # each: [B, a, b] -> K - 1 of [B, b, b]
    """X^(k)T X^(k) - X^(k+1) X^(k+1)T, which the flow conserves: turning a product's inside changes nothing outside."""
    return [torch.bmm(left.mT, left).baddbmm_(right, right.mT, alpha=-1) for left, right in pairwise(chain)]
