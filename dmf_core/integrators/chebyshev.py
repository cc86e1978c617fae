"""The gradient flow by two explicit methods of order 3, whichever goes further with a gradient.

Where curvature does not limit the step, the method of Bogacki and Shampine (3 gradients). Where it does,
Runge-Kutta-Chebyshev (RKC2), whose stable step grows with the square of its stages, raised from order 2 to 3:
the leading error of RKC2 is c(s) h^3 x''' with nearly the same c for both elementary differentials, so a constant
source 2 c(s) h^2 F[t_n, t_n-1, t_n-2] inside its stages cancels it, and the divided difference of the velocities
(the flow's second derivative, halved) is known from the last steps. For a constant step the combination is stable
on the whole interval of RKC2. That construction is derived: see tests/integrators/test_chebyshev.py.

Counted and dropped: RKC2 alone (1.5 times the gradients), the source from a difference of positions (not
zero-stable for s = 3, 4), a first-order Chebyshev method with two such sources (not stable), one more difference
(order 4 only for linear problems, unstable for growing steps), Tsitouras' method (stability-limited too early).
"""

import math
import time
from collections.abc import Generator, Iterator
from functools import cache

import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.control import Rest, StepSize
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.fixed_step import norm
from dmf_core.interfaces import Field, Step

KAPPA = 100.0  # the stabilized method may err by tolerance * min(|x| / max(1, depth - 1), KAPPA * |what the step moved|)
FLOOR = 16  # roundings, amplified by 1 + h rho, below which an error is not seen
MARGIN = 1.05  # on the spectral radius
REFRESH = 12  # accepted steps between two looks at it
LONGEST = 1e8  # h * rho: 12,500 stages, for plateaus beside what is learned already; who waits gets signs of life
RESTING = 1e5  # the same, 390 stages, where a step moves no more than rounding does
FINE = 400  # stages up to which every number of them has its own coefficients
REAL_STABILITY = 2.3  # of Bogacki and Shampine's method: 2.51
BREATH_SECONDS = 0.5  # within one step, between two signs of life


@cache
def coefficients(s: int) -> tuple[list[tuple[float, float, float, float]], float]:
    """Per stage j = 1..s (mu_j, nu_j, mu~_j, gamma~_j), and the error constant c(s).

    Source: Sommeijer, Shampine, Verwer 1998, equations 2.4 to 2.8. c(s) is derived: the mean of the constants of
    f'f'f and f''(f, f), which are 8 % apart for s = 3 and less than 1 % from s = 5 on.
    """
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
    return table, _error_constant(table)


def _error_constant(table: list[tuple[float, float, float, float]]) -> float:
    first = table[0][2]
    c, square = [0.0, first], [0.0, 0.0]  # x = t and x' = t^2: abscissae and sum of b c^2
    z2, z3 = [0.0, 0.0], [0.0, 0.0]  # x' = z x: coefficients of z^2 and z^3
    for mu, nu, mu_t, gamma_t in table[1:]:
        square.append(mu * square[-1] + nu * square[-2] + mu_t * c[-1] ** 2)
        z3.append(mu * z3[-1] + nu * z3[-2] + mu_t * z2[-1])
        z2.append(mu * z2[-1] + nu * z2[-2] + mu_t * c[-1])
        c.append(mu * c[-1] + nu * c[-2] + mu_t + gamma_t)
    return ((1 / 6 - z3[-1]) + (1 / 3 - square[-1]) / 2) / 2


def stages(h_rho: float) -> int:
    """The fewest stages, at least 3, that are stable for a step of h_rho = h * spectral radius; rounded up beyond `FINE`.

    Long tables are costly to make and to keep: between 400 and 12,500 there are 40 of them, 9 % apart.
    """
    fewest = max(3, 1 + int(math.sqrt(1 + 1.54 * h_rho)))
    return fewest if fewest <= FINE else math.ceil(FINE * 2 ** (math.ceil(8 * math.log2(fewest / FINE)) / 8))


