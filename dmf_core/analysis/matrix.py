"""Theory and measurement at one point of a run after another, collected into an Insight."""

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factors, Step, VectorField
from dmf_core.prepare import Prepared
from dmf_core.theory import symmetric_flow
from dmf_core.theory.alignment import aligned
from dmf_core.theory.assumptions import imbalance, off_flow
from dmf_core.theory.equation import end_to_end_flow
from dmf_core.theory.evaluator import Evaluator
from dmf_core.theory.modes import Modes, all_modes, leading_modes
from dmf_core.theory.speeds import end_to_end_velocity, singular_value_speeds
from dmf_core.theory.vectors import measured_turning, predicted_turning
from dmf_core.trajectory import Check, Insight

CHECKED = ("speed", "equation", "aligned", "crossed", "turning", "predicted_turning", "turning_off", "drift", "squares")


class MatrixEvaluator(Evaluator):
    """Of a product of matrices, in float64: float32 products of large modes would round small ones away."""

    def __init__(self, prepared: Prepared) -> None:
        self._problem = prepared.problem
        self._field = VectorField(
            prepared.problem, prepared.field.factorization
        )  # a field of its own: that of the integrator keeps its latest point
        self._depth = self._field.degree
        self.modes = min(limits.INSIGHT_MODES, *prepared.problem.shape)
        self._whole = min(prepared.problem.shape) <= limits.CHECK_SIDE
        self._balance = self._conserved(self._wide(prepared.x)) if self._whole else []
        self._rows: list[tuple[np.ndarray, ...]] = []
        self._checks: list[tuple[np.ndarray, ...]] = []
        self._off_flow: list[float] = []

    def _wide(self, x: Tensor) -> Factors:
        return self._field.factors(x.double())

    def _conserved(self, factors: Factors) -> list[Tensor]:
        return self._field.factorization.conserved(tuple(factor[None] for factor in factors))

    def _moving(self, factors: Factors, velocities: Factors) -> Tensor:
        """dW/dt for these velocities of the factors."""
        return end_to_end_velocity(factors, velocities)

    def _gradient(self, dL_dW: Tensor) -> Tensor:
        """The gradient that the statements are about: dL/dW, unless a subclass says otherwise."""
        return dL_dW

    def _imbalance(self, factors: Factors, first: Modes) -> Tensor:  # [R]
        return imbalance(factors, first)

    def at(self, point: Step, following: Step | None) -> None:
        factors = self._wide(point.x)
        W = self._field.factorization.end_to_end(factors)
        flow = self._moving(factors, self._wide(self._field(point.x)))
        velocity = flow
        if following is not None:
            velocity = (self._field.factorization.end_to_end(self._wide(following.x)) - W) / (following.t - point.t)
        self._off_flow.append(0.0 if following is None else off_flow(velocity, flow))
        if not (bool(torch.isfinite(W).all()) and bool(torch.isfinite(velocity).all())):
            self._rows.append((np.full(self.modes, np.nan),) * 4)
            self._checks.append(self._unknown())
            return
        gradient = self._gradient(self._problem.loss_gradient(W.to(point.x)).double())
        modes = all_modes(W) if self._whole else leading_modes(W, self.modes)
        first = modes.first(self.modes)
        values = (*singular_value_speeds(first, gradient, velocity), self._imbalance(factors, first))
        self._rows.append(tuple(each.cpu().numpy() for each in values))
        if self._whole:
            self._checks.append(self._check(factors, modes, gradient, velocity))

    def _check(self, factors: Factors, modes: Modes, gradient: Tensor, velocity: Tensor) -> tuple[np.ndarray, ...]:
        """In the order of CHECKED."""
        speed = torch.linalg.vector_norm(velocity)
        off = torch.linalg.vector_norm(end_to_end_flow(modes, -gradient, self._depth) - velocity)
        measured = measured_turning(modes, velocity, self.modes)
        predicted = predicted_turning(modes, -gradient, self._depth, self.modes)
        difference = torch.sqrt((measured.u - predicted.u).square().sum(0) + (measured.v - predicted.v).square().sum(0))
        moved = [float((now - start).norm()) for now, start in zip(self._conserved(factors), self._balance, strict=True)]
        squares = max(float((factor @ factor.T).norm()) for factor in factors)
        numbers = (float(speed), float(off / speed) if speed > 0 else 0.0, *aligned(modes.U, gradient, modes.V))
        turning = tuple(each.cpu().numpy() for each in (measured.speed, predicted.speed, _share(difference, measured.speed)))
        return (*map(np.array, numbers), *turning, np.array(moved), np.array(squares))

    def _unknown(self) -> tuple[np.ndarray, ...]:
        scalar, modes, links = np.array(np.nan), np.full(self.modes, np.nan), np.full(len(self._balance), np.nan)
        return scalar, scalar, scalar, scalar, modes, modes, modes, links, scalar

    def insight(self, snapshots: int, births: np.ndarray) -> Insight:
        sigma, pull, measured, unbalanced = (_stacked(self._rows, i, snapshots, (self.modes,)) for i in range(4))
        return Insight(
            depth=self._depth,
            sigma=sigma,
            pull=pull,
            measured=measured,
            imbalance=unbalanced,
            off_flow=_filled(np.array(self._off_flow), snapshots),
            births=births,
            check=self._whole_check(snapshots) if self._whole else None,
        )

    def _whole_check(self, snapshots: int) -> Check:
        shapes = [each.shape for each in self._unknown()]
        return Check(**{key: _stacked(self._checks, i, snapshots, shapes[i]) for i, key in enumerate(CHECKED)})


class SymmetricMatrixEvaluator(MatrixEvaluator):
    """Of W = U U^T: the two factors are one matrix and its transpose, so they are balanced, and their pulls add up."""

    def _moving(self, factors: Factors, velocities: Factors) -> Tensor:
        return symmetric_flow.velocity(factors[0], velocities[0])

    def _gradient(self, dL_dW: Tensor) -> Tensor:
        return -symmetric_flow.symmetric_pull(dL_dW)

    def _imbalance(self, factors: Factors, first: Modes) -> Tensor:
        return torch.zeros_like(first.sigma)


def _share(part: Tensor, whole: Tensor) -> Tensor:  # NaN where there is nothing to compare with
    return torch.where(whole > 0, part / whole, torch.nan)


def _stacked(columns: list[tuple[np.ndarray, ...]], i: int, rows: int, shape: tuple[int, ...]) -> np.ndarray:  # [rows, ..]
    return _filled(np.array([each[i] for each in columns], dtype=np.float64).reshape(len(columns), *shape), rows)


def _filled(values: np.ndarray, rows: int) -> np.ndarray:  # [T', ..] -> [T, ..]
    missing = np.full((rows - len(values), *values.shape[1:]), np.nan)
    return np.concatenate([values, missing])
