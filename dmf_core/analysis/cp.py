"""Theory and measurement for the components of a CP model, at one point of a run after another."""

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factors, Step, VectorField
from dmf_core.prepare import Prepared
from dmf_core.theory.assumptions import off_flow
from dmf_core.theory.component_norms import band, growth
from dmf_core.theory.evaluator import Evaluator
from dmf_core.trajectory import Bounds, Insight


class ComponentEvaluator(Evaluator):
    """Of CP at depth 1, in float64, for the components with the largest norms; NaN where a model has fewer of them."""

    def __init__(self, prepared: Prepared) -> None:
        self._problem = prepared.problem
        self._field = VectorField(
            prepared.problem, prepared.field.factorization
        )  # a field of its own: that of the integrator keeps its latest point
        self.modes = min(limits.INSIGHT_MODES, *prepared.problem.shape)
        self._rows: list[np.ndarray] = []  # each: [7, R]
        self._off_flow: list[float] = []

    def _wide(self, x: Tensor) -> Factors:
        return self._field.factors(x.double())

    def at(self, point: Step, following: Step | None) -> None:
        factors, flow = self._wide(point.x), self._wide(self._field(point.x))
        velocity = flow
        if following is not None:
            after = self._wide(following.x)
            velocity = tuple((b - a) / (following.t - point.t) for a, b in zip(factors, after, strict=True))
            moves = [self._moved(factors, each) for each in (velocity, flow)]
            self._off_flow.append(off_flow(*moves))
        else:
            self._off_flow.append(0.0)
        if not all(bool(torch.isfinite(each).all()) for each in (*factors, *velocity)):
            self._rows.append(np.full((7, self.modes), np.nan))
            return
        gradient = self._problem.loss_gradient(self._field.end_to_end(point.x)).double()
        grown = growth(factors, gradient)
        low, high = band(grown, len(factors))
        apart = grown.unbalancedness / grown.norm ** (2 / len(factors))
        rows = torch.stack([grown.norm, grown.pull, norm_speeds(factors, velocity), apart, grown.speed, low, high])
        largest = torch.argsort(grown.norm, descending=True, stable=True)[: self.modes]
        self._rows.append(np.full((7, self.modes), np.nan))
        self._rows[-1][:, : len(largest)] = rows[:, largest].cpu().numpy()

    def _moved(self, factors: Factors, velocity: Factors) -> Tensor:
        """dW/dt for these velocities of the factors: W is linear in each factor."""
        model, parts = self._field.factorization, range(len(factors))
        moving = [model.end_to_end((*factors[:n], velocity[n], *factors[n + 1 :])) for n in parts]
        return torch.stack(moving).sum(dim=0)

    def insight(self, snapshots: int, births: np.ndarray) -> Insight:
        rows = np.full((snapshots, 7, self.modes), np.nan)
        rows[: len(self._rows)] = np.array(self._rows).reshape(-1, 7, self.modes)
        off = np.full(snapshots, np.nan)
        off[: len(self._off_flow)] = self._off_flow
        sigma, pull, measured, apart, exact, low, high = (np.ascontiguousarray(rows[:, i]) for i in range(7))
        return Insight(self._field.degree, sigma, pull, measured, apart, off, births, bounds=Bounds(exact, low, high))


def norm_speeds(factors: Factors, velocity: Factors) -> Tensor:  # each: [d_n, R] -> [R]
    """d s_r / dt of s_r = a_1 .. a_N, a_n = |w_r^n|, for these velocities of the columns, by the product rule."""
    lengths = torch.stack([factor.norm(dim=0) for factor in factors])
    growing = [(w * v).sum(dim=0) / a.clamp(min=1e-300) for w, v, a in zip(factors, velocity, lengths, strict=True)]
    others = [torch.cat([lengths[:n], lengths[n + 1 :]]).prod(dim=0) for n in range(len(factors))]
    return torch.stack([rate * rest for rate, rest in zip(growing, others, strict=True)]).sum(dim=0)
