"""From a spec to everything that a run starts with: problem, field, first factors, and the Start to show."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.cost import check_budget
from dmf_core.data.factors import check_chain
from dmf_core.data.reading import Account
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs, digest_of
from dmf_core.interfaces import Factors, Problem, Shape, VectorField
from dmf_core.measures.spectra import true_spectra
from dmf_core.models.starts import of_norm
from dmf_core.norms import norm
from dmf_core.problems import usual_problem
from dmf_core.problems.observed_data import Given, none_given
from dmf_core.problems.samples import SAMPLES, sample
from dmf_core.problems.tensor_truth import misshapen
from dmf_core.shapes import in_words
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start

CUDA_SIDE = 512  # with device "auto": below this side a CPU core is faster than waiting for kernels to start (estimate)

TENSOR_START = 1e-6  # norm of W(0) over that of the data; more starts many components at once (matrices: init.scale as it is)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A run before its first step."""

    problem: Problem
    field: VectorField
    x: Tensor  # [p] the first factors, flat
    start: Start
    unit: float  # the loss of W = 0: the mean square of the observed values; 1 where all of them are zero
    enough: float | None  # the loss at which the run ends: the larger one of stop.loss and stop.relative_loss

    @cached_property
    def first_size(self) -> float:
        """The Frobenius norm of the first W."""
        return norm(torch.from_numpy(self.start.end_to_end_first))


def prepare(spec: RunSpec, inputs: Inputs = Inputs()) -> Prepared:
    """Draws truth, observations and start. Raises BadInput when spec, inputs and machine do not fit together."""
    check(spec, inputs)
    problem, field, x = _sampled(spec, inputs)
    known = problem.known.cpu().numpy()
    first = field.end_to_end(x).cpu().numpy().copy()
    if not np.isfinite(first).all():
        better = ", or choose dtype float64" if spec.dtype == "float32" else ""
        raise BadInput(f"The first factors multiply to entries that {spec.dtype} does not hold; give smaller ones{better}.")
    main = next(iter(spec.model.spectra(problem.shape)))
    truth = true_spectra(problem, spec.model)
    start = Start(
        digest=spec.digest(),
        shape=problem.shape,
        ground_truth=known,
        observed_mask=problem.observed.cpu().numpy(),
        true_singular_values=truth.pop(main, None),
        factors_first=tuple(factor.cpu().numpy().copy() for factor in field.factors(x)),
        end_to_end_first=first,
        picture_limit=float(np.nanmax(np.abs(known))) or 1.0,
        main_spectrum=main,
        true_spectra=truth,
        of_picture=with_sample(spec, inputs).of_picture,
    )
    return _prepared(spec, problem, field, x, start)


def prepare_unseen(spec: RunSpec, inputs: Inputs) -> Prepared:
    """As `prepare` in half of the time, for a run that has passed `check`: its Start lacks spectrum and factors."""
    problem, field, x = _sampled(spec, inputs)
    known, observed = problem.known.cpu().numpy(), problem.observed.cpu().numpy()
    start = Start(spec.digest(), problem.shape, known, observed, None, (), field.end_to_end(x).cpu().numpy(), 1.0)
    return _prepared(spec, problem, field, x, start)


def _sampled(spec: RunSpec, inputs: Inputs) -> tuple[Problem, VectorField, Tensor]:
    """The problem, its field, and the first factors, flat."""
    dtype = torch.float64 if spec.dtype == "float64" else torch.float32
    device = choose_device(spec, inputs)
    problem = spec.problem.build(spec.seed, dtype, device, inputs)
    field = VectorField(problem, spec.model)
    return problem, field, field.flatten(_first_factors(spec, inputs, field)).to(device=device, dtype=dtype)


def _prepared(spec: RunSpec, problem: Problem, field: VectorField, x: Tensor, start: Start) -> Prepared:
    unit = field.roundoff_loss(1.0) or 1.0
    return Prepared(problem, field, x, start, unit, _enough(spec, unit))


def _enough(spec: RunSpec, unit: float) -> float | None:
    stop = spec.stop
    given = [stop.loss, None if stop.relative_loss is None else stop.relative_loss * unit]
    return max((each for each in given if each is not None), default=None)


def check(spec: RunSpec, inputs: Inputs) -> Shape:
    """The shape of W, after all that can be checked without drawing anything. Raises BadInput."""
    _check_inputs(spec, inputs)
    shape = shape_of(spec, inputs)
    _check_unknowns(spec, shape)
    check_budget(spec, shape, typical_entry(spec, inputs))
    return shape


def _check_unknowns(spec: RunSpec, shape: Shape) -> None:
    most = spec.integrator.most_unknowns
    if most is not None and (unknowns := spec.model.unknowns(shape)) > most:
        raise BadInput(
            f"The factors have {unknowns} entries, but {spec.integrator.kind} solves at most {most} unknowns; choose the "
            "integrator gradient_flow, or a smaller matrix."
        )


def typical_entry(spec: RunSpec, inputs: Inputs) -> float | None:
    """The size of a typical entry of given data; None where the data are drawn."""
    problem, data = spec.problem, with_sample(spec, inputs).data
    return problem.typical_entry(data) if isinstance(problem, Given) and data is not None else None


def choose_device(spec: RunSpec, inputs: Inputs) -> torch.device:
    """The device that "auto" means here. Raises BadInput when CUDA is requested and absent."""
    if spec.device == "cuda" and not torch.cuda.is_available():
        raise BadInput("device is cuda, but this machine has no usable CUDA GPU; choose auto or cpu.")
    if spec.device == "auto":
        large = min(shape_of(spec, inputs)) >= CUDA_SIDE
        return torch.device("cuda" if large and torch.cuda.is_available() else "cpu")
    return torch.device(spec.device)


