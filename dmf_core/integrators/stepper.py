"""One step of the gradient flow by one of three explicit methods, with an estimate of its error.

Dormand and Prince's method of order 5 leaves the first plateau: nothing is stiff there, and its errors are shifts in time
that every later mode inherits. Afterwards, where curvature does not limit the step, Bogacki and Shampine's of order 3 (3
gradients). Where it does, Runge-Kutta-Chebyshev (RKC2), whose stable step grows with the square of its stages, raised
from order 2 to 3: the leading error of RKC2 is c(s) h^3 x''' with nearly the same c for both elementary differentials, so
a constant source 2 c(s) h^2 F[t_n, t_n-1, t_n-2] inside its stages cancels it, and the divided difference of the
velocities (the flow's second derivative, halved) is known from the last steps. For a constant step the combination is
stable on the whole interval of RKC2. That construction is derived: see tests/integrators/test_chebyshev.py.

The error allowed in a step is a share of |x| and a share of what the step moves. While the speed rises a mode grows out of a
saddle: there an error is a wrong share of the mode itself, and a later birth. While it falls, errors die out with what
moves. Counted on 87 random settings: without that difference 16 of them miss births or final values, with it 8, for 4 %
more gradients.

Counted and dropped: RKC2 alone (1.5 times the gradients), the source from a difference of positions (not
zero-stable for s = 3, 4), a first-order Chebyshev method with two such sources (not stable), one more difference
(order 4 only for linear problems, unstable for growing steps), order 5 beyond the first plateau (stability-limited too
early: up to a quarter more gradients), a smaller tolerance for everything (20 to 40 % more gradients).
"""

import math
import time
from collections.abc import Generator
from typing import NamedTuple

import numpy as np
import torch
from scipy.integrate import RK45
from torch import Tensor

from dmf_core.integrators.chebyshev_tables import coefficients, stage_weights, stages
from dmf_core.interfaces import Step, VectorField
from dmf_core.norms import norm


class Allowance(NamedTuple):
    """The error allowed in a step, in units of the tolerance: the smaller of a share of |x| and one of what it moves."""

    of_size: float
    of_move_rising: float  # while the speed rises
    of_move_falling: float


FIFTH = Allowance(1.0, 0.2, 0.2)
THIRD = Allowance(1.0, 1.0, 1.0)  # the estimate is that of the method of order 2 inside
STABILIZED = Allowance(1.0, 3.0, 12.0)  # |x| is divided by degree - 1: deeper plateaus end more abruptly
FLOOR = 16  # roundings, amplified by 1 + h rho, below which an error is not seen
MARGIN = 1.05  # on the spectral radius
BREATH_SECONDS = 0.5  # within one step, between two signs of life


