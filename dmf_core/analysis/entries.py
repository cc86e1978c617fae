"""Theory and measurement for the entries of a diagonal network, at one point of a run after another."""

import math

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Factors, Step, VectorField
from dmf_core.prepare import Prepared
from dmf_core.theory.entry_flow import growth
from dmf_core.theory.evaluator import Evaluator
from dmf_core.trajectory import Insight

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LEAST = 1e-4  # smaller shares count as equal
MOVES = 0.01  # of the greatest speed of W: below this, what is off is rounding


class EntryEvaluator(Evaluator):
    """In float64. The law of the entries is exact for every start, so only the run's deviation from it is recorded."""

    def __init__(self, prepared: Prepared) -> None:
        self._field = VectorField(
            prepared.problem, prepared.field.factorization
        )  # a field of its own: that of the integrator keeps its latest point
        self.modes = min(limits.INSIGHT_MODES, math.prod(prepared.problem.shape))
        self._off: list[tuple[float, float]] = []  # speed of W, and of its deviation from the law

    def at(self, point: Step, following: Step | None) -> None:
        factors = self._field.factors(point.x.double())
        W = self._field.factorization.end_to_end(factors)
        if following is None:
            moving = self._moving(factors, self._field.factors(self._field(point.x).double()))
        else:
            after = self._field.factorization.end_to_end(self._field.factors(following.x.double()))
            moving = (after - W) / (following.t - point.t)
        gradient = self._field.problem.loss_gradient(W.to(point.x)).double()
        law = growth(factors, gradient, self._field.degree).speed * torch.where(W < 0, -1.0, 1.0)
        self._off.append((float(moving.norm()), float((law - moving).norm())))

    def _moving(self, factors: Factors, velocities: Factors) -> Tensor:
        """dW/dt by the product rule."""
        (u, v), (du, dv), N = factors, velocities, self._field.degree
        return N * (u.pow(N - 1) * du - v.pow(N - 1) * dv)

    def insight(self, snapshots: int, births: np.ndarray) -> Insight:
        """Births of entries; the law in words, because singular values follow none in this model."""
        none, flat = np.zeros((0, 0)), np.zeros(0)
        return Insight(self._field.degree, none, none, none, none, flat, births, self._sentence())

    def _sentence(self) -> str:
        N = self._field.degree
        power = str(2 * N - 2).translate(SUPERSCRIPT)
        factor = f"{N * N} (u{power} + v{power})" if N > 1 else "2"
        law = f"No law of singular values is true of this model; an entry moves by {factor} times the pull on it"
        fastest = max((speed for speed, _ in self._off if np.isfinite(speed)), default=0.0)
        off = [apart / speed for speed, apart in self._off if speed > MOVES * fastest and np.isfinite(apart)]
        if not off:
            return f"{law}, from any start (derived)."
        share = f"{100 * max(off):.2g} % at most" if max(off) > LEAST else f"less than {100 * LEAST:g} %"
        return f"{law}, from any start (derived; off by {share} here)."