def shape_of(spec: RunSpec, inputs: Inputs) -> Shape:
    """The sides of W. Raises BadInput when they come from data that is not there, or of another order."""
    if spec.shape is not None:
        return spec.shape
    noun = "tensor" if spec.model.tensor else "matrix"
    if inputs.data is None:
        raise none_given(spec.problem.kind, noun)
    if spec.model.tensor != (inputs.data.ndim > 2):
        raise BadInput(f"problem.kind is {spec.problem.kind}, but the data have {inputs.data.ndim} sides; give a {noun}.")
    wrong = spec.model.incompatibility(inputs.data.shape)
    if wrong:
        raise BadInput(wrong)
    return inputs.data.shape


def with_sample(spec: RunSpec, inputs: Inputs = Inputs()) -> Inputs:
    """The inputs; where the spec names data that come with the program, with those and the account of them."""
    digest = getattr(spec.problem, "data", None)
    data = sample(digest) if inputs.data is None else None
    if digest is None or data is None:
        return inputs
    unit = float(np.sqrt(np.mean(data**2)))
    account = Account("picture", SAMPLES[digest].sentence, data.shape, data.size, unit)
    return Inputs(data, inputs.factors, account.as_json(None))


def with_inputs(spec: RunSpec, inputs: Inputs) -> RunSpec:
    """The spec that names these inputs by digest; the settings of the model follow given factors. Raises BadInput."""
    changes: dict[str, object] = {}
    if inputs.data is not None:
        kind = usual_problem(tensor=inputs.data.ndim > 2, needs_data=True)
        changes |= {"problem.kind": kind, "problem.data": digest_of(inputs.data)}
    if inputs.factors is not None:
        model = spec.replaced(changes).model
        if model.chain:
            check_chain(inputs.factors)
        following = model.following(tuple(factor.shape for factor in inputs.factors))
        changes |= {"init.factors": digest_of(*inputs.factors)} | {f"model.{name}": value for name, value in following.items()}
    return spec.replaced(changes)


def in_units_of_data(spec: RunSpec, chosen: Collection[str] = ()) -> RunSpec:
    """The spec with start and stop relative to a person's data, but for the settings (by path) that the person chose.

    So the same data in another unit are the same run. Specs, links and archives that say nothing stay absolute.
    """
    changes: dict[str, object] = {}
    if "stop.loss" not in chosen:
        changes["stop.loss"] = None
        if "stop.relative_loss" not in chosen and spec.stop.loss is not None:
            changes["stop.relative_loss"] = min(spec.stop.loss, limits.MAX_RELATIVE_LOSS)
    if "init.relative" not in chosen:
        changes["init.relative"] = True
        if spec.model.tensor and "init.scale" not in chosen:
            changes["init.scale"] = TENSOR_START
    return spec.replaced(changes)


def _check_inputs(spec: RunSpec, inputs: Inputs) -> None:
    if isinstance(spec.problem, Given):
        _check_data(spec.problem, with_sample(spec, inputs).data, shape_of(spec, inputs))
    expected = spec.init.factors
    if expected is not None and (inputs.factors is None or digest_of(*inputs.factors) != expected):
        raise BadInput(
            f"The spec starts from given factors (sha256 {expected[:8]}), but they are not here; open the archive "
            "of a run that has them, or give --factors FILE.npz on the command line."
        )


def _check_data(problem: Given, data: np.ndarray | None, shape: Shape) -> None:
    assert data is not None
    noun = problem.noun
    wrong = misshapen(shape, "The given tensor is") if len(shape) != 2 else ""
    if len(shape) == 2 and not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in shape):
        wrong = f"The given matrix is {in_words(shape)}; both sides must be from {limits.MIN_SIDE} to {limits.MAX_SIDE}."
    if wrong:
        raise BadInput(wrong)
    if np.isinf(data).any() or np.isnan(data).all():
        raise BadInput(
            f"The given {noun} has infinite entries, or none at all; give finite numbers and leave unknown ones empty."
        )
    largest = float(np.nanmax(np.abs(data)))
    if largest > limits.MAX_ENTRY:
        raise BadInput(
            f"The given {noun} has an entry of size {largest:.3g}; the largest allowed is {limits.MAX_ENTRY:g}: rescale it."
        )
    if problem.data != digest_of(data):
        raise BadInput(f"The given {noun} is not the one the spec names (sha256 {str(problem.data)[:8]}); give that one.")


def _first_factors(spec: RunSpec, inputs: Inputs, field: VectorField) -> Factors:
    if inputs.factors is None or spec.init.factors is None:
        if not spec.init.relative:
            return spec.init.sample(spec.model, field.problem.shape, spec.seed)
        unscaled = spec.init.model_copy(update={"scale": 1.0})
        factors = unscaled.sample(spec.model, field.problem.shape, spec.seed)
        return of_norm(factors, spec.model.size(factors), spec.init.scale * field.problem.scale, field.degree)
    shapes = tuple(factor.shape for factor in inputs.factors)
    if shapes != field.shapes:
        raise BadInput(f"The given factors W1 .. WN have shapes {shapes}, but this problem needs {field.shapes}.")
    if not all(np.isfinite(factor).all() for factor in inputs.factors):
        raise BadInput("The given factors hold NaN or infinite entries; give finite numbers.")
    return tuple(torch.from_numpy(np.asarray(factor, dtype=np.float64)) for factor in inputs.factors)
