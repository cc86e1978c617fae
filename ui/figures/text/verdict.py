"""The verdict on a run: one of six, and the shares that decide it."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Start, Trajectory

RECOVERED = 0.1  # of a typical unseen entry: up to here its first digit is right
PARTLY = 0.5  # up to here half of it is right
ZEROS = 1.05  # above it, W = 0 would have been better by more than what rounding or luck does
FITTED = 0.1  # of a typical observed entry: a run whose stop lies above it has not fitted its data
NEAR_ZERO = 0.05  # a start whose distance to the truth is that near to the size of the truth is as good as zeros
NOISE = 1.5  # times the noise: an observed error up to here is what the noise alone makes


class Verdict(Enum):
    """The mark and the words next to a title."""

    RECOVERED = ("✓", "Recovered")
    PARTLY = ("△", "Partly recovered")
    NOT_RECOVERED = ("✕", "Not recovered")
    WORSE = ("✕", "Worse than zeros")
    NOT_FINISHED = ("△", "Not finished")
    NOTHING = ("–", "Nothing to judge by")

    @property
    def mark(self) -> str:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Judged:
    """A verdict and its numbers. Shares are root mean squares over those of W = 0 on the same entries."""

    verdict: Verdict
    share: float | None  # the error on unseen entries, or of the whole W after measurements; None: no true value is known
    error: float | None  # the root mean square error on the unseen entries; None: measurements, or none is unseen
    fit: float  # the share of the observations that is still missed


def judged(run: Trajectory, spec: RunSpec) -> Judged:
    """The verdict on a run as far as it is known."""
    last, start = run.snapshots[-1], run.start
    unseen = last.measures["unobserved_error"]
    error = None if unseen is None else _root(unseen)
    share: float | None = None
    if unseen is not None:
        share = _share(unseen, _mean_square(start, unseen_entries(start)))
    elif not start.observed_mask.any():  # measurements, not entries
        share = last.measures["reconstruction_error"]
    observed = last.measures["observed_error"]
    fit = _share(np.inf if observed is None else observed, zeros_on_observed(run))
    return Judged(_verdict(run, spec, share, fit), share, error, fit)


def unseen_entries(start: Start) -> np.ndarray:  # [*d] bool
    """The entries that training never saw and whose true value is known."""
    return np.asarray(np.isfinite(start.ground_truth) & ~start.observed_mask)


def zeros_on_observed(run: Trajectory) -> float:
    """The observed error that W = 0 has, but for the noise, which is not recorded.

    Of measurements a start near zero stands in for zeros, else the mean square of the truth's entries: that is what random
    measurements have (their A_i have entries of variance 1/size).
    """
    start = run.start
    if start.observed_mask.any():
        return _mean_square(start, start.observed_mask)
    first = run.snapshots[0].measures
    away = first["reconstruction_error"]
    if away is None or abs(away - 1) <= NEAR_ZERO or not np.isfinite(start.ground_truth).all():
        return first["observed_error"] or 0.0
    return float(np.mean(np.square(start.ground_truth, dtype=np.float64)))


def _verdict(run: Trajectory, spec: RunSpec, share: float | None, fit: float) -> Verdict:
    if run.end is None or not run.end.outcome.done:
        return Verdict.NOT_FINISHED
    reached = by_share(share)
    ended_on_purpose = run.end.outcome in (Outcome.TIME, Outcome.ITERATIONS)  # to stop, whatever it had learned by then
    if ended_on_purpose and _unfitted(run, spec, fit) and reached not in (Verdict.RECOVERED, Verdict.WORSE):
        return Verdict.NOT_FINISHED
    return reached


def by_share(share: float | None) -> Verdict:
    """The verdict on an error that is this share of the one that zeros have; None: no true value is known."""
    if share is None:
        return Verdict.NOTHING
    if not share <= ZEROS:  # infinite or not a number, too
        return Verdict.WORSE
    if share <= RECOVERED:
        return Verdict.RECOVERED
    return Verdict.PARTLY if share <= PARTLY else Verdict.NOT_RECOVERED


def _unfitted(run: Trajectory, spec: RunSpec, fit: float) -> bool:
    """Whether the observations are missed by more than their noise explains."""
    observed = run.snapshots[-1].measures["observed_error"]
    return fit > FITTED and (observed is None or not _root(observed) <= NOISE * spec.problem.noise_level)


def _mean_square(start: Start, where: np.ndarray) -> float:
    return float(np.mean(np.square(start.ground_truth[where], dtype=np.float64)))


def _share(error: float, zeros: float) -> float:
    """The root of error over zeros; 0 where both are 0."""
    if zeros > 0:
        return _root(error / zeros)
    return 0.0 if error == 0 else float("inf")


def _root(mean_square: float) -> float:
    return float(np.sqrt(mean_square)) if mean_square >= 0 else float("nan")
