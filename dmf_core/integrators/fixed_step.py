"""What the methods with given steps share: one gradient per iteration, no error control, no rejected step."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from dmf_core.integrators.chebyshev import coarse_flow
from dmf_core.integrators.curvature import spectral_radius
from dmf_core.interfaces import Effort, Integrator, Step, Trace, VectorField

Update = Callable[[Tensor, Tensor], tuple[Tensor, float]]  # (x, velocity) -> (next x as a new tensor, time it took)
STABLE = 2.0  # learning rate times largest curvature
QUIET_ITERATIONS = 1000  # so many unchanged iterations and averages of past gradients have died out too


class FixedStep(Integrator):
    """Abstract. A step that is too large shows as what it is: the path diverges, and is handed out as it is."""

    continuous: ClassVar[bool] = False
    if TYPE_CHECKING:
        learning_rate: float  # a field of every subclass, with a default of its own

    @abstractmethod
    def update(self, x: Tensor) -> Update:
        """A function that goes one iteration further, with its own memory. `x` [p] is the start."""

    def gradients(self, effort: Effort) -> float:
        return effort.time / self.learning_rate

    def coarse(self, field: VectorField, x: Tensor) -> Iterator[Step] | None:
        """The gradient flow, roughly."""
        return coarse_flow(field, x)

    def foreseen(self, field: VectorField, begun: Trace, coarse: Trace) -> float | None:
        """The time of the flow in steps of the learning rate; nothing is known where these are not stable."""
        curvature, _ = spectral_radius(field, coarse.last.x, coarse.last.velocity)
        return None if self.learning_rate * curvature > STABLE else coarse.t[-1] / self.learning_rate

    def steps(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        update = self.update(x)
        t, iteration, quiet = 0.0, 0, 0
        velocity = field(x)
        yield field.step(t, iteration, 0, x, velocity)
        while t <= field.longest and quiet < QUIET_ITERATIONS:
            last = x
            x, duration = update(x, velocity)
            t += duration
            iteration += 1
            velocity = field(x)
            quiet = quiet + 1 if torch.equal(x, last) else 0
            yield field.step(t, iteration, 0, x, velocity)
