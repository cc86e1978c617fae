"""What has to follow a changed setting, as further changes: sizes take ranks and counts along, kinds what they need."""

import math
from typing import Any

from dmf_core import limits
from dmf_core.interfaces import Factorization
from dmf_core.models import MODELS
from dmf_core.problems import PROBLEMS
from dmf_core.problems.commuting_sensing import CommutingSensing
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.patterns import observable
from dmf_core.problems.synthetic import Synthetic
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.spec import RunSpec, usual_start
from ui.session.options import numbers
from ui.session.painted_mask import following

SIZED = {
    "problem.rows",
    "problem.columns",
    "problem.kind",
    "problem.pattern",
    "problem.truth",
}  # these change which counts are possible


def fitting(spec: RunSpec, changes: dict[str, Any]) -> dict[str, Any]:
    """A smaller matrix takes rank and observations down with it, keeping the observed share."""
    problem = spec.problem
    if isinstance(problem, TensorTruth):
        return _fitting_tensor(spec, problem, changes)
    if "model.kind" in changes:
        return changes | _needed(spec, MODELS[changes["model.kind"]])
    kind = changes.get("problem.kind", problem.kind)
    if kind != problem.kind and (PROBLEMS[kind].own_size or problem.own_size):
        return changes | _afresh(kind)
    if isinstance(problem, CommutingSensing):
        side = int(changes.get("problem.side") or problem.side)
        return changes | {
            "problem.rank": min(changes.get("problem.rank") or problem.rank, side),
            "problem.measurements": min(changes.get("problem.measurements") or problem.measurements, side),
        }
    if not isinstance(problem, Synthetic) or not changes.keys() & SIZED:
        return changes
    if "problem.truth" in changes:
        most = min(problem.rows, problem.columns)
        return changes if changes["problem.truth"] == "sparse" else changes | {"problem.rank": min(problem.rank, most)}
    rows = int(changes.get("problem.rows") or problem.rows)
    columns = int(changes.get("problem.columns") or problem.columns)
    most = rows * columns
    if PROBLEMS[kind].measured:
        most = min(most, limits.MEASUREMENT_BYTES // (8 * most))
    if issubclass(PROBLEMS[kind], MatrixCompletion):
        pattern: Any = changes.get("problem.pattern") or getattr(problem, "pattern", "uniform")
        if isinstance(problem, MatrixCompletion):
            changes = changes | following(problem, spec.seed, pattern, rows, columns)
        most = rows * columns if pattern == "drawn" else observable(pattern, rows, columns)
    share = problem.observations / (problem.rows * problem.columns)
    observations = max(1, min(most, round(share * rows * columns)))
    sparse = problem.sparse and kind == problem.kind
    rank = min(problem.rank, rows * columns if sparse else min(rows, columns))
    return changes | {"problem.rank": rank, "problem.observations": observations}


def _needed(spec: RunSpec, model: type[Factorization]) -> dict[str, Any]:
    """A start that the model has, and what it needs of the problem, as far as the problem has such settings.

    Where it has none, the spec says what is wrong.
    """
    needed = {path: value for path, value in model.needs.items() if hasattr(spec.problem, path.partition(".")[2])}
    return needed if spec.init.kind in model.starts else needed | {"init.kind": usual_start(model)}


def _afresh(kind: str) -> dict[str, Any]:
    """The default values of a kind of problem."""
    fields = PROBLEMS[kind].model_fields
    return {f"problem.{name}": field.get_default() for name, field in fields.items() if name != "kind"}


def _fitting_tensor(spec: RunSpec, problem: TensorTruth, changes: dict[str, Any]) -> dict[str, Any]:
    """Another shape keeps the observed share; another truth, model or order keeps the ranks that still have a place."""
    fitted = dict(changes)
    layers = spec.model.layers
    if "model.depth" in changes and layers and not spec.init.relative:  # W stays as it is, or a deeper model waits for ever
        fitted["init.scale"] = float(f"{spec.init.scale ** (layers / changes['model.depth']):.1g}")
    if "model.kind" in changes and changes["model.kind"] != spec.model.kind:
        fitted["model.rank"] = None
    if "problem.truth" in changes and not isinstance(problem.rank, int):
        fitted["problem.rank"] = min(problem.rank)
    if "problem.shape" in changes:
        shape = numbers(changes["problem.shape"])
        if shape and all(side > 0 for side in shape):
            share = problem.observations / math.prod(problem.shape)
            fitted["problem.observations"] = max(1, round(share * math.prod(shape)))
            smallest = min(problem.rank if isinstance(problem.rank, int) else min(problem.rank), *shape)
            if isinstance(problem.rank, int) or len(shape) != len(problem.shape) or smallest < max(problem.rank):
                fitted["problem.rank"] = smallest
            if not spec.model.one_rank:
                fitted["model.rank"] = None
    return fitted
