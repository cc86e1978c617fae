"""What depth does to CP completion: sharpness, incubation, error and spurious components. After Hariz et al. 2022."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmf_core.reproductions.reproduction import (
    Claim,
    Key,
    Line,
    Panel,
    Reproduction,
    Results,
    Run,
    banded,
    least,
    spread,
    worst,
)
from dmf_core.reproductions.sharpness import Switch, numerical_rank, switches
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

SIDE, RANK, COMPONENTS = 10, 3, 10
MANY, FEW = 600, 200  # of 1000 entries
START = 1e-3  # Frobenius norm of every component; that of the truth is 32
DEPTHS, SEEDS, QUICK_SEEDS = (1, 2, 3), 10, 3
SPURIOUS = 0.01  # a component counts above this share of the largest
DRAWN, DRAWN_STD, DRAWN_LOSS = 400, 0.1, 1e-6  # entries, start and end of the runs that start from normal entries
SOURCE = "our reading of the abstract of Hariz et al. 2022; settings and measures are ours"


@dataclass(frozen=True)
class Case:
    """One run."""

    observations: int
    depth: int
    seed: int
    drawn: bool = False  # from normal entries, the same standard deviation in every layer


class HarizDeepCP(Reproduction):
    """Depths beside each other."""

    name = "hariz-deep-cp"
    title = "Deeper CP factorizations wait longer, and then switch on more suddenly"
    paper = "After Hariz, Kadri, Ayache, Moakher and Artieres 2022, arXiv 2207.08942"
    about = (
        "A 10 x 10 x 10 tensor of CP rank 3 from 600 and from 200 of its 1000 entries, by ten balanced components of equal size, "
        "1e-3 at every depth; K layers in every mode. Only the abstract of the paper could be read: model, sizes and "
        "starts are ours. It says that deeper ones estimate better. Ours, from components of equal size, do in some draws and "
        "not in others: their errors are shown, and no claim is made. From normal entries of the same standard deviation 0.1 in "
        "every layer, with 400 entries and a training error of 1e-6, the median error does fall; a deeper start is then also a "
        "smaller one, which is part of the reason. Of the number of spurious components nothing is claimed: in these ten draws "
        "its median falls, in ten others it did not. The full form takes about a minute."
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        if quick:
            cases = [Case(MANY, depth, seed) for depth in (1, 2) for seed in range(QUICK_SEEDS)]
        else:
            cases = [Case(m, depth, seed) for m in (MANY, FEW) for depth in DEPTHS for seed in range(SEEDS)]
            cases += [Case(DRAWN, depth, seed, drawn=True) for depth in DEPTHS for seed in range(SEEDS)]
        return {case: Run(_spec(case)) for case in cases}

    def claims(self, results: Results) -> list[Claim]:
        shallow = _cases(results, MANY, 1)
        found = []
        for depth in _depths(results)[1:]:
            pairs = [(case, Case(MANY, depth, case.seed)) for case in shallow]
            found += [
                Claim(
                    f"sharper-{depth}",
                    f"600 entries, {depth} layers against 1: components rise from 10 % to 90 % in a smaller share of the "
                    "time until they are half grown, in every draw: largest ratio.",
                    worst(_width(results, deep) / _width(results, case) for case, deep in pairs),
                    "<=",
                    1.0,
                    SOURCE,
                ),
                Claim(
                    f"shorter-{depth}",
                    f"The rise itself, in flow time, is shorter with {depth} layers than with 1: ratio of the medians.",
                    _median(results, depth, _rise) / _median(results, 1, _rise),
                    "<=",
                    1.0,
                    SOURCE,
                ),
                Claim(
                    f"waits-{depth}",
                    f"The first component of {depth} layers is half grown later than that of 1, in every draw: smallest ratio.",
                    least(_first(results, deep) / _first(results, case) for case, deep in pairs),
                    ">=",
                    1.0,
                    "derived: at equal size, more factors grow a small component more slowly",
                ),
            ]
        return found if results.quick else found + _of_drawn(results)

    def panels(self, results: Results) -> list[Panel]:
        return [
            *(_components(results, depth) for depth in _depths(results)),
            _by_depth(results, "Sharpness", "time from 10 to 90 % / time to 50 %", _width, y_log=True),
            _by_depth(results, "Incubation", "time until the first is half grown", _first, y_log=True),
            _by_depth(results, "Error: no claim is made", "|W - M| / |M|", _error, y_log=not results.quick),
            _by_depth(results, "Spurious components: no claim is made", "above 1 %, beyond the rank", _spurious),
            _by_depth(results, "Error, equal standard deviation", "|W - M| / |M|", _error, y_log=True, drawn=True),
            _by_depth(
                results, "Spurious, equal standard deviation: no claim", "above 1 %, beyond the rank", _spurious, drawn=True
            ),
        ][: -2 if results.quick else None]


def _spec(case: Case) -> RunSpec:
    size = START ** (1 / (3 * case.depth)) / math.sqrt(SIDE)  # of an entry: every factor gives a component the same norm
    return RunSpec().replaced(
        {
            "problem.kind": "tensor_completion",
            "problem.shape": (SIDE,) * 3,
            "problem.rank": RANK,
            "problem.observations": case.observations,
            "model.kind": "cp",
            "model.depth": case.depth,
            "model.rank": COMPONENTS,
            "init.kind": "gaussian" if case.drawn else "balanced",
            "init.scale": DRAWN_STD if case.drawn else size,
            "integrator.tolerance": 3e-3,
            "stop.loss": DRAWN_LOSS if case.drawn else 1e-4,  # where the residual is 0.1 % or 1 % of the entries
            "save.snapshots": 200,
            "seed": case.seed,
            "dtype": "float64",
            "device": "cpu",
        }
    )


def _of_drawn(results: Results) -> list[Claim]:
    """What can be claimed of the starts from normal entries."""
    error = {depth: spread(_error(results, case) for case in _cases(results, DRAWN, depth)).median for depth in DEPTHS}
    return [
        Claim(
            f"error-{depth}",
            f"{DRAWN} entries, standard deviation {DRAWN_STD} in every layer: the median error with {depth} layers is lower "
            "than with 1: their ratio.",
            error[depth] / error[1],
            "<=",
            1.0,
            SOURCE,
        )
        for depth in DEPTHS[1:]
    ]


def _cases(results: Results, observations: int, depth: int) -> list[Case]:
    cases = [key for key in results.runs if isinstance(key, Case)]
    return [case for case in cases if (case.observations, case.depth) == (observations, depth)]


def _depths(results: Results) -> list[int]:
    return sorted({key.depth for key in results.runs if isinstance(key, Case)})


def _of(run: Trajectory) -> list[Switch]:
    return switches(run, "component_norms", RANK)


def _width(results: Results, case: Case) -> float:
    run = results.of(case)
    return float(np.median([each.width for each in _of(run)])) if run else math.nan


def _rise(results: Results, case: Case) -> float:
    run = results.of(case)
    return float(np.median([each.high - each.low for each in _of(run)])) if run else math.nan


def _first(results: Results, case: Case) -> float:
    run = results.of(case)
    return min(each.born for each in _of(run)) if run else math.nan


def _error(results: Results, case: Case) -> float:
    return results.last(case, "reconstruction_error")


def _spurious(results: Results, case: Case) -> float:
    run = results.of(case)
    return float(numerical_rank(run.singular_values[-1], SPURIOUS) - RANK) if run else math.nan


def _median(results: Results, depth: int, reading: Callable[[Results, Case], float]) -> float:
    return spread(reading(results, case) for case in _cases(results, MANY, depth)).median


def _components(results: Results, depth: int) -> Panel:
    lines = []
    run = results.of(Case(MANY, depth, 0))
    if run is not None:
        for place in range(RANK + 1):
            lines.append(Line(f"norm {place + 1}", run.column("t"), run.singular_values[:, place], colour=place))
    return Panel(f"One draw, {MANY} entries, K = {depth}", "flow time t", "norm of a component", lines)


def _by_depth(
    results: Results,
    title: str,
    y_label: str,
    reading: Callable[[Results, Case], float],
    y_log: bool = False,
    drawn: bool = False,
) -> Panel:
    lines = []
    for colour, observations in enumerate((DRAWN,) if drawn else (MANY, FEW)):
        depths = [depth for depth in _depths(results) if _cases(results, observations, depth)]
        if depths:
            spreads = [spread(reading(results, case) for case in _cases(results, observations, depth)) for depth in depths]
            lines.append(banded(f"{observations} entries", depths, spreads, colour))
    return Panel(title, "layers K", y_label, lines, y_log=y_log)
