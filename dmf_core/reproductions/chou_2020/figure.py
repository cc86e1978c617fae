"""Chou et al. 2020: eigenvalues are learned one after another, and the ratio rank climbs a staircase."""

import numpy as np

from dmf_core.measures.effective_rank import ratio_rank
from dmf_core.reproductions.chou_2020.claims import limits, order, recovered, staircase
from dmf_core.reproductions.chou_2020.readings import (
    EARLY,
    FIRST,
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
    escape,
    middle,
    target,
)
from dmf_core.reproductions.framework.given_target import descent, eigenpath, measured_windows
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

SEMINAR = "D. Buozyte's seminar report on the paper, figures 5.1 to 5.4"


class Chou(Reproduction):
    """A fully observed symmetric target from multiples of the identity."""

    name = "chou"
    title = "Eigenvalues one after another, and plateaus between them"
    paper = "Chou, Gieshoff, Maly and Rauhut 2020, arXiv 2011.13772"
    about = (
        "A 4 x 4 symmetric target with eigenvalues 10, 7, 5, -5 (and 5, 3, -1, -5), gradient descent at depth 3 from 0.1 times "
        "the identity, once with the first factor at 0.05: the example of a seminar report, whose printed marks belong to the "
        "step 0.01. When an eigenvalue has come is read off the matrix run; the recursion of one number for each eigenvalue "
        "stands beside it. The windows and the times of flow are derived by us: the paper's own formula for them could not be "
        "read."
    )
    published = tuple(
        Published(f"mark-{i}", f"iteration at which eigenvalue {i + 1} is recovered", mark, SEMINAR, Certainty.SECOND_HAND)
        for i, mark in enumerate(MARKS)
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        runs: dict[Key, Run] = {}
        for number, values in enumerate((FIRST_TARGET, SECOND_TARGET)):
            runs["identical", number] = descent(target(values), 3, START, STEP, ITERATIONS)
            runs["perturbed", number] = descent(target(values), 3, START, STEP, ITERATIONS, FIRST)
        for depth in (2, 3) if quick else (2, 3, 4):
            runs["escape", depth] = escape(depth)
        runs[LONG] = descent(target(SECOND_TARGET), 3, START, STEP, 4000)
        for rank in (1, 2):
            runs["window", rank] = descent(target(FIRST_TARGET), 3, START, STEP / 10, middle(rank))
        runs[STOPPED] = descent(target(FIRST_TARGET), 3, START, STEP, NEGATIVE_LATE, FIRST)
        return runs

    def claims(self, results: Results) -> list[Claim]:
        return [*limits(results), *order(results), *staircase(results)]

    def ours(self, results: Results) -> dict[str, Spread]:
        run = results.of(("perturbed", 0))
        return {} if run is None else {f"mark-{i}": spread([time]) for i, time in enumerate(recovered(run))}

    def panels(self, results: Results) -> list[Panel]:
        return [
            _eigenvalues(results, "identical", "Identical start"),
            _eigenvalues(results, "perturbed", "First factor smaller"),
            _ratio(results),
        ]


def _eigenvalues(results: Results, kind: str, title: str) -> Panel:
    run = results.of((kind, 0))
    lines = []
    if run is not None:
        _, path = eigenpath(results.runs[kind, 0])
        for r in range(4):
            label = f"singular value {r + 1}"
            lines.append(Line(label, run.column("iteration"), run.singular_values[:, r], colour=r))
            sorted_path = -np.sort(-np.abs(path), axis=1)
            lines.append(Line(f"recursion {r + 1}", np.arange(len(path)), sorted_path[:, r], role="predicted", colour=r))
    return Panel(title, "iteration", "singular value", lines)


def _ratio(results: Results) -> Panel:
    lines = []
    run = results.of(("perturbed", 0))
    if run is not None:
        lines.append(Line("ratio rank", run.column("iteration"), ratio_rank(run.singular_values)))
        for rank, (opens, closes) in enumerate(measured_windows(run, EARLY, LATE), start=1):
            height = SIGNS[:rank].sum() / SIGNS[0]
            ends = np.array([opens, closes])
            lines.append(Line(f"window {rank}", ends, np.full(2, height), role="predicted", colour=rank))
    return Panel("The ratio rank climbs a staircase", "iteration", "ratio rank", lines)
