"""Plain gradient descent."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.fixed_step import FixedStep, Update
from dmf_core.interfaces import Coverage, Covered


class GradientDescent(FixedStep):
    """x <- x - learning_rate * dL/dx. t = iterations * learning_rate.

    Source: the forward Euler method for the gradient flow; stable for learning_rate < 2 / (largest curvature).
    """

    kind: Literal["gradient_descent"] = "gradient_descent"
    learning_rate: float = Field(0.1, ge=limits.MIN_LEARNING_RATE, le=limits.MAX_LEARNING_RATE)
    label: ClassVar[str] = "gradient descent"
    title: ClassVar[str] = "Gradient descent"
    covered: ClassVar[Covered] = Covered(Coverage.SMALL_STEPS, "follows the gradient flow when its steps are small")
    balance: ClassVar[str] = "loses the square of its step in every iteration"
    stable: ClassVar[float | None] = 2.0

    def update(self, x: Tensor) -> Update:
        def next_x(x: Tensor, velocity: Tensor) -> tuple[Tensor, float]:
            return torch.add(x, velocity, alpha=self.learning_rate), self.learning_rate

        return next_x
