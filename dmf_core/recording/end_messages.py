"""The sentences with which a run ends: made of the numbers of its last step, and naming only what helps."""

import math

import torch

from dmf_core import limits
from dmf_core.formatting import any_of
from dmf_core.interfaces import Step
from dmf_core.norms import norm
from dmf_core.prepare import Prepared
from dmf_core.problems.observed_data import Given
from dmf_core.spec import RunSpec

RESOLVED = 128  # roundings of the data: residuals below are not known
LARGE_STOP = 1e-2  # of the data's mean square: the message names a stop above it
BEST = 1e-3  # relative: a loss so near to the least one is the least one
USUAL_STARTS = 1e-9, 10.0  # norm of W(0) over that of the data: outside, the start belongs to data in other units

FITTED = 0.01  # of the data's mean square: below it, a small gradient is that of a good fit
OUT_OF_TIME = "Out of time"
NORMALIZED = "set problem.normalize to minmax, or choose gradient_flow, whose steps know no unit"


class EndMessages:
    """The sentences with which a run ends. Errors are given in the unit of its stop."""

    def __init__(self, spec: RunSpec, prepared: Prepared) -> None:
        self._spec, self._prepared = spec, prepared
        self._relative = spec.stop.relative_loss is not None
        self._layers = prepared.field.degree

    def error(self, loss: float) -> str:
        """The training error in the unit of the stop."""
        return f"{loss / self._prepared.unit:.3g} of the data's mean square" if self._relative else f"{loss:.3g}"

    def reached(self, step: Step) -> str:
        enough, unit, stop = self._prepared.enough, self._prepared.unit, self._spec.stop
        assert enough is not None
        absolute = stop.loss is not None and enough <= stop.loss
        goal = f"{enough:.3g}" if absolute else self.error(enough)
        if step.iteration == 0 and absolute and enough >= unit:
            return (
                f"The training error is below {goal} before the first step, because the mean square of the data is {unit:.3g}; "
                f"set stop.relative_loss, or a smaller stop.loss."
            )
        large = absolute and isinstance(self._spec.problem, Given) and enough > LARGE_STOP * unit
        share = f"; that is {100 * enough / unit:.2g} % of the data's mean square" if large else ""
        return f"The training error reached {goal} at t = {step.t:.4g}, after {step.iteration} steps{share}."

    def stopped(self, step: Step) -> str:
        return f"Stopped at t = {step.t:.4g} as asked, with a training error of {self.error(step.loss)}."

    def counted(self, step: Step) -> str:
        done = f"Stopped after {step.iteration} iterations as asked, at t = {step.t:.4g}"
        return f"{done}, with a training error of {self.error(step.loss)}."

    def cancelled(self, step: Step) -> str:
        where = f"Cancelled at t = {step.t:.4g}, with a training error of {self.error(step.loss)}"
        return f"{where}; run it again to see the rest."

    def out_of_time(self, step: Step, plateau: str) -> str:
        """What follows OUT_OF_TIME. `plateau`: how long the present one still lasts, a clause; empty where there is none."""
        where = f"the budget of {self._spec.stop.seconds:g} s ended at t = {step.t:.4g}"
        where = f"{where} with a training error of {self.error(step.loss)}"
        if self._resolved(step):
            return f"{where}; {self._no_closer()}."
        if self._in_other_units():
            return f"{where}; {self._own_unit()}."
        if self._below_epsilon(step):
            return f"{where}; the gradient is smaller than what {self._spec.integrator.kind} adds to it: {NORMALIZED}."
        more = "raise stop.seconds" if self._spec.stop.seconds < limits.MAX_SECONDS else ""
        if plateau:
            return _joined(where, plateau, any_of(more, self._larger_start(), self._less_depth()))
        return _joined(where, any_of(more, "stop at a larger error", self._larger_start()))

    def too_slow(self, step: Step) -> str:
        """Where a plateau is longer than any run may be, and by how much.

        Derived: x' = c x^(layers - 1), as on the first plateau, is infinite after the time x / ((layers - 2) x').
        """
        speed = norm(step.velocity)
        left = norm(step.x) / (max(1, self._layers - 2) * speed) if speed > 0 else 0.0
        more = f", and about {left:.1g} more is needed" if left > 0 else ""
        slow = f"This plateau is longer than a run may be: t = {step.t:.1g} is reached"
        slow = f"{slow} with a training error of {self.error(step.loss)}{more}"
        if self._in_other_units():
            return f"{slow}; {self._own_unit()}."
        return _joined(slow, any_of(self._larger_start(), self._less_depth()))

    def at_rest(self, step: Step) -> str:
        where = f"Nothing moves any more at t = {step.t:.4g}, with a training error of {self.error(step.loss)}"
        if self._resolved(step):
            return f"{where}; {self._no_closer()}."
        if self._least(step):
            return f"{where}; no W fits these observations better."
        if step.loss >= self._prepared.unit * (1 - BEST) and self._in_other_units():
            return f"{where}; {self._own_unit()}."
        if self._below_format(step):
            return f"{where}; data as small as these have gradients below the range of float32: choose dtype float64."
        return f"{where}; if that is too large, change the start{self._wider()}."

    def _larger_start(self) -> str:
        """Advice where W starts at a saddle, at a distance that is a setting."""
        return "start from a larger scale" if self._layers > 1 and self._spec.init.factors is None else ""

    def _less_depth(self) -> str:
        """Advice where the depth is a setting, and can be less."""
        return "choose less depth" if (self._spec.model.layers or 1) > 1 else ""

    def _wider(self) -> str:
        """A clause, where the model cannot make every W."""
        wider = self._spec.model.wider(self._prepared.problem.shape)
        return f", or allow {wider}" if wider else ""

    def _resolved(self, step: Step) -> bool:
        """True where the residuals are roundings of the data in the run's format."""
        eps = torch.finfo(step.x.dtype).eps
        return step.loss <= self._prepared.field.roundoff_loss(RESOLVED * float(eps))

    def _no_closer(self) -> str:
        if self._spec.dtype == "float32":
            return "float32 shows no smaller one, dtype float64 does"
        return "float64 shows no smaller one"

    def _least(self, step: Step) -> bool:
        """True where every W leaves at least this loss, because there are more observations than entries."""
        problem = self._prepared.problem
        if len(problem.observations.values) <= math.prod(problem.shape):
            return False
        best = problem.observations.project()(self._prepared.field.W(step))
        return step.loss <= (1 + BEST) * problem.loss(best)

    def _in_other_units(self) -> bool:
        """True where the scale of the start is absolute and means little beside the size of the person's data."""
        if not isinstance(self._spec.problem, Given) or self._spec.init.relative or self._spec.init.factors is not None:
            return False
        low, high = USUAL_STARTS
        return not low <= self._start() <= high

    def _below_epsilon(self, step: Step) -> bool:
        """True where a method that divides by the size of the gradient divides by its own constant instead."""
        if not isinstance(self._spec.problem, Given) or self._spec.problem.normalize == "minmax":
            return False
        return (
            norm(step.velocity) < self._spec.integrator.roundoff_gradient(step.velocity.numel())
            and step.loss > FITTED * self._prepared.unit
        )

    def _below_format(self, step: Step) -> bool:
        """True where float32 has no numbers, or too few, for products of two entries as small as the person's data."""
        entry = self._prepared.problem.scale / math.sqrt(math.prod(self._prepared.problem.shape))
        small = entry**2 < torch.finfo(torch.float32).tiny
        return small and step.x.dtype == torch.float32 and step.loss > FITTED * self._prepared.unit

    def _start(self) -> float:
        field = self._prepared.field
        return field.factorization.size(field.factors(self._prepared.x)) / self._prepared.problem.scale

    def _own_unit(self) -> str:
        share = f"the start has {self._start():.1g} times the norm of the data"
        return f"{share}: set init.relative to true, so that init.scale is a share of that norm"


def _joined(*clauses: str) -> str:
    """The sentence of those that are not empty."""
    return f"{'; '.join(each for each in clauses if each)}."
