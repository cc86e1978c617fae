"""RKC2: an explicit method whose stable step grows with the square of its number of stages."""

import math
from collections.abc import Iterator
from functools import cache

import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.fixed_step import norm
from dmf_core.interfaces import Field, Step

KAPPA = 0.1
FLOOR = 16
REFRESH = 8  # accepted steps between two looks at the spectral radius
MARGIN = 1.15
QUIET_STEPS = 60


@cache
def coefficients(s: int) -> list[tuple[float, float, float, float]]:
    """Per stage j = 1..s: (mu_j, nu_j, mu~_j, gamma~_j). Source: Sommeijer, Shampine, Verwer 1998, eqs. 2.4 to 2.8."""
    w0 = 1 + 2 / (13 * s * s)
    T, dT, ddT = [1.0, w0], [0.0, 1.0], [0.0, 0.0]
    for j in range(2, s + 1):
        T.append(2 * w0 * T[j - 1] - T[j - 2])
        dT.append(2 * T[j - 1] + 2 * w0 * dT[j - 1] - dT[j - 2])
        ddT.append(4 * dT[j - 1] + 2 * w0 * ddT[j - 1] - ddT[j - 2])
    w1 = dT[s] / ddT[s]
    b = [0.0, 0.0] + [ddT[j] / dT[j] ** 2 for j in range(2, s + 1)]
    b[0] = b[1] = b[2]
    table = [(0.0, 0.0, b[1] * w1, 0.0)]
    for j in range(2, s + 1):
        mu = 2 * b[j] * w1 / b[j - 1]
        table.append((2 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2], mu, -(1 - b[j - 1] * T[j - 1]) * mu))
    return table


def chebyshev(field: Field, x: Tensor, tolerance: float) -> Iterator[Step]:
    """Steps of the gradient flow from x [p]."""
    F0 = field(x)
    yield field.step(0.0, 0, 0, x, F0)
    rounding = float(torch.finfo(x.dtype).eps)
    size, speed = norm(x), norm(F0)
    if speed == 0.0:
        return
    t, iteration, rejected, age, quiet, anchor = 0.0, 0, 0, REFRESH, 0, x
    h = 0.1 * (size or 1.0) / speed
    rho, direction = 0.0, None
    h_last, error_last = 0.0, 0.0
    F, point = torch.empty_like(x), torch.empty_like(x)
    D, D1, D2 = torch.empty_like(x), torch.empty_like(x), torch.empty_like(x)
    while t <= limits.MAX_TIME and quiet < QUIET_STEPS:
        if age >= REFRESH and (direction is None or h * rho > 0.5):
            rho, direction = spectral_radius(field, x, F0, direction, 20 if direction is None else 2)
            age = 0
        h = min(h, tolerance / (4 * rounding * rho)) if rho > 0 else h
        s = max(2, 1 + int(math.sqrt(1 + 1.54 * MARGIN * h * rho)))
        table = coefficients(s)
        torch.mul(F0, h * table[0][2], out=D)
        D1.zero_()
        for mu, nu, mu_t, gamma_t in table[1:]:
            torch.add(x, D, out=point)
            field(point, out=F)
            D, D1, D2 = D2, D, D1  # D1: last, D2: the one before
            torch.mul(D1, mu, out=D)
            D.add_(D2, alpha=nu).add_(F, alpha=h * mu_t).add_(F0, alpha=h * gamma_t)
        x1 = torch.add(x, D)
        F1 = field(x1)
        torch.add(F0, F1, out=F).mul_(0.4 * h).sub_(D, alpha=0.8)
        moved, size = norm(D), norm(x1)
        if moved > 0:
            rho = max(rho, norm(torch.sub(F1, F0, out=point)) / moved)
        allowed = min(tolerance * size, max(KAPPA * moved, FLOOR * rounding * (1 + h * rho) * size))
        error = norm(F) / allowed if allowed > 0 else math.inf
        if not error <= 1:
            rejected += 1
            age = REFRESH
            h *= min(0.8, max(0.15, 0.8 * error ** (-1 / 3))) if error < math.inf else 0.15
            if h < 1e-300:
                raise ArithmeticError(f"The step size became {h:g} at t = {t:g}.")
            continue
        t, iteration, age = t + h, iteration + 1, age + 1
        x, F0 = x1, F1
        if norm(torch.sub(x, anchor, out=point)) <= 4 * rounding * size:
            quiet += 1
        else:
            quiet, anchor = 0, x
        yield field.step(t, iteration, rejected, x, F0)
        if norm(F0) == 0.0:
            return
        error = max(error, 1e-10)
        factor = 0.8 * error ** (-1 / 3)
        if error_last:
            factor *= min(1.0, h / h_last * (error_last / error) ** (1 / 3))
        h_last, error_last = h, error
        h *= min(3.0, max(0.2, factor))
