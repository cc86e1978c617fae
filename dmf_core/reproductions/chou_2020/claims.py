"""The claims about the example of Chou et al. 2020."""

from itertools import pairwise

import numpy as np

from dmf_core.measures.effective_rank import ratio_rank
from dmf_core.reproductions.chou_2020.readings import (
    EARLY,
    FIRST_TARGET,
    ITERATIONS,
    LATE,
    LONG,
    MARKS,
    NEGATIVE_LATE,
    SECOND_TARGET,
    SIGNS,
    START,
    STEP,
    STOPPED,
    target,
)
from dmf_core.reproductions.framework.given_target import distance, measured_windows, passing, step_of
from dmf_core.reproductions.framework.reproduction import Claim, Key, Results, least, worst
from dmf_core.reproductions.framework.scalar_recursion import flow_time
from dmf_core.trajectory import Trajectory

DERIVED = "derived, after Chou et al. 2020, section 4, as given in a seminar report"


def _last(results: Results, key: Key) -> np.ndarray:
    """The eigenvalues of the last W, descending; NaN without a run."""
    run = results.of(key)
    return np.full(4, np.nan) if run is None or run.end is None else np.linalg.eigvalsh(run.end.end_to_end_last)[::-1]


def limits(results: Results) -> list[Claim]:
    """Claims about the recursion and its limits."""
    targets = list(enumerate((FIRST_TARGET, SECOND_TARGET)))
    positive = [np.abs(_last(results, ("identical", i)) - np.maximum(values, 0)).max() for i, values in targets]
    whole = [np.abs(_last(results, ("perturbed", i)) - values).max() for i, values in targets[:1]]
    source = "Chou et al. 2020, Theorems 2.2 and 3.1, as given in a seminar report"
    return [
        Claim(
            "recursion",
            "Every run but the long one is the scalar recursion over the measured eigenvalues, in all snapshots and its last W.",
            worst(distance(run, results.of(key)) for key, run in results.runs.items() if key != LONG),
            "<=",
            1e-10,  # rounding, which saddles amplify: 1.3e-11
            "Chou et al. 2020, Lemmas 2.1 and 3.1, as given in a seminar report",
        ),
        Claim(
            "positive-part",
            "From identical factors the positive part of the target is recovered; after 700 iterations the rest is nearly gone.",
            worst(positive),
            "<=",
            (1 / START + STEP * ITERATIONS) ** -3 * 1.05,  # derived: an eigenvalue -1 falls like (1/start + step k)^-3
            source,
        ),
        Claim(
            "rounding",
            "That limit is a saddle: after 4000 iterations rounding alone has led away from it, to the eigenvalue -5.",
            abs(_last(results, LONG)[-1] + 5),
            "<=",
            1e-6,
            "measured by us",
        ),
        Claim("everything", "From a smaller first factor all of the target is recovered.", worst(whole), "<=", 2e-14, source),
    ]


def recovered(run: Trajectory) -> list[float]:
    """The iterations at which the singular values of the matrix run, largest first, pass 95 % of their last value."""
    return [passing(run, place, LATE * last) for place, last in enumerate(run.singular_values[-1])]


def order(results: Results) -> list[Claim]:
    """Claims about the order in which eigenvalues are recovered."""
    run = results.of(("perturbed", 0))
    times = [np.nan] * 4 if run is None else recovered(run)
    return [
        Claim(
            "marks",
            "The four eigenvalues pass 95 % of their goal within 5 iterations of the printed marks 125, 180, 245 and 485.",
            worst(abs(time - mark) for time, mark in zip(times, MARKS, strict=True)),
            "<=",
            5,
            "marks printed in a seminar report; that they mean 95 % is our reading",
        ),
        Claim(
            "order",
            "Larger eigenvalues come first, and of equal ones the negative comes last, each at least 25 iterations after the "
            "one before: fewest.",
            least(after - before for before, after in pairwise(times)),
            ">=",
            25,
            "Chou et al. 2020, as given in a seminar report",
        ),
        Claim(
            "negative-last",
            f"Stopped at iteration {NEGATIVE_LATE}, W has the eigenvalues 10, 7, 5 and 0: largest difference. That the one still "
            "to come is the negative one is read off W.",
            float(np.abs(_last(results, STOPPED) - np.maximum(FIRST_TARGET, 0)).max()),
            "<=",
            0.01,
            "Chou et al. 2020, as given in a seminar report",
        ),
        Claim(
            "flow-time",
            "The time integral of the flow predicts the iteration of half recovery within 1 %, at every depth and eigenvalue.",
            worst(_off_flow(results, key) for key in results.keys(tuple) if key[0] == "escape"),
            "<=",
            0.01,
            "derived, in place of a formula of the paper that could not be read",
        ),
    ]


def _off_flow(results: Results, key: Key) -> float:
    """Relative, the worst of three eigenvalues: the predicted iteration of half recovery against that of the matrix run."""
    run, spec = results.of(key), results.runs[key]
    assert spec.inputs.factors is not None
    depth, step = len(spec.inputs.factors), step_of(spec)
    deviations = []
    for place, value in enumerate(FIRST_TARGET[:3]):
        half = np.nan if run is None else passing(run, place, value / 2)
        deviations.append(abs(flow_time(value, depth, START, (value / 2) ** (1 / depth)) / step / half - 1))
    return worst(deviations)


def staircase(results: Results) -> list[Claim]:
    """Claims about the windows between eigenvalues."""
    run, shallow = results.of(("perturbed", 0)), results.of(("escape", 2))
    return [
        Claim(
            "staircase",
            "Inside every window the ratio rank is within 7 % of its plateau: 1, 1.7, 2.2, 2.7.",
            np.nan if run is None else worst(_off_plateaus(run)),
            "<=",
            0.07,
            DERIVED,
        ),
        Claim(
            "early-stopping",
            "Stopped in the middle of window 1 or 2, W is within 2 % of the target's best approximation of that rank.",
            worst(_off_best(results, rank) for rank in (1, 2)),
            "<=",
            0.02,
            DERIVED,
        ),
        Claim(
            "depth-2-has-none",
            "At depth 2, from the same start, the first two windows are empty: the next eigenvalue starts at least 100 "
            "iterations before the one before has come: closing minus opening.",
            np.nan if shallow is None else worst(closes - opens for opens, closes in measured_windows(shallow, EARLY, LATE)[:2]),
            "<=",
            -100,
            f"{DERIVED}; from {100 * EARLY:g} % to {100 * LATE:g} %",
        ),
    ]


def _off_plateaus(run: Trajectory) -> list[float]:
    """Relative, the worst in every window of the matrix run."""
    at, ranks = run.column("iteration"), ratio_rank(run.singular_values)
    deviations = []
    for rank, (opens, closes) in enumerate(measured_windows(run, EARLY, LATE), start=1):
        inside = ranks[(at >= opens) & (at <= closes)]
        deviations.append(worst(np.abs(inside / (SIGNS[:rank].sum() / SIGNS[0]) - 1)))
    return deviations


def _off_best(results: Results, rank: int) -> float:
    """Relative, of the last W of a run stopped in a window."""
    run = results.of(("window", rank))
    best = target([*FIRST_TARGET[:rank], *[0.0] * (4 - rank)])
    W = np.full((4, 4), np.nan) if run is None or run.end is None else run.end.end_to_end_last
    return float(np.linalg.norm(W - best) / np.linalg.norm(best))
