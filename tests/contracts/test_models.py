"""What every line of MODELS must keep."""

import math

import numpy as np
import pytest
import torch

from dmf_core.interfaces import Factorization, Factors, Linearize, Shape
from dmf_core.measures.spectra import spectra
from dmf_core.models import MODELS
from dmf_core.models.cp import CP
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.hadamard import Hadamard
from dmf_core.models.symmetric import Symmetric

MATRICES = [(4, 4), (3, 6), (6, 3)]
TENSORS = [(3, 3, 3), (2, 3, 4), (3, 2, 2, 4), (2, 2, 3, 2, 2)]
RANKS = {  # of each kind of tensor model, the shape given
    "cp": lambda shape: (None, 2, 7),
    "tucker": lambda shape: (None, 2, (2, *(1,) * (len(shape) - 1))),
    "tensor_train": lambda shape: (None, 2, (2, *(1,) * (len(shape) - 2))),
    "hierarchical_tucker": lambda shape: (None, 2, (2, *(1,) * (2 * len(shape) - 3))),
}


def every_case() -> list[tuple[Factorization, Shape]]:
    """Models with shapes that they fit."""
    matrices = [DeepMatrix(depth=depth, width=width) for depth in (1, 2, 3, 5) for width in (None, 2, 9)]
    cases: list[tuple[Factorization, Shape]] = [(model, shape) for model in matrices for shape in MATRICES]
    cases += [(Hadamard(depth=depth), shape) for depth in (1, 2, 3, 5) for shape in MATRICES]
    cases += [(Symmetric(width=width), (4, 4)) for width in (None, 2, 9)]
    for kind in sorted(kind for kind, each in MODELS.items() if each.tensor):
        for shape in TENSORS:
            cases += [(MODELS[kind](depth=depth, rank=rank), shape) for depth in (1, 2, 3) for rank in RANKS[kind](shape)]
    return cases


CASES = every_case()
PRODUCTS = [case for case in CASES if case[0].chain or case[0].tensor]  # of factors that all differ
every_model = pytest.mark.parametrize(("model", "shape"), CASES, ids=lambda value: repr(value))


def random_factors(model: Factorization, shape: Shape) -> Factors:
    source = torch.Generator().manual_seed(0)
    return tuple(torch.randn(each, dtype=torch.float64, generator=source) for each in model.factor_shapes(shape))


@every_model
def test_pullback_equals_autograd(model: Factorization, shape: Shape) -> None:
    factors = random_factors(model, shape)
    G = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    leaves = tuple(factor.clone().requires_grad_() for factor in factors)
    expected = torch.autograd.grad((model.end_to_end(leaves) * G).sum(), leaves)
    W, pullback = model.linearize(factors)
    pulled_back = tuple(torch.full_like(factor, torch.nan) for factor in factors)
    pullback(G, pulled_back)
    torch.testing.assert_close(W, model.end_to_end(factors), rtol=1e-13, atol=0)
    for ours, theirs in zip(pulled_back, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-11)  # other order of the same products


@every_model
def test_end_to_end_has_the_shape_of_the_problem(model: Factorization, shape: Shape) -> None:
    assert model.end_to_end(random_factors(model, shape)).shape == shape


@every_model
def test_flow_conserves_what_the_model_says(model: Factorization, shape: Shape) -> None:
    """The derivative of every conserved quantity along the velocity vanishes, for any dL/dW."""
    factors = random_factors(model, shape)
    _, pullback = model.linearize(factors)
    velocity = tuple(torch.empty_like(factor) for factor in factors)
    pullback(torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(2)), velocity)
    for part in range(len(model.conserved(batched(factors)))):

        def quantity(*changed: torch.Tensor, part: int = part) -> torch.Tensor:
            return model.conserved(batched(changed))[part]

        value, change = torch.autograd.functional.jvp(quantity, factors, velocity)
        assert float(change.norm()) <= 1e-11 * float(value.norm()) * float(torch.cat([v.ravel() for v in velocity]).norm())


@every_model
def test_entrywise_evaluation_equals_the_whole(model: Factorization, shape: Shape) -> None:
    index = torch.arange(0, math.prod(shape), 3)
    if isinstance(model, CP | Symmetric) or (isinstance(model, DeepMatrix) and model.depth > 1):
        equals_the_whole(model.linearize_entries(shape, index), model, shape, index)
    else:
        assert model.entrywise(shape, index) is None


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (DeepMatrix(depth=3), (300, 200)),
        (DeepMatrix(depth=3), (200, 300)),
        (Symmetric(), (300, 300)),
        (CP(rank=100), (20, 15, 40, 30)),
    ],
    ids=repr,
)
def test_entrywise_evaluation_is_chosen_where_few_of_many_entries_are_seen(model: Factorization, shape: Shape) -> None:
    index = torch.arange(0, math.prod(shape), 61)
    entrywise = model.entrywise(shape, index)
    assert entrywise is not None
    equals_the_whole(entrywise, model, shape, index)


