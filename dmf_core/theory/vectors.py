"""How fast the singular vectors of W turn: from the pull alone where the flow is balanced, and as it was."""

from typing import NamedTuple

import torch
from torch import Tensor

from dmf_core.theory.modes import Modes


class Turning(NamedTuple):
    """The velocities of the first R pairs of singular vectors. NaN where a vector is not defined."""

    u: Tensor  # [rows, R]
    v: Tensor  # [columns, R]

    @property
    def speed(self) -> Tensor:  # [R] radians per time, of both vectors together
        return torch.sqrt(self.u.square().sum(0) + self.v.square().sum(0))


def measured_turning(modes: Modes, velocity: Tensor, count: int) -> Turning:
    """Of the first pairs when W moves with this velocity. First-order perturbation theory; no balance is assumed."""
    return _turning(modes, velocity, 2.0, count)


def predicted_turning(modes: Modes, pull: Tensor, depth: int, count: int) -> Turning:
    """u_r'^T du_r/dt = (sigma_r p_r'r + sigma_r' p_rr') / (sigma_r^(2/N) - sigma_r'^(2/N)) with p = U^T (-dL/dW) V.

    Likewise for v with p transposed. Derived from the end-to-end equation, for a balanced flow. The vectors stand still
    where p is diagonal. Check: tests/theory/test_vectors.py, against differences along runs.
    """
    return _turning(modes, pull, 2 / depth, count)


def _turning(modes: Modes, matrix: Tensor, exponent: float, count: int) -> Turning:
    """All singular vectors are needed, the first `count` are told. With the exponent 2 it is the derivative of the SVD."""
    U, sigma, V, defined = modes
    R = min(count, len(sigma))
    p = U.T @ matrix @ V
    first, all_of_them = sigma[None, :R], sigma[:, None]
    gaps = first**exponent - all_of_them**exponent
    own = torch.eye(len(sigma), R, dtype=torch.bool, device=sigma.device)
    gaps = torch.where(own, torch.inf, gaps)  # a unit vector does not turn towards itself
    turn_u = (first * p[:, :R] + all_of_them * p.T[:, :R]) / gaps
    turn_v = (first * p.T[:, :R] + all_of_them * p[:, :R]) / gaps
    beyond = first ** (1 - exponent)
    u = U @ turn_u + (matrix @ V[:, :R] - U @ p[:, :R]) * beyond
    v = V @ turn_v + (matrix.T @ U[:, :R] - V @ p.T[:, :R]) * beyond
    known = defined[:R] & torch.isfinite(u).all(0) & torch.isfinite(v).all(0)
    return Turning(torch.where(known, u, torch.nan), torch.where(known, v, torch.nan))
