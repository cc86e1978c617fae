"""The tensor whose mode unfoldings have the least mean nuclear norm among those that agree with the observed entries.

Minimize 1/N sum_n |W_(n)|_* subject to W = values where observed; W_(n) [d_n, the rest] is the n-th unfolding. The
variable is one copy Y_n of W for each mode, all equal. Its dual: maximize <sum_n U_n, M> over U with |(U_n)_(n)|_2 <= 1/N
and sum_n U_n zero where nothing is observed, M any tensor that agrees; so every such U proves a bound.
Source: Liu, Musialski, Wonka, Ye 2013 (HaLRTC, weights 1/N); the dual is derived; checked against cvxpy in
tests/baselines. How it is solved: `splitting`.
"""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dmf_core.baselines.shrinkage import Shrinkage, subgradient
from dmf_core.baselines.splitting import HowExactly, Iterate, Iteration, LeastNorm, least_norm, relative_gap

USUAL = HowExactly()


@dataclass(frozen=True, eq=False)
class LeastUnfoldings:
    """A tensor that agrees with the observed entries, and how far from the least mean nuclear norm it can be at most."""

    W: np.ndarray  # [*d] float64
    certificate: np.ndarray  # U [N, *d]: its sum is zero where nothing is observed, <sum U, W> = bound
    mean_nuclear_norm: float
    bound: float  # no tensor that agrees has a smaller mean
    iterations: int
    seconds: float
    solved: bool  # the gap is within the tolerance
    message: str  # a sentence

    @property
    def gap(self) -> float:
        """Relative: at most this share of the mean could still be saved."""
        return relative_gap(self.mean_nuclear_norm, self.bound)


def least_unfoldings(
    shape: tuple[int, ...],
    index: np.ndarray,  # [m] places in the flat tensor, each once
    values: np.ndarray,  # [m]
    settings: HowExactly = USUAL,
) -> Generator[Iteration | LeastUnfoldings, None, None]:
    """Yields a LeastUnfoldings at the start, better ones on the way, the best one last; an Iteration after each step."""
    for event in least_norm(_least(shape, index, values), settings):
        yield _solution(event) if isinstance(event, Iterate) else event


def solve(shape: tuple[int, ...], index: np.ndarray, values: np.ndarray, settings: HowExactly = USUAL) -> LeastUnfoldings:
    """The last solution at once."""
    solution = None
    for event in least_unfoldings(shape, index, values, settings):
        solution = event if isinstance(event, LeastUnfoldings) else solution
    assert solution is not None  # there is always a first one
    return solution


def unfolding(W: Tensor, mode: int) -> Tensor:  # [*d] -> [d_mode, the rest]
    """Row i holds the entries whose place in this mode is i, in the order of the flat tensor."""
    return W.movedim(mode, 0).flatten(1)


def _least(shape: tuple[int, ...], index: np.ndarray, values: np.ndarray) -> LeastNorm:
    N = len(shape)
    where, given = torch.as_tensor(index), torch.as_tensor(values, dtype=torch.float64)
    shrinkages = [Shrinkage((side, math.prod(shape) // side)) for side in shape]

    def project(Y: Tensor) -> Tensor:  # [N, *d]
        W = Y.mean(dim=0)
        W.view(-1)[where] = given
        return W.expand(N, *shape)

    def by_mode(of: Callable[[int], Tensor]) -> Tensor:  # of unfoldings -> [N, *d]
        copies = [of(mode).reshape(shape[mode], *_without(shape, mode)).movedim(0, mode) for mode in range(N)]
        return torch.stack(copies)

    def shrink(Y: Tensor, threshold: float) -> Tensor:
        return by_mode(lambda mode: shrinkages[mode](unfolding(Y[mode], mode), threshold / N))

    def steepest(Y: Tensor, U: Tensor) -> Tensor:
        return by_mode(lambda mode: subgradient(unfolding(Y[mode], mode), N * unfolding(U[mode], mode)) / N)

    return LeastNorm(
        shape=(N, *shape),
        project=project,
        shrink=shrink,
        norm=lambda Y: sum(float(sigma.sum()) for sigma in _spectra(Y)) / N,
        dual_norm=lambda U: N * max(float(sigma[0]) for sigma in _spectra(U)),
        subgradient=steepest,
    )


def _spectra(Y: Tensor) -> list[Tensor]:  # [N, *d] -> N of [k]
    """The singular values of every mode's copy, unfolded in that mode."""
    return [torch.linalg.svdvals(unfolding(copy, mode)) for mode, copy in enumerate(Y)]


def _without(shape: Sequence[int], mode: int) -> tuple[int, ...]:
    return (*shape[:mode], *shape[mode + 1 :])


def _solution(iterate: Iterate) -> LeastUnfoldings:
    return LeastUnfoldings(
        W=np.asarray(iterate.Y[0].numpy().copy()),
        certificate=np.asarray(iterate.U.numpy().copy()),
        mean_nuclear_norm=iterate.norm,
        bound=iterate.bound,
        iterations=iterate.iterations,
        seconds=iterate.seconds,
        solved=iterate.solved,
        message=_end_message(iterate) if iterate.solved else iterate.stopped,
    )


def _end_message(iterate: Iterate) -> str:
    return (
        f"Mean nuclear norm of the unfoldings {iterate.norm:.6g}; no tensor that agrees with the observed entries has less than "
        f"{iterate.bound:.6g} (a gap of {relative_gap(iterate.norm, iterate.bound):.1e}, after {iterate.iterations} iterations)."
    )
