"""Random settings of a run, by seed: what the accuracy of the gradient flow is measured on."""

from typing import Any

import numpy as np

from dmf_core.models import MODELS
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.spec import RunSpec

SEED = 20261128  # of both lists
TENSOR_MODELS = [kind for kind, each in MODELS.items() if each.tensor]
SNAPSHOTS = 400  # births lie between them


def random_matrix_settings(count: int) -> list[RunSpec]:
    """`count` specs of matrices; the first ones are the same for every count.

    Depths 1 to 6, all starts, rectangular and symmetric, hidden width below and above full, noise, completion and
    sensing, both formats, sides 5 to 16, scales from 1e-4 to 0.1.
    """
    return [_matrix(np.random.default_rng([SEED, number])) for number in range(count)]


def _matrix(random: np.random.Generator) -> RunSpec:
    rows, columns = (int(side) for side in random.integers(5, 17, 2))
    symmetric = bool(random.random() < 0.15)
    if symmetric:
        columns = rows
    short = min(rows, columns)
    rank = int(random.integers(1, min(4, short - 1) + 1))
    completion = bool(random.random() < 0.65)
    share = random.uniform(0.3, 1.0) if completion else random.uniform(0.4, 1.3)
    depth = int(random.integers(1, 7))
    width = {0: max(1, int(short * random.uniform(0.3, 0.9))), 1: short + int(random.integers(1, 6))}.get(int(random.integers(5)))
    noise = float(random.choice([0.0, 0.0, 0.03, 0.1, 0.3]))
    return RunSpec().replaced(
        {
            "problem.kind": "matrix_completion" if completion else "matrix_sensing",
            "problem.rows": rows,
            "problem.columns": columns,
            "problem.rank": rank,
            "problem.symmetric": symmetric,
            "problem.observations": max(2, int(share * rows * columns)),
            "problem.noise": noise,
            "model.depth": depth,
            "model.width": width if depth > 1 else None,
            "init.kind": str(random.choice([*DeepMatrix.starts])),
            "init.scale": float(10 ** random.uniform(-4, -1)),
            "dtype": str(random.choice(["float32", "float64"])),
            "seed": int(random.integers(2**31 - 1)),
            "stop.seconds": 60.0,
            "save.snapshots": SNAPSHOTS,
        }
    )


def random_tensor_settings(count: int) -> list[RunSpec]:
    """The same of tensors: all models, depths 1 and 2, completion and sensing, orders 3 and 4, sides 3 to 6."""
    return [_tensor(np.random.default_rng([SEED, 1, number])) for number in range(count)]


def _tensor(random: np.random.Generator) -> RunSpec:
    order = 3 if random.random() < 0.75 else 4
    shape = [int(side) for side in random.integers(3, 7 if order == 3 else 5, order)]
    entries = int(np.prod(shape))
    completion = bool(random.random() < 0.7)
    model = str(random.choice(TENSOR_MODELS))
    changes: dict[str, Any] = {
        "problem.kind": "tensor_completion" if completion else "tensor_sensing",
        "problem.shape": shape,
        "problem.rank": int(random.integers(1, 3)),
        "problem.observations": max(4, int(random.uniform(0.4, 1.0) * entries)),
        "problem.noise": float(random.choice([0.0, 0.0, 0.03, 0.1])),
        "model.kind": model,
        "model.depth": int(random.choice([1, 1, 1, 2])),
        "init.scale": float(10 ** random.uniform(-1.5, -0.5)),
        "dtype": str(random.choice(["float32", "float64"])),
        "seed": int(random.integers(2**31 - 1)),
        "stop.seconds": 60.0,
        "save.snapshots": SNAPSHOTS,
    }
    if MODELS[model].one_rank:
        changes["model.rank"] = int(random.integers(2, 9))
    return RunSpec().replaced(changes)


def label(spec: RunSpec) -> str:
    """A setting in one short line."""
    values: Any = spec.model_dump(mode="json")
    problem, model = values["problem"], values["model"]
    sides = "x".join(str(side) for side in problem.get("shape") or (problem["rows"], problem["columns"]))
    return (
        f"{problem['kind'].split('_')[-1]:10} {sides:9} m {problem['observations']:4} {model['kind']:12} depth {model['depth']} "
        f"{values['init']['kind']:10} {values['init']['scale']:.1e} {spec.dtype}"
    )
