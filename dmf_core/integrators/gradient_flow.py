"""The gradient flow dx/dt = -dL/dx with error control."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field as Setting
from torch import Tensor

from dmf_core import limits
from dmf_core.integrators.chebyshev import chebyshev
from dmf_core.interfaces import Field, Integrator, Step


class GradientFlow(Integrator):
    """What gradient descent becomes for small learning rates, and what the theorems describe."""

    kind: Literal["gradient_flow"] = "gradient_flow"
    tolerance: float = Setting(1e-2, ge=limits.MIN_TOLERANCE, le=limits.MAX_TOLERANCE)
    method: Literal["auto", "chebyshev", "exponential"] = "auto"
    continuous: ClassVar[bool] = True

    def steps(self, field: Field, x: Tensor) -> Iterator[Step]:
        return chebyshev(field, x, self.tolerance)
