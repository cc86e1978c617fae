"""Whether two trajectories agree as two accurate solutions of the same equation do.

Used only for snapshots after two honest runs have parted: from there on each takes steps of its own, and rounding is
no measure any more. The integrator promises births of modes within 1 % in time and singular values within 0.5 % of
the largest (tests/integrators). A curve that is steep differs much at a fixed time when it is shifted a little: so
each old point must lie in the band that a fresh curve sweeps within 1 % around its time, widened by the `late` of its
rule (for singular values half of it for the curve, half for straight lines between snapshots), or by SPREAD times as
much as honest runs are apart.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dmf_core.archive.contents import Unit, contents, rule_of
from dmf_core.archive.difference import Difference
from dmf_core.trajectory import Trajectory

SHIFT = 0.01  # of the time
SPREAD = 3.0  # times the distance of honest runs
END = 0.15  # of the time, or more where the tail is flat: runs one rounding away ended up to 0.11 apart
LOSS = 0.1  # relative, within the shift: END goes with it
MATRIX = 0.01  # Frobenius norm of the difference, of the whole


def accurate(old: Trajectory, fresh: Trajectory, rounded: Sequence[Trajectory], rows: int) -> Iterator[Difference]:
    """Every comparison of the snapshots from number `rows` on and of the end, within its allowance or not."""
    honest = [fresh, *rounded]
    before, after = contents(old), [contents(each) for each in honest]
    times = [each.column("t") for each in honest]
    for name, a in before.items():
        late = rule_of(name).late
        everywhere = all(name in each and each[name].shape[1:] == a.shape[1:] for each in after)
        if rule_of(name).part.rows and late is not None and everywhere:
            curves = [_curve(name, each[name]) for each in after]
            own = old.column("t")[rows:], _curve(name, a)[rows:]
            yield _curve_difference(name, own, times, curves, rows, late)
    yield _last_time(old, honest)
    if old.end is not None and fresh.end is not None:
        yield _last_matrix(old, honest)
        yield _counts(before, after)
        yield from (_growth(name, before[name], after) for name in before if name.startswith("growth_"))


Curve = tuple[np.ndarray, np.ndarray]  # times [T] and values [T, k]


def _curve_difference(
    name: str, own: Curve, times: Sequence[np.ndarray], curves: Sequence[np.ndarray], rows: int, late: float
) -> Difference:
    """The distance from the nearest honest run; `late`, or a multiple of the distances among the honest runs, is allowed."""
    off = min(band_distance(*own, t, curve) for t, curve in zip(times, curves, strict=True))
    tails = [(t[rows:], curve[rows:]) for t, curve in zip(times[1:], curves[1:], strict=True)]
    spread = max((band_distance(*tail, times[0], curves[0]) for tail in tails), default=0.0)
    if rule_of(name).unit is Unit.SQUARES:
        off, spread = (float(np.expm1(min(each, 700.0))) for each in (off, spread))
        return Difference(name, off, max(late, SPREAD * spread), f"relative, after snapshot {rows}")
    scale = _largest(name, curves[0])
    return Difference(name, off / scale, max(late, SPREAD * spread / scale), f"of the largest, after snapshot {rows}")


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
        outside = np.maximum(swept.min(axis=0) - values, values - swept.max(axis=0))
        worst = max(worst, float(np.nan_to_num(outside, nan=np.inf if np.isnan(values).any() else 0.0).max()))
    return worst


def _curve(name: str, values: np.ndarray) -> np.ndarray:  # [T, ..] -> [T, k]
    """What is compared: of a loss or an error its logarithm, since it falls by orders of magnitude."""
    flat = values.reshape(len(values), -1)
    return np.log(np.maximum(flat, 1e-300)) if rule_of(name).unit is Unit.SQUARES else flat


def _largest(name: str, values: np.ndarray) -> float:
    return 127.0 if rule_of(name).unit is Unit.GREY else float(np.nan_to_num(np.abs(values)).max()) or 1.0


def _last_time(old: Trajectory, honest: Sequence[Trajectory]) -> Difference:
    ends = [each.column("t")[-1] for each in honest]
    end = old.column("t")[-1]
    off = min(abs(end - each) / (max(end, each) or 1.0) for each in ends)
    spread = (max(ends) - min(ends)) / (max(ends) or 1.0)
    return Difference("t", float(off), max(_end_allowance(honest[0]), SPREAD * float(spread)), "of its end")


def _last_matrix(old: Trajectory, honest: Sequence[Trajectory]) -> Difference:
    assert old.end is not None
    last = [each.end.end_to_end_last.astype(float) for each in honest if each.end is not None]
    size = float(np.linalg.norm(last[0])) or 1.0
    off = min(float(np.linalg.norm(old.end.end_to_end_last - each)) for each in last)
    spread = max((float(np.linalg.norm(each - last[0])) for each in last[1:]), default=0.0)
    return Difference("end_to_end_last", off / size, max(MATRIX, SPREAD * spread / size), "of its norm")


def _counts(before: dict[str, np.ndarray], after: Sequence[dict[str, np.ndarray]]) -> Difference:
    """Gradients and steps: as many as an honest run needs, or nearly."""
    name = "counts"
    late, own = rule_of(name).late or 0.0, before[name]
    fine = [each[name] for each in after if name in each and each[name].shape == own.shape]
    if not fine:
        return Difference(name, float("inf"), late, "in what was counted")
    size = np.maximum(1.0, np.max([each[:-1] for each in fine]))
    off = min(float(np.abs(own - each).max()) for each in fine) / size
    spread = max((float(np.abs(each - fine[0]).max()) for each in fine[1:]), default=0.0) / size
    return Difference(name, float(off), max(late, SPREAD * float(spread)), "of the largest")


def _growth(name: str, own: np.ndarray, after: Sequence[dict[str, np.ndarray]]) -> Difference:
    """Times of growth, where the archive and an honest run have both: the mean distance, relative."""
    fine = [each[name] for each in after if name in each and each[name].shape == own.shape]
    if not fine:
        return Difference(name, float("inf"), 0.0, "in what was recorded")

    def off(a: np.ndarray, b: np.ndarray) -> float:
        both = np.isfinite(a) & np.isfinite(b) & (b != 0)
        return float(np.mean(np.abs(a[both] / b[both] - 1))) if both.any() else 0.0

    spread = max((off(each, fine[0]) for each in fine[1:]), default=0.0)
    allowed = max(rule_of(name).late or 0.0, SPREAD * spread)
    return Difference(name, min(off(own, each) for each in fine), allowed, "of the time, on average")


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
