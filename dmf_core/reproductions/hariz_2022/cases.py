"""The runs of `hariz-deep-cp`: three starts, three depths, ten draws each or thirty."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.models.chains import chains, products
from dmf_core.models.cp import CP
from dmf_core.models.starts import Initialization
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.framework.reproduction import Run
from dmf_core.spec import RunSpec

SIDE, RANK, COMPONENTS = 10, 3, 10  # of the truth, and of the model: seven components more than it needs
SHAPE = (SIDE,) * 3  # 1000 entries
MANY, MIDDLE, FEW = 600, 400, 200  # of 1000 entries
DEPTHS, SEEDS, MANY_SEEDS = (1, 2, 3), range(10), range(30)  # sharpness differs much from draw to draw
FRESH = range(100, 110)  # not looked at when the start `large` was chosen
QUICK_SMALL, QUICK_NORMAL, QUICK_LARGE = (2, 5), (0, 2), (102, 103, 104)  # seeds of the quick form, some of those above
SMALL, LARGE = 1e-3, 3.0  # Frobenius norm of every component at the start; that of the truth is 32
NORMAL_STD = 0.1  # of every entry of every layer
FITTED = 1e-6  # the training error at which the starts `normal` and `large` are compared

Kind = Literal["small", "normal", "large"]


@dataclass(frozen=True)
class Case:
    """One run. Small and large: balanced components of equal size; normal: the same standard deviation in every layer."""

    observations: int
    depth: int
    seed: int
    start: Kind = "small"


def cases(quick: bool) -> Iterator[Case]:
    """Every run."""
    small, normal, large = (QUICK_SMALL, QUICK_NORMAL, QUICK_LARGE) if quick else (MANY_SEEDS, SEEDS, FRESH)
    yield from (Case(MANY, depth, seed) for depth in DEPTHS for seed in small)
    yield from (Case(MIDDLE, depth, seed, "normal") for depth in DEPTHS for seed in normal)
    yield from (Case(MIDDLE, depth, seed, "large") for depth in DEPTHS for seed in large)
    if not quick:
        yield from (Case(FEW, depth, seed) for depth in DEPTHS for seed in SEEDS)


def run_of(case: Case) -> Run:
    """The run of one case."""
    spec = RunSpec().replaced(
        {
            "problem.kind": "tensor_completion",
            "problem.shape": SHAPE,
            "problem.rank": RANK,
            "problem.observations": case.observations,
            "model.kind": "cp",
            "model.depth": case.depth,
            "model.rank": COMPONENTS,
            "init.kind": "gaussian" if case.start == "normal" else "balanced",
            "init.scale": NORMAL_STD if case.start == "normal" else _entry(case.start, case.depth),
            "integrator.tolerance": 3e-3,
            "stop.loss": 1e-4 if case.start == "small" else FITTED,  # where the residual is 1 % or 0.1 % of the entries
            "save.snapshots": 200,
            "seed": case.seed,
            "dtype": "float64",
            "device": "cpu",
        }
    )
    if case.start == "large" and case.depth == 1:
        inputs = Inputs(factors=_factors_of_the_deeper(case.seed))
        return Run(with_inputs(spec, inputs), inputs)
    return Run(spec)


def _entry(start: Kind, depth: int) -> float:
    """The size of an entry with which every factor gives a component the same share of its norm."""
    norm = LARGE if start == "large" else SMALL
    return float(norm ** (1 / (3 * depth)) / math.sqrt(SIDE))


def _factors_of_the_deeper(seed: int) -> tuple[np.ndarray, ...]:  # 3 of [SIDE, COMPONENTS]
    """The start of depths 2 and 3 multiplied out: balanced components of depth 1 alone would have other directions."""
    deep = CP(depth=2, rank=COMPONENTS)
    factors = Initialization(kind="balanced", scale=_entry("large", 2)).sample(deep, SHAPE, seed)
    return tuple(products(chain)[-1].numpy() for chain in chains(factors, 2))
