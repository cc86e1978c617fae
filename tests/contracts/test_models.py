"""What every line of MODELS must keep."""

import pytest
import torch

from dmf_core.interfaces import Factorization, Factors
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
