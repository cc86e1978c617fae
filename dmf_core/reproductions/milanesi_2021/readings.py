"""What is read off the runs of `milanesi-tucker` and `milanesi-tensor-train`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmf_core.reproductions.framework.reproduction import Results, worst
from dmf_core.reproductions.framework.sharpness import numerical_rank, switches
from dmf_core.trajectory import Trajectory

RANK = 3  # every rank of the truth
LOOSE, STRICT = 0.01, 0.003  # of the largest singular value; the loss at which runs end leaves about 0.001
FITS = 0.2  # relative error: below 0.1 where the tensor is recovered, above 0.3 where the fit is another tensor


@dataclass(frozen=True)
class Case:
    """One run."""

    depth: int
    seed: int


def cases(results: Results, depth: int) -> list[Case]:
    return [key for key in results.keys(Case) if key.depth == depth]


def depths_of(results: Results) -> list[int]:
    return sorted({key.depth for key in results.keys(Case)})


def recovered(results: Results, case: Case, threshold: float) -> float:
    """1 where every rank is exact and the tensor is the one that was observed, 0 where not; NaN without a run."""
    run = results.of(case)
    if run is None:
        return np.nan
    exact = all(numerical_rank(run.spectrum(name)[-1], threshold) == RANK for name in run.spectra)
    return float(exact and error(results, case) < FITS)


def share(results: Results, depth: int, threshold: float) -> float:
    """Of the draws that are recovered; NaN when one is missing."""
    return float(np.mean([recovered(results, case, threshold) for case in cases(results, depth)]))


def failures(results: Results, depth: int, threshold: float) -> list[Case]:
    """The draws that are not."""
    return [case for case in cases(results, depth) if recovered(results, case, threshold) == 0]


def sentence_of(failed: Sequence[Case]) -> str:
    """A sentence about the random draws whose runs failed."""
    if not failed:
        return "None failed."
    return f"Failed: draw{'s' if len(failed) > 1 else ''} {', '.join(str(case.seed) for case in failed)}."


def width(results: Results, case: Case) -> float:
    """The median over the first values of every spectrum; NaN without a run."""
    run = results.of(case)
    if run is None:
        return np.nan
    return float(np.median([each.width for name in run.spectra for each in switches(run, name, RANK)]))


def width_ratios(results: Results, depth: int) -> list[float]:
    """The width of this depth over that of depth 1, for every random draw."""
    return [width(results, Case(depth, case.seed)) / width(results, case) for case in cases(results, 1)]


def beyond(results: Results, case: Case) -> float:
    """The first value beyond the rank over the largest, the largest of all spectra; NaN without a run."""
    run = results.of(case)
    return worst(run.spectrum(name)[-1, RANK] / run.spectrum(name)[-1, 0] for name in run.spectra) if run else np.nan


def error(results: Results, case: Case) -> float:
    return results.last(case, "reconstruction_error")


def last_switch(run: Trajectory) -> float:
    """The time at which the last of the first values of the main spectrum is nearly grown."""
    return max(each.high for each in switches(run, run.spectra[0], RANK))
