"""The matrix of least nuclear norm among those that agree with the observations, and the proof that it is.

Minimize |W|_* subject to apply(W) = values. Its dual: maximize <U, M> over U = adjoint(lambda) with |U|_2 <= 1, where
M is any matrix that agrees; so every such U proves that no agreeing matrix has a nuclear norm below <U, M>.
Source: Recht, Fazel, Parrilo 2010 (problem and dual); how it is solved: `splitting`.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dmf_core.baselines.shrinkage import Shrinkage, subgradient
from dmf_core.baselines.splitting import HowExactly, Iterate, Iteration, LeastNorm, least_norm, relative_gap
from dmf_core.interfaces import Observations
from dmf_core.norms import norm

__all__ = ["USUAL", "Iteration", "MinimumNuclearNorm", "Solution", "minimum_nuclear_norm", "solve"]


MinimumNuclearNorm = HowExactly  # its settings
CONTRADICTION = 1e-4  # relative: far above rounding; farther from the observations than this is no agreement
USUAL = MinimumNuclearNorm()


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
        return relative_gap(self.nuclear_norm, self.bound)


def minimum_nuclear_norm(
    observations: Observations,  # in float64
    shape: tuple[int, int],
    settings: MinimumNuclearNorm = USUAL,
) -> Generator[Iteration | Solution, None, None]:
    """Yields a Solution at the start, better ones on the way, the best one last; an Iteration after each step.

    Stop iterating to cancel: every Solution agrees with the observations and proves its own quality.
    """
    size = norm(observations.values) or 1.0
    for event in least_norm(_least(observations, shape), settings):
        if isinstance(event, Iterate):
            left = observations.apply(event.Y) - observations.values
            yield _solution(event, norm(left) / size)
        else:
            yield event


def solve(observations: Observations, shape: tuple[int, int], settings: MinimumNuclearNorm = USUAL) -> Solution:
    """The last solution at once."""
    solution = None
    for event in minimum_nuclear_norm(observations, shape, settings):
        solution = event if isinstance(event, Solution) else solution
    assert solution is not None  # there is always a first one
    return solution


def _least(observations: Observations, shape: tuple[int, int]) -> LeastNorm:
    return LeastNorm(
        shape=shape,
        project=observations.project(),
        shrink=Shrinkage(shape),
        norm=lambda W: float(torch.linalg.svdvals(W).sum()),
        dual_norm=lambda U: float(torch.linalg.matrix_norm(U, 2)),
        subgradient=subgradient,
    )


def _solution(iterate: Iterate, infeasibility: float) -> Solution:
    return Solution(
        W=_copied(iterate.Y),
        certificate=_copied(iterate.U),
        nuclear_norm=iterate.norm,
        bound=iterate.bound,
        infeasibility=infeasibility,
        iterations=iterate.iterations,
        seconds=iterate.seconds,
        solved=iterate.solved,
        message=_end_message(iterate, infeasibility) if iterate.solved else iterate.stopped,
    )


def _copied(x: Tensor) -> np.ndarray:
    return np.asarray(x.cpu().numpy().copy())


def _end_message(iterate: Iterate, infeasibility: float) -> str:
    least = (
        f"{iterate.bound:.6g} (a gap of {relative_gap(iterate.norm, iterate.bound):.1e}, after {iterate.iterations} iterations)"
    )
    if infeasibility > CONTRADICTION:
        return (
            f"No matrix agrees with all observations: the nearest ones are off by {100 * infeasibility:.2g} %. Nuclear norm "
            f"{iterate.norm:.6g}; none of the nearest has less than {least}."
        )
    return f"Nuclear norm {iterate.norm:.6g}; no matrix that agrees with the observations has less than {least}."
