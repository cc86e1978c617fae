"""An exponential Rosenbrock method of order 4: what is linear in the flow is solved exactly, from few gradients.

With F = -dL/dx, J = F'(x), phi_k(z) = sum_j z^j / (j + k)! and c = 3/4, one step of size h is
    U = x + c h phi_1(c h J) F,   D = F(U) - F - J (U - x),   x <- x + h phi_1(h J) F + (2 / c^2) h phi_3(h J) D.
The phi-functions act on a short orthonormal basis V of gradient differences; the leading part outside of the basis
is added, not dropped, or unborn modes would never be born. The basis survives a rejection.

Source: exponential Rosenbrock methods of Hochbruck and Ostermann 2010; Krylov bases of Saad 1992, with his corrected
scheme; the coefficients are derived: D is a t^2 + b t^3 along the step, 2/c^2 matches a, and c = 3/4 also b. The
error estimate is the next difference, 4 (D1 - 16/9 D) with D1 at the new point, through phi_3: derived as well.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from dmf_core.integrators.chebyshev import chebyshev
from dmf_core.integrators.control import StationarityMonitor, StepSizeController
from dmf_core.integrators.curvature import DISPLACEMENT
from dmf_core.interfaces import Step, VectorField
from dmf_core.norms import norm

KAPPA = 0.3  # error of a step over how far it moves, at most: keeps unborn modes and the tail true; 1 needed more gradients
THETA = 0.3  # share of the allowed error that may stay outside of the basis; 1 took 1.3 to 2 times as many steps
MOST_VECTORS = 60  # of the basis; with 24, runs cost from 1 % less to 97 % more
FULL_BASES = 3  # so many in a row, and the problem is too badly conditioned for short bases
C = 0.75  # where on the step the inner stage lies; derived, see above


def phi_functions(z: np.ndarray, orders: int = 4) -> list[np.ndarray]:
    """phi_0 .. phi_orders of the entries of z, phi_k(z) = sum_j z^j / (j + k)!."""
    small = np.abs(z) < 1.5
    zs = np.where(small, z, 0.0)
    last = np.zeros_like(z)
    for j in range(18, -1, -1):
        last = last * zs + 1 / math.factorial(j + orders)
    series = [last]
    for k in range(orders - 1, -1, -1):
        series.append(series[-1] * zs + 1 / math.factorial(k))
    series.reverse()
    if small.all():
        return series
    safe = np.where(small, 1.0, z)
    value = np.exp(np.minimum(z, 700.0))
    out = [np.where(small, series[0], value)]
    for k in range(1, orders + 1):
        value = (value - 1 / math.factorial(k - 1)) / safe
        out.append(np.where(small, series[k], value))
    return out


class Basis:
    """An orthonormal basis V with H = V^T J V, and what J V has outside of it. J is the Jacobian at x."""

    def __init__(self, field: VectorField, x: Tensor) -> None:
        self.field = field
        self.V = torch.empty(MOST_VECTORS, x.numel(), dtype=x.dtype, device=x.device)
        self.image = torch.empty_like(x)
        self.point = torch.empty_like(x)

    def start(self, x: Tensor, F0: Tensor, displacement: float) -> None:
        self.x, self.F0, self.displacement = x, F0, displacement
        self.k = 0
        self.H = np.zeros((0, 0))
        self.outside: dict[int, Tensor] = {}  # column i -> (I - V V^T) J v_i

    def append(self, vector: Tensor, size: float) -> None:
        """One more direction, orthogonal to V already, of the given norm. One gradient."""
        k = self.k
        v = torch.mul(vector, 1 / size, out=self.V[k])
        torch.add(self.x, v, alpha=self.displacement, out=self.point)
        w = self.field(self.point)
        w.sub_(self.F0).mul_(1 / self.displacement)
        V = self.V[: k + 1]
        c = torch.mv(V, w)
        w.addmv_(V.T, c, alpha=-1)
        H = np.zeros((k + 1, k + 1))
        H[:k, :k] = self.H
        H[:, k] = H[k] = c.double().cpu().numpy()
        for i in list(self.outside):
            e = self.outside[i]
            if e is vector:
                del self.outside[i]
                continue
            part = float(torch.dot(e, v))
            self.outside[i] = torch.add(e, v, alpha=-part)
        self.outside[k] = w
        self.H, self.k = H, k + 1
        self.values, self.vectors = np.linalg.eigh(H)

    def apply(self, values: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
        """f(H) coordinates, given f of the eigenvalues."""
        return np.asarray(self.vectors @ (values * (self.vectors.T @ coordinates)))

    def split(self, vector: Tensor) -> tuple[np.ndarray, Tensor]:
        """Coordinates in the basis [k], and what is outside [p]."""
        V = self.V[: self.k]
        c = torch.mv(V, vector)
        return c.double().cpu().numpy(), torch.addmv(vector, V.T, c, alpha=-1)

    def combine(self, base: Tensor, coordinates: np.ndarray) -> Tensor:
        """base + V coordinates [p], a new tensor."""
        c = torch.from_numpy(coordinates).to(base)
        return torch.addmv(base, self.V[: self.k].T, c)

    def leave(self, coordinates: np.ndarray) -> Tensor:
        """The part of J V coordinates outside the basis [p]."""
        items = list(self.outside.items())
        total = items[0][1] * float(coordinates[items[0][0]])
        for i, e in items[1:]:
            total.add_(e, alpha=float(coordinates[i]))
        return total


def exponential(field: VectorField, x: Tensor, tolerance: float) -> Iterator[Step]:
    """Steps of the gradient flow from x [p]; goes on with `chebyshev` when the bases stay full."""
    F0 = field(x)
    yield field.step(0.0, 0, 0, x, F0)
    size, speed = norm(x), norm(F0)
    if speed == 0.0:
        return
    basis, stationarity = Basis(field, x), StationarityMonitor(x)
    steps = StepSizeController(0.3 * (size or 1.0) / speed)
    t, iteration, rejected, full = 0.0, 0, 0, 0
    while t <= field.longest and full < FULL_BASES:
        basis.start(x, F0, DISPLACEMENT * (size or 1.0))
        basis.append(F0, speed)
        while True:
            h = steps.h
            x1, F1, error = _attempt(field, basis, x, F0, speed, h, size, tolerance)
            if error <= 1:
                break
            rejected += 1
            steps.rejected(error, 4, t)
        full = full + 1 if basis.k >= MOST_VECTORS - 3 else 0
        moved = norm(x1 - x)
        t, iteration, x, F0 = t + h, iteration + 1, x1, F1
        size, speed = norm(x), norm(F0)
        yield field.step(t, iteration, rejected, x, F0)
        if speed == 0.0 or stationarity.reached(x, size, moved):
            return
        steps.accepted(error, 4, 3.0)
    if t <= field.longest:
        for step in chebyshev(field, x, tolerance):
            if step.iteration > 0:
                yield step._replace(t=t + step.t, iteration=iteration + step.iteration, rejected=rejected + step.rejected)


def _attempt(
    field: VectorField, basis: Basis, x: Tensor, F0: Tensor, speed: float, h: float, size: float, tolerance: float
) -> tuple[Tensor, Tensor, float]:
    """(next x, velocity there, error in units of what is allowed)."""
    while True:
        phi = phi_functions(h * basis.values)
        start = np.zeros(basis.k)
        start[0] = speed
        y = h * basis.apply(phi[1], start)
        moved = float(np.linalg.norm(y))
        allowed = THETA * min(tolerance * size, KAPPA * moved)
        leaving = basis.leave(h * h * basis.apply(phi[2], start))
        excess = norm(leaving)
        if not excess > allowed or basis.k >= MOST_VECTORS - 3:
            break
        basis.append(leaving, excess)
    half = C * h * basis.apply(phi_functions(C * h * basis.values, 1)[1], start)
    U = basis.combine(x, half)
    D2 = field(U).sub_(F0)
    D2 = basis.combine(D2, -(basis.H @ half)).sub_(basis.leave(half))
    inside, out = basis.split(D2)
    weight = 2 / C**2 * h
    while True:
        z = basis.apply(phi[4], inside)
        beyond = torch.add(torch.mul(out, weight / 6), basis.leave(weight * h * z))
        excess = norm(beyond)
        if not excess > allowed or basis.k >= MOST_VECTORS:
            break
        basis.append(beyond, excess)
        phi = phi_functions(h * basis.values)
        part = float(torch.dot(basis.V[basis.k - 1], out))
        out.sub_(basis.V[basis.k - 1], alpha=part)
        inside = np.append(inside, part)
        start = np.append(start, 0.0)
    coordinates = h * basis.apply(phi[1], start) + weight * basis.apply(phi[3], inside)
    leaving = basis.leave(h * h * basis.apply(phi[2], start))
    x1 = basis.combine(x, coordinates).add_(leaving).add_(beyond)
    F1 = field(x1)
    D1 = torch.sub(F1, F0).sub_(basis.leave(coordinates))
    D1 = basis.combine(D1, -(basis.H @ coordinates))
    inside1, out1 = basis.split(D1)
    b, b_out = 4 * (inside1 - 16 / 9 * inside), 4 * norm(torch.add(out1, out, alpha=-16 / 9))
    damped = float(np.linalg.norm(basis.apply(phi[3], inside)))
    share = min(1 / 6, damped / (float(np.linalg.norm(inside)) or 1.0))
    estimate = h / 2 * math.hypot(float(np.linalg.norm(basis.apply(phi[3], b))), share * b_out)
    moved = norm(x1 - x)
    allowed = min(tolerance * size, KAPPA * moved)
    error = estimate / allowed if allowed > 0 else math.inf
    return x1, F1, error if math.isfinite(error) else math.inf
