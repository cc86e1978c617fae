"""The gradient flow dx/dt = -dL/dx with error control."""

import math
from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field as Setting
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.chebyshev import chebyshev
from dmf_core.integrators.exponential import exponential
from dmf_core.interfaces import Coverage, Covered, Effort, Integrator, Step, VectorField

DEPTH_SHARE = {1: 0.5, 2: 1.5, 3: 1.5}  # of the tolerance, 0.5 beyond: equal errors at all depths, benchmarks/accuracy.py
LARGE = 20_000  # unknowns from which the tolerance is taken as it is
STRICTEST = 0.15  # of the tolerance; below, the steps of a small problem cost more than their overhead
DEEPEST = 6  # beyond it the number of gradients of a matrix grows no further, in the median
MOST_DEGREE = 12  # the same of a tensor
MOST_WAITING = 200_000  # gradients on the later plateaus of deep tensors: about the cube root of the wait
ENOUGH = 8.0  # observations for each unknown of the truth: with fewer, a deep tensor waits on later plateaus
LINEAR = 100.0  # gradients at degree 1
EXPONENTIAL_SHARE = 2.0  # of the tolerance: the exponential method's estimate is of a lower order than its step


class Fit(NamedTuple):
    """Coefficients of the logarithm of the number of gradients. Least squares, see benchmarks/estimates.py."""

    constant: float
    degree: float
    wait: float  # of ln(1 + ln(1 + wait))
    fall: float
    rank: float = 0.0
    noisy: float = 0.0  # for each degree above 2
    births: float = 0.0  # the same, times the logarithm of how many modes are born
    sides: float = 0.0
    start: float = 0.0  # for each factor of ten above 0.1
    deep: float = 0.0
    sparse: float = 0.0


FEW, FEWEST = 1.7, 1.4  # observations for each unknown of a matrix of the truth's rank: below the second, many matrices fit
AMBIGUOUS = 0.35  # more gradients then, as a logarithm: for each degree above 2 and each factor of ten of the start below SMALL
SMALL = 1e-2  # fitted to 40 runs with few observations; of 40 others none takes over three times its estimate, without it 4 did
MOST_AMBIGUOUS = 8  # a degree; beyond it nothing was counted
MATRIX = Fit(3.80, -0.03, 1.65, 0.56, noisy=0.27, births=0.26, sides=-0.35, start=0.17)
TENSOR = Fit(0.67, 0.263, 0.424, 1.515, rank=0.871, deep=-0.66, sparse=0.56)


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
    spread: ClassVar[float] = 2.5

    @property
    def judged_tolerance(self) -> float:
        return self.tolerance

    def gradients(self, effort: Effort) -> float:
        """A median, fitted to the counts of 217 random runs (benchmarks/estimates.py) and those of the papers' sizes.

        Nine in ten matrices are within a factor of two, and eight in ten tensors.
        """
        if effort.degree == 1:
            return LINEAR * math.pow(1e-2 / self.tolerance, 1 / 3)
        fit, births = (TENSOR if effort.tensor else MATRIX), min(effort.degree, DEEPEST) - 2
        sparse = max(0.0, -math.log(effort.share / ENOUGH)) if effort.deep else 0.0
        exponent = fit.constant + fit.degree * min(effort.degree, MOST_DEGREE) + fit.wait * math.log1p(math.log1p(effort.wait))
        exponent += fit.fall * math.log(effort.fall) + fit.rank * math.log(effort.rank) + fit.sparse * sparse
        exponent += births * (fit.noisy * effort.noisy + fit.births * math.log(effort.modes))
        exponent += fit.sides * math.log(effort.sides) + fit.start * max(0.0, math.log10(effort.start) + 1)
        if not effort.tensor and not effort.noisy:
            ambiguous = min(1.0, max(0.0, (FEW - effort.share) / (FEW - FEWEST)))
            tens = max(0.0, math.log10(SMALL / effort.start))
            exponent += AMBIGUOUS * ambiguous * tens * (min(effort.degree, MOST_AMBIGUOUS) - 2)
        count = math.exp(exponent + fit.deep * effort.deep)
        if effort.tensor and effort.deep:
            count += min(30 * effort.wait ** (1 / 3), MOST_WAITING)
        return count * math.pow(1e-2 / self.tolerance, 1 / 3)

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
