"""Random runs that words are checked on, by seed: of every model, in every kind of trouble, each some milliseconds long."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.models import MODELS
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory

SEED = 20261129
TENSOR_MODELS = [kind for kind, each in MODELS.items() if each.tensor]
CUT_OFF = (Outcome.CANCELLED, Outcome.BUDGET, Outcome.FAILED)


@dataclass(frozen=True)
class Case:
    """A run, and the same run with many snapshots, or the very same one."""

    spec: RunSpec
    run: Trajectory
    whole: Trajectory


def case(number: int) -> Case:
    """The run of this number: every fourth one is of a tensor, every fifth is cut off or not ended, some diverge."""
    random = np.random.default_rng([SEED, number])
    while True:
        try:
            return _case(random, tensor=number % 4 == 3, cut=number % 5 == 4)
        except BadInput:  # settings that do not fit each other
            continue


def _case(random: np.random.Generator, tensor: bool, cut: bool) -> Case:
    spec, inputs = _tensor(random) if tensor else _matrix(random)
    trajectory = run(spec, inputs)
    whole = trajectory if spec.save.snapshots > 60 else run(spec.replaced({"save.snapshots": 400}), inputs)
    if cut and trajectory.end is not None:
        outcome = [*CUT_OFF, None][int(random.integers(4))]
        trajectory = replace(trajectory, end=None if outcome is None else replace(trajectory.end, outcome=outcome, growth={}))
    return Case(spec, trajectory, whole)


def _common(random: np.random.Generator) -> dict[str, Any]:
    """How it is solved and when it ends: mostly well, sometimes after no time, sometimes with steps that are too long."""
    method = str(
        random.choice(["gradient_flow"] * 6 + ["gradient_descent", "momentum", "adam", "group_rmsprop", "implicit_flow"])
    )
    changes: dict[str, Any] = {
        "integrator.kind": method,
        "stop.iterations": int(random.choice([1, 3, 30, 150, 300])),
        "stop.loss": float(10 ** random.uniform(-6, -0.3)),
        "stop.seconds": 20.0,
        "save.snapshots": int(random.choice([2, 2, 3, 10, 80, 120])),
        "dtype": str(random.choice(["float32", "float64"])),
        "seed": int(random.integers(2**31 - 1)),
    }
    if random.random() < 0.2:
        changes["stop.time"] = float(10 ** random.uniform(-1, 3))
    if method not in ("gradient_flow", "implicit_flow"):
        changes["integrator.learning_rate"] = float(
            10 ** random.uniform(-3, 2.5 if method in ("gradient_descent", "momentum") else -0.5)
        )
    return changes


def _matrix(random: np.random.Generator) -> tuple[RunSpec, Inputs]:
    rows, columns = (int(side) for side in random.integers(3, 9, 2))
    kind = str(random.choice(["matrix_completion"] * 6 + ["matrix_sensing", "commuting_sensing", "razin_cohen", "data"]))
    depth = int(random.integers(1, 9))
    changes = _common(random) | {
        "model.depth": depth,
        "init.kind": str(random.choice([*DeepMatrix.starts])),
        "init.scale": float(10 ** random.uniform(-4, 0.5)) ** (1 if depth < 4 else 0.5),
    }
    if kind == "razin_cohen":
        return RunSpec().replaced({"problem.kind": kind, **changes}), Inputs()
    if kind == "data":
        data = random.normal(size=(rows, 1)) @ random.normal(size=(1, columns)) * 10 ** random.uniform(-3, 3)
        data[random.random((rows, columns)) < random.choice([0.0, 0.3])] = np.nan
        data[0, 0] = 1.0
        inputs = Inputs(data=data)
        known = int(np.isfinite(data).sum())
        training = None if random.random() < 0.4 else max(1, known * 2 // 3)
        relative = {"init.relative": True, "stop.relative_loss": changes.pop("stop.loss"), "stop.loss": None}
        return with_inputs(RunSpec().replaced(changes | relative), inputs).replaced({"problem.observations": training}), inputs
    if kind == "commuting_sensing":
        columns = rows
    size = rows * columns
    pattern = str(random.choice(["uniform"] * 3 + ["disconnected", "block", "banded", "empty_row"]))
    changes |= {
        "problem.kind": kind,
        "problem.rows": rows,
        "problem.columns": columns,
        "problem.rank": int(random.integers(1, min(rows, columns) + 1)),
        "problem.noise": float(random.choice([0.0, 0.0, 0.1, 1.0])),
        "problem.observations": max(1, int(size * random.choice([0.15, 0.5, 0.8, 1.0]))),
    }
    if kind == "matrix_completion" and pattern != "uniform":
        changes |= {"problem.pattern": pattern, "problem.observations": max(1, size // 4)}
    return RunSpec().replaced(changes), Inputs()


def _tensor(random: np.random.Generator) -> tuple[RunSpec, Inputs]:
    shape = [int(side) for side in random.integers(3, 5, 3)]
    entries, model = int(np.prod(shape)), str(random.choice(TENSOR_MODELS))
    changes = _common(random) | {
        "problem.kind": str(random.choice(["tensor_completion"] * 3 + ["tensor_sensing"])),
        "problem.shape": shape,
        "problem.rank": int(random.integers(1, 3)),
        "problem.noise": float(random.choice([0.0, 0.0, 0.1, 1.0])),
        "problem.observations": max(1, int(entries * random.choice([0.15, 0.5, 0.8, 1.0]))),
        "model.kind": model,
        "model.depth": int(random.choice([1, 1, 2, 3])),
        "init.scale": float(10 ** random.uniform(-1.2, 0.0)),
    }
    if MODELS[model].one_rank:
        changes["model.rank"] = int(random.integers(2, 9))
    return RunSpec().replaced(changes), Inputs()
