"""Read first: every abstract noun of the package, with its shapes.

The end-to-end matrix W is the narrow waist. Left of it a `Problem` gives the loss and dL/dW; right of it a
`Factorization` builds W from factors and pulls dL/dW back to them. A `Field` joins the two into one ordinary
differential equation dx/dt = -dL/dx for the flat vector x of all factors; an `Integrator` solves it and
knows neither side.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeAlias

import torch
from torch import Tensor

from dmf_core.settings import Settings

Factors: TypeAlias = tuple[Tensor, ...]  # (W_1, ..., W_N), W_j: [d_j, d_{j-1}], W = W_N ... W_1
Pullback: TypeAlias = Callable[[Tensor, Factors], None]  # (dL/dW, gradients of the factors, written in place)


class Observations(ABC):
    """A linear map from matrices to m numbers, and the m numbers that were seen."""

    values: Tensor  # [m]

    @abstractmethod
    def apply(self, W: Tensor) -> Tensor:  # [rows, columns] -> [m]
        """What would be seen of W."""

    @abstractmethod
    def adjoint(self, r: Tensor) -> Tensor:  # [m] -> [rows, columns]
        """The transpose of `apply`: <apply(W), r> = <W, adjoint(r)>."""

    @abstractmethod
    def residual(self, W: Tensor) -> tuple[Tensor, Tensor]:
        """(a, b): the entries of a are those of apply(W) - values, and perhaps zeros; b = adjoint(apply(W) - values)."""

    @abstractmethod
    def nearest(self) -> Callable[[Tensor], Tensor]:  # [rows, columns] -> [rows, columns]
        """A function that gives the matrix nearest to W (in Frobenius norm) among those that fit the values best.

        Where the values can be fitted at all, that is the nearest matrix W with apply(W) = values. Applied twice it is as
        exact as the dtype allows; once, it may lose digits to badly conditioned observations.
        """

    def scaled_residual(self, gain: float) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        """A function that gives both parts of `residual`, times gain."""

        def of(W: Tensor) -> tuple[Tensor, Tensor]:
            a, b = self.residual(W)
            return a * gain, b * gain

        return of


@dataclass(frozen=True, eq=False)
class Problem:
    """The loss of W: weight * |apply(W) - values|^2, where weight = 1/m makes it the mean squared error."""

    shape: tuple[int, int]
    observations: Observations
    weight: float
    scale: float  # the Frobenius norm that W will have, as far as the observations tell; > 0
    ground_truth: Tensor | None  # [rows, columns], noiseless; None when some entries are unknown
    held_out: Observations | None  # entries that training never sees
    known: Tensor  # [rows, columns] what a person may be shown as the truth, NaN where nobody knows
    observed: Tensor  # [rows, columns] bool; all False when no single entry is observed

    def loss(self, W: Tensor) -> Tensor:  # [rows, columns] -> []
        flat = self.observations.residual(W)[0].view(-1)
        return self.weight * torch.dot(flat, flat)

    def loss_gradient(self, W: Tensor) -> Tensor:  # [rows, columns] -> [rows, columns]
        return 2 * self.weight * self.observations.residual(W)[1]


class Factorization(ABC):
    """How W is built from factors. Holds no tensors."""

    @abstractmethod
    def factor_shapes(self, shape: tuple[int, int]) -> tuple[tuple[int, int], ...]:
        """Shapes of W_1 .. W_N for a W of the given shape."""

    @abstractmethod
    def end_to_end(self, factors: Factors) -> Tensor:
        """W [rows, columns]."""

    @abstractmethod
    def linearize(self, factors: Factors) -> tuple[Tensor, Pullback]:
        """W and the function that writes the factors' gradients, given dL/dW."""


class Step(NamedTuple):
    """A point on the way. Tensors are never changed after they were handed out."""

    t: float  # flow time, or the sum of the steps for methods with a scalar step
    iteration: int  # accepted steps so far
    rejected: int  # rejected steps so far
    x: Tensor  # [p] all factors, flat
    velocity: Tensor  # [p] dx/dt = -dL/dx at x
    W: Tensor  # [rows, columns] at x
    loss: float


class Field:
    """dx/dt = -dL/dx for the flat vector x [p] of all factors. Counts its evaluations.

    Calling it evaluates the velocity; `loss` and `W` then belong to the point of the latest call.
    """

    def __init__(self, problem: Problem, factorization: Factorization) -> None:
        self.problem = problem
        self.factorization = factorization
        self.shapes = factorization.factor_shapes(problem.shape)
        self.sizes = [rows * columns for rows, columns in self.shapes]
        self.gradients = 0
        self.W: Tensor
        self._residual: Tensor  # at the latest call, times the gain
        self._gain = -2 * problem.weight
        self._scaled_residual = problem.observations.scaled_residual(self._gain)
        self._views: dict[int, tuple[Tensor, Factors]] = {}  # of the two latest buffers given with `out`

    def factors(self, x: Tensor) -> Factors:
        """Views into x, shaped as the factors."""
        return tuple(part.view(shape) for part, shape in zip(torch.split(x, self.sizes), self.shapes, strict=True))

    def stacked(self, x: Tensor) -> Factors:
        """Views into the rows of x [B, p]: W_j as [B, d_j, d_{j-1}]."""
        parts = torch.split(x, self.sizes, dim=1)
        return tuple(part.view(len(x), *shape) for part, shape in zip(parts, self.shapes, strict=True))

    def flatten(self, factors: Factors) -> Tensor:
        """The factors as one vector [p] of their own memory."""
        return torch.cat([factor.reshape(-1) for factor in factors])

    def __call__(self, x: Tensor, out: Tensor | None = None) -> Tensor:
        """-dL/dx [p]. Writes into `out` when given."""
        self.gradients += 1
        velocity = torch.empty_like(x) if out is None else out
        factors, gradients = (
            (self.factors(x), self.factors(velocity)) if out is None else (self._parts(0, x), self._parts(1, out))
        )
        self.W, pullback = self.factorization.linearize(factors)
        self._residual, direction = self._scaled_residual(self.W)
        pullback(direction, gradients)
        return velocity

    def _parts(self, place: int, x: Tensor) -> Factors:
        """`factors`, remembered: an integrator's stages use the same buffers again, and views cost a tenth of a gradient."""
        seen = self._views.get(place)
        if seen is None or seen[0] is not x:
            seen = self._views[place] = x, self.factors(x)
        return seen[1]

    def end_to_end(self, x: Tensor) -> Tensor:
        """W [rows, columns] at x, without counting a gradient."""
        return self.factorization.end_to_end(self.factors(x))

    @property
    def loss(self) -> float:
        """Loss at the point of the latest call."""
        flat = self._residual.view(-1)
        return self.problem.weight * float(torch.dot(flat, flat)) / self._gain**2

    def step(self, t: float, iteration: int, rejected: int, x: Tensor, velocity: Tensor) -> Step:
        """The Step at x, where x is the point of the latest call and `velocity` its result."""
        return Step(t, iteration, rejected, x, velocity, self.W, self.loss)


class Integrator(Settings, ABC):
    """Settings of one way to move through time. `steps` is a generator: to cancel is to stop iterating."""

    continuous: ClassVar[bool]  # True: between two steps the path is the cubic through x and velocity

    @abstractmethod
    def steps(self, field: Field, x: Tensor) -> Iterator[Step]:
        """Yields the start (t = 0, iteration 0), then every accepted step. Ends only when nothing moves any more."""
