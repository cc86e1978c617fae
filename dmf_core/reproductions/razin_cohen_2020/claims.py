"""The claims about Razin and Cohen's problem. Bounds are at most twice, or half, what the full form measures."""

import math
from collections.abc import Iterator
from dataclasses import replace

from dmf_core.formatting import whole
from dmf_core.measures import MEASURES
from dmf_core.reproductions.framework.reproduction import Claim, Results, least, worst
from dmf_core.reproductions.razin_cohen_2020.cases import DEPTHS, LAST_LOSS, SIDE, STDS, Case
from dmf_core.reproductions.razin_cohen_2020.readings import (
    FIRST_LOSS,
    at_loss,
    cases_of,
    columns,
    deviation,
    flips,
    growth,
    margin,
)
from dmf_core.trajectory import Trajectory

DEEP = DEPTHS[1:]
COST = 15_000  # gradients; measured 7 800
RANK_GAPS = {"entropy_rank": 2e-9, "ratio_rank": 7e-11}  # measured 9e-10 and 3.5e-11, at depth 4


def growth_claims(results: Results) -> Iterator[Claim]:
    """|w11| against the loss."""
    for depth in DEEP:
        runs = [results.of(case) for case in cases_of(results, "2x2", sign=1, balanced=True) if case.depth == depth]
        yield Claim(
            f"w11-depth-{depth}",
            f"Depth {depth}, balanced, positive determinant: |w11| sqrt(2 loss) is within 0.035 of 1 from loss 1e-2 to 1e-6.",
            worst(deviation(run, FIRST_LOSS) for run in runs),
            "<=",
            0.035,  # measured 0.02, at a loss of 1e-2
            "growth: Razin and Cohen 2020; the curve is derived",
        )
        yield Claim(
            f"cost-depth-{depth}",
            f"Depth {depth}: each of these runs takes at most {whole(COST)} gradients, where the published curves take millions.",
            worst(run.end.gradients if run and run.end else math.nan for run in runs),
            "<=",
            COST,
            "iterations of the published curves, read off their figures",
        )


def sign_claims(results: Results) -> Iterator[Claim]:
    """The sign of the determinant and what follows from it."""
    balanced = cases_of(results, "2x2", balanced=True)
    positive = [case for case in balanced if case.depth > 2 and case.sign > 0]
    yield Claim(
        "sign-kept",
        "Depths 3 and 4, balanced: no run that starts with a positive determinant ever changes its sign.",
        worst(flips(results.of(case)) for case in positive),
        "==",
        0,
        "Razin and Cohen 2020",
    )
    yield Claim(
        "bound",
        "Wherever the determinant is positive, |w11| is above (1 - q)^2 / q, with q = sqrt(2 loss).",
        least(margin(results.of(case)) for case in positive),
        ">=",
        1 - 1e-6,  # rounding of the determinant
        "derived",
    )
    negative = [case for case in balanced if case.sign < 0]
    yield Claim(
        "other-sign",
        "Depths 2 to 4, balanced, negative determinant: |w11| comes to rest; from loss 1e-4 to 1e-6 it grows by 7 % at most.",
        worst(at_loss(results.of(case), LAST_LOSS) / at_loss(results.of(case), 1e-4) for case in negative),
        "<=",
        1.07,  # measured 1.034, at depth 4; with the other sign it grows tenfold
        "the bounded side of Razin and Cohen 2020; the level is ours",
    )
    yield Claim(
        "other-sign-level",
        "There, at depths 3 and 4, a start ten times smaller comes to rest at least 1.3 times as high.",
        least(_level(results, case) / _level(results, _larger(case)) for case in negative if case != _larger(case)),
        ">=",
        1.3,  # measured from 1.67 to 4.5
        "measured by us: where |w11| rests is decided by the start",
    )
    shallow = [case for case in cases_of(results, "2x2", sign=1) if case.depth == 2] + cases_of(results, "descent")
    yield Claim(
        "depth-2-flips",
        "At depth 2 no run keeps its positive determinant, neither the flow in finite steps nor gradient descent: the fewest "
        "changes of sign in a run.",
        least(flips(results.of(case)) for case in shallow),
        ">=",
        1,
        "measured; of balanced starts it is the error of the steps, not rounding: gradient descent changes the sign with 200 "
        "digits, too; starts that are not balanced are free to",
    )
    yield Claim(
        "depth-2-ends",
        "So at depth 2 |w11| stays below 15 at loss 1e-4, where a positive determinant would ask for 69.",
        worst(at_loss(results.of(case), 1e-4) for case in shallow),
        "<=",
        15,  # measured 10.4
        "their figure saturates near 7",
    )


