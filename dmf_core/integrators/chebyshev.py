"""The gradient flow by explicit methods with error control, whichever goes further with a gradient: see `stepper`."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from dmf_core.integrators.control import RoundoffMonitor, StationarityMonitor
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.escape import EARLY, Escape, first_step, next_step, parts
from dmf_core.integrators.stepper import MARGIN, Stepper
from dmf_core.interfaces import Step, VectorField

COARSE = 0.1  # tolerance of a flow that only foretells a run: its time is within a tenth or two of the exact one
REFRESH = 12  # accepted steps between two estimates of the spectral radius
DOUBTFUL = 3  # refused steps since the last estimate: a stiff direction may have come up that no step shows
UNSTABLE = 10.0  # an error that large may come from a spectral radius that has grown: it is estimated again
LONGEST = 1e8  # h * rho: 12,500 stages, for plateaus beside what is learned already; who waits gets signs of life
RESTING = 1e5  # the same, 390 stages, where a step moves no more than rounding does
RISE = 1.001  # of the loss, which the flow only lowers: a step that raises it more is none
UNRESOLVED = 128  # roundings of the data, below which residuals are not known
REAL_STABILITY = 2.3  # of Bogacki and Shampine's method: 2.51


def chebyshev(field: VectorField, x: Tensor, tolerance: float, enough: float = 0.0) -> Iterator[Step]:
    """Steps of the gradient flow from x [p]; the latest one again, now and then, while a long one is under way.

    Ends where nothing moves, or where the loss is at most `enough`. Where x has fewer digits than float64 and steps
    are lost in its rounding while the loss is well above rounding, as on plateaus, the rest is computed in float64;
    what is handed out keeps the format of x.
    """
    F = field(x)
    yield (step := field.step(0.0, 0, 0, x, F))
    now = Stepper(field, x, F, tolerance)
    if now.speed == 0:
        return
    escape, size = Escape(field.degree), first_step(now, field.degree)
    digits = float(torch.finfo(x.dtype).eps)
    exact = tolerance / (4 * digits)  # beyond it rounding alone is an error
    faint = field.roundoff_loss(UNRESOLVED * digits)
    stationarity, roundoff = StationarityMonitor(x), RoundoffMonitor(step.loss)
    t, iteration, rejected, refused, age, direction, escaping = 0.0, 0, 0, 0, REFRESH, None, True
    while t <= field.longest and step.loss > enough:
        if escaping:
            order, now.rho = 5, 0.0
            x, F, error = now.fifth_order(size.h)
        else:
            if age >= REFRESH and (size.h * now.rho > 0.5 or refused >= DOUBTFUL):
                guess = torch.sub(now.F, now.past[0][1]) if direction is None else direction
                now.rho, direction = spectral_radius(field, now.x, now.F, guess, 10 if direction is None else 2)
                age = refused = 0
            if now.rho > 0:
                size.h = min(size.h, min(RESTING if stationarity.quiet else LONGEST, exact) / now.rho)
            order = 3 if len(now.past) < 2 or MARGIN * size.h * now.rho < REAL_STABILITY else 4
            x, F, error = now.third_order(size.h) if order == 3 else (yield from now.stabilized(size.h, step))
        if not error <= 1 or not field.loss <= RISE * step.loss + faint:
            rejected, refused = rejected + 1, refused + 1
            age = age if error <= UNSTABLE else REFRESH
            size.rejected(error if error > 1 else math.inf, order, t)
            if escaping and iteration > EARLY:
                escaping, size = False, next_step(size)
            continue
        count = parts(now) if escaping else 1
        inside = [now.inside(size.h, part / count) for part in range(1, count)]
        leaves = escaping and escape.before(now, size.h)
        began, t, iteration, age = t, t + size.h, iteration + count, age + 1
        now.advance(x, F, size.h)
        step = field.step(t, iteration, rejected, x, F)
        for part, point in enumerate(inside, start=1):
            yield field.step(began + part / count * (t - began), iteration - count + part, rejected, point, field(point))
        yield step
        at_rest = stationarity.reached(x, now.size, now.moved, now.lost, t)
        if x.dtype != torch.float64 and roundoff.dominates(now.lost, step.loss) and step.loss > faint:
            yield from _in_double(field, tolerance, step)
            return
        if at_rest or now.speed == 0:
            return
        size.accepted(error, order, 3.0 if order == 3 else 2.0)
        if escaping and (escape.after(now, size, step.loss) or leaves):
            escaping, size = False, next_step(size)


def coarse_flow(field: VectorField, x: Tensor) -> Iterator[Step]:
    """The flow roughly, at about 0.7 of the gradients of an exact one: how long it takes, and how far it goes."""
    return chebyshev(field, x, COARSE)


def _in_double(field: VectorField, tolerance: float, start: Step) -> Iterator[Step]:
    """The way on from `start`, gone in float64 and handed out in the format of `start`."""
    wide, counted, last, handed = field.in_double(), 0, None, start
    enough = field.roundoff_loss(float(torch.finfo(start.x.dtype).eps))
    for step in chebyshev(wide, start.x.double(), tolerance, enough):
        field.gradients, counted = field.gradients + wide.gradients - counted, wide.gradients
        if step.iteration > 0 and step is not last:
            x, velocity, prediction = (each.to(start.x.dtype) for each in (step.x, step.velocity, step.prediction))
            steps = start.iteration + step.iteration, start.rejected + step.rejected
            handed = Step(start.t + step.t, *steps, x, velocity, prediction, step.loss)
        last = step
        yield handed
