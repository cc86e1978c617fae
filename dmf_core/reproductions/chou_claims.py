"""The claims about the example of Chou et al. 2020."""

from itertools import pairwise

import numpy as np

from dmf_core.reproductions.chou_readings import (
    EARLY,
    FIRST_TARGET,
    ITERATIONS,
    LATE,
    LONG,
    MARKS,
    SECOND_TARGET,
    SIGNS,
    START,
    STEP,
    escape,
    target,
    windows,
)
from dmf_core.reproductions.given_target import distance, eigenpath
from dmf_core.reproductions.reproduction import Claim, Key, Results, Run, least, worst
from dmf_core.reproductions.scalar_recursion import first_passing, flow_time

DERIVED = "derived, after Chou et al. 2020, section 4"


def _last(results: Results, key: Key) -> np.ndarray:
    """The eigenvalues of the last W, descending; NaN without a run."""
    run = results.of(key)
    return np.full(4, np.nan) if run is None or run.end is None else np.linalg.eigvalsh(run.end.end_to_end_last)[::-1]


def limits(results: Results) -> list[Claim]:
    """Recursion and what it leads to."""
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
            1e-9,
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
            1e-3,
            "measured by us",
        ),
        Claim("everything", "From a smaller first factor all of the target is recovered.", worst(whole), "<=", 1e-6, source),
    ]


def recovered(run: Run) -> list[int]:
    """The iterations at which the eigenvalues, largest first, pass 95 % of their goal."""
    _, path = eigenpath(run)
    values = path[-1]
    ranked = sorted(range(len(values)), key=lambda i: (-abs(round(values[i], 6)), -values[i]))
    return [first_passing(path[:, i] * np.sign(values[i]), LATE * abs(values[i])) for i in ranked]


def order(results: Results) -> list[Claim]:
    """When the eigenvalues come."""
    run, found = results.runs["perturbed", 0], results.of(("perturbed", 0))
    times = [float(time) if found else np.nan for time in recovered(run)]
    depths = sorted(key[1] for key in results.runs if isinstance(key, tuple) and key[0] == "escape")
    deviations = []
    for depth in depths:
        _, path = eigenpath(results.runs["escape", depth])
        for i, value in ((-1, 10.0), (-2, 7.0), (-3, 5.0)):
            half = first_passing(path[:, i], value / 2) if results.of(("escape", depth)) else np.nan
            deviations.append(abs(flow_time(value, depth, START, (value / 2) ** (1 / depth)) / (STEP / 10) / half - 1))
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
            "Larger eigenvalues come first, and of equal ones the negative comes last.",
            least(after - before for before, after in pairwise(times)),
            ">=",
            1,
            "Chou et al. 2020",
        ),
        Claim(
            "flow-time",
            "The time integral of the flow predicts the iteration of half recovery within 1 %, at every depth and eigenvalue.",
            worst(deviations),
            "<=",
            0.01,
            "derived, in place of a formula of the paper that could not be read",
        ),
    ]


def staircase(results: Results) -> list[Claim]:
    """The windows between them."""
    run = results.of(("perturbed", 0))
    claims = []
    if run is None:
        inside = [np.nan]
    else:
        inside = []
        for rank, (opens, closes) in enumerate(windows(results.runs["perturbed", 0]), start=1):
            t = run.column("iteration")
            within = (t >= opens) & (t <= closes)
            height = SIGNS[:rank].sum() / SIGNS[0]
            inside.append(worst(np.abs(run.singular_values[within].sum(1) / run.singular_values[within, 0] / height - 1)))
    claims.append(
        Claim(
            "staircase",
            "Inside every window the ratio rank is within 10 % of its plateau: 1, 1.7, 2.2, 2.7.",
            worst(inside),
            "<=",
            0.1,
            DERIVED,
        )
    )
    stopped = []
    for rank in (1, 2):
        end = results.of(("window", rank))
        best = target([*FIRST_TARGET[:rank], *[0.0] * (4 - rank)])
        W = np.full((4, 4), np.nan) if end is None or end.end is None else end.end.end_to_end_last
        stopped.append(float(np.linalg.norm(W - best) / np.linalg.norm(best)))
    claims.append(
        Claim(
            "early-stopping",
            "Stopped in the middle of window 1 or 2, W is within 5 % of the target's best approximation of that rank.",
            worst(stopped),
            "<=",
            0.05,
            DERIVED,
        )
    )
    widths = [closes - opens for opens, closes in windows(escape(2))[:2]]
    claims.append(
        Claim(
            "depth-2-has-none",
            "At depth 2, from the same start, the first two windows are empty: the next eigenvalue starts too soon.",
            worst(float(width) if results.of(("escape", 2)) else np.nan for width in widths),
            "<=",
            0,
            f"{DERIVED}; from {100 * EARLY:g} % to {100 * LATE:g} %",
        )
    )
    return claims
