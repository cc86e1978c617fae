"""From a spec to everything that a run starts with: problem, field, first factors, and the Start to show."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.cost import check_budget
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs, digest_of
from dmf_core.interfaces import Factors, Field, Problem
from dmf_core.measures.singular_values import singular_values
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start

CUDA_SIDE = 512  # with device "auto": below this side a CPU core is faster than waiting for kernels to start (estimate)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A run before its first step."""

    problem: Problem
    field: Field
    x: Tensor  # [p] the first factors, flat
    start: Start


def prepare(spec: RunSpec, inputs: Inputs = Inputs()) -> Prepared:
    """Draws truth, observations and start. Raises BadInput when spec, inputs and machine do not fit together."""
    check(spec, inputs)
    dtype = torch.float64 if spec.dtype == "float64" else torch.float32
    device = choose_device(spec, inputs)
    problem = spec.problem.build(spec.seed, dtype, device, inputs)
    field = Field(problem, spec.model)
    factors = _first_factors(spec, inputs, field)
    x = field.flatten(factors).to(device=device, dtype=dtype)
    known = problem.known.cpu().numpy()
    truth = problem.ground_truth
    start = Start(
        digest=spec.digest(),
        shape=problem.shape,
        ground_truth=known,
        observed_mask=problem.observed.cpu().numpy(),
        true_singular_values=None if truth is None else singular_values(truth),
        factors_first=tuple(factor.cpu().numpy().copy() for factor in field.factors(x)),
        end_to_end_first=field.end_to_end(x).cpu().numpy().copy(),
        picture_limit=float(np.nanmax(np.abs(known))) or 1.0,
    )
    return Prepared(problem, field, x, start)


def check(spec: RunSpec, inputs: Inputs) -> tuple[int, int]:
    """The shape of W, after all that can be checked without drawing anything. Raises BadInput."""
    _check_inputs(spec, inputs)
    shape = shape_of(spec, inputs)
    check_budget(spec, shape)
    return shape


def choose_device(spec: RunSpec, inputs: Inputs) -> torch.device:
    """The device that "auto" means here. Raises BadInput when CUDA is asked for and absent."""
    if spec.device == "cuda" and not torch.cuda.is_available():
        raise BadInput("device is cuda, but this machine has no usable CUDA GPU; choose auto or cpu.")
    if spec.device == "auto":
        large = min(shape_of(spec, inputs)) >= CUDA_SIDE
        return torch.device("cuda" if large and torch.cuda.is_available() else "cpu")
    return torch.device(spec.device)


def shape_of(spec: RunSpec, inputs: Inputs) -> tuple[int, int]:
    """Rows and columns of W. Raises BadInput when they come from data that is not there."""
    if spec.problem.kind != "observed_data":
        return spec.problem.rows, spec.problem.columns
    if inputs.data is None:
        raise BadInput("problem.kind is observed_data, but no matrix was given; add one with --data FILE or upload it.")
    rows, columns = inputs.data.shape
    return rows, columns


def with_inputs(spec: RunSpec, inputs: Inputs) -> RunSpec:
    """The spec that names these inputs by digest; depth and width follow given factors. Raises BadInput."""
    changes: dict[str, object] = {}
    if inputs.data is not None:
        changes |= {"problem.kind": "observed_data", "problem.data": digest_of(inputs.data)}
    if inputs.factors is not None:
        inner = {side for factor in inputs.factors[1:] for side in factor.shape[1:2]}
        if len(inner) > 1:
            raise BadInput(f"The given factors have hidden widths {sorted(inner)}; they must all be equal.")
        changes |= {"init.factors": digest_of(*inputs.factors), "model.depth": len(inputs.factors)}
        changes |= {"model.width": inner.pop() if inner else None}
    return spec.replaced(changes)


def _check_inputs(spec: RunSpec, inputs: Inputs) -> None:
    if spec.problem.kind == "observed_data":
        rows, columns = shape_of(spec, inputs)
        _check_data(spec, inputs, rows, columns)
    wanted = spec.init.factors
    if wanted is not None and (inputs.factors is None or digest_of(*inputs.factors) != wanted):
        raise BadInput(
            f"The spec starts from given factors (sha256 {wanted[:8]}), but they are not here; add --factors FILE.npz."
        )


def _check_data(spec: RunSpec, inputs: Inputs, rows: int, columns: int) -> None:
    assert inputs.data is not None and spec.problem.kind == "observed_data"
    if not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in (rows, columns)):
        raise BadInput(f"The given matrix is {rows} x {columns}; both sides must be from {limits.MIN_SIDE} to {limits.MAX_SIDE}.")
    if np.isinf(inputs.data).any() or np.isnan(inputs.data).all():
        raise BadInput("The given matrix has infinite entries, or none at all; give finite numbers and leave unknown ones empty.")
    largest = float(np.nanmax(np.abs(inputs.data)))
    if largest > limits.MAX_ENTRY:
        raise BadInput(
            f"The given matrix has an entry of size {largest:.3g}; the largest allowed is {limits.MAX_ENTRY:g}: rescale it."
        )
    if spec.problem.data != digest_of(inputs.data):
        raise BadInput(f"The given matrix is not the one the spec names (sha256 {str(spec.problem.data)[:8]}); give that one.")


def _first_factors(spec: RunSpec, inputs: Inputs, field: Field) -> Factors:
    if inputs.factors is None or spec.init.factors is None:
        return spec.init.draw(field.shapes, spec.seed)
    found = tuple(factor.shape for factor in inputs.factors)
    if found != field.shapes:
        raise BadInput(f"The given factors W1 .. WN have shapes {found}, but this problem needs {field.shapes}.")
    if not all(np.isfinite(factor).all() for factor in inputs.factors):
        raise BadInput("The given factors hold NaN or infinite entries; give finite numbers.")
    return tuple(torch.from_numpy(np.asarray(factor, dtype=np.float64)) for factor in inputs.factors)
