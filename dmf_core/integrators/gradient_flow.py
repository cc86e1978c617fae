"""The gradient flow dx/dt = -dL/dx with error control."""

import math
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field as Setting
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.chebyshev import chebyshev
from dmf_core.integrators.exponential import exponential
from dmf_core.interfaces import Coverage, Covered, Effort, Integrator, Step, VectorField

DEPTH_SHARE = {1: 0.5, 2: 1.5, 3: 1.5}  # of the tolerance, 0.5 beyond: equal errors at all depths, benchmarks/accuracy.py
LARGE = 20_000  # unknowns from which the tolerance is taken as it is
STRICTEST = 0.15  # of the tolerance; below, the steps of a small problem cost more than their overhead
DEEPEST = 6  # beyond it the number of gradients grows no further, in the median
MOST_WAITING = 200_000  # gradients on the later plateaus of deep tensors
EXPONENTIAL_SHARE = 2.0  # of the tolerance: the exponential method's estimate is of a lower order than its step


class GradientFlow(Integrator):
    """What gradient descent becomes for small learning rates, and what the theorems describe.

    At the default tolerance births of modes are within 1 % and final singular values within 0.5 % of the largest in 99 of
    100 random settings, see benchmarks/accuracy.py; dmf_core.analysis.accuracy estimates it for each run. `method` "auto" is
    "chebyshev" on every problem: counted on 14 problems of 100 x 100, before the present step control, "exponential" needs
    0.96 to 2.7 times its gradients, and many more vector operations. It stays as a check.
    """

    kind: Literal["gradient_flow"] = "gradient_flow"
    tolerance: float = Setting(1e-2, ge=limits.MIN_TOLERANCE, le=limits.MAX_TOLERANCE)  # of one step, relative
    method: Literal["auto", "chebyshev", "exponential"] = "auto"
    continuous: ClassVar[bool] = True
    label: ClassVar[str] = "gradient flow (Runge–Kutta)"
    title: ClassVar[str] = "Gradient flow"
    covered: ClassVar[Covered] = Covered(Coverage.EXACT, "solves the gradient flow")
    balance: ClassVar[str] = "solves the gradient flow, up to its tolerance"
    several: ClassVar[bool] = True

    @property
    def judged_tolerance(self) -> float:
        return self.tolerance

    def gradients(self, effort: Effort) -> float:
        """A stabilized step over a time h costs about sqrt(h) gradients, and a deep product turns sharply at every birth.

        Measured on random settings, of which they are a median: single runs take up to four times as many or few. On the
        later plateaus of deep tensors the number grows with about the cube root of the wait.
        """
        waiting = math.log1p(effort.wait) if effort.tensor else math.sqrt(effort.wait)
        count = 150 + 110 * effort.degree + 12 * effort.degree * waiting
        if not effort.tensor:
            count *= 0.2 * math.exp(0.575 * (min(effort.degree, DEEPEST) - 1)) * math.sqrt(effort.fall / 10)
        elif effort.deep:
            count += min(30 * effort.wait ** (1 / 3), MOST_WAITING)
        return float(count * (1e-2 / self.tolerance) ** (1 / 3))

    def steps(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        last = None
        for step in self.walk(field, x):
            if step is not last:
                yield step
            last = step

    def walk(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        if self.method == "exponential":
            return exponential(field, x, EXPONENTIAL_SHARE * self.tolerance)
        return chebyshev(field, x, flow_tolerance(self, field, x))


def flow_tolerance(settings: GradientFlow, field: VectorField, x: Tensor) -> float:
    """The tolerance of one step of the explicit methods."""
    return DEPTH_SHARE.get(field.degree, 0.5) * strictness(x.numel()) * settings.tolerance


def strictness(unknowns: int) -> float:
    """The share of the tolerance that a problem of this size is solved with.

    In a large problem the errors of many entries average out; in a small one each saddle is left along one direction,
    and an error there chooses another branch. Its gradients cost little. Measured in benchmarks/accuracy.py.
    """
    return min(1.0, max(STRICTEST, math.sqrt(unknowns / LARGE)))
