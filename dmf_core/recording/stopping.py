"""When a run ends, at which exact point, and with which sentence."""

import math
from typing import NamedTuple

from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.fixed_step import FixedStep
from dmf_core.integrators.interpolation import between
from dmf_core.interfaces import Step, VectorField
from dmf_core.norms import norm
from dmf_core.prepare import Prepared
from dmf_core.recording.end_messages import OUT_OF_TIME, EndMessages
from dmf_core.recording.plateaus import Plateau
from dmf_core.spec import RunSpec
from dmf_core.trajectory import NO_ADVICE, Advice, Outcome

DIVERGED = 10.0  # times the norm that the observations can explain; Arora's failed runs pass 5
BISECTIONS = 40  # at most; the share of the step is then known to 1e-12, and most end far sooner


class Arrival(NamedTuple):
    """A step of a run, and how the run ends there, if it does."""

    step: Step
    outcome: Outcome | None = None
    message: str = ""
    headline: str = ""  # see End
    detail: str = ""
    advice: Advice = NO_ADVICE


def in_parts(step: Step, outcome: Outcome, headline: str, detail: str, advice: Advice = NO_ADVICE) -> Arrival:
    """An end whose message has two parts."""
    return Arrival(step, outcome, f"{headline}: {detail}", headline, detail, advice)


def arrive(
    spec: RunSpec, prepared: Prepared, previous: Step | None, best: Step | None, step: Step, seconds: float, plateau: Plateau
) -> Arrival:
    """The step, moved back to the exact end when a limit was passed on the way to it. `best`: of the lowest loss."""
    stop, continuous, enough = spec.stop, spec.integrator.continuous, prepared.enough
    if _broken(prepared, step, continuous):
        return _diverged(spec, prepared, previous or step, best or step, step)
    if stop.time is not None and step.t >= stop.time:
        if continuous and previous is not None and step.t > stop.time:
            share = (stop.time - previous.t) / (step.t - previous.t)
            step = between(prepared.field, previous, step, share)
        if enough is None or step.loss > enough:
            return Arrival(step, Outcome.TIME, EndMessages(spec, prepared).stopped(step))
    if enough is not None and step.loss <= enough:
        if continuous and previous is not None:
            step = _where_loss_is(prepared.field, previous, step, enough)
        return Arrival(step, Outcome.CONVERGED, EndMessages(spec, prepared).reached(step))
    if stop.iterations is not None and step.iteration >= stop.iterations:
        return Arrival(step, Outcome.ITERATIONS, EndMessages(spec, prepared).counted(step))
    if seconds > stop.seconds:
        plateau.add_step(step, norm(step.velocity), seconds)
        message = EndMessages(spec, prepared).out_of_time(step, plateau.words())
        return in_parts(step, Outcome.BUDGET, OUT_OF_TIME, message)
    return Arrival(step)


def _where_loss_is(field: VectorField, a: Step, b: Step, loss: float) -> Step:
    """A point between a and b whose loss is at most `loss`, by bisection of the cubic."""
    low, high, end = 0.0, 1.0, b
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        point = between(field, a, b, middle)
        if point.loss <= loss:
            high, end = middle, point
        else:
            low = middle
        if end.loss >= loss * (1 - 1e-3):
            break
    return end


def _broken(prepared: Prepared, step: Step, continuous: bool) -> bool:
    if not math.isfinite(step.loss):
        return True
    if continuous:  # the loss can only fall along the flow: a large W is then the truth about it
        return False
    scale, share = prepared.problem.scale, prepared.field.scale / prepared.problem.scale
    return norm(step.prediction) > DIVERGED * share * max(scale, prepared.first_size)


def _diverged(spec: RunSpec, prepared: Prepared, good: Step, best: Step, bad: Step) -> Arrival:
    size = norm(prepared.field.W(bad))
    quantity = "W is not finite"
    if math.isfinite(size):
        quantity = f"the norm of W is {size:.3g}, where the data explain {prepared.problem.scale:.3g}"
    steps = hasattr(spec.integrator, "learning_rate")
    remedy, advice = "choose a smaller learning rate" if steps else "start from a smaller scale", NO_ADVICE
    if isinstance(spec.integrator, FixedStep) and spec.integrator.stable is not None:
        rate = spec.integrator.learning_rate
        most = _stable_limit(spec.integrator.stable, prepared, best, good)
        if most <= rate:
            advice = Advice(learning_rate=float(f"{0.9 * most:.2g}"))
            remedy = (
                f"the step of {rate:g} is above the stable limit of {most:.3g} for this curvature; "
                f"choose a learning rate of {advice.learning_rate:.2g} or less"
            )
    headline = f"Diverged at t = {bad.t:.4g} (iteration {bad.iteration})"
    return in_parts(good, Outcome.DIVERGED, headline, f"{quantity}; {remedy}.", advice)


def _stable_limit(product: float, prepared: Prepared, best: Step, good: Step) -> float:
    """`product` / (largest curvature) where the loss was lowest and at the truth: above it the method is not stable.

    Without a known truth the last finite step stands in for it; the limit is then lower than it need be.
    """
    field, truth = prepared.field, prepared.problem.ground_truth
    factors = None if truth is None else field.factorization.factors_of(truth)
    goal = good.x if factors is None else field.flatten(factors)
    points = [best.x, goal]
    curvature = max(spectral_radius(field, x, field(x))[0] for x in points)
    return product / curvature if curvature > 0 else math.inf
