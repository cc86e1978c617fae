"""GroupRMSprop: the optimizer behind the published figures."""

import math
from itertools import pairwise
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.integrators.fixed_step import FixedStep, Update
from dmf_core.interfaces import Coverage, Covered, Effort, Trace, VectorField
from dmf_core.norms import square_norm

DECAY = 0.99  # of the mean square: a memory of about 100 iterations; the released code's
EPSILON = 1e-4  # beside the root mean square: a gradient far below it moves x in proportion; the released code's


class GroupRMSprop(FixedStep):
    """x <- x - step * dL/dx with one scalar step for all factors; t = the sum of the steps.

    v <- 0.99 v + 0.01 |dL/dx|^2, step = learning_rate / (sqrt(v / (1 - 0.99^k)) + 1e-4) in iteration k = 1, 2, ...
    With one scalar for all it follows the path of the gradient flow, only the clock differs.

    Source: Arora et al. 2019, released code (opt.py, and its epsilon of main.py).
    """

    kind: Literal["group_rmsprop"] = "group_rmsprop"
    learning_rate: float = Field(1e-3, ge=limits.MIN_LEARNING_RATE, le=limits.MAX_LEARNING_RATE)
    label: ClassVar[str] = "group RMSprop"
    title: ClassVar[str] = "GroupRMSprop"
    covered: ClassVar[Covered] = Covered(Coverage.SMALL_STEPS, "follows the path of the gradient flow when its steps are small")
    balance: ClassVar[str] = "loses the square of its step in every iteration"
    own_clock: ClassVar[str] = "the sum of its steps"

    def gradients(self, effort: Effort) -> float:
        """The factors move by the rate in every step; 1.8 times the straight way in the median of random settings."""
        return 1.8 * effort.path / self.learning_rate

    def foreseen(self, field: VectorField, begun: Trace, coarse: Trace) -> float | None:
        """The length of the way over that of a step, which is the learning rate; slower where the steps begin to oscillate.

        Derived: across the stiffest direction, of curvature c, a step of length r swings between two sides, r / 2 away, where
        the gradient is c r / 2. The factor before the gradient is then 2 / c, so that a time T takes T c / 2 steps, and the
        loss comes no lower than c r^2 / 8.
        """
        curvature, _ = spectral_radius(field, coarse.last.x, coarse.last.velocity)
        if curvature * self.learning_rate**2 / 8 > coarse.loss:
            return math.inf
        pairs = zip(pairwise(coarse.t), pairwise(coarse.length), strict=True)
        return sum(max((b - a) / self.learning_rate, (after - before) * curvature / 2) for (before, after), (a, b) in pairs)

    def roundoff_gradient(self, unknowns: int) -> float:
        return EPSILON

    def update(self, x: Tensor) -> Update:
        average, power = 0.0, 1.0

        def next_x(x: Tensor, velocity: Tensor) -> tuple[Tensor, float]:
            nonlocal average, power
            average = DECAY * average + (1 - DECAY) * square_norm(velocity)
            power *= DECAY
            step = self.learning_rate / (math.sqrt(average / (1 - power)) + EPSILON)
            return torch.add(x, velocity, alpha=step), step

        return next_x
