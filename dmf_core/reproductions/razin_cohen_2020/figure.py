"""Razin and Cohen 2020: training drives every norm to infinity and both ranks to one."""

import numpy as np

from dmf_core.reproductions.framework.reproduction import (
    Certainty,
    Claim,
    Key,
    Line,
    Panel,
    Published,
    Reproduction,
    Results,
    Run,
    Spread,
    spread,
)
from dmf_core.reproductions.razin_cohen_2020.cases import DEPTHS, SIDE, STDS, Case, cases
from dmf_core.reproductions.razin_cohen_2020.claims import growth_claims, other_claims, rank_claims, sign_claims
from dmf_core.reproductions.razin_cohen_2020.readings import at_loss, bound, cases_of, columns

FIGURE = "their repository, dmf_orig_d2.png to dmf_orig_d4.png"
READ_OFF = {  # |w11| at loss 1e-4 by depth, std and balanced: one for each curve of the figures
    (2, 1e-5, True): 7.0,
    (2, 1e-6, True): 7.2,
    (2, 1e-5, False): 0.75,
    (2, 1e-6, False): 1.2,
    (3, 1e-5, True): 70.0,
    (3, 1e-6, True): 70.0,
    (3, 1e-5, False): 43.0,
    (3, 1e-6, False): 70.0,
    (4, 1e-3, True): 70.0,
    (4, 1e-4, True): 70.0,
    (4, 1e-3, False): 58.0,
    (4, 1e-4, False): 70.0,
}


def _start(std: float, balanced: bool) -> str:
    return f"std {std:.0e}, {'balanced' if balanced else 'not balanced'}".replace("e-0", "e-")


def _key(depth: int, std: float, balanced: bool) -> str:
    return f"d{depth}-{_start(std, balanced)}"


