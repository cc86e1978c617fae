"""Gradient flow by an implicit method, for small and very stiff systems."""

import math
from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

import numpy as np
import torch
from pydantic import Field as Setting
from scipy.integrate import LSODA
from torch import Tensor

from dmf_core import limits
from dmf_core.errors import BadInput, NoStep
from dmf_core.interfaces import Coverage, Covered, Effort, Integrator, Step, VectorField

QUIET_STEPS = 40  # steps that all together move x by less than rounding


class Fit(NamedTuple):
    """Of the logarithm of the count of gradients at a tolerance of 1e-8; see `Effort`."""

    constant: float
    unknowns: float
    fall: float
    wait: float
    noisy: float


FIT = Fit(-9.63, 1.474, 3.55, 3.136, 0.389)
LONGEST_WAIT, MOST_DEGREE = 15.0, 6  # of the runs that were fitted
LEAST, LEAST_LINEAR, MOST = 1000.0, 100.0, 1e6  # gradients; the least of them take a tenth of a second at most
SPREAD = 6.0


class ImplicitFlow(Integrator):
    """Solves dx/dt = -dL/dx by backward differentiation with a dense Jacobian from differences of the gradient.

    It refuses systems of more than limits.IMPLICIT_UNKNOWNS unknowns: every Jacobian costs as many gradients.
    The method is computed in float64, whatever the field's precision; a float64 field makes full use of it.

    Source: LSODA (Petzold 1983), by scipy.
    """

    kind: Literal["implicit_flow"] = "implicit_flow"
    tolerance: float = Setting(1e-8, ge=limits.MIN_TOLERANCE, le=limits.MAX_TOLERANCE)  # of one step, relative
    continuous: ClassVar[bool] = True
    label: ClassVar[str] = "gradient flow (implicit)"
    title: ClassVar[str] = "Implicit flow"
    covered: ClassVar[Covered] = Covered(Coverage.EXACT, "solves the gradient flow")
    balance: ClassVar[str] = "solves the gradient flow, up to its tolerance"
    stand_in: ClassVar[bool] = True  # for small problems, where it gives what gradient flow gives
    spread: ClassVar[float] = SPREAD
    most_unknowns: ClassVar[int | None] = limits.IMPLICIT_UNKNOWNS

    def gradients(self, effort: Effort) -> float:
        """Rough, fitted to 128 random runs of matrices of at most 8 rows; what a run may take says `spread`.

        The wait counts up to LONGEST_WAIT only: the method passes a longer one in few steps. Without that limit the formula took
        CP tensors of depth 3 for a hundred times too long.
        """
        fit, unknowns = FIT, effort.degree * (effort.sides / 2) ** 2  # about; every Jacobian costs as many gradients
        exponent = fit.constant + fit.unknowns * math.log(unknowns) + fit.fall * math.log(effort.fall)
        exponent += fit.wait * math.log1p(math.log1p(min(effort.wait, LONGEST_WAIT)))
        exponent += fit.noisy * effort.noisy * min(effort.degree, MOST_DEGREE)
        count = min(math.exp(exponent), MOST) * math.sqrt(1e-8 / self.tolerance)
        return max(LEAST if effort.degree > 1 else LEAST_LINEAR, count)

    def steps(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        if x.numel() > limits.IMPLICIT_UNKNOWNS:
            raise BadInput(
                f"The factors have {x.numel()} entries, but implicit_flow solves at most {limits.IMPLICIT_UNKNOWNS} "
                "unknowns; choose the integrator gradient_flow, or a smaller matrix."
            )
        return self._steps(field, x)

    def _steps(self, field: VectorField, x: Tensor) -> Iterator[Step]:
        def velocity_at(_t: float, y: np.ndarray) -> np.ndarray:
            return field(torch.from_numpy(y).to(x)).double().cpu().numpy()

        y = x.double().cpu().numpy()
        velocity = field(x)
        yield field.step(0.0, 0, 0, x, velocity)
        if not velocity.any():
            return
        size = float(np.linalg.norm(y)) / math.sqrt(y.size)
        absolute = 1e-3 * self.tolerance * (size or 1.0)  # far below the start, or the escape from it would be lost
        solver = LSODA(velocity_at, 0.0, y, field.longest, rtol=self.tolerance, atol=absolute)
        iteration, quiet, anchor = 0, 0, y
        rounding = 4 * float(torch.finfo(x.dtype).eps)
        while solver.status == "running" and quiet < QUIET_STEPS:
            message = solver.step()
            if solver.status == "failed":
                raise NoStep(f"LSODA stopped at t = {solver.t:g}", f"{message}")
            iteration += 1
            if np.linalg.norm(solver.y - anchor) <= rounding * np.linalg.norm(solver.y):
                quiet += 1
            else:
                quiet, anchor = 0, solver.y.copy()
            point = torch.from_numpy(solver.y.copy()).to(x)
            velocity = field(point)
            yield field.step(float(solver.t), iteration, 0, point, velocity)
            if not velocity.any():
                return
