"""Adam."""

import math
from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.fixed_step import FixedStep, Update
from dmf_core.interfaces import Coverage, Covered, Effort, Step, Trace, VectorField

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # the defaults of the paper and of torch.optim.Adam
STRIDE, LONGER = 12.0, 1.15  # the most iterations in one stride of the coarse walk, and how much longer the next one may be


class Fit(NamedTuple):
    """Of the logarithm of the count of gradients; see `Effort`."""

    constant: float
    rate: float
    fall: float
    wait: float
    linear: float  # at depth 1
    noisy: float
    sides: float
    sparse: float


FIT = Fit(-1.34, -0.709, 1.43, 0.218, 2.25, 0.109, -0.087, -0.282)
MOST_DEGREE = 6  # of the runs that were fitted; above it, noise is counted as at depth 6
ENOUGH = 2.0  # observations for each unknown of the truth
USUAL_WAY = 1.8  # that an entry moves in all: the median of nine random settings
WITHIN = 10.0  # times the usual count; one run in fifty is farther away


class Adam(FixedStep):
    """Every entry of x has its own step size. t = the sum of the nominal learning rates, which is NOT a flow time.

    Its path is not that of the gradient flow, so theorems about the flow say nothing about it.

    Source: Kingma and Ba 2015, algorithm 1, in the form of torch.optim.Adam with its defaults.
    """

    kind: Literal["adam"] = "adam"
    learning_rate: float = Field(1e-3, ge=limits.MIN_LEARNING_RATE, le=limits.MAX_LEARNING_RATE)
    label: ClassVar[str] = "Adam"
    title: ClassVar[str] = "Adam"
    covered: ClassVar[Covered] = Covered(Coverage.NONE, "gives every entry a step of its own")
    balance: ClassVar[str] = "gives every entry a step of its own, so that the changes of the factors no longer cancel"

    def gradients(self, effort: Effort) -> float:
        """A median, fitted to 886 random runs: three in four of others are within a factor of two (benchmarks/estimates.py).

        Every entry moves by its rate, so that the count falls with it, but more slowly: a run of few steps ends inside one.
        """
        fit, degree = FIT, min(effort.degree, MOST_DEGREE)
        exponent = fit.constant + fit.rate * math.log(self.learning_rate) + fit.fall * math.log(effort.fall)
        exponent += fit.wait * math.log1p(effort.wait) + fit.linear * (effort.degree == 1) + fit.noisy * effort.noisy * degree
        exponent += fit.sides * math.log(effort.sides) + fit.sparse * max(0.0, -math.log(effort.share / ENOUGH))
        usual = USUAL_WAY / self.learning_rate
        return min(
            max(math.exp(exponent), usual / WITHIN), usual * WITHIN
        )  # no formula is believed far from what it was fitted to

    def coarse(self, field: VectorField, x: Tensor) -> Iterator[Step] | None:
        return _in_strides(self, field, x)

    def foreseen(self, field: VectorField, begun: Trace, coarse: Trace) -> float | None:
        """Every stride of the coarse walk stands for as many iterations as it is long."""
        return coarse.t[-1] / self.learning_rate

    def roundoff_gradient(self, unknowns: int) -> float:
        return EPSILON * math.sqrt(unknowns)

    def update(self, x: Tensor) -> Update:
        mean, square = torch.zeros_like(x), torch.zeros_like(x)
        iteration = 0

        def next_x(x: Tensor, velocity: Tensor) -> tuple[Tensor, float]:
            nonlocal iteration
            iteration += 1
            mean.lerp_(velocity, 1 - BETA1)
            square.mul_(BETA2).addcmul_(velocity, velocity, value=1 - BETA2)
            root = square.sqrt().div_(math.sqrt(1 - BETA2**iteration)).add_(EPSILON)
            step = self.learning_rate / (1 - BETA1**iteration)
            return torch.addcdiv(x, mean, root, value=step), self.learning_rate

        return next_x


def _in_strides(settings: Adam, field: VectorField, x: Tensor) -> Iterator[Step]:
    """Adam with strides of up to STRIDE iterations each: a longer one after each that lowers the loss, half of it after others.

    Derived: as long as the gradient g stays as it is, k iterations of m <- beta m + (1 - beta) g are one with beta^k, and move x
    by k learning rates.
    """
    mean, square = torch.zeros_like(x), torch.zeros_like(x)
    t, iteration, stride, power1, power2 = 0.0, 0, 1.0, 1.0, 1.0
    velocity = field(x)
    yield (step := field.step(t, iteration, 0, x, velocity))
    while t <= field.longest:
        beta1, beta2 = BETA1**stride, BETA2**stride
        power1, power2 = power1 * beta1, power2 * beta2
        mean.lerp_(velocity, 1 - beta1)
        square.mul_(beta2).addcmul_(velocity, velocity, value=1 - beta2)
        root = square.sqrt().div_(math.sqrt(1 - power2)).add_(EPSILON)
        x = torch.addcdiv(x, mean, root, value=stride * settings.learning_rate / (1 - power1))
        t, iteration = t + stride * settings.learning_rate, iteration + 1
        before, velocity = step.loss, field(x)
        yield (step := field.step(t, iteration, 0, x, velocity))
        stride = min(STRIDE, LONGER * stride) if step.loss <= before else max(1.0, stride / 2)
