"""Gradient descent with momentum (heavy ball)."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.fixed_step import STABLE, FixedStep, Update
from dmf_core.interfaces import Coverage, Covered, Effort, Trace, VectorField


class Momentum(FixedStep):
    """b <- momentum * b - dL/dx, x <- x + learning_rate * b. t = iterations * learning_rate / (1 - momentum).

    Source: Polyak 1964, in the form of torch.optim.SGD (no dampening). The time is derived: for a slowly changing
    gradient g the average b settles at -g / (1 - momentum), so that one iteration moves x as the flow does in
    learning_rate / (1 - momentum). Check: tests/integrators/test_fixed_step.py.
    """

    kind: Literal["momentum"] = "momentum"
    learning_rate: float = Field(0.01, ge=limits.MIN_LEARNING_RATE, le=limits.MAX_LEARNING_RATE)
    momentum: float = Field(0.9, ge=0.0, le=0.999)
    label: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    covered: ClassVar[Covered] = Covered(Coverage.NONE, "carries speed over from earlier iterations")
    balance: ClassVar[str] = "carries speed over from earlier iterations, so that the changes of the factors no longer cancel"

    def gradients(self, effort: Effort) -> float:
        """1.3 times what its duration asks for: the median of random settings."""
        return 1.3 * effort.time * (1 - self.momentum) / self.learning_rate

    def foreseen(self, field: VectorField, begun: Trace, coarse: Trace) -> float | None:
        """The time of the flow in steps. The stable limit, 2 (1 + momentum), is derived from the recursion of one mode."""
        curvature, _ = spectral_radius(field, coarse.last.x, coarse.last.velocity)
        if self.learning_rate * curvature > STABLE * (1 + self.momentum):
            return None
        return coarse.t[-1] * (1 - self.momentum) / self.learning_rate

    def update(self, x: Tensor) -> Update:
        average = torch.zeros_like(x)
        duration = self.learning_rate / (1 - self.momentum)

        def next_x(x: Tensor, velocity: Tensor) -> tuple[Tensor, float]:
            average.mul_(self.momentum).add_(velocity)
            return torch.add(x, average, alpha=self.learning_rate), duration

        return next_x
