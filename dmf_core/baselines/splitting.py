"""The point of least norm among those that agree with the observations, and the proof that it is: for any such norm.

Minimize |Y| over the affine set of all Y that agree. Its dual: maximize <U, Y> over U orthogonal to that set's
directions with dual norm at most 1; every such U proves that no agreeing Y has a norm below <U, Y>, the same number
for all of them. Source: Eckstein and Bertsekas 1992 (Douglas-Rachford splitting with over-relaxation). The balancing
of the penalty is derived; checked against cvxpy in tests/baselines.
"""

import math
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import torch
from pydantic import Field
from torch import Tensor

from dmf_core import limits
from dmf_core.settings import Settings

RELAXATION = 1.7  # between 1 and 2; measured over the problems of tests/baselines
BALANCE = 3.0  # how much better the constraint should be met than the optimality condition; measured likewise
CHECK, ALWAYS_CHECK = 20, 100  # iterations between checks of the gap: while it cannot yet be small, and at most
STALLED = 0.5  # of the gap at the check before: above it, the best Y gives a bound
SMALL_SIDE = 200  # up to this side a singular value decomposition is cheap beside the iterations, so it is tried at once, too
NEAR_ONE = 100.0  # observations of another size get a unit: U has size 1, and powers of very large ones leave float64
ROUNDING = 1e-9  # relative: nearer than this, all points that agree are one
ADAPT, SETTLED = 10, 200  # iterations between changes of the penalty; after SETTLED ones they become rare, so that it converges


class HowExactly(Settings):
    """Settings: the duality gap to reach, and the limits of iterations and time.

    Of 1,300 random problems with blocks, bands, holes and small singular values, half took at most 40 iterations, 99 of 100 at
    most 2,300, and one 11,400.
    """

    tolerance: float = Field(1e-5, ge=limits.MIN_GAP, le=limits.MAX_GAP)  # relative duality gap
    iterations: int = Field(100_000, ge=1, le=limits.BASELINE_ITERATIONS)
    seconds: float = Field(600.0, gt=0, le=limits.MAX_SECONDS)  # wall clock


@dataclass(frozen=True)
class LeastNorm:
    """What is minimized, and over what. All functions are of one Y of the same shape."""

    shape: tuple[int, ...]  # of Y
    project: Callable[[Tensor], Tensor]  # the nearest Y that agrees; applied twice it is exact
    shrink: Callable[[Tensor, float], Tensor]  # the proximal map of threshold * norm
    norm: Callable[[Tensor], float]
    dual_norm: Callable[[Tensor], float]
    subgradient: Callable[[Tensor, Tensor], Tensor]  # of the norm at the first, near the second where it is not unique


@dataclass(frozen=True)
class Iteration:
    """A progress event between two solutions."""

    iteration: int
    seconds: float
    gap: float  # of the latest solution


@dataclass(frozen=True, eq=False)
class Iterate:
    """The best so far: Y agrees, U proves the bound."""

    Y: Tensor
    U: Tensor
    norm: float
    bound: float  # no Y that agrees has a smaller norm
    iterations: int
    seconds: float
    solved: bool  # the gap is within the tolerance
    stopped: str  # why it ended early, as a sentence; empty otherwise


def least_norm(of: LeastNorm, settings: HowExactly) -> Generator[Iteration | Iterate, None, None]:
    """Yields an Iterate at the start, better ones on the way, the best one last; an Iteration after each step."""
    unit = _unit(of)
    scaled = of if unit == 1 else replace(of, project=lambda Y: of.project(Y * unit) / unit)
    for event in _least_norm(scaled, settings):
        if isinstance(event, Iterate):
            event = replace(event, Y=event.Y * unit, norm=event.norm * unit, bound=event.bound * unit)
        yield event


def _unit(of: LeastNorm) -> float:
    """A power of two near the size of the observations, or 1 where this is near 1."""
    largest = float(of.project(torch.zeros(of.shape, dtype=torch.float64)).abs().max())
    return 1.0 if largest == 0 or 1 / NEAR_ONE < largest < NEAR_ONE else 2.0 ** math.floor(math.log2(largest))


