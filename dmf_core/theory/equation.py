"""The end-to-end equation: how the matrix W moves when its factors follow the gradient flow from a balanced start."""

from typing import TypeVar

import numpy as np
from torch import Tensor

from dmf_core.theory.modes import Modes

Array = TypeVar("Array", Tensor, np.ndarray)


def preconditioner(depth: int, sigma: Array) -> Array:  # [R] -> [R, R]
    """K_rr' = sum over j = 1 .. N of sigma_r^(2(j-1)/N) sigma_r'^(2(N-j)/N): what depth makes of an entry of the pull.

    (U^T dW/dt V)_rr' = K_rr' <-dL/dW, u_r v_r'^T>; on the diagonal K_rr = N sigma_r^(2-2/N), which is Theorem 3.
    Derived from the end-to-end equation of Arora et al. 2019; tests/theory/test_equation.py.
    """
    powers = [sigma ** (2 * j / depth) for j in range(depth)]
    K = powers[0][:, None] * powers[-1][None, :]
    for j in range(1, depth):
        K = K + powers[j][:, None] * powers[depth - 1 - j][None, :]
    return K


def end_to_end_flow(modes: Modes, pull: Tensor, depth: int) -> Tensor:  # [rows, columns] -dL/dW -> [rows, columns] dW/dt
    """dW/dt = sum over j of (W W^T)^((j-1)/N) (-dL/dW) (W^T W)^((N-j)/N), from all singular vectors of W.

    Source: Arora et al. 2019 (end-to-end dynamics of a balanced flow). Beyond the range of W only one term is left.
    """
    U, sigma, V, _ = modes
    power = sigma ** (2 - 2 / depth)
    inside = U.T @ pull @ V
    left = pull @ V - U @ inside  # rows that W does not reach
    right = U.T @ pull - inside @ V.T
    return (U @ (preconditioner(depth, sigma) * inside) + left * power) @ V.T + U @ (power[:, None] * right)
