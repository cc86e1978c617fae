"""The matrix of least nuclear norm among those that agree with the observations, and the proof that it is.

Minimize |W|_* subject to apply(W) = values. Its dual: maximize <U, M> over U = adjoint(lambda) with |U|_2 <= 1, where
M is any matrix that agrees; so every such U proves that no agreeing matrix has a nuclear norm below <U, M>.
Source: Recht, Fazel, Parrilo 2010 (problem and dual); Eckstein and Bertsekas 1992 (Douglas-Rachford splitting with
over-relaxation). The balancing of the penalty is derived; checked against cvxpy in tests/baselines.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.baselines.shrinkage import Shrinkage
from dmf_core.interfaces import Observations
from dmf_core.settings import Settings

RELAXATION = 1.7  # between 1 and 2; measured over the problems of tests/baselines
BALANCE = 3.0  # how much better the constraint should be met than the optimality condition; measured likewise
CHECK, ALWAYS_CHECK = 20, 100  # iterations between looks at the gap: while it cannot yet be small, and at most
ADAPT, SETTLED = 10, 200  # iterations between changes of the penalty; after SETTLED ones they become rare, so that it converges


class MinimumNuclearNorm(Settings):
    """How exactly, and how long at most."""

    tolerance: float = Field(1e-5, ge=limits.MIN_GAP, le=limits.MAX_GAP)  # relative duality gap
    iterations: int = Field(20_000, ge=1, le=limits.BASELINE_ITERATIONS)
    seconds: float = Field(600.0, gt=0, le=limits.MAX_SECONDS)  # wall clock


USUAL = MinimumNuclearNorm()


@dataclass(frozen=True)
class Iteration:
    """A sign of life between two solutions."""

    iteration: int
    seconds: float
    gap: float  # of the latest solution


@dataclass(frozen=True, eq=False)
class Solution:
    """A matrix that agrees with the observations, and how far from the least nuclear norm it can be at most."""

    W: np.ndarray  # [rows, columns] float64
    certificate: np.ndarray  # U [rows, columns]: in the range of the adjoint, spectral norm at most 1, <U, W> = bound
    nuclear_norm: float
    bound: float  # no matrix that agrees has a smaller nuclear norm
    infeasibility: float  # |apply(W) - values| / |values|
    iterations: int
    seconds: float
    solved: bool  # the gap is within the tolerance
    message: str  # a sentence

    @property
    def gap(self) -> float:
        """Relative: at most this share of the nuclear norm could still be saved."""
        return max(0.0, self.nuclear_norm - self.bound) / self.nuclear_norm if self.nuclear_norm > 0 else 0.0


def minimum_nuclear_norm(
    observations: Observations,  # in float64
    shape: tuple[int, int],
    settings: MinimumNuclearNorm = USUAL,
) -> Generator[Iteration | Solution, None, None]:
    """Yields a Solution at the start, better ones on the way, the best one last; an Iteration after each step.

    To cancel is to stop iterating: every Solution agrees with the observations and proves its own quality.
    """
    began = time.perf_counter()
    nearest = observations.nearest()
    best = _Best(observations)
    splitting = _Splitting(nearest, shape)
    last = ""
    for iteration in range(settings.iterations + 1):
        if iteration:
            splitting.step(iteration)
        seconds = time.perf_counter() - began
        if seconds > settings.seconds:
            last = f"Stopped after {settings.seconds:.4g} s; allow more seconds or a larger tolerance."
        elif iteration == settings.iterations:
            last = f"Stopped after {iteration} iterations; allow more of them or a larger tolerance."
        if last or iteration % ALWAYS_CHECK == 0 or (iteration % CHECK == 0 and splitting.unrest <= settings.tolerance):
            best.look(nearest(nearest(splitting.X)), splitting.U)
            solved = best.gap <= settings.tolerance
            yield best.solution(iteration, time.perf_counter() - began, solved, "" if solved else last)
            if solved or last:
                return
        yield Iteration(iteration, seconds, best.gap)


def solve(observations: Observations, shape: tuple[int, int], settings: MinimumNuclearNorm = USUAL) -> Solution:
    """The last solution at once."""
    found = None
    for event in minimum_nuclear_norm(observations, shape, settings):
        found = event if isinstance(event, Solution) else found
    assert found is not None  # there is always a first one
    return found


class _Splitting:
    """Douglas-Rachford between the shrinkage and the agreeing matrices, in the variables Y (agrees) and U (dual).

    At the fixed point X = Y, and U is a subgradient of the nuclear norm there. U stays in the range of the adjoint
    because it is a difference of a matrix and its nearest agreeing one; so a change of the penalty costs nothing.
    """

    def __init__(self, nearest: Callable[[Tensor], Tensor], shape: tuple[int, int]) -> None:
        self._nearest = nearest
        self._shrink = Shrinkage(shape)
        self.Y = self.X = nearest(torch.zeros(shape, dtype=torch.float64))
        self._penalty = float(torch.linalg.matrix_norm(self.Y, 2)) or 1.0
        self.U = self.Y / self._penalty
        self.unrest = 0.0  # relative size of the larger residual

    def step(self, iteration: int) -> None:
        Z = self.Y + self._penalty * self.U
        self.X = self._shrink(Z, self._penalty)
        Z = self.Y - self._penalty * self.U + RELAXATION * (self.X - self.Y)
        Y = self._nearest(Z)
        U = (Y - Z) / self._penalty
        # X - Y has two parts: one across the agreeing matrices, which moves U, and one along them, which moves Y.
        distance = _share(self._penalty * (U - self.U), Y)
        drift = _share((Y - self.Y) / self._penalty, U)
        self.unrest = max(distance, drift) / RELAXATION
        self.Y, self.U = Y, U
        if iteration % (ADAPT if iteration <= SETTLED else 5 * ADAPT) == 0:
            self._balance(distance, drift)

    def _balance(self, distance: float, drift: float) -> None:
        """A large distance to the observations asks for a smaller penalty, a large drift for a larger one."""
        if distance <= 0 or drift <= 0:
            return
        factor = min(2.0, max(0.5, (drift / (BALANCE * distance)) ** 0.5))
        if not 0.8 <= factor <= 1.25:
            self._penalty *= factor


def _share(part: Tensor, whole: Tensor) -> float:
    return float(part.norm()) / (float(whole.norm()) or 1.0)


class _Best:
    """The smallest nuclear norm and the largest lower bound seen, each with its matrix."""

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._size = float(observations.values.norm()) or 1.0
        self._W: Tensor
        self._U: Tensor
        self._norm, self._bound = float("inf"), float("-inf")

    @property
    def gap(self) -> float:
        return max(0.0, self._norm - self._bound) / self._norm if self._norm > 0 else 0.0

    def look(self, W: Tensor, U: Tensor) -> None:
        """W agrees with the observations, U is in the range of the adjoint."""
        norm = float(torch.linalg.svdvals(W).sum())
        U = U / max(1.0, float(torch.linalg.matrix_norm(U, 2)))
        bound = float((U * W).sum())
        if norm < self._norm:
            self._W, self._norm = W, norm
        if bound > self._bound:
            self._U, self._bound = U, bound

    def solution(self, iteration: int, seconds: float, solved: bool, message: str) -> Solution:
        left = self._observations.apply(self._W) - self._observations.values
        found = Solution(
            W=self._W.cpu().numpy().copy(),
            certificate=self._U.cpu().numpy().copy(),
            nuclear_norm=self._norm,
            bound=max(0.0, self._bound),
            infeasibility=float(left.norm()) / self._size,
            iterations=iteration,
            seconds=seconds,
            solved=solved,
            message=message,
        )
        return replace(found, message=message or _said(found)) if solved else found


def _said(found: Solution) -> str:
    return (
        f"Nuclear norm {found.nuclear_norm:.6g}; no matrix that agrees with the observations has less than {found.bound:.6g} "
        f"(a gap of {found.gap:.1e}, after {found.iterations} iterations)."
    )
