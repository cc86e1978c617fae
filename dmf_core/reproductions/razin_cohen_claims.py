"""The claims about Razin and Cohen's problem."""

import math
from collections.abc import Iterator

from dmf_core.measures import MEASURES
from dmf_core.reproductions.razin_cohen_cases import LAST_LOSS, SIDE
from dmf_core.reproductions.razin_cohen_readings import at_loss, cases_of, columns, deviation, flips, judged, margin
from dmf_core.reproductions.reproduction import Claim, Results, least, worst
from dmf_core.trajectory import Trajectory

WINDOW = 0.05


def growth_claims(results: Results) -> Iterator[Claim]:
    """|w11| against the loss."""
    for depth in sorted({case.depth for case in cases_of(results) if case.depth > 2}):
        runs = [results.of(case) for case in cases_of(results, "2x2", sign=1, balanced=True) if case.depth == depth]
        yield Claim(
            f"w11-depth-{depth}",
            f"Depth {depth}, balanced, positive determinant: |w11| sqrt(2 loss) is 1 for losses from 1e-2 to 1e-6.",
            worst(deviation(run) for run in runs),
            "<=",
            WINDOW,
            "growth: Razin and Cohen 2020; the curve is derived",
        )
        yield Claim(
            f"cost-depth-{depth}",
            f"Depth {depth}: each of these runs takes at most 60 000 gradients, where the published code takes millions.",
            worst(run.end.gradients if run and run.end else math.nan for run in runs),
            "<=",
            60_000,
            "iterations of the published curves, read off their figure",
        )


def sign_claims(results: Results) -> Iterator[Claim]:
    """The sign of the determinant and what follows from it."""
    deep = [case for case in cases_of(results, "2x2", balanced=True) if case.depth > 2]
    positive = [case for case in deep if case.sign > 0]
    yield Claim(
        "sign-kept",
        "Depths 3 and more, balanced: no run that starts with a positive determinant ever changes its sign.",
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
    other = [case for case in cases_of(results, "2x2", sign=-1, balanced=True) if case.depth < 4]
    yield Claim(
        "other-sign",
        "Depths 2 and 3, balanced, negative determinant: |w11| rests; from loss 1e-4 to 1e-6 it grows by a tenth at most.",
        worst(at_loss(results.of(case), LAST_LOSS) / at_loss(results.of(case), 1e-4) for case in other),
        "<=",
        1.1,
        "the bounded side of Razin and Cohen 2020; the level is ours (the other sign grows tenfold)",
    )
    shallow = [case for case in cases_of(results, "2x2", sign=1) if case.depth == 2] + cases_of(results, "descent")
    yield Claim(
        "depth-2-flips",
        "At depth 2 no run in floating-point numbers keeps the positive determinant down to loss 1e-4, so |w11| ends below 15.",
        worst(at_loss(results.of(case), 1e-4) for case in shallow),
        "<=",
        15,
        "their figure saturates near 7; the reason, a sign lost in rounding, is derived",
    )


def rank_claims(results: Results) -> Iterator[Claim]:
    """Both ranks and every norm."""
    cases = [case for case in cases_of(results, "2x2", sign=1, balanced=True) if case.depth > 2]
    for key in ("entropy_rank", "ratio_rank"):
        yield Claim(
            key.replace("_", "-"),
            f"Depths 3 and more, balanced, positive determinant: the {MEASURES[key].label} ends within 1e-4 of one.",
            worst(results.last(case, key) - 1 for case in cases),
            "<=",
            1e-4,
            "Razin and Cohen 2020",
        )
    for key in ("nuclear_norm", "frobenius_norm", "spectral_norm", "schatten"):
        yield Claim(
            key.replace("_", "-"),
            f"There, the {MEASURES[key].label} grows from every snapshot to the next while the loss falls from 1e-2 to 1e-6.",
            least(_least_growth(results.of(case), key) for case in cases),
            ">=",
            1,
            "Razin and Cohen 2020",
        )


def _least_growth(run: Trajectory | None, key: str) -> float:
    values = run.measured(key) if run else None
    if run is None or values is None:
        return math.nan
    inside = values[judged(run)]
    return least(inside[1:] / inside[:-1])


def other_claims(results: Results) -> Iterator[Claim]:
    """The larger matrix and the perturbed corner."""
    yield Claim(
        "larger-side",
        f"The {SIDE} x {SIDE} version at depth 3, positive determinant: |w11| sqrt(2 loss) at loss 1e-4 is at least 1/2.",
        least(at_loss(results.of(case), 1e-4) * math.sqrt(2e-4) for case in cases_of(results, "d x d")),
        ">=",
        0.5,
        "generalisation read in their data generator; the level 1/2 is ours",
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
        "There, |w11| never passes 1.1/eps: it grows to that scale and no further.",
        worst(math.nan if run is None else columns(run)[1].max() * corner for run, corner in runs),
        "<=",
        1.1,
        "derived",
    )


def _over_corner_bound(run: Trajectory | None, corner: float) -> float:
    """Derived: |w11| |w22| > |w12 w21| >= (2 - q)(1/2 - q) with |w22| <= eps + q, where det W < 0 and q < 1/2."""
    if run is None:
        return math.nan
    q, hidden, determinant = columns(run)
    valid = (determinant < 0) & (q < 0.5)
    return least((hidden * (corner + q) / ((2 - q) * (0.5 - q)))[valid])
