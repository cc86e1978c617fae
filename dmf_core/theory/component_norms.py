"""How fast the components of a CP factorization grow.

W = sum over r of w_r^1 x .. x w_r^N, a_n = |w_r^n|, and the norm of component r is s_r = a_1 a_2 .. a_N. Along the
gradient flow s_r follows an exact identity, whatever the start; where the a_n are equal it is a power law; where they
nearly are, a band around that law. All of it is for depth 1 but `power_law`.

Source: Razin, Maman, Cohen 2021, in the authors' post (the power law for balanced components); its factor N, the identity,
the band and that unbalancedness is conserved are derived, see tests/theory/test_component_norms.py.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from dmf_core.interfaces import Factors


class Growth(NamedTuple):
    """Of every component, in the order of the factors' columns."""

    norm: Tensor  # [R] s_r
    pull: Tensor  # [R] gamma_r = <-dL/dW, component r / s_r>; 0 where s_r is 0
    speed: Tensor  # [R] d s_r / dt along the flow, exactly
    unbalancedness: Tensor  # [R] the largest |a_n^2 - a_m^2|, which the flow conserves


def growth(
    factors: Factors,  # each: [d_n, R]
    gradient: Tensor,  # dL/dW [*d]
) -> Growth:
    """d s_r / dt = gamma_r * sum over n of the product of a_m^2 over m != n."""
    lengths = torch.stack([factor.norm(dim=0) for factor in factors])  # [N, R]
    units = [factor / torch.where(length > 0, length, 1.0) for factor, length in zip(factors, lengths, strict=True)]
    pull = -torch.tensordot(units[0], gradient, dims=([0], [0]))  # [R, d_2 ..]
    for unit in units[1:]:
        pull = torch.einsum("rd...,dr->r...", pull, unit)
    squares = lengths.square()
    others = [torch.cat([squares[:n], squares[n + 1 :]]).prod(dim=0) for n in range(len(factors))]
    spread = squares.max(dim=0).values - squares.min(dim=0).values
    return Growth(lengths.prod(dim=0), pull, pull * torch.stack(others).sum(dim=0), spread)


def power_law(norm: Tensor, pull: Tensor, layers: int) -> Tensor:  # [R], [R] -> [R]
    """d s_r / dt = P gamma_r s_r^(2 - 2/P) for a balanced component that P = `layers` factors multiply to.

    P is the order N at depth 1. In a deep CP model P = N K, for components that do not mix: deeper matrices that stay
    diagonal, or one component alone. Derived for K > 1.
    """
    return layers * pull * norm.pow(2 - 2 / layers)


def band(growth: Growth, order: int) -> tuple[Tensor, Tensor]:
    """(lowest, highest) d s_r / dt that the pull, the norm and the unbalancedness of a component allow.

    With eps the unbalancedness, every a_n^2 is at most s^(2/N) + eps: the smallest is below their geometric mean. So
    N s^2 / (s^(2/N) + eps) <= (d s / dt) / gamma <= N (s^(2/N) + eps)^(N - 1). Without unbalancedness both are the power law.
    """
    most = growth.norm.pow(2 / order) + growth.unbalancedness
    low = order * growth.pull * growth.norm.square() / torch.where(most > 0, most, math.inf)
    high = order * growth.pull * most.pow(order - 1)
    return torch.minimum(low, high), torch.maximum(low, high)
