"""Arora et al. 2019, figure 3, its synthetic half: how the singular values move, and how diagonal the gradient is."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from dmf_core.reproductions.alignment import Alignment, alignment
from dmf_core.reproductions.arora_grid import NOTEBOOK, PAPER
from dmf_core.reproductions.reproduction import (
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
    worst,
)
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

RATE = 0.1
LENGTHS = {1: 30_000, 2: 15_000, 3: 20_000}  # iterations on the horizontal axes
SHOWN = 10  # singular values
ERROR = "mean_squared_error"
SOURCE = "Arora et al. 2019, figure 3"


@dataclass(frozen=True)
class Case:
    """One run."""

    depth: int
    seed: int
    descent: bool = False


class AroraFigure3(Reproduction):
    """Singular values at depths 1, 2, 3."""

    name = "arora-figure-3"
    title = "The deeper, the more sharply the singular values part"
    paper = PAPER
    about = (
        "2000 entries of a 100 x 100 matrix of rank 5, factors that start at multiples of the identity of scale 1e-3, the "
        "gradient flow over the time of 30 000, 15 000 and 20 000 iterations of learning rate 0.1, and that gradient descent "
        "itself beside it. The rate is the notebook's; the value in their configuration file is ten times too slow. The half of "
        "the figure that is about ratings runs on a file of yours: here, or with --data FILE on the command line."
    )
    published = (
        Published("first-1", "depth 1, 30 000 iterations: largest singular value", 11.7, NOTEBOOK, Certainty.FIGURE),
        Published("tenth-1", "depth 1, 30 000 iterations: tenth singular value", 6.9, NOTEBOOK, Certainty.FIGURE),
        Published("first-2", "depth 2, 15 000 iterations: largest singular value", 45.5, NOTEBOOK, Certainty.FIGURE),
        Published("fifth-2", "depth 2, 15 000 iterations: fifth singular value", 25.0, NOTEBOOK, Certainty.FIGURE),
        Published("first-3", "depth 3, 20 000 iterations: largest singular value", 53.0, NOTEBOOK, Certainty.FIGURE),
        Published("fifth-3", "depth 3, 20 000 iterations: fifth singular value", 33.2, NOTEBOOK, Certainty.FIGURE),
        Published("jump", "depth 3: iteration of the first jump", 8500, NOTEBOOK, Certainty.FIGURE),
        Published("error-1", "depth 1: smallest error over all entries", 0.8195, NOTEBOOK, Certainty.PRINTED),
        Published("error-2", "depth 2: smallest error (their run may be longer)", 0.0988, NOTEBOOK, Certainty.PRINTED),
        Published("error-3", "depth 3: smallest error (their run may be longer)", 0.00167, NOTEBOOK, Certainty.PRINTED),
        Published("peak", "depth 2: largest mean of the diagonal entries", 1.4e-3, NOTEBOOK, Certainty.FIGURE),
        Published("peak-at", "depth 2: iteration of that peak", 3000, NOTEBOOK, Certainty.FIGURE),
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        cases = [Case(depth, seed) for depth in LENGTHS for seed in range(1 if quick else 3)]
        cases += [Case(depth, 0, descent=True) for depth in ((2,) if quick else (2, 3))]
        return {case: Run(_spec(case)) for case in cases}

    def claims(self, results: Results) -> list[Claim]:
        seeds = sorted({case.seed for case in _cases(results)})
        errors = [[_least_error(results.of(Case(depth, seed))) for depth in LENGTHS] for seed in seeds]
        aligned = [(_aligned(results, Case(2, seed))) for seed in seeds]
        return [
            Claim(
                "five-at-depth-3",
                "Depth 3: never are more than five singular values above 1, in any draw.",
                worst(_most_above(results.of(Case(3, seed))) for seed in seeds),
                "<=",
                5,
                SOURCE,
            ),
            Claim(
                "many-at-depth-1",
                "Depth 1: at the end at least ten are, in every draw.",
                -worst(-_most_above(results.of(Case(1, seed))) for seed in seeds),
                ">=",
                10,
                SOURCE,
            ),
            Claim(
                "error-falls-with-depth",
                "The smallest error falls with every step in depth, in every draw.",
                worst(after / before for each in errors for before, after in pairwise(each)),
                "<=",
                1.0,
                SOURCE,
            ),
            Claim(
                "diagonal-peak",
                "Depth 2: the mean diagonal entry of U^T (dL/dW) V peaks within 20 % of the published 1.4e-3, in every draw.",
                worst(abs(each.diagonal.max() / 1.4e-3 - 1) if each else np.nan for each in aligned),
                "<=",
                0.2,
                SOURCE,
            ),
            Claim(
                "off-diagonal",
                "Depth 2: where the diagonal peaks, the mean off-diagonal entry is at most a tenth of it, in every draw.",
                worst(each.off_diagonal[each.diagonal.argmax()] / each.diagonal.max() if each else np.nan for each in aligned),
                "<=",
                0.1,
                SOURCE,
            ),
            Claim(
                "flow-is-descent",
                "Gradient descent with the published rate follows the flow: singular values within 2 % of the largest.",
                worst(_apart(results, case) for case in _cases(results) if case.descent),
                "<=",
                0.02,
                "measured by us",
            ),
        ]

    def ours(self, results: Results) -> dict[str, Spread]:
        seeds = sorted({case.seed for case in _cases(results)})
        found = {}
        for depth in LENGTHS:
            runs = [results.of(Case(depth, seed)) for seed in seeds]
            found[f"error-{depth}"] = spread(_least_error(run) for run in runs)
            for name, place in (("first", 0), ("fifth", 4), ("tenth", 9)):
                found[f"{name}-{depth}"] = spread(run.singular_values[-1, place] if run else np.nan for run in runs)
        found["jump"] = spread(_first_jump(results.of(Case(3, seed))) for seed in seeds)
        aligned = [_aligned(results, Case(2, seed)) for seed in seeds]
        found["peak"] = spread(each.diagonal.max() if each else np.nan for each in aligned)
        found["peak-at"] = spread(each.t[each.diagonal.argmax()] / RATE if each else np.nan for each in aligned)
        return found

    def panels(self, results: Results) -> list[Panel]:
        panels = []
        for depth in LENGTHS:
            run = results.of(Case(depth, 0))
            if run is not None:
                x, sigma = run.column("t") / RATE, run.singular_values
                lines = [Line(f"singular value {r + 1}", x, sigma[:, r], colour=r) for r in range(SHOWN)]
                panels.append(Panel(f"Depth {depth}", "iteration", "singular value", lines))
        for depth in (2, 3):
            each = _aligned(results, Case(depth, 0))
            if each is not None:
                both = (("diagonal", each.diagonal), ("off the diagonal", each.off_diagonal))
                lines = [Line(name, each.t / RATE, y, colour=i) for i, (name, y) in enumerate(both)]
                panels.append(
                    Panel(f"Gradient in the singular vectors, depth {depth}", "iteration", "mean absolute entry", lines)
                )
        return panels


def _spec(case: Case) -> RunSpec:
    changes: dict[str, object] = {
        "model.depth": case.depth,
        "init.kind": "identity",
        "init.scale": 1e-3,
        "stop.loss": None,
        "save.snapshots": 200,
        "seed": case.seed,
        "device": "cpu",
    }
    if case.descent:
        changes |= {
            "integrator.kind": "gradient_descent",
            "integrator.learning_rate": RATE,
            "stop.iterations": LENGTHS[case.depth],
        }
    else:
        changes["stop.time"] = RATE * LENGTHS[case.depth]
    return RunSpec().replaced(changes)


def _cases(results: Results) -> list[Case]:
    return [key for key in results.runs if isinstance(key, Case)]


@lru_cache(maxsize=16)
def _walk(case: Case) -> Alignment:
    return alignment(_spec(case), np.linspace(0, RATE * LENGTHS[case.depth], 80))


def _aligned(results: Results, case: Case) -> Alignment | None:
    return _walk(case) if results.of(case) else None


def _most_above(run: Trajectory | None) -> float:
    return np.nan if run is None else float((run.singular_values > 1).sum(axis=1).max())


def _least_error(run: Trajectory | None) -> float:
    errors = run.measured(ERROR) if run else None
    return np.nan if errors is None else float(errors.min())


def _first_jump(run: Trajectory | None) -> float:
    """The iteration at which the largest singular value passes half of its last value."""
    if run is None:
        return np.nan
    sigma = run.singular_values[:, 0]
    return float(run.column("t")[np.argmax(sigma > sigma[-1] / 2)] / RATE)


def _apart(results: Results, case: Case) -> float:
    """Largest distance of the singular values at the end, relative to the largest of them."""
    runs = results.everywhere([case, Case(case.depth, case.seed)])
    if runs is None:
        return np.nan
    ends = [run.singular_values[-1] for run in runs]
    return float(np.abs(ends[0] - ends[1]).max() / ends[1].max())
