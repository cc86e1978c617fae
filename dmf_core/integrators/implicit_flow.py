"""Gradient flow by an implicit method, for small and very stiff systems."""

import math
from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field as Setting
from scipy.integrate import LSODA
from torch import Tensor

from dmf_core import limits
from dmf_core.errors import BadInput, NoStep
from dmf_core.integrators.chebyshev import coarse_flow
from dmf_core.interfaces import Coverage, Covered, Effort, Integrator, Step, Trace, VectorField

LATEST = 0.6  # of the gradients of a run that has begun: those after it give its pace
QUIET_STEPS = 40  # steps that all together move x by less than rounding
USUAL, USUAL_LINEAR = 5000.0, 100.0  # gradients: the geometric mean of 46 random runs, about, and where nothing is a product


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
    spread: ClassVar[float] = 20.0
    most_unknowns: ClassVar[int | None] = limits.IMPLICIT_UNKNOWNS

    def gradients(self, effort: Effort) -> float:
        """A fit of size, fall, wait and noise was within a factor of two for 29 % of other runs: a trial has to tell."""
        return USUAL if effort.degree > 1 else USUAL_LINEAR

    def coarse(self, field: VectorField, x: Tensor) -> Iterator[Step] | None:
        """The same flow by an explicit method, roughly: it tells how long it takes."""
        return coarse_flow(field, x)

    def foreseen(self, field: VectorField, begun: Trace, coarse: Trace) -> float | None:
        """At the pace of the latest part of the run, over the rest of the time.

        Its steps soon are as long as its stability allows, see benchmarks/README.md.
        """
        since = next(n for n, gradients in enumerate(begun.gradients) if gradients >= LATEST * begun.gradients[-1])
        passed = begun.t[-1] - begun.t[since]
        if passed <= 0:
            return None
        pace = (begun.gradients[-1] - begun.gradients[since]) / passed
        return begun.gradients[-1] + pace * max(0.0, coarse.t[-1] - begun.t[-1])

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
