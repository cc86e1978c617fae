"""How fast every singular value moves: what Theorem 3 says, and what was measured at the same point."""

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from dmf_core.interfaces import Factors
from dmf_core.theory.modes import Modes

Number = TypeVar("Number", float, np.ndarray)


class Speeds(NamedTuple):
    """The first modes at one point. NaN where singular values are equal, so that single vectors do not exist."""

    sigma: Tensor  # [R]
    pull: Tensor  # [R] <-dL/dW, u_r v_r^T>
    measured: Tensor  # [R] u_r^T (dW/dt) v_r, the rate at which the r-th singular value changes


def predicted_speed(depth: int, sigma: Number, pull: Number) -> Number:
    """d sigma_r / dt = N sigma_r^(2 - 2/N) <-dL/dW, u_r v_r^T>. Source: Arora et al. 2019, Theorem 3 (balanced flow)."""
    speed: Number = depth * sigma ** (2 - 2 / depth) * pull
    return speed


def singular_value_speeds(
    modes: Modes,  # of W
    gradient: Tensor,  # [rows, columns] dL/dW
    velocity: Tensor,  # [rows, columns] dW/dt, as it was: no balance is assumed
) -> Speeds:
    """Of these modes. Check: tests/theory/test_speeds.py, against differences along accurate paths."""
    U, sigma, V, defined = modes

    def along(direction: Tensor) -> Tensor:  # [R] u_r^T direction v_r
        return torch.where(defined, (U * (direction @ V)).sum(0), torch.nan)

    return Speeds(sigma, -along(gradient), along(velocity))


def end_to_end_velocity(factors: Factors, velocities: Factors) -> Tensor:  # [rows, columns]
    """dW/dt by the product rule."""
    product, change = factors[0], velocities[0]  # of W_j .. W_1
    for factor, velocity in zip(factors[1:], velocities[1:], strict=True):
        product, change = factor @ product, factor @ change + velocity @ product
    return change
