"""A run compared with its baseline, measure by measure, with a verdict for each."""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from dmf_core.baselines.minimum_nuclear_norm import CONTRADICTION
from dmf_core.measures import MEASURES
from dmf_core.measures.effective_rank import entropy_rank, ratio_rank
from dmf_core.measures.norms import frobenius, nuclear, schatten, spectral
from dmf_core.trajectory import Trajectory

SAME = 1e-4  # relative: ten times the gap that the baseline is solved to, and what float32 and a stopping rule leave
ROUNDING = 1e-12  # relative: smaller values are zeros with rounding in them
NORMS = ("nuclear_norm", "frobenius_norm", "spectral_norm", "schatten")
RANKS = ("entropy_rank", "ratio_rank")
ERRORS = ("observed_error", "unobserved_error", "mean_squared_error", "reconstruction_error")


class Smaller(Enum):
    """Whose value is smaller. The value is the word for it."""

    RUN = "run"
    BASELINE = "minimum nuclear norm"
    NEITHER = "neither"  # they differ by less than SAME


@dataclass(frozen=True)
class Row:
    """One measure of the run, of the baseline and of the truth. None where it does not exist."""

    key: str
    label: str
    unit: str
    run: float | None
    baseline: float | None
    truth: float | None
    smaller: Smaller | None  # None where there is nothing to compare
    factor: float | None  # the larger value over the smaller one; None where the smaller one is 0 but for rounding
    closer: Smaller | None  # whose value is closer to the truth's, for norms and ranks; None where that is unknown
    rounding: float = 0.0  # values up to it are zeros with rounding in them


@dataclass(frozen=True)
class Comparison:
    """All measures, and how far the baseline is proven."""

    rows: tuple[Row, ...]
    bound: float  # no matrix that agrees with the observations has a smaller nuclear norm
    gap: float  # relative, of the baseline's nuclear norm to the bound
    infeasibility: float  # relative distance of the baseline to the observations

    @property
    def agrees(self) -> bool:
        """Whether the baseline agrees with the observations; it is nearest to them where they contradict each other."""
        return self.infeasibility <= CONTRADICTION

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.key == key)


def compare(run: Trajectory, baseline: Trajectory, degree: int) -> Comparison:
    """The last snapshots of both, which must have seen the same observations. `degree` is that of the run's model."""
    if run.start.shape != baseline.start.shape or not np.array_equal(run.start.observed_mask, baseline.start.observed_mask):
        raise ValueError("the run and the baseline have different observations")
    last = baseline.snapshots[-1]
    left = run.snapshots[-1].measures
    right = last.measures | {"schatten": float(schatten(last.singular_values, degree))}
    true = _of_truth(run, baseline, degree)
    zeros = rounding_of_errors(baseline.start.ground_truth)
    rows = [
        replace(_row(key, left.get(key), right.get(key), true.get(key)), rounding=zeros.get(key, 0.0))
        for key in (*NORMS, *RANKS, *ERRORS)
    ]
    proof = {key: last.measures[key] or 0.0 for key in ("bound", "gap", "infeasibility")}
    return Comparison(tuple(rows), **proof)


def rounding_of_errors(known: np.ndarray) -> dict[str, float]:  # NaN where unknown
    """Up to which size each error is rounding: mean squares have the unit of the data, and distances have none."""
    square = float(np.nanmean(np.square(ROUNDING * known, dtype=np.float64))) if np.isfinite(known).any() else 0.0
    return dict.fromkeys(ERRORS, square) | {"reconstruction_error": ROUNDING}


def _row(key: str, run: float | None, baseline: float | None, truth: float | None) -> Row:
    smaller = factor = closer = None
    if run is not None and baseline is not None:
        smaller = _smaller(run, baseline, SAME * max(abs(run), abs(baseline)))
        low, high = sorted((run, baseline))
        factor = high / low if low > ROUNDING * high else None
        if truth is not None and key not in ERRORS:
            closer = _smaller(abs(run - truth), abs(baseline - truth), SAME * abs(truth))
    return Row(key, MEASURES[key].label, MEASURES[key].unit, run, baseline, truth, smaller, factor, closer)


def _smaller(run: float, baseline: float, same: float) -> Smaller:
    if abs(run - baseline) <= same:
        return Smaller.NEITHER
    return Smaller.RUN if run < baseline else Smaller.BASELINE


def _of_truth(run: Trajectory, baseline: Trajectory, degree: int) -> dict[str, float | None]:
    """Empty where the truth is not known. Its observed error is the noise, which only fitted entries show."""
    sigma = baseline.start.true_singular_values
    if sigma is None:
        return {}
    norms = {"nuclear_norm": nuclear(sigma), "frobenius_norm": frobenius(sigma), "spectral_norm": spectral(sigma)}
    ranks = {"entropy_rank": entropy_rank(sigma), "ratio_rank": ratio_rank(sigma)}
    values: dict[str, float | None] = {key: float(value) for key, value in {**norms, **ranks}.items()}
    values["schatten"] = float(schatten(sigma, degree))
    errors = {key: 0.0 for key in ERRORS if run.snapshots[-1].measures.get(key) is not None}
    return values | errors | {"observed_error": _noise(baseline)}


def _noise(baseline: Trajectory) -> float | None:
    """Mean squared noise of the observed entries, which the baseline fits exactly."""
    end, mask = baseline.end, baseline.start.observed_mask
    if end is None or not mask.any():
        return None
    return float(np.square(end.end_to_end_last[mask] - baseline.start.ground_truth[mask]).mean())
