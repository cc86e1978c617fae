"""What every line of MODELS must keep."""

import math

import pytest
import torch

from dmf_core.interfaces import Factorization, Factors, Linearize
from dmf_core.models import MODELS

SHAPES = [(4, 4), (3, 6), (6, 3)]


def every_model() -> list[Factorization]:
    return [model(depth=depth, width=width) for model in MODELS.values() for depth in (1, 2, 3, 5) for width in (None, 2, 9)]


def random_factors(model: Factorization, shape: tuple[int, int]) -> Factors:
    source = torch.Generator().manual_seed(0)
    return tuple(torch.randn(each, dtype=torch.float64, generator=source) for each in model.factor_shapes(shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("model", every_model(), ids=repr)
def test_pullback_equals_autograd(model: Factorization, shape: tuple[int, int]) -> None:
    factors = random_factors(model, shape)
    G = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    leaves = tuple(factor.clone().requires_grad_() for factor in factors)
    expected = torch.autograd.grad((model.end_to_end(leaves) * G).sum(), leaves)
    W, pullback = model.linearize(factors)
    found = tuple(torch.full_like(factor, torch.nan) for factor in factors)
    pullback(G, found)
    torch.testing.assert_close(W, model.end_to_end(factors), rtol=1e-13, atol=0)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-11)  # other order of the same products


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("model", every_model(), ids=repr)
def test_end_to_end_has_the_shape_of_the_problem(model: Factorization, shape: tuple[int, int]) -> None:
    assert model.end_to_end(random_factors(model, shape)).shape == shape


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("model", every_model(), ids=repr)
def test_flow_conserves_what_the_model_says(model: Factorization, shape: tuple[int, int]) -> None:
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


@pytest.mark.parametrize(("shape", "apart"), [*((shape, 3) for shape in SHAPES), ((300, 200), 61), ((200, 300), 61)])
@pytest.mark.parametrize("model", every_model(), ids=repr)
def test_entrywise_evaluation_equals_the_whole(model: Factorization, shape: tuple[int, int], apart: int) -> None:
    index = torch.arange(0, math.prod(shape), apart)
    entrywise = model.entrywise(shape, index)
    if entrywise is not None:
        equals_the_whole(entrywise, model, shape, index)


def equals_the_whole(entrywise: Linearize, model: Factorization, shape: tuple[int, int], index: torch.Tensor) -> None:
    factors = random_factors(model, shape)
    W = model.end_to_end(factors)
    seen, pullback = entrywise(factors)
    torch.testing.assert_close(seen, W.reshape(-1)[index], rtol=1e-12, atol=1e-12 * float(W.abs().max()))
    r = torch.randn(len(index), dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    found, expected = (tuple(torch.full_like(factor, torch.nan) for factor in factors) for _ in range(2))
    pullback(r, found)
    dense = torch.zeros(math.prod(shape), dtype=torch.float64).index_copy(0, index, r).view(shape)
    model.linearize(factors)[1](dense, expected)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-11 * float(theirs.abs().max()))  # sums in another order


def batched(factors: Factors) -> Factors:
    """A batch of one."""
    return tuple(factor[None] for factor in factors)
