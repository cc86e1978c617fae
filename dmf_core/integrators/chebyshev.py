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

import torch
from torch import Tensor

from dmf_core.integrators.chebyshev_tables import coefficients, stage_weights, stages
from dmf_core.integrators.control import Drowning, Rest, StepSize
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.interfaces import Field, Step
from dmf_core.norms import norm

KAPPA = 100.0  # the stabilized method may err by tolerance * min(|x| / max(1, depth - 1), KAPPA * |what the step moved|)
FLOOR = 16  # roundings, amplified by 1 + h rho, below which an error is not seen
MARGIN = 1.05  # on the spectral radius
REFRESH = 12  # accepted steps between two looks at it
LONGEST = 1e8  # h * rho: 12,500 stages, for plateaus beside what is learned already; who waits gets signs of life
RESTING = 1e5  # the same, 390 stages, where a step moves no more than rounding does
RISE = 1.001  # of the loss, which the flow only lowers: a step that raises it more is none
SEEN = 128  # roundings of the data, below which residuals are not known
REAL_STABILITY = 2.3  # of Bogacki and Shampine's method: 2.51
BREATH_SECONDS = 0.5  # within one step, between two signs of life


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
        self.lost = False  # the last attempt went no further than the roundings of its velocities lead

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
        fixed, growing = stage_weights(len(table), self.x.dtype, self.x.device)
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
        difference = torch.mul(F1, weight / (h * (h + h1)), out=self._point)  # with its weight: F / h^2 may leave float32
        difference.add_(F0, alpha=weight * (-1 / (h * h1) - a0)).add_(F1_past, alpha=weight * (1 / (h1 * (h + h1)) - a1))
        difference.add_(F2_past, alpha=-weight * a2)
        return x1, F1, self._error(h * norm(difference), x1, D, F1, h, self._share, KAPPA)

    def _error(self, estimate: float, x1: Tensor, D: Tensor, F1: Tensor, h: float, share: float, kappa: float) -> float:
        """The estimate in units of what is allowed; also raises rho to what the step shows of it for free."""
        self.moved = moved = norm(D)
        size = norm(x1)
        if moved > 0:
            self.rho = max(self.rho, norm(torch.sub(F1, self.F, out=self._point)) / moved)
        noise = self._rounding * (1 + h * self.rho) * size
        self.lost = moved <= noise
        allowed = min(self._tolerance * share * size, max(self._tolerance * kappa * moved, FLOOR * noise))
        return estimate / allowed if allowed > 0 and math.isfinite(estimate) else math.inf

    def advance(self, x: Tensor, F: Tensor, h: float) -> None:
        self.past = [(h, self.F), *self.past[:1]]
        self.x, self.F, self.size = x, F, norm(x)


def chebyshev(field: Field, x: Tensor, tolerance: float, enough: float = 0.0) -> Iterator[Step]:
    """Steps of the gradient flow from x [p]; the latest one again, now and then, while a long one is under way.

    Ends where nothing moves, or where the loss is at most `enough`. Where x has fewer digits than float64 and steps
    drown in their rounding while there is a loss to be seen, as on plateaus, the rest of the way is gone in float64;
    what is handed out keeps the format of x.
    """
    F = field(x)
    yield (step := field.step(0.0, 0, 0, x, F))
    speed = norm(F)
    if speed == 0:
        return
    now = Stepper(field, x, F, tolerance)
    size = StepSize(0.1 * (now.size or 1.0) / speed)
    digits = float(torch.finfo(x.dtype).eps)
    exact = tolerance / (4 * digits)  # beyond it rounding alone is an error
    faint = field.faintest(SEEN * digits)
    rest, drowning = Rest(x), Drowning(step.loss)
    t, iteration, rejected, age, direction = 0.0, 0, 0, REFRESH, None
    while t <= field.longest and step.loss > enough:
        if age >= REFRESH and size.h * now.rho > 0.5:
            guess = torch.sub(now.F, now.past[0][1]) if direction is None and now.past else direction
            now.rho, direction = spectral_radius(field, now.x, now.F, guess, 10 if direction is None else 2)
            age = 0
        if now.rho > 0:
            size.h = min(size.h, min(RESTING if rest.quiet else LONGEST, exact) / now.rho)
        simple = len(now.past) < 2 or MARGIN * size.h * now.rho < REAL_STABILITY
        x, F, error = now.third_order(size.h) if simple else (yield from now.stabilized(size.h, step))
        if not error <= 1 or not field.loss <= RISE * step.loss + faint:
            rejected += 1
            age = REFRESH
            size.rejected(error if error > 1 else math.inf, 3 if simple else 4, t)
            continue
        t, iteration, age = t + size.h, iteration + 1, age + 1
        now.advance(x, F, size.h)
        yield (step := field.step(t, iteration, rejected, x, F))
        at_rest = rest.reached(x, now.size, now.moved, now.lost, t)
        if x.dtype != torch.float64 and drowning.seen(now.lost, step.loss) and step.loss > faint:
            yield from _in_double(field, tolerance, step)
            return
        if at_rest or norm(F) == 0:
            return
        size.accepted(error, 3 if simple else 4, 3.0 if simple else 2.0)


def _in_double(field: Field, tolerance: float, start: Step) -> Iterator[Step]:
    """The way on from `start`, gone in float64 and handed out in the format of `start`."""
    wide, counted, last, handed = field.in_double(), 0, None, start
    enough = field.faintest(float(torch.finfo(start.x.dtype).eps))
    for step in chebyshev(wide, start.x.double(), tolerance, enough):
        field.gradients, counted = field.gradients + wide.gradients - counted, wide.gradients
        if step.iteration > 0 and step is not last:
            x, velocity, image = (each.to(start.x.dtype) for each in (step.x, step.velocity, step.image))
            steps = start.iteration + step.iteration, start.rejected + step.rejected
            handed = Step(start.t + step.t, *steps, x, velocity, image, step.loss)
        last = step
        yield handed
