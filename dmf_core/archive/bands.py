"""Do two trajectories agree as two accurate solutions of the same equation do?

The integrator promises births of modes within 1 % in time and singular values within 0.5 % of the largest
(tests/integrators). A curve that is steep differs much at a fixed time when it is shifted a little: so each old
point must lie in the band that the new curve sweeps within 1 % around its time, widened by 1 % of the largest value
(half of it for the curve, half for straight lines between snapshots).
"""

from collections.abc import Iterator

import numpy as np

from dmf_core.archive.difference import Difference
from dmf_core.trajectory import Trajectory

SHIFT = 0.01  # of the time
SINGULAR_VALUES = 0.01  # of the largest
END = 0.05  # of the time, or more where the tail is flat: see `_end_allowance`
LOSS = 0.1  # relative, within the shift
MATRIX = 0.01  # Frobenius norm of the difference, of the whole
START = 1e-4  # truth and start are drawn, not integrated: only their products round


def accurate(old: Trajectory, fresh: Trajectory) -> Iterator[Difference]:
    """Every comparison, within its allowance or not."""
    largest = float(fresh.singular_values.max()) or 1.0
    outside = band_distance(old.column("t"), old.singular_values, fresh.column("t"), fresh.singular_values)
    yield Difference("singular_values", outside / largest, SINGULAR_VALUES, "of the largest")
    losses = (np.log(np.maximum(each.column("loss"), 1e-300))[:, None] for each in (old, fresh))
    off = band_distance(old.column("t"), next(losses), fresh.column("t"), next(losses))
    yield Difference("loss", float(np.expm1(min(off, 700.0))), LOSS, "relative")
    ends = old.column("t")[-1], fresh.column("t")[-1]
    yield Difference("t", abs(ends[0] - ends[1]) / (max(ends) or 1.0), _end_allowance(fresh), "of its end")
    yield _relative("ground_truth", old.start.ground_truth, fresh.start.ground_truth, START)
    yield _relative("end_to_end_first", old.start.end_to_end_first, fresh.start.end_to_end_first, START)
    unlike = float((old.start.observed_mask != fresh.start.observed_mask).mean())
    yield Difference("observed_mask", unlike, 0.0, "of its entries")
    if old.end is not None and fresh.end is not None:
        yield _relative("end_to_end_last", old.end.end_to_end_last, fresh.end.end_to_end_last, MATRIX)


def band_distance(
    t: np.ndarray,  # [T]
    y: np.ndarray,  # [T, k]
    times: np.ndarray,  # [S] rising
    curves: np.ndarray,  # [S, k]
) -> float:
    """How far the farthest point (t, y) lies outside the band that the curves sweep within SHIFT around t."""
    worst = 0.0
    for moment, values in zip(t, y, strict=True):
        low, high = moment * (1 - SHIFT), moment * (1 + SHIFT)
        inside = curves[np.searchsorted(times, low) : np.searchsorted(times, high, side="right")]
        swept = np.vstack([_at(low, times, curves), _at(moment, times, curves), _at(high, times, curves), inside])
        worst = max(worst, float(np.maximum(swept.min(axis=0) - values, values - swept.max(axis=0)).max()))
    return worst


def _end_allowance(fresh: Trajectory) -> float:
    """Share of its time that the end may move: as long as the loss takes to fall by what it may differ."""
    t, loss = fresh.column("t"), np.log(np.maximum(fresh.column("loss"), 1e-300))
    above = np.flatnonzero(loss > loss[-1] + np.log1p(LOSS))
    if not len(above):
        return END
    left = above[-1]
    share = (loss[left] - loss[-1] - np.log1p(LOSS)) / (loss[left] - loss[left + 1])
    passed = t[left] + share * (t[left + 1] - t[left])
    return max(END, float(1 - passed / t[-1])) if t[-1] > 0 else END


def _at(moment: float, times: np.ndarray, curves: np.ndarray) -> np.ndarray:  # [k]
    """The curves at a moment, straight between their points, level outside."""
    right = int(np.clip(np.searchsorted(times, moment), 1, max(len(times) - 1, 1)))
    left = min(right, len(times)) - 1
    right = min(right, len(times) - 1)
    a, b = times[left], times[right]
    share = float(np.clip((moment - a) / (b - a), 0.0, 1.0)) if b > a else 1.0
    between: np.ndarray = curves[left] * (1 - share) + curves[right] * share
    return between


def _relative(name: str, a: np.ndarray, b: np.ndarray, allowed: float) -> Difference:
    if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
        return Difference(name, float("inf"), allowed, "in shape or in what is unknown")
    size = float(np.sqrt(np.nansum(b.astype(float) ** 2))) or 1.0
    return Difference(name, float(np.sqrt(np.nansum((a.astype(float) - b) ** 2))) / size, allowed, "of its norm")
