"""Bounds of the number of CP components of a tensor, up to a small distance: a proven lower one, a fitted upper one."""

import numpy as np

from dmf_core.baselines.alternating_least_squares import AlternatingLeastSquares, fit

STARTS, SWEEPS = 2, 100  # of the fit for each number of components; more cost time and may find a lower number
SPARE = 1  # how many more components than the proven number are tried: a tensor that needs more is far from having few
WORK = 60_000  # entries times components above which no fit is tried: it would take many seconds


def fewest_components(
    W: np.ndarray,  # [*d]
    within: float,  # relative distance, |W - other| <= within |W|
) -> tuple[int, int | None]:
    """(at least, at most): no tensor within this distance has fewer than the first, and one was found that has the second.

    The first is proven: r components give unfoldings of rank r at most, and the singular values beyond r are their
    distance (Eckart and Young 1936). The second is a fit by alternating least squares, which is not tried far beyond the
    first; None: not found.
    Source of the second: Razin and Cohen 2020, released code, which reports it as the rank and searches by halves.
    """
    limit = within * float(np.linalg.norm(W))
    least = max(_rank(np.moveaxis(W, mode, 0).reshape(side, -1), limit) for mode, side in enumerate(W.shape))
    if least == 0 or least * W.size > WORK:
        return least, None if least else 0
    everywhere = np.arange(W.size)
    settings = AlternatingLeastSquares(tolerance=within, starts=STARTS, sweeps=SWEEPS)
    for rank in range(least, least + SPARE + 1):
        if fit(W.shape, everywhere, W.ravel(), rank, settings).fitted:
            return least, rank
    return least, None


def _rank(matrix: np.ndarray, limit: float) -> int:
    """The smallest rank of a matrix within this distance."""
    sigma = np.linalg.svd(matrix, compute_uv=False)
    tails = np.sqrt(np.cumsum(np.square(sigma[::-1])))[::-1]  # [k] distance to the best matrix of rank 0, 1, ..
    return int((tails > limit).sum())
