"""The runs behind the exponents of growth, and what is fitted to them."""

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from dmf_core.prepare import prepare
from dmf_core.reproductions.depth_law.exponents import Interval, PowerLaw, interval, of_component, of_layer
from dmf_core.reproductions.depth_law.growth import Growth, growth
from dmf_core.reproductions.framework.reproduction import Key, Results, Run
from dmf_core.spec import RunSpec

START = 1e-3  # Frobenius norm of a component
MATRIX_SIDE, TENSOR_SIDE = 10, 6  # of W, all of whose entries are observed
DRAWS, NORMAL_DRAWS, QUICK_DRAWS = 5, 10, 2  # normal factors differ from draw to draw, balanced ones do not
COUPLED = 6  # components of the runs that no claim is about


@dataclass(frozen=True)
class Kind:
    """Order of W (2: a matrix), depth of the matrix or layers in every mode, components, and whether the factors are normal.

    Normal factors have different norms: the start is not balanced.
    """

    order: int
    depth: int
    components: int = 1
    normal: bool = False

    @property
    def factors(self) -> int:
        """P: so many factors multiply to a component."""
        return self.depth if self.order == 2 else self.order * self.depth

    @property
    def exponent(self) -> float:
        return 2 - 2 / self.factors

    @property
    def name(self) -> str:
        layers = "1 layer" if self.depth == 1 else f"{self.depth} layers"
        model = f"matrix of depth {self.depth}" if self.order == 2 else f"CP of order {self.order}, {layers}"
        components = f", {self.components} components" if self.components > 1 else ""
        return model + components + (", normal factors" if self.normal else "")


MATRICES = tuple(Kind(2, depth) for depth in (2, 3, 4, 5))
TENSORS = tuple(Kind(order, depth) for order in (3, 4) for depth in (1, 2, 3))
SINGLE = MATRICES + TENSORS
FAST = tuple(kind for kind in SINGLE if kind.order < 4 or kind.depth == 1)
NORMAL = tuple(replace(kind, normal=True) for kind in FAST)
MIXED = tuple(Kind(3, depth, COUPLED) for depth in (1, 2))


@dataclass(frozen=True)
class Draw:
    """One run."""

    kind: Kind
    seed: int


def runs(quick: bool) -> dict[Key, Run]:
    """Every draw of every kind; quick: fewer draws, and of order 4 only the shallow one."""
    if quick:
        counts = dict.fromkeys(FAST + NORMAL, QUICK_DRAWS)
    else:
        counts = {kind: NORMAL_DRAWS if kind.normal else DRAWS for kind in SINGLE + MIXED + NORMAL}
    return {draw: Run(_spec(draw)) for kind, count in counts.items() for draw in _growing(kind, count)}


def _growing(kind: Kind, count: int) -> list[Draw]:
    """The first draws in which W feels a pull along itself at the start: without it a component can die instead of growing."""
    seeds = (seed for seed in itertools.count() if _first_pull(Draw(kind, seed)) > 0)
    return [Draw(kind, seed) for seed in itertools.islice(seeds, count)]


def _first_pull(draw: Draw) -> float:
    prepared = prepare(_spec(draw))
    W = prepared.field.end_to_end(prepared.x)
    return -float((prepared.problem.loss_gradient(W) * W).sum())


def _spec(draw: Draw) -> RunSpec:
    kind = draw.kind
    changes: dict[str, object] = {
        "init.kind": "gaussian" if kind.normal else "balanced",
        "integrator.kind": "implicit_flow",
        "integrator.tolerance": 1e-6,  # 1e-5 moves no exponent by more than 1e-4
        "stop.loss": 1e-2,  # of a mean square entry of 1: 9/10 of the size are passed before
        "save.snapshots": 20,
        "seed": draw.seed,
        "dtype": "float64",
        "device": "cpu",
    }
    if kind.order == 2:
        changes |= {"problem.rows": MATRIX_SIDE, "problem.columns": MATRIX_SIDE, "model.width": kind.components}
        changes |= {"problem.observations": MATRIX_SIDE**2, "init.scale": START}
    else:
        a = START ** (1 / kind.factors)  # the norm of every factor
        changes |= {"problem.kind": "tensor_completion", "problem.shape": (TENSOR_SIDE,) * kind.order}
        changes |= {"model.rank": kind.components, "problem.observations": TENSOR_SIDE**kind.order}
        changes |= {"init.scale": a / TENSOR_SIDE**0.5}
    if kind.components > 1:  # more unknowns than an implicit method is good for
        changes |= {"integrator.kind": "gradient_flow", "integrator.tolerance": 1e-4}
    changes |= {"problem.rank": 1 if kind.components == 1 else 2, "model.depth": kind.depth}
    return RunSpec().replaced(changes)


@lru_cache(maxsize=256)
def _walked(spec: RunSpec) -> Growth:
    return growth(spec)


def walked(results: Results, draw: Draw) -> Growth:
    """What is measured along this run, which is walked again."""
    return _walked(results.runs[draw].spec)


def kinds(results: Results) -> list[Kind]:
    return list(dict.fromkeys(key.kind for key in results.keys(Draw)))


def draws(results: Results, kind: Kind) -> list[Draw]:
    return [key for key in results.keys(Draw) if key.kind == kind]


def laws(results: Results, kind: Kind, layer: bool = False) -> list[PowerLaw]:
    of = of_layer if layer else of_component
    missing = PowerLaw(np.nan, np.nan)
    return [of(walked(results, draw)) if results.of(draw) else missing for draw in draws(results, kind)]


def exponent(results: Results, kind: Kind) -> Interval:
    return interval([law.exponent for law in laws(results, kind)])


def layer(results: Results, kind: Kind) -> Interval:
    return interval([law.exponent for law in laws(results, kind, layer=True)])
