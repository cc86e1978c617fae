"""The runs on a noisy target, the derived window, and what is read off a run."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dmf_core.reproductions.framework.given_target import descent, measured_windows, passing
from dmf_core.reproductions.framework.reproduction import Key, Results, Run
from dmf_core.reproductions.framework.scalar_recursion import first_passing, identical

SIDE, SIGNAL = 20, np.array([10.0, 6.0])  # of the target; eigenvalues without the noise
DEPTH, START, STEP, ITERATIONS = 3, 0.1, 2e-3, 4000  # at least; twice the closing of the window where that is more
LEVELS, QUICK_LEVELS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0), (1.5, 2.0, 3.0)  # |E| in the spectral norm
DRAWS, QUICK_DRAWS = 3, 1  # of random noise, beside the worst one
WORST = -1  # the draw of the noise that takes all it can off the smaller signal
EARLY, LATE = 0.05, 0.95  # of its goal: a singular value has started, has come


@dataclass(frozen=True)
class Case:
    """One run: the noise, its draw, and whether it is stopped in the middle of the window."""

    level: float
    draw: int
    middle: bool = False


def runs(quick: bool) -> dict[Key, Run]:
    """Every draw and the worst noise, and each once more stopped in the middle of the window where there is one."""
    levels, draws = (QUICK_LEVELS, QUICK_DRAWS) if quick else (LEVELS, DRAWS)
    runs: dict[Key, Run] = {}
    for level in levels:
        opens, closes = window(level)
        for draw in (*range(draws), WORST):
            runs[Case(level, draw)] = _run(level, draw, max(ITERATIONS, 2 * closes))
            if opens < closes:
                runs[Case(level, draw, middle=True)] = _run(level, draw, (opens + closes) // 2)
    return runs


@lru_cache
def window(level: float) -> tuple[int, int]:
    """(opens, closes): 6 - |E| has come, |E| starts. Every signal is sooner and every noise later, by Weyl. Derived."""
    worst_signal = identical(np.array([SIGNAL.min() - level]), DEPTH, START, STEP, 10 * ITERATIONS)[:, 0]
    worst_noise = identical(np.array([level]), DEPTH, START, STEP, 10 * ITERATIONS)[:, 0]
    return first_passing(worst_signal, LATE * (SIGNAL.min() - level)), first_passing(worst_noise, EARLY * level)


def clean(draw: int) -> np.ndarray:  # [n, n]
    """The target without its noise. That of the worst noise is the same as of the first draw."""
    U = _vectors(draw)
    return np.asarray((U * SIGNAL) @ U.T)


def noise(level: float, draw: int) -> np.ndarray:  # [n, n]
    """Symmetric, of this spectral norm."""
    if draw == WORST:
        smaller = _vectors(draw)[:, 1]
        beyond = np.linalg.qr(np.column_stack([_vectors(draw), np.eye(SIDE)[0]]))[0][:, 2]
        return level * (np.outer(beyond, beyond) - np.outer(smaller, smaller))
    A = np.random.default_rng(1000 + draw).normal(size=(SIDE, SIDE))
    E = A + A.T
    return np.asarray(level * E / np.linalg.norm(E, 2))


def cases(results: Results) -> list[Case]:
    """The whole runs of random noise."""
    return [key for key in results.keys(Case) if not key.middle and key.draw != WORST]


def levels_of(results: Results) -> list[float]:
    return sorted({case.level for case in cases(results)})


def edges(results: Results, case: Case) -> tuple[float, float]:
    """(opens, closes) of the matrix run: both signals have come, a third singular value starts. NaN without a run."""
    run = results.of(case)
    return (np.nan, np.nan) if run is None else measured_windows(run, EARLY, LATE)[len(SIGNAL) - 1]


def width(results: Results, case: Case) -> float:
    """From the opening of a measured window to its closing, in iterations; below 0 where it is empty."""
    opens, closes = edges(results, case)
    return closes - opens


def slack(results: Results, case: Case) -> float:
    """Iterations by which the matrix run leaves the derived bracket; below 0 when it keeps it."""
    run, (opens, closes) = results.of(case), window(case.level)
    if run is None:
        return np.nan
    signal, started = passing(run, 1, LATE * (SIGNAL.min() - case.level)), passing(run, 2, EARLY * case.level)
    return max(signal - opens, closes - started)


def errors(results: Results, case: Case) -> tuple[np.ndarray, np.ndarray] | None:  # [T], [T]
    """(iteration, distance of W to the clean target) at every snapshot of a whole run; None without a run.

    W is put together from the singular values of the snapshot and the vectors of the last W, which do not turn: claim
    `recursion` compares the W of the stopped runs.
    """
    run = results.of(case)
    if run is None or run.end is None:
        return None
    eigenvalues, V = np.linalg.eigh(run.end.end_to_end_last)
    by_size = np.argsort(-np.abs(eigenvalues))
    path, V = run.singular_values * np.sign(eigenvalues[by_size]), V[:, by_size]
    target = clean(case.draw)
    squares = (path**2).sum(1) - 2 * path @ np.diagonal(V.T @ target @ V) + (target**2).sum()
    return run.column("iteration"), np.sqrt(np.maximum(squares, 0))


def above_lowest(results: Results, case: Case) -> float:
    """The largest distance to the clean target inside the derived window, over the lowest of the run."""
    measured = errors(results, case)
    if measured is None:
        return np.nan
    at, distances = measured
    opens, closes = window(case.level)
    inside = [*distances[(at >= opens) & (at <= closes)], *np.interp((opens, closes), at, distances)]
    return float(max(inside) / distances.min())


def last_error(results: Results, case: Case) -> float:
    """Distance of the last W of a run to the clean target; NaN without a run."""
    run = results.of(case)
    return np.nan if run is None or run.end is None else float(np.linalg.norm(run.end.end_to_end_last - clean(case.draw)))


def _vectors(draw: int) -> np.ndarray:  # [n, 2]
    U, _ = np.linalg.qr(np.random.default_rng(max(draw, 0)).normal(size=(SIDE, len(SIGNAL))))
    return U


def _run(level: float, draw: int, iterations: int) -> Run:
    return descent(clean(draw) + noise(level, draw), DEPTH, START, STEP, iterations)