class RazinCohenFigure(Reproduction):
    """|w11| against the loss."""

    name = "razin-cohen"
    title = "Norms go to infinity while the rank falls to one"
    paper = "Razin and Cohen 2020, arXiv 2005.06398"
    about = (
        "The 2 x 2 problem with w11 unseen, at depths 2 to 4, balanced and not, from both signs of the determinant, solved as "
        "a stiff gradient flow in float64. Entries of the first product have the standard deviations of their legends: 1e-5 and "
        "1e-6 at depths 2 and 3, 1e-3 and 1e-4 at depth 4. That the legends mean the product where the start is not balanced, "
        "too, is inferred: their code gives that number to each layer, but its default of 8e-3 for each of 3 layers is 1e-6 for "
        "the product. The sign is enforced by drawing starts until it is right, as their code means to do. The bound "
        "(1 - q)^2 / q with q = sqrt(2 loss) is derived by us; their constants could not be read again. Published values are of "
        "one draw each."
    )
    published = tuple(
        Published(_key(*curve), f"|w11| at loss 1e-4, depth {curve[0]}, {_start(*curve[1:])}", value, FIGURE, Certainty.FIGURE)
        for curve, value in READ_OFF.items()
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return {case: Run(spec) for case, spec in cases(quick)}

    def claims(self, results: Results) -> list[Claim]:
        return [*growth_claims(results), *sign_claims(results), *rank_claims(results), *other_claims(results)]

    def ours(self, results: Results) -> dict[str, Spread]:
        shown = cases_of(results, "2x2", sign=1)
        curves = {(case.depth, case.std, case.balanced) for case in shown}
        return {
            _key(*curve): spread(
                at_loss(results.of(case), 1e-4) for case in shown if (case.depth, case.std, case.balanced) == curve
            )
            for curve in curves
        }

    def panels(self, results: Results) -> list[Panel]:
        shown = [case for case in cases_of(results, "2x2") if case.number == 0 and (case.balanced or case.sign > 0)]
        panels = [_curves(results, [case for case in shown if case.depth == depth], depth) for depth in DEPTHS]
        curves = [panel for panel in panels if panel.lines[0].role == "measured"]
        return [*curves, _signs(results), _norms(results), _ranks(results), _larger(results), _corners(results)]


def _curves(results: Results, cases: list[Case], depth: int) -> Panel:
    lines = []
    for colour, case in enumerate(sorted(cases, key=lambda case: (-case.sign, not case.balanced, -case.std))):
        run = results.of(case)
        if run is not None:
            q, hidden, _ = columns(run)
            sign = "det > 0" if case.sign > 0 else "det < 0"
            lines.append(Line(f"{_start(case.std, case.balanced)}, {sign}", q**2 / 2, hidden, colour=colour))
    loss = np.logspace(-6, -0.5, 60)
    q = np.sqrt(2 * loss)
    lines.append(Line("1/sqrt(2 loss)", loss, 1 / q, role="predicted"))
    lines.append(Line("bound", loss[q < 0.9], bound(q[q < 0.9]), role="predicted", colour=1))
    return Panel(f"Depth {depth}", "loss", "|w11|", lines, x_log=True, y_log=True, x_falls=True)


def _shown_alone(case: Case) -> bool:
    """The one of its depth where a panel has a line for each depth."""
    return case.number == 0 and case.std == STDS[case.depth][0]


def _signs(results: Results) -> Panel:
    """The determinant as long as it is positive: at depth 2 the line ends, at greater depth it does not."""
    lines = []
    for case in cases_of(results, "2x2", sign=1, balanced=True):
        run = results.of(case)
        if run is not None and _shown_alone(case):
            q, _, determinant = columns(run)
            positive = np.where(np.cumsum(determinant <= 0) == 0, determinant, np.nan)
            lines.append(Line(f"depth {case.depth}", q**2 / 2, positive, colour=case.depth - DEPTHS[0]))
    return Panel("The determinant, until it turns negative", "loss", "det W", lines, x_log=True, y_log=True, x_falls=True)


def _norms(results: Results) -> Panel:
    lines = []
    names = {"nuclear_norm": "nuclear", "frobenius_norm": "Frobenius", "spectral_norm": "spectral", "schatten": "Schatten 2/3"}
    run = results.of(Case(3, STDS[3][0], True, 1, 0))
    if run is not None:
        for colour, (key, name) in enumerate(names.items()):
            values = run.measured(key)
            assert values is not None
            lines.append(Line(name, run.column("loss"), values, colour=colour))
    return Panel("Every norm grows, depth 3", "loss", "norm", lines, x_log=True, y_log=True, x_falls=True)


def _ranks(results: Results) -> Panel:
    lines = []
    for case in cases_of(results, "2x2", sign=1, balanced=True):
        run = results.of(case)
        if run is not None and _shown_alone(case) and case.depth > 2:
            for colour, (key, name) in enumerate((("entropy_rank", "entropy rank"), ("ratio_rank", "ratio rank"))):
                values = run.measured(key)
                assert values is not None
                lines.append(
                    Line(
                        f"{name}, depth {case.depth}",
                        run.column("loss"),
                        np.maximum(values - 1, 1e-12),
                        colour=2 * (case.depth - 3) + colour,
                    )
                )
    return Panel("Both ranks fall to one", "loss", "rank minus one", lines, x_log=True, y_log=True, x_falls=True)


def _larger(results: Results) -> Panel:
    lines = []
    for case in cases_of(results, "d x d"):
        run = results.of(case)
        if run is not None:
            q, hidden, _ = columns(run)
            lines.append(Line(f"start {case.number + 1}", q**2 / 2, hidden, colour=case.number))
    loss = np.logspace(-6, -0.5, 60)
    lines.append(Line("1/sqrt(2 loss)", loss, 1 / np.sqrt(2 * loss), role="predicted"))
    title = f"{SIDE} x {SIDE}, depth 3, det > 0"
    return Panel(title, "loss", "|w11|", lines, x_log=True, y_log=True, x_falls=True)


def _corners(results: Results) -> Panel:
    lines = []
    for colour, case in enumerate(cases_of(results, "corner")):
        run = results.of(case)
        if run is not None:
            q, hidden, _ = columns(run)
            lines.append(Line(f"w22 = {case.corner:g}", q**2 / 2, hidden, colour=colour))
            ends = q[[0, -1]] ** 2 / 2
            level = np.full(2, 1 / case.corner)
            lines.append(Line(f"1/{case.corner:g}", ends, level, role="predicted", colour=colour))
    return Panel("A corner that is not zero, depth 3", "loss", "|w11|", lines, x_log=True, y_log=True, x_falls=True)
