"""The runs of Razin and Cohen's problem: depths, starts, signs of the determinant, and its variants."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec

SEEDS, SIDE = 3, 4  # draws of each start; d of the case "d x d"
STDS = {2: (1e-5, 1e-6), 3: (1e-5, 1e-6), 4: (1e-3, 1e-4)}  # by depth: the starts that the legends of their figures name
DEPTHS = tuple(STDS)
CORNERS = (0.5, 0.1, 0.05, 0.01)  # w22 where it is not 0: W of rank 1 has w11 = -1 / w22
LAST_LOSS = 1e-6  # where runs end; that of descent ends at 1e-4


@dataclass(frozen=True)
class Case:
    """One run: the start's kind, the standard deviation of the entries of its product, the sign of its determinant, its number.

    That the legends mean the product for starts that are not balanced, too, is inferred: the default of their runner, a
    standard deviation of 8e-3 for each of 3 layers, is 1e-6 for the product.
    """

    depth: int
    std: float
    balanced: bool
    sign: int
    number: int
    what: str = "2x2"  # "2x2", "d x d", "corner" or "descent"
    corner: float = 0.0


def cases(quick: bool) -> Iterator[tuple[Case, RunSpec]]:
    """Every case with its spec."""
    seeds = 1 if quick else SEEDS
    for depth in DEPTHS:
        for std in STDS[depth][:1] if quick else STDS[depth]:
            for balanced in (True, False):
                for sign in (1, -1):
                    for number in range(seeds):
                        yield _case(Case(depth, std, balanced, sign, number))
    if quick:  # the smaller start, for the level of the other sign
        yield _case(Case(3, STDS[3][1], True, -1, 0))
    std = STDS[3][0]
    for number in range(seeds):
        yield _case(Case(3, std, True, 1, number, "d x d"))
    for corner in CORNERS[:2] if quick else CORNERS:
        yield _case(Case(3, std, True, -1, 0, "corner", corner))
    yield _case(Case(2, STDS[2][0], True, 1, 0, "descent"))


def _case(case: Case) -> tuple[Case, RunSpec]:
    side = SIDE if case.what == "d x d" else 2
    changes: dict[str, object] = {
        "problem.kind": "razin_cohen",
        "problem.side": side,
        "problem.w12": -2.0 if case.what == "corner" else 1.0,
        "problem.w21": 0.5 if case.what == "corner" else 1.0,
        "problem.w22": case.corner,
        "model.depth": case.depth,
        "init.kind": "balanced" if case.balanced else "gaussian",
        "init.scale": case.std * math.sqrt(side),
        "integrator.kind": "implicit_flow",
        "integrator.tolerance": 1e-7,  # 1e-9 moves |w11| by at most 0.3 %
        "stop.loss": LAST_LOSS,
        "dtype": "float64",
        "device": "cpu",
    }
    if case.what == "descent":
        del changes["integrator.tolerance"]
        changes |= {"integrator.kind": "gradient_descent", "integrator.learning_rate": 6e-3, "stop.loss": 1e-4}
    spec = RunSpec().replaced(changes)
    return case, spec.replaced({"seed": _seed(spec, case.sign, case.number)})


def _seed(spec: RunSpec, sign: int, number: int) -> int:
    """The seed of the number-th start whose determinant has this sign."""
    seed = -1
    for _ in range(number + 1):
        seed += 1
        while _determinant(spec, seed) * sign <= 0:
            seed += 1
    return seed


def _determinant(spec: RunSpec, seed: int) -> float:
    return float(np.linalg.det(prepare(spec.replaced({"seed": seed})).start.end_to_end_first))
