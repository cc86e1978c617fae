"""The gradient flow of a problem and a factorization, as one ordinary differential equation."""

import math
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces.factorization import Factorization, Factors
from dmf_core.interfaces.problem import Problem
from dmf_core.norms import norm, square_norm

BUFFERS = 16  # of an integrator, whose views a field remembers: the methods of `stepper` use eleven


class Step(NamedTuple):
    """A point on the way. Tensors are never changed after they were handed out."""

    t: float  # flow time, or the sum of the steps for methods with a scalar step
    iteration: int  # accepted steps so far
    rejected: int  # rejected steps so far
    x: Tensor  # [p] all factors, flat
    velocity: Tensor  # [p] dx/dt = -dL/dx at x
    prediction: Tensor  # W [*d] at x, or its observed entries [m] where the field computes no others
    loss: float


class VectorField:
    """dx/dt = -dL/dx for the flat vector x [p] of all factors. Counts its evaluations.

    Calling it evaluates the velocity; `loss` and `prediction` then belong to the point of the latest call. Where the
    factorization can do with the observed entries alone, the prediction is these, and W is built only for snapshots.
    """

    def __init__(self, problem: Problem, factorization: Factorization) -> None:
        self.problem = problem
        self.factorization = factorization
        self.shapes = factorization.factor_shapes(problem.shape)
        self.degree = factorization.degree(problem.shape)
        self.sizes = [math.prod(shape) for shape in self.shapes]
        self.gradients = 0
        self.prediction: Tensor
        index = problem.observations.index
        entrywise = None if index is None else factorization.entrywise(problem.shape, index)
        self.whole = entrywise is None  # the prediction is W
        share = 1.0 if self.whole else len(problem.observations.values) / math.prod(problem.shape)
        self.scale = problem.scale * math.sqrt(share)  # the norm that the prediction will have
        self.longest = limits.MAX_TIME * self._unit_of_time()
        self._linearize = entrywise or factorization.linearize
        self._residual: Tensor  # at the latest call, times the gain
        self._gain = -2 * problem.weight
        self._scaled_residual = problem.observations.scaled_residual(self._gain) if self.whole else self._entry_residual
        self._views: dict[int, tuple[Tensor, Factors]] = {}  # by id, of buffers that are used again
        self._alike = (len(self.shapes), *self.shapes[0]) if len(set(self.shapes)) == 1 else None
        self._loss: float | None = None  # at the latest call, once it was needed

    def _unit_of_time(self) -> float:
        """The flow time here that corresponds to a time of 1 for data whose typical entry is 1.

        Derived: W -> c W takes x -> c^(1/N) x and dL/dx -> c^(2 - 1/N) dL/dx, so t -> c^(2/N - 2) t, N the degree.
        """
        entry = self.problem.scale / math.sqrt(math.prod(self.problem.shape))
        return float(entry ** (2 / self.degree - 2))

    def factors(self, x: Tensor) -> Factors:
        """Views into x, shaped as the factors."""
        if self._alike is not None:  # two calls instead of a dozen: a third of a gradient of 20 x 20
            return x.view(self._alike).unbind()
        return tuple(part.view(shape) for part, shape in zip(torch.split(x, self.sizes), self.shapes, strict=True))

    def stacked(self, x: Tensor) -> Factors:
        """Views into the rows of x [B, p]: each factor as [B, *its shape]."""
        parts = torch.split(x, self.sizes, dim=1)
        return tuple(part.view(len(x), *shape) for part, shape in zip(parts, self.shapes, strict=True))

    def flatten(self, factors: Factors) -> Tensor:
        """The factors as one vector [p] of their own memory."""
        return torch.cat([factor.reshape(-1) for factor in factors])

    def __call__(self, x: Tensor, out: Tensor | None = None) -> Tensor:
        """-dL/dx [p]. Writes into `out` when given."""
        self.gradients += 1
        self._loss = None
        velocity = torch.empty_like(x) if out is None else out
        factors, gradients = (self.factors(x), self.factors(velocity)) if out is None else (self._parts(x), self._parts(out))
        self.prediction, pullback = self._linearize(factors)
        self._residual, direction = self._scaled_residual(self.prediction)
        pullback(direction, gradients)
        return velocity

    def _entry_residual(self, entries: Tensor) -> tuple[Tensor, Tensor]:  # [m] -> [m], [m]
        observations = self.problem.observations
        residual = observations.rooted((entries - observations.values).mul_(self._gain))
        return residual, observations.rooted(residual)

    def _parts(self, x: Tensor) -> Factors:
        """`factors`, remembered: an integrator's stages use the same buffers again, and views cost a tenth of a gradient."""
        known = self._views.get(id(x))
        if known is None or known[0] is not x:
            if len(self._views) >= BUFFERS:
                self._views.clear()
            known = self._views[id(x)] = x, self.factors(x)
        return known[1]

    def end_to_end(self, x: Tensor) -> Tensor:
        """W [*d] at x, without counting a gradient."""
        return self.factorization.end_to_end(self.factors(x))

    def loss_and_prediction(self, x: Tensor) -> tuple[float, Tensor]:
        """(loss, prediction) at x, without counting a gradient."""
        if self.whole:
            W = self.end_to_end(x)
            return self.problem.loss(W), W
        entries, _ = self._linearize(self.factors(x))
        away = self.problem.observations.rooted(entries - self.problem.observations.values)
        return self.problem.weight * square_norm(away), entries

    def W(self, step: Step) -> Tensor:
        """W [*d] at a step."""
        return step.prediction if self.whole else self.end_to_end(step.x)

    def in_double(self) -> "VectorField":
        """The same equation in float64, with a count of its own."""
        return VectorField(replace(self.problem, observations=self.problem.observations.in_double()), self.factorization)

    def roundoff_loss(self, digits: float) -> float:
        """About the loss at which residuals are this share of the observed values."""
        observed = self.problem.observations.rooted(self.problem.observations.values)
        return self.problem.weight * (digits * norm(observed)) ** 2

    @property
    def loss(self) -> float:
        """Loss at the point of the latest call."""
        if self._loss is None:
            self._loss = self.problem.weight * square_norm(self._residual) / self._gain**2
        return self._loss

    def step(self, t: float, iteration: int, rejected: int, x: Tensor, velocity: Tensor) -> Step:
        """The Step at x, where x is the point of the latest call and `velocity` its result."""
        return Step(t, iteration, rejected, x, velocity, self.prediction, self.loss)
