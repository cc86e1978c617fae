"""A noisy symmetric target: a window in which the signal is learned and the noise is not. Our own derivation."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from dmf_core.reproductions.given_target import descent, distance, eigenpath
from dmf_core.reproductions.reproduction import Claim, Key, Line, Panel, Reproduction, Results, Run, worst
from dmf_core.reproductions.scalar_recursion import first_passing, identical

SIDE, SIGNAL = 20, np.array([10.0, 6.0])
DEPTH, START, STEP, ITERATIONS = 3, 0.1, 1e-3, 8000  # at least; twice the closing of the window where that is more
LEVELS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)  # |E| in the spectral norm
EARLY, LATE = 0.05, 0.95
SOURCE = "derived by us; the conditions of Wang and Chou 2026 could not be read"


@dataclass(frozen=True)
class Case:
    """One run: the noise, its draw, and where it is stopped ("" for the end)."""

    level: float
    draw: int
    stopped: str = ""


class WangChou(Reproduction):
    """The window against the noise."""

    name = "wang-chou"
    title = "A window for early stopping, and how noise closes it"
    paper = "After Wang and Chou 2026, arXiv 2605.28613"
    about = (
        "A 20 x 20 positive semidefinite target with eigenvalues 10 and 6 and a symmetric normal noise matrix E, scaled to a "
        "given spectral norm; gradient descent at depth 3 from 0.1 times the identity. Only the abstract of the paper could be "
        "read: the window, from the recovery of an eigenvalue 6 - |E| to the start of an eigenvalue |E|, is our "
        "derivation. The very lowest point can lie a little before it: noise makes a signal eigenvalue larger, and its path "
        "passes the clean value sooner."
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        levels, draws = ((1.0, 2.0, 3.0), 1) if quick else (LEVELS, 3)
        runs: dict[Key, Run] = {}
        for level in levels:
            for draw in range(draws):
                opens, closes = window(level)
                runs[Case(level, draw)] = _run(level, draw, max(ITERATIONS, 2 * closes))

                if opens < closes:
                    for stopped, when in (("opens", opens), ("middle", (opens + closes) // 2), ("closes", closes)):
                        runs[Case(level, draw, stopped)] = _run(level, draw, when)
        return runs

    def claims(self, results: Results) -> list[Claim]:
        whole = [case for case in _cases(results) if not case.stopped]
        open_ = [case for case in whole if window(case.level)[0] < window(case.level)[1]]
        there = results.everywhere(whole) is not None
        widths = [window(level)[1] - window(level)[0] for level in _levels(results)]
        return [
            Claim(
                "recursion",
                "Every run is the scalar recursion over the measured eigenvalues of the noisy target.",
                worst(distance(results.runs[case], results.of(case)) for case in _cases(results)),
                "<=",
                1e-9,
                "Chou et al. 2020, Lemma 2.1, as given in a seminar report",
            ),
            Claim(
                "bracket",
                "In every draw the signal is recovered by the opening, and no noise has started before the closing.",
                worst(_slack(case) if results.of(case) else np.nan for case in whole),
                "<=",
                0,
                f"{SOURCE}; Weyl's bound on every eigenvalue",
            ),
            Claim(
                "shrinks",
                "The window shrinks with every step to a larger noise.",
                worst(after - before for before, after in pairwise(widths)) if there else np.nan,
                "<=",
                -1,
                SOURCE,
            ),
            Claim(
                "closes",
                "It is empty from |E| = 3 on, half of the smallest signal eigenvalue.",
                float(max(widths[i] for i, level in enumerate(_levels(results)) if level >= 3)) if there else np.nan,
                "<=",
                0,
                SOURCE,
            ),
            Claim(
                "best-inside",
                "Everywhere inside a window the distance to the clean target is within 5 % of the lowest of the whole run.",
                worst(_above_lowest(results.runs[case], case.level) if results.of(case) else np.nan for case in open_),
                "<=",
                1.05,
                SOURCE,
            ),
            Claim(
                "overfits",
                "Where there is a window, its middle is at most 4/5 as far from the clean target as the end of the run.",
                worst(_error(results, Case(case.level, case.draw, "middle")) / _error(results, case) for case in open_),
                "<=",
                0.8,
                SOURCE,
            ),
        ]

    def panels(self, results: Results) -> list[Panel]:
        lines = []
        for colour, level in enumerate(_levels(results)):
            if results.of(Case(level, 0)) is not None:
                errors = _errors(results.runs[Case(level, 0)])[::20]
                lines.append(Line(f"|E| = {level:g}", 20.0 * np.arange(len(errors)), errors, colour=colour))
                opens, closes = window(level)
                if opens < closes:
                    ends = np.array([opens, closes], dtype=float)
                    lines.append(
                        Line(f"window, |E| = {level:g}", ends, np.full(2, errors.min()), role="predicted", colour=colour)
                    )
        levels = np.array(_levels(results))
        edges = np.array([window(level) for level in levels], dtype=float)
        both = [
            Line("opens", levels, edges[:, 0], role="predicted"),
            Line("closes", levels, edges[:, 1], role="predicted", colour=1),
        ]
        return [
            Panel("Distance to the clean target", "iteration", "Frobenius norm of W minus the clean target", lines, y_log=True),
            Panel("The window", "spectral norm of the noise", "iteration", both, y_log=True),
        ]


@lru_cache
def window(level: float) -> tuple[int, int]:
    """(opens, closes): 6 - |E| is recovered, |E| starts. Every signal is sooner and every noise later, by Weyl. Derived."""
    worst_signal = identical(np.array([SIGNAL.min() - level]), DEPTH, START, STEP, 10 * ITERATIONS)[:, 0]
    worst_noise = identical(np.array([level]), DEPTH, START, STEP, 10 * ITERATIONS)[:, 0]
    return first_passing(worst_signal, LATE * (SIGNAL.min() - level)), first_passing(worst_noise, EARLY * level)


def _clean(draw: int) -> np.ndarray:  # [n, n]
    U, _ = np.linalg.qr(np.random.default_rng(draw).normal(size=(SIDE, len(SIGNAL))))
    return np.asarray((U * SIGNAL) @ U.T)


def _run(level: float, draw: int, iterations: int) -> Run:
    A = np.random.default_rng(1000 + draw).normal(size=(SIDE, SIDE))
    E = A + A.T
    return descent(_clean(draw) + level * E / np.linalg.norm(E, 2), DEPTH, START, STEP, iterations)


def _cases(results: Results) -> list[Case]:
    return [key for key in results.runs if isinstance(key, Case)]


def _levels(results: Results) -> list[float]:
    return sorted({case.level for case in _cases(results)})


def _slack(case: Case) -> float:
    """Iterations by which the measured eigenvalues leave the bracket; at most 0 when they keep it."""
    opens, closes = window(case.level)
    run = _run(case.level, case.draw, min(10 * ITERATIONS, max(opens, closes) + 1))
    assert run.inputs.data is not None
    values, (_, path) = np.linalg.eigvalsh(run.inputs.data), eigenpath(run)
    signal = [first_passing(path[:, i], LATE * (SIGNAL.min() - case.level)) for i in (-1, -2)]
    noise = [first_passing(path[:, i], EARLY * case.level) for i in range(SIDE - 2) if values[i] > 0]
    return float(max(max(signal) - opens, closes - min(noise)))


def _errors(run: Run) -> np.ndarray:  # [T + 1]
    """Distance to the clean target by iteration, from the recursion."""
    V, path = eigenpath(run)
    clean = _clean_of(run)
    inside = V.T @ clean @ V
    squares = (path**2).sum(1) - 2 * path @ inside.diagonal() + (clean**2).sum()
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def _clean_of(run: Run) -> np.ndarray:
    data = run.inputs.data
    assert data is not None
    return min((_clean(draw) for draw in range(3)), key=lambda clean: float(np.linalg.norm(clean - data)))


def _above_lowest(run: Run, level: float) -> float:
    """The largest distance inside the window, over the lowest of the run."""
    errors, (opens, closes) = _errors(run), window(level)
    return float(errors[opens : closes + 1].max() / errors.min())


def _error(results: Results, case: Case) -> float:
    """Distance of the last W of a matrix run to the clean target."""
    run = results.of(case)
    return np.nan if run is None or run.end is None else float(np.linalg.norm(run.end.end_to_end_last - _clean(case.draw)))