class Stepper:
    """Attempts of one step from the current point. Keeps its memory between steps."""

    def __init__(self, field: VectorField, x: Tensor, F: Tensor, tolerance: float) -> None:
        self._field = field
        self._tolerance = tolerance
        self._share = 1 / max(1, field.degree - 1)  # deeper plateaus end more abruptly
        self._rounding = float(torch.finfo(x.dtype).eps)
        self._table = x.new_zeros(5, x.numel())
        self._rows = tuple(self._table)  # D of odd stages, F of a stage, F + source of the start, source, D of even ones
        self._point = torch.empty_like(x)
        self._slopes = x.new_zeros(7, x.numel())  # velocities at the stages of the method of order 5
        self._inner, self._sum, self._difference = (torch.from_numpy(each).to(x) for each in (RK45.A, RK45.B, RK45.E))
        self._last_stages = self._sum.clone()  # the weights of x at the seventh stage less those at the sixth
        self._last_stages[:5] -= self._inner[5]
        self._others = self._table[:4].T, self._table[1:].T  # the four rows that a stage adds to the last one or to the first
        self._slope = self._slopes.unbind()
        self._earlier = [(self._slopes[:i].T, self._inner[i, :i]) for i in range(1, 6)]  # slopes before a stage, their weights
        self._six, self._seven = self._slopes[:6].T, self._slopes.T
        self.x, self.F, self.size, self.speed = x, F, norm(x), norm(F)
        self.past: list[tuple[float, Tensor]] = []  # (step, velocity before it), the latest first
        self.rho = self.moved = self.speed_ahead = self.size_ahead = 0.0
        self.lost = False  # the last attempt went no further than the roundings of its velocities lead

    def fifth_order(self, h: float) -> tuple[Tensor, Tensor, float]:
        """(x, velocity, error) after one step. Source: Dormand and Prince 1980, coefficients by scipy.

        The difference of its last two stages, which are at one time, tells rho where a step is too long to be stable.
        Source: Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.2.
        """
        K, point = self._slope, self._point
        K[0].copy_(self.F)
        for stage, (slopes, weights) in zip(K[1:6], self._earlier, strict=True):
            self._field(torch.addmv(self.x, slopes, weights, alpha=h, out=point), out=stage)
        D = torch.mv(self._six, self._sum).mul_(h)
        x1 = torch.add(self.x, D)
        F1 = self._field(x1)
        K[6].copy_(F1)
        error = self._error(h * norm(torch.mv(self._seven, self._difference)), x1, D, F1, h, FIFTH)
        apart = h * norm(torch.mv(self._six, self._last_stages))
        if apart > 0:
            self.rho = max(self.rho, norm(torch.sub(F1, K[5], out=point)) / apart)
        return x1, F1, error

    def inside(self, h: float, share: float) -> Tensor:  # [p]
        """x at this share of the latest attempt, which was of order 5; here it is of order 4. Source: as there."""
        weights = torch.from_numpy(RK45.P @ share ** np.arange(1, 5)).to(self.x)
        return torch.addmv(self.x, self._seven, weights, alpha=h)

    def third_order(self, h: float) -> tuple[Tensor, Tensor, float]:
        """(x, velocity, error) after one step. Source: Bogacki and Shampine 1989, with local extrapolation."""
        F0, F2, point = self.F, self._rows[1], self._point
        D = self._rows[0]
        self._field(torch.add(self.x, F0, alpha=h / 2, out=point), out=F2)
        F3 = self._field(torch.add(self.x, F2, alpha=0.75 * h, out=point), out=self._rows[4])
        torch.mul(F0, 2 / 9 * h, out=D).add_(F2, alpha=h / 3).add_(F3, alpha=4 / 9 * h)
        x1 = torch.add(self.x, D)
        F1 = self._field(x1)
        torch.mul(D, 1 / 4, out=point).add_(F0, alpha=-h / 8).add_(F1, alpha=-h / 8)
        return x1, F1, self._error(norm(point), x1, D, F1, h, THIRD)

    def stabilized(self, h: float, latest: Step) -> Generator[Step, None, tuple[Tensor, Tensor, float]]:
        """Returns (x, velocity, error) after one step of RKC2 with the source that makes it third order.

        Yields the latest step again where the stages take long, so that the caller can report progress or cancel.
        """
        began = time.perf_counter()
        F0, (h1, F1_past), (h2, F2_past) = self.F, self.past[0], self.past[1]
        table, c = coefficients(stages(MARGIN * h * self.rho))
        weight = 2 * c * h * h
        a0, a1, a2 = 1 / (h1 * (h1 + h2)), -1 / (h1 * h2), 1 / (h2 * (h1 + h2))
        rows, F, start, source = self._rows, self._rows[1], self._rows[2], self._rows[3]
        torch.mul(F0, weight * a0, out=source).add_(F1_past, alpha=weight * a1).add_(F2_past, alpha=weight * a2)
        torch.add(F0, source, out=start)
        torch.mul(start, h * table[0][2], out=rows[0])
        rows[4].zero_()
        fixed, growing = stage_weights(len(table), self.x.dtype, self.x.device)
        weights = torch.add(fixed, growing, alpha=h).unbind()
        before, after = self._others
        for j in range(1, len(table)):
            last, new, others = (rows[0], rows[4], before) if j % 2 else (rows[4], rows[0], after)
            self._field(torch.add(self.x, last, out=self._point), out=F)
            torch.addmv(new, others, weights[j], beta=table[j][1], out=new)
            if time.perf_counter() - began > BREATH_SECONDS:
                yield latest
                began = time.perf_counter()
        D = rows[0] if len(table) % 2 else rows[4]
        x1 = torch.add(self.x, D)
        F1 = self._field(x1)
        difference = torch.mul(F1, weight / (h * (h + h1)), out=self._point)  # with its weight: F / h^2 may leave float32
        difference.add_(F0, alpha=weight * (-1 / (h * h1) - a0)).add_(F1_past, alpha=weight * (1 / (h1 * (h + h1)) - a1))
        difference.add_(F2_past, alpha=-weight * a2)
        return x1, F1, self._error(h * norm(difference), x1, D, F1, h, STABILIZED._replace(of_size=self._share))

    def _error(self, estimate: float, x1: Tensor, D: Tensor, F1: Tensor, h: float, allowance: Allowance) -> float:
        """The estimate in units of what is allowed; also raises rho to what the step shows of it for free."""
        self.moved = moved = norm(D)
        self.size_ahead = size = norm(x1)
        self.speed_ahead = norm(F1)
        if moved > 0:
            self.rho = max(self.rho, norm(torch.sub(F1, self.F, out=self._point)) / moved)
        noise = self._rounding * (1 + h * self.rho) * size
        self.lost = moved <= noise
        share = allowance.of_move_rising if self.speed_ahead > self.speed else allowance.of_move_falling
        allowed = min(self._tolerance * allowance.of_size * size, max(self._tolerance * share * moved, FLOOR * noise))
        return estimate / allowed if allowed > 0 and math.isfinite(estimate) else math.inf

    def advance(self, x: Tensor, F: Tensor, h: float) -> None:
        """Goes to x, where the latest attempt of size h led."""
        self.past = [(h, self.F), *self.past[:1]]
        self.x, self.F, self.size, self.speed = x, F, self.size_ahead, self.speed_ahead