class Stepper:
    """Attempts of one step from the current point. Keeps its memory between steps."""

    def __init__(self, field: Field, x: Tensor, F: Tensor, tolerance: float) -> None:
        self._field = field
        self._tolerance = tolerance
        self._share = 1 / max(1, len(field.shapes) - 1)  # deeper plateaus end more abruptly
        self._rounding = float(torch.finfo(x.dtype).eps)
        self._table = x.new_zeros(5, x.numel())
        self._rows = tuple(self._table)  # D of odd stages, F of a stage, F + source of the start, source, D of even ones
        self._point = torch.empty_like(x)
        self.x, self.F, self.size = x, F, norm(x)
        self.past: list[tuple[float, Tensor]] = []  # (step, velocity before it), the latest first
        self.rho = self.moved = 0.0

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
        return x1, F1, self._error(norm(point), x1, D, F1, h, 1.0, 1.0)

    def stabilized(self, h: float, latest: Step) -> Generator[Step, None, tuple[Tensor, Tensor, float]]:
        """Returns (x, velocity, error) after one step of RKC2 with the source that makes it third order.

        Yields the latest step again where the stages take long, so that who waits can look around, or leave.
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
        fixed, growing = _stage_weights(len(table), self.x.dtype, self.x.device)
        weights = torch.add(fixed, growing, alpha=h)
        before, after = self._table[:4].T, self._table[1:].T
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
        difference = torch.mul(F1, 1 / (h * (h + h1)), out=self._point)
        difference.add_(F0, alpha=-1 / (h * h1) - a0).add_(F1_past, alpha=1 / (h1 * (h + h1)) - a1)
        difference.add_(F2_past, alpha=-a2)
        return x1, F1, self._error(weight * h * norm(difference), x1, D, F1, h, self._share, KAPPA)

    def _error(self, estimate: float, x1: Tensor, D: Tensor, F1: Tensor, h: float, share: float, kappa: float) -> float:
        """The estimate in units of what is allowed; also raises rho to what the step shows of it for free."""
        self.moved = moved = norm(D)
        size = norm(x1)
        if moved > 0:
            self.rho = max(self.rho, norm(torch.sub(F1, self.F, out=self._point)) / moved)
        floor = FLOOR * self._rounding * (1 + h * self.rho)
        allowed = min(self._tolerance * share * size, max(self._tolerance * kappa * moved, floor * size))
        return estimate / allowed if allowed > 0 and math.isfinite(estimate) else math.inf

    def advance(self, x: Tensor, F: Tensor, h: float) -> None:
        self.past = [(h, self.F), *self.past[:1]]
        self.x, self.F, self.size = x, F, norm(x)


@cache
def _stage_weights(s: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:  # [s, 4] both
    """(A, B): A + h B are the stages' weights of the four rows of the table other than the one that is updated."""
    A, B = torch.zeros(s, 4, dtype=torch.float64), torch.zeros(s, 4, dtype=torch.float64)
    for j, (mu, _, mu_t, gamma_t) in enumerate(coefficients(s)[0]):
        row = [(mu, 0.0), (0.0, mu_t), (0.0, gamma_t), (0.0, mu_t)]  # last stage; F, start and source times h
        row = row if j % 2 else row[1:] + row[:1]
        A[j], B[j] = torch.tensor([a for a, _ in row]), torch.tensor([b for _, b in row])
    return A.to(device=device, dtype=dtype), B.to(device=device, dtype=dtype)


def chebyshev(field: Field, x: Tensor, tolerance: float) -> Iterator[Step]:
    """Steps of the gradient flow from x [p]; the latest one again, now and then, while a long one is under way."""
    F = field(x)
    yield (step := field.step(0.0, 0, 0, x, F))
    speed = norm(F)
    if speed == 0:
        return
    now = Stepper(field, x, F, tolerance)
    size = StepSize(0.1 * (now.size or 1.0) / speed)
    exact = tolerance / (4 * float(torch.finfo(x.dtype).eps))  # beyond it rounding alone is an error
    rest = Rest(x)
    t, iteration, rejected, age, direction = 0.0, 0, 0, REFRESH, None
    while t <= limits.MAX_TIME:
        if age >= REFRESH and size.h * now.rho > 0.5:
            guess = torch.sub(now.F, now.past[0][1]) if direction is None and now.past else direction
            now.rho, direction = spectral_radius(field, now.x, now.F, guess, 10 if direction is None else 2)
            age = 0
        if now.rho > 0:
            size.h = min(size.h, min(RESTING if rest.quiet else LONGEST, exact) / now.rho)
        simple = len(now.past) < 2 or MARGIN * size.h * now.rho < REAL_STABILITY
        x, F, error = now.third_order(size.h) if simple else (yield from now.stabilized(size.h, step))
        if not error <= 1:
            rejected += 1
            age = REFRESH
            size.rejected(error, 3 if simple else 4, t)
            continue
        t, iteration, age = t + size.h, iteration + 1, age + 1
        now.advance(x, F, size.h)
        yield (step := field.step(t, iteration, rejected, x, F))
        if rest.reached(x, now.size, now.moved) or norm(F) == 0:
            return
        size.accepted(error, 3 if simple else 4, 3.0 if simple else 2.0)