def _larger(case: Case) -> Case:
    """The same draw from the larger start of its depth; at depth 2 the case itself, where the level is that of the draw."""
    return case if case.depth == 2 else replace(case, std=STDS[case.depth][0])


def _level(results: Results, case: Case) -> float:
    return at_loss(results.of(case), LAST_LOSS)


def rank_claims(results: Results) -> Iterator[Claim]:
    """Both ranks and every norm."""
    cases = [case for case in cases_of(results, "2x2", sign=1, balanced=True) if case.depth > 2]
    for key, gap in RANK_GAPS.items():
        yield Claim(
            key.replace("_", "-"),
            f"Depths 3 and 4, balanced, positive determinant: the {MEASURES[key].label} ends within {gap:.0e} of one.".replace(
                "e-0", "e-"
            ),
            worst(results.last(case, key) - 1 for case in cases),
            "<=",
            gap,
            "Razin and Cohen 2020; the level is ours",
        )
    for key in ("nuclear_norm", "frobenius_norm", "spectral_norm", "schatten"):
        root = ", root taken," if key == "schatten" else ""
        yield Claim(
            key.replace("_", "-"),
            f"There, the {MEASURES[key].label}{root} grows at least 50 times while the loss falls from 1e-2 to 1e-6.",
            least(growth(results.of(case), key, case.depth) for case in cases),
            ">=",
            50,  # measured 99.7 to 100; with a negative determinant at most 8
            "Razin and Cohen 2020; derived: as |w11|, which grows 100 times with 1/sqrt(2 loss)",
        )


def other_claims(results: Results) -> Iterator[Claim]:
    """The larger matrix and the perturbed corner."""
    yield Claim(
        "larger-side",
        f"The {SIDE} x {SIDE} version, depth 3, positive determinant: |w11| sqrt(2 loss) is within 4e-4 of 1 from loss 1e-4 on.",
        worst(deviation(results.of(case), 1e-4) for case in cases_of(results, "d x d")),
        "<=",
        4e-4,  # measured 2e-4
        "generalisation read in their data generator; the curve is derived",
    )
    runs = [(results.of(case), case.corner) for case in cases_of(results, "corner")]
    yield Claim(
        "corner-bound",
        "Their perturbed data (-2, 1/2, eps), negative determinant: |w11| is above (2 - q)(1/2 - q)/(eps + q).",
        least(_over_corner_bound(run, corner) for run, corner in runs),
        ">=",
        1 - 1e-6,
        "data read in their repository; the bound is derived",
    )
    yield Claim(
        "corner-scale",
        "There, |w11| grows to 1/eps and no further: its largest value is within a fifth of it.",
        worst(math.nan if run is None else abs(columns(run)[1].max() * corner - 1) for run, corner in runs),
        "<=",
        0.2,  # measured 0.12, at eps = 0.01, where the loss of 1e-6 comes first
        "derived",
    )


def _over_corner_bound(run: Trajectory | None, corner: float) -> float:
    """Derived: |w11| |w22| > |w12 w21| >= (2 - q)(1/2 - q) with |w22| <= eps + q, where det W < 0 and q < 1/2."""
    if run is None:
        return math.nan
    q, hidden, determinant = columns(run)
    valid = (determinant < 0) & (q < 0.5)
    return least((hidden * (corner + q) / ((2 - q) * (0.5 - q)))[valid])
