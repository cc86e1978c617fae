"""A noisy symmetric target: a window in which the signal is learned and the noise is not. Our own derivation."""

from itertools import pairwise

import numpy as np

from dmf_core.reproductions.framework.given_target import distance
from dmf_core.reproductions.framework.reproduction import (
    Claim,
    Key,
    Line,
    Panel,
    Reproduction,
    Results,
    Run,
    least,
    spread,
    worst,
)
from dmf_core.reproductions.wang_chou.runs import (
    WORST,
    Case,
    above_lowest,
    cases,
    edges,
    errors,
    last_error,
    levels_of,
    runs,
    slack,
    width,
    window,
)

SOURCE = "derived by us; the conditions of Wang and Chou 2026 could not be read"
EMPTY = 3.0  # half of the smaller signal eigenvalue


class WangChou(Reproduction):
    """The window against the noise."""

    name = "wang-chou"
    title = "A window for early stopping, and how noise closes it"
    paper = "After Wang and Chou 2026, arXiv 2605.28613"
    about = (
        "A 20 x 20 positive semidefinite target with eigenvalues 10 and 6 and a symmetric normal noise matrix E, scaled to a "
        "given spectral norm; gradient descent at depth 3 from 0.1 times the identity. Only the abstract of the paper could be "
        "read: the window, from the recovery of an eigenvalue 6 - |E| to the start of an eigenvalue |E|, is our "
        "derivation. It is what every noise of this norm leaves; the worst noise, which takes |E| off the eigenvalue 6 and puts "
        "|E| elsewhere, is run as well, and leaves no more. A measured window opens when the second singular value passes "
        "95 % of its last value, and closes when the third passes 5 % of its own. The very lowest distance to the clean target "
        "can lie a little before the window: noise makes a signal eigenvalue larger, and its path passes the clean value sooner."
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return runs(quick)

    def claims(self, results: Results) -> list[Claim]:
        return [*_of_windows(results), *_of_errors(results)]

    def panels(self, results: Results) -> list[Panel]:
        return [_distances(results), _windows(results)]


def _of_windows(results: Results) -> list[Claim]:
    """Claims about when signal and noise are learned, in every matrix run."""
    return [
        Claim(
            "recursion",
            "Every run is the scalar recursion over the measured eigenvalues of the noisy target.",
            worst(distance(run, results.of(key)) for key, run in results.runs.items()),
            "<=",
            1e-12,  # rounding: 2e-13
            "Chou et al. 2020, Lemma 2.1, as given in a seminar report",
        ),
        Claim(
            "bracket",
            "In every draw the signal has come at least 25 iterations before the derived opening, and no noise has started until "
            "25 after the derived closing: difference, negative inside.",
            worst(slack(results, case) for case in cases(results)),
            "<=",
            -25,
            f"{SOURCE}; Weyl's bound on every eigenvalue",
        ),
        Claim(
            "attained",
            "With the worst noise the window opens and closes within 3 iterations of the derived ones.",
            worst(
                abs(ours - derived)
                for level in levels_of(results)
                for ours, derived in zip(edges(results, Case(level, WORST)), window(level), strict=True)
            ),
            "<=",
            3,  # measured 2: what lies between two snapshots
            SOURCE,
        ),
        Claim(
            "shrinks",
            "With every step to a larger noise the measured window shrinks by 13 % at least, in every draw and with the worst "
            "noise: largest ratio.",
            worst(_ratio(results, draw) for draw in _draws(results)),
            "<=",
            0.87,
            SOURCE,
        ),
        Claim(
            "closes",
            "With the worst noise it is empty at |E| = 3, half of the smaller signal eigenvalue: closing minus opening.",
            width(results, Case(EMPTY, WORST)),
            "<=",
            -150,
            SOURCE,
        ),
        Claim(
            "not-every-noise",
            "With the random noise of |E| = 3 there still is one, of at least 300 iterations in every draw.",
            least(width(results, case) for case in cases(results) if case.level == EMPTY),
            ">=",
            300,
            "measured by us",
        ),
    ]


def _of_errors(results: Results) -> list[Claim]:
    """Claims about the error inside the window."""
    inside = [case for case in cases(results) if window(case.level)[0] < window(case.level)[1]]
    return [
        Claim(
            "best-inside",
            "In every draw, everywhere inside the derived window the distance to the clean target is within 5 % of the lowest of "
            "the whole run.",
            worst(above_lowest(results, case) for case in inside),
            "<=",
            1.05,
            SOURCE,
        ),
        Claim(
            "overfits",
            "In every draw with a derived window, its middle is at most 4/5 as far from the clean target as the end of the run.",
            worst(last_error(results, Case(case.level, case.draw, middle=True)) / last_error(results, case) for case in inside),
            "<=",
            0.8,
            SOURCE,
        ),
    ]


def _draws(results: Results) -> list[int]:
    return sorted({case.draw for case in cases(results)} | {WORST})


def _ratio(results: Results, draw: int) -> float:
    """The largest ratio of a measured window to that of the next smaller noise."""
    widths = [width(results, Case(level, draw)) for level in levels_of(results)]
    return worst(after / before if before > 0 else np.nan for before, after in pairwise(widths))


def _distances(results: Results) -> Panel:
    lines = []
    for colour, level in enumerate(levels_of(results)):
        measured = errors(results, Case(level, 0))
        if measured is None:
            continue
        lines.append(Line(f"|E| = {level:g}", *measured, colour=colour))
        opens, closes = window(level)
        if opens < closes:
            ends = np.array([opens, closes], dtype=float)
            lines.append(Line(f"window, |E| = {level:g}", ends, np.full(2, measured[1].min()), role="predicted", colour=colour))
    return Panel("Distance to the clean target", "iteration", "Frobenius norm of W minus the clean target", lines, y_log=True)


def _windows(results: Results) -> Panel:
    levels = np.array(levels_of(results))
    derived = np.array([window(level) for level in levels], dtype=float)
    lines = []
    for colour, name in enumerate(("opens", "closes")):
        lines.append(Line(f"{name}, derived", levels, derived[:, colour], role="predicted", colour=colour))
        ours = [[edges(results, case)[colour] for case in cases(results) if case.level == level] for level in levels]
        y, low, high = np.array([(each.median, each.low, each.high) for each in map(spread, ours)]).T
        lines.append(Line(f"{name}, in {len(ours[0])} draws", levels, y, low, high, colour=colour))
        worst_noise = np.array([edges(results, Case(level, WORST))[colour] for level in levels])
        lines.append(Line(f"{name}, worst noise", levels, worst_noise, colour=2 + colour))
    return Panel("The window", "spectral norm of the noise", "iteration", lines, y_log=True)