def equals_the_whole(entrywise: Linearize, model: Factorization, shape: Shape, index: torch.Tensor) -> None:
    factors = random_factors(model, shape)
    W = model.end_to_end(factors)
    prediction, pullback = entrywise(factors)
    torch.testing.assert_close(prediction, W.reshape(-1)[index], rtol=1e-12, atol=1e-12 * float(W.abs().max()))
    r = torch.randn(len(index), dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    actual, expected = (tuple(torch.full_like(factor, torch.nan) for factor in factors) for _ in range(2))
    pullback(r, actual)
    dense = torch.zeros(math.prod(shape), dtype=torch.float64).index_copy(0, index, r).view(shape)
    model.linearize(factors)[1](dense, expected)
    for ours, theirs in zip(actual, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-11 * float(theirs.abs().max()))  # sums in another order


@pytest.mark.parametrize(("model", "shape"), PRODUCTS, ids=lambda value: repr(value))
def test_end_to_end_is_linear_in_every_factor(model: Factorization, shape: Shape) -> None:
    factors = random_factors(model, shape)
    for j, factor in enumerate(factors):
        other = torch.randn(factor.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(j))
        parts = [model.end_to_end((*factors[:j], each, *factors[j + 1 :])) for each in (factor, other, 2 * factor - 3 * other)]
        torch.testing.assert_close(parts[2], 2 * parts[0] - 3 * parts[1], rtol=1e-10, atol=1e-10)  # rounding of sums


@every_model
def test_degree_is_the_power_with_which_end_to_end_grows(model: Factorization, shape: Shape) -> None:
    factors = random_factors(model, shape)
    doubled = model.end_to_end(tuple(2 * factor for factor in factors))
    torch.testing.assert_close(doubled, 2 ** model.degree(shape) * model.end_to_end(factors), rtol=0, atol=0)  # powers of two


@every_model
def test_factors_of_a_matrix_multiply_to_it(model: Factorization, shape: Shape) -> None:
    W = model.end_to_end(random_factors(model, shape))
    factors = model.factors_of(W)
    if factors is not None:
        assert tuple(factor.shape for factor in factors) == model.factor_shapes(shape)
        torch.testing.assert_close(model.end_to_end(factors), W, rtol=1e-9, atol=1e-9 * float(W.abs().max()))


@pytest.mark.parametrize(("model", "shape"), PRODUCTS, ids=lambda value: repr(value))
def test_paths_count_the_products_behind_an_entry(model: Factorization, shape: Shape) -> None:
    """With every entry of every factor 1, an entry of W is their number."""
    ones = tuple(torch.ones(each, dtype=torch.float64) for each in model.factor_shapes(shape))
    assert (model.end_to_end(ones) == model.paths(shape)).all()


@every_model
def test_spectra_have_the_lengths_that_the_model_promises(model: Factorization, shape: Shape) -> None:
    factors = random_factors(model, shape)
    W = model.end_to_end(factors)
    for name, values in spectra(model, W[None], batched(factors)).items():
        assert values.shape[1] >= model.spectra(shape)[name]  # longer where only the largest are kept
        assert (np.diff(values[0]) <= 0).all()


@pytest.mark.parametrize("kind", sorted(kind for kind, each in MODELS.items() if each.tensor))
@pytest.mark.parametrize("shape", TENSORS)
def test_deeper_model_with_identities_inside_is_the_shallow_one(kind: str, shape: Shape) -> None:
    """At full rank: depth adds square matrices and nothing else."""
    shallow, deep = MODELS[kind](depth=1), MODELS[kind](depth=3)
    factors = random_factors(shallow, shape)
    shapes = deep.factor_shapes(shape)
    given = iter(factors)
    added = (len(shapes) - len(factors)) // 2
    filled = []
    for each in shapes:
        square = len(each) == 2 and each[0] == each[1]
        position = len(filled) - (1 if kind == "tucker" else 0)
        inner = square and (len(filled) > 0) and (position % 3 != 0)
        filled.append(torch.eye(each[0], dtype=torch.float64) if inner else next(given))
    assert next(given, None) is None and added > 0
    torch.testing.assert_close(deep.end_to_end(tuple(filled)), shallow.end_to_end(factors), rtol=1e-12, atol=1e-12)


def batched(factors: Factors) -> Factors:
    """A batch of one."""
    return tuple(factor[None] for factor in factors)
