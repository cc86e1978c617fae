"""Cao et al. 2022: a matrix of rank R is learned in R escapes from saddles."""

from dataclasses import dataclass

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.cao_2022.stages import stages
from dmf_core.reproductions.framework.reproduction import Claim, Key, Line, Panel, Reproduction, Results, Run, worst
from dmf_core.spec import RunSpec

SIDE = 20  # of the target; ours, see `about`
DISTINCT, EQUAL, CLOSE = (10.0, 7.0, 5.0, 3.5), (10.0, 10.0, 5.0), (10.0, 9.5, 5.0)  # eigenvalues of targets; ours
SCALES = (1e-6, 1e-4, 1e-2, 1e-1)  # of the start: from all stages apart to all merged
ABSTRACT = "Cao et al. 2022, abstract; what counts as a stage is our definition"


@dataclass(frozen=True)
class Case:
    """One run: the target's singular values, depth, scale, and whether it is gradient descent."""

    values: tuple[float, ...]
    depth: int
    scale: float
    descent: bool = False


class CaoStages(Reproduction):
    """The loss goes down a staircase of known heights."""

    name = "cao-stages"
    title = "As many escapes from saddles as the rank"
    paper = "Cao, Qian, Huang, Chen, Gao, Dong, Guo and Qu 2022, arXiv 2212.14150"
    about = (
        "A fully observed 20 x 20 positive semidefinite matrix with eigenvalues 10, 7, 5, 3.5 (the first R of them for rank R), "
        "from multiples of the identity, by gradient flow and, at rank 3, by gradient descent. Only the abstract could be read: "
        "sizes are ours, and a stage is a burst of progress between two near-stops, at which the speed is below a tenth of "
        "both bursts beside it; with a third or a thirtieth every claim is the same. The heights of the staircase are derived."
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        depths = (3,) if quick else (3, 4)
        cases = [Case(DISTINCT[:rank], depth, SCALES[0]) for depth in depths for rank in (1, 2, 3, 4)]
        cases += [Case(DISTINCT, 3, scale) for scale in SCALES[1:]]
        cases += [Case(EQUAL, 3, SCALES[0]), Case(CLOSE, 3, SCALES[0]), Case(CLOSE, 3, 1e-3)]
        cases += [Case(DISTINCT, 2, SCALES[0]), Case(DISTINCT[:3], 3, 1e-3, descent=True)]
        return {case: _run(case) for case in cases}

    def claims(self, results: Results) -> list[Claim]:
        small = [case for case in results.keys(Case) if case.values == DISTINCT[: len(case.values)] and case.scale == SCALES[0]]
        deep = [case for case in small if case.depth > 2]
        by_scale = [_count(results, Case(DISTINCT, 3, scale)) for scale in SCALES]
        return [
            Claim(
                "count",
                "From scale 1e-6, at depths above 2, ranks 1 to 4 take exactly as many stages as the rank: largest difference.",
                worst(abs(_count(results, case) - len(case.values)) for case in deep),
                "==",
                0,
                ABSTRACT,
            ),
            Claim(
                "heights",
                "Between the stages the loss is what the eigenvalues not yet learned leave: largest relative difference.",
                worst(_off_heights(results, case) for case in deep if len(case.values) > 1),
                "<=",
                6e-5,  # measured 2.9e-5: the next one has moved a little
                "derived: the loss of the best approximation of that rank",
            ),
            Claim(
                "descent",
                "Gradient descent, rank 3, scale 1e-3: exactly three stages as well.",
                _count(results, Case(DISTINCT[:3], 3, 1e-3, descent=True)),
                "==",
                3,
                ABSTRACT,
            ),
            Claim(
                "equal-merge",
                "Eigenvalues 10, 10, 5 take two stages: equal ones are learned together.",
                _count(results, Case(EQUAL, 3, SCALES[0])),
                "==",
                2,
                "derived",
            ),
            Claim(
                "close-part",
                "Eigenvalues 10, 9.5, 5 take three stages from scale 1e-6.",
                _count(results, Case(CLOSE, 3, SCALES[0])),
                "==",
                3,
                "derived",
            ),
            Claim(
                "close-merge",
                "From scale 1e-3 the same take two.",
                _count(results, Case(CLOSE, 3, 1e-3)),
                "==",
                2,
                "derived",
            ),
            Claim(
                "large-start-merges",
                "Rank 4: from scale 0.1 all stages have merged into one.",
                by_scale[-1],
                "==",
                1,
                "derived",
            ),
            Claim(
                "larger-start-no-more",
                "Rank 4: no larger scale has more stages than the next smaller one: largest rise of their number.",
                worst(np.diff(by_scale)),
                "<=",
                0,
                "derived",
            ),
            Claim(
                "depth-2-merges",
                "Depth 2, rank 4, from the same scale 1e-6, takes one stage.",
                _count(results, Case(DISTINCT, 2, SCALES[0])),
                "==",
                1,
                "derived",
            ),
        ]

    def panels(self, results: Results) -> list[Panel]:
        return [
            _staircase(results, [Case(DISTINCT, 3, SCALES[0])], "Rank 4, depth 3, scale 1e-6"),
            _staircase(results, [Case(DISTINCT, 3, scale) for scale in SCALES], "Larger starts merge the stages"),
        ]


def _run(case: Case) -> Run:
    inputs = Inputs(data=_target(case.values))
    changes: dict[str, object] = {
        "problem.kind": "observed_data",
        "model.depth": case.depth,
        "init.kind": "identity",
        "init.scale": case.scale,
        "stop.loss": 1e-8,
        "save.snapshots": 500,
        "dtype": "float64",
        "device": "cpu",
    }
    if case.descent:
        changes |= {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.5, "stop.iterations": 20_000}
    else:
        changes["integrator.tolerance"] = 1e-3
    return Run(with_inputs(RunSpec().replaced(changes), inputs), inputs)


def _target(values: tuple[float, ...]) -> np.ndarray:  # [n, n]
    Q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(SIDE, SIDE)))
    U = Q[:, : len(values)]
    return np.asarray((U * np.array(values)) @ U.T)


def heights(values: tuple[float, ...]) -> np.ndarray:  # [R - 1]
    """The loss after 1, 2, .. R - 1 of these eigenvalues are learned."""
    squares = np.array(values) ** 2
    return np.array([squares[rank:].sum() for rank in range(1, len(values))]) / SIDE**2


def _count(results: Results, case: Case) -> float:
    run = results.of(case)
    return np.nan if run is None else float(stages(run).count)


def _off_heights(results: Results, case: Case) -> float:
    run = results.of(case)
    measured = np.array(stages(run).between) if run else np.array([])
    expected = heights(case.values)
    return float(np.abs(measured / expected - 1).max()) if measured.shape == expected.shape else np.nan


def _staircase(results: Results, cases: list[Case], title: str) -> Panel:
    lines = []
    for colour, case in enumerate(cases):
        run = results.of(case)
        if run is not None:
            t = run.column("t")
            lines.append(Line(f"scale {case.scale:g}", np.maximum(t, t[1]), run.column("loss"), colour=colour))
    run = results.of(cases[0])
    if run is not None:
        ends = run.column("t")[[1, -1]]
        steps = heights(cases[0].values)
        lines += [Line(f"{rank} learned", ends, np.full(2, h), role="predicted") for rank, h in enumerate(steps, start=1)]
    return Panel(title, "flow time", "loss", lines, x_log=True, y_log=True)