def _least_norm(of: LeastNorm, settings: HowExactly) -> Generator[Iteration | Iterate, None, None]:
    """The same, of observations whose size is near 1."""
    began = time.perf_counter()
    best = _Best(of)
    splitting = _Splitting(of)
    last, gap_before = "", 0.0
    for iteration in range(settings.iterations + 1):
        if iteration:
            splitting.step(iteration)
        seconds = time.perf_counter() - began
        if seconds > settings.seconds:
            last = f"Stopped after {settings.seconds:.4g} s; allow more seconds or a larger tolerance."
        elif iteration == settings.iterations:
            last = f"Stopped after {iteration} iterations; allow more of them or a larger tolerance."
        if last or iteration % ALWAYS_CHECK == 0 or (iteration % CHECK == 0 and splitting.unrest <= settings.tolerance):
            best.consider(of.project(of.project(splitting.X)), splitting.U)
            worth = best.only_one or (best.gap > STALLED * gap_before and (iteration > 0 or min(of.shape[-2:]) <= SMALL_SIDE))
            if best.gap > settings.tolerance and worth:
                best.consider_subgradient(splitting.U)
            gap_before = best.gap
            solved = best.gap <= settings.tolerance
            yield best.iterate(iteration, time.perf_counter() - began, solved, "" if solved else last)
            if solved or last:
                return
        yield Iteration(iteration, seconds, best.gap)


class _Splitting:
    """Douglas-Rachford between the shrinkage and the agreeing points, in the variables Y (agrees) and U (dual).

    At the fixed point X = Y, and U is a subgradient of the norm there. U stays orthogonal to the agreeing set because it
    is a difference of a point and its nearest agreeing one; so a change of the penalty costs nothing.
    """

    def __init__(self, of: LeastNorm) -> None:
        self._of = of
        self.Y = self.X = of.project(torch.zeros(of.shape, dtype=torch.float64))
        self._penalty = of.dual_norm(self.Y) or 1.0
        self.U = self.Y / self._penalty
        self.unrest = 0.0  # relative size of the larger residual

    def step(self, iteration: int) -> None:
        Z = self.Y + self._penalty * self.U
        self.X = self._of.shrink(Z, self._penalty)
        Z = self.Y - self._penalty * self.U + RELAXATION * (self.X - self.Y)
        Y = self._of.project(Z)
        U = (Y - Z) / self._penalty
        # X - Y has two parts: one across the agreeing points, which moves U, and one along them, which moves Y.
        distance = _share(self._penalty * (U - self.U), Y)
        drift = _share((Y - self.Y) / self._penalty, U)
        self.unrest = max(distance, drift) / RELAXATION
        self.Y, self.U = Y, U
        if iteration % (ADAPT if iteration <= SETTLED else 5 * ADAPT) == 0:
            self._balance(distance, drift)

    def _balance(self, distance: float, drift: float) -> None:
        """Lowers the penalty where the distance to the observations is large, raises it where the drift is large."""
        if distance <= 0:
            return
        factor = min(2.0, max(0.5, (drift / (BALANCE * distance)) ** 0.5))
        if not 0.8 <= factor <= 1.25:
            self._penalty *= factor


def _share(part: Tensor, whole: Tensor) -> float:
    return float(part.norm()) / (float(whole.norm()) or 1.0)


def relative_gap(norm: float, bound: float) -> float:
    """At most this share of the norm could still be saved."""
    return max(0.0, norm - bound) / norm if norm > 0 else 0.0


class _Best:
    """The smallest norm and the largest lower bound seen, each with its point."""

    def __init__(self, of: LeastNorm) -> None:
        self._of = of
        self._origin = of.project(torch.zeros(of.shape, dtype=torch.float64))
        elsewhere = torch.randn(of.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        self.only_one = float((of.project(elsewhere) - self._origin).norm()) <= ROUNDING * float(elsewhere.norm())
        self._Y: Tensor
        self._U: Tensor
        self._norm, self._bound = float("inf"), float("-inf")

    @property
    def gap(self) -> float:
        return relative_gap(self._norm, self._bound)

    def consider(self, Y: Tensor, U: Tensor) -> None:
        """Y agrees with the observations, U is orthogonal to the directions in which it may move."""
        norm = self._of.norm(Y)
        if norm < self._norm:
            self._Y, self._norm = Y, norm
        self._bound_by(U)

    def _bound_by(self, U: Tensor) -> None:
        U = U / max(1.0, self._of.dual_norm(U))
        bound = float((U * self._Y).sum())  # the same for every Y that agrees
        if bound > self._bound:
            self._U, self._bound = U, bound

    def consider_subgradient(self, U: Tensor) -> None:
        """The bound that the best Y gives itself.

        It is exact where Y is the minimum and the norm is smooth there. Splitting nears it slowly if Y has small singular
        values: on one of size s, U grows by s / penalty in each iteration.
        """
        U = self._of.subgradient(self._Y, U)
        for _ in range(2):  # the part that is orthogonal to the directions of the agreeing set; the second time for rounding
            U = U - self._of.project(U) + self._origin
        self._bound_by(U)

    def iterate(self, iteration: int, seconds: float, solved: bool, stopped: str) -> Iterate:
        return Iterate(self._Y, self._U, self._norm, max(0.0, self._bound), iteration, seconds, solved, stopped)
