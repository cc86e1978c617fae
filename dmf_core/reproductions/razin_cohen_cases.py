"""The runs of Razin and Cohen's problem: depths, starts, signs of the determinant, and its variants."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmf_core.prepare import prepare
from dmf_core.spec import RunSpec

DEPTHS, SEEDS, SIDE = (2, 3, 4), 3, 4
SCALE = 1e-5 * math.sqrt(2)  # the published std 1e-5 of the entries of the product
LAYER_STD = 8e-3  # of the published unbalanced start, at every depth
CORNERS = (0.5, 0.1, 0.05, 0.01)
LAST_LOSS = 1e-6


@dataclass(frozen=True)
class Case:
    """One run: the start's kind, the sign of its determinant, and which of the tries."""

    depth: int
    balanced: bool
    sign: int
    number: int
    what: str = "2x2"  # "2x2", "d x d", "corner" or "descent"
    corner: float = 0.0


def cases(quick: bool) -> Iterator[tuple[Case, RunSpec]]:
    """Every case with its spec."""
    seeds, depths = (1, DEPTHS[:2]) if quick else (SEEDS, DEPTHS)
    for depth in depths:
        for balanced in (True, False):
            for sign in (1, -1):
                for number in range(1 if quick and not (balanced and sign > 0) else seeds):
                    yield _case(Case(depth, balanced, sign, number))
    for number in range(seeds):
        yield _case(Case(3, True, 1, number, "d x d"))
    for corner in CORNERS[:2] if quick else CORNERS:
        yield _case(Case(3, True, -1, 0, "corner", corner))
    yield _case(Case(2, True, 1, 0, "descent"))


def _case(case: Case) -> tuple[Case, RunSpec]:
    scale = SCALE if case.balanced else (LAYER_STD * math.sqrt(2)) ** case.depth
    changes: dict[str, object] = {
        "problem.kind": "razin_cohen",
        "problem.side": SIDE if case.what == "d x d" else 2,
        "problem.w12": -2.0 if case.what == "corner" else 1.0,
        "problem.w21": 0.5 if case.what == "corner" else 1.0,
        "problem.w22": case.corner,
        "model.depth": case.depth,
        "init.kind": "balanced" if case.balanced else "gaussian",
        "init.scale": scale * (math.sqrt(SIDE / 2) if case.what == "d x d" else 1),
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
