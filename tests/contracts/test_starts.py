"""What every start of every model must keep: `scale` means the same for all of them."""

import math

import pytest
import torch

from dmf_core.errors import BadInput
from dmf_core.models import MODELS
from dmf_core.models.cp import CP
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.models.starts import Initialization


def end_to_end(kind: str, depth: int, shape: tuple[int, int], scale: float = 1e-3, seed: int = 1) -> torch.Tensor:
    model = DeepMatrix(depth=depth)
    return model.end_to_end(Initialization(kind=kind, scale=scale).sample(model, shape, seed))


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", DeepMatrix.starts)
def test_initial_scale_is_the_size_of_the_end_to_end_matrix(kind: str, depth: int) -> None:
    """|W(0)|_F = scale sqrt(n) within the 20 % that the published code asserts."""
    assert float(end_to_end(kind, depth, (100, 100)).norm()) == pytest.approx(1e-3 * 10, rel=0.2)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("kind", DeepMatrix.starts)
def test_initial_scale_does_not_prefer_tall_or_wide(kind: str, depth: int) -> None:
    tall, wide = end_to_end(kind, depth, (160, 40)), end_to_end(kind, depth, (40, 160))
    assert tall.shape == (160, 40)
    assert float(tall.norm() / wide.norm()) == pytest.approx(1, abs=0.2)  # two draws of some thousand entries


@pytest.mark.parametrize("kind", ["balanced", "identity", "orthogonal"])
@pytest.mark.parametrize("shape", [(20, 20), (20, 12), (12, 20)])
def test_balanced_starts_are_balanced(kind: str, shape: tuple[int, int]) -> None:
    model = DeepMatrix(depth=3)
    factors = Initialization(kind=kind, scale=0.1).sample(model, shape, 5)
    square = min(shape) == max(shape)
    worst = max(float(each.norm()) for each in model.conserved(tuple(factor[None] for factor in factors)))
    assert worst < 1e-12 if square or kind == "balanced" else worst < 10


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("kind", sorted(kind for kind, each in MODELS.items() if each.tensor))
def test_scale_of_a_tensor_model_is_the_size_of_the_entries_of_every_factor(kind: str, depth: int) -> None:
    model = MODELS[kind](depth=depth)
    for start in model.starts:
        if start == "balanced" and depth > 1:
            continue  # deeper matrices are diagonal then
        for factor in Initialization(kind=start, scale=0.01).sample(model, (12, 12, 12), 3):
            rms = float(factor.square().mean().sqrt())
            assert rms == pytest.approx(0.01, rel=4 / math.sqrt(2 * factor.numel()))  # four standard errors


@pytest.mark.parametrize("shape", [(5, 6, 7), (4, 4, 5, 4)])
@pytest.mark.parametrize(("depth", "rank"), [(1, 1), (1, 9), (2, 1), (2, 4), (3, 3)])
def test_balanced_components_are_balanced(shape: tuple[int, ...], depth: int, rank: int) -> None:
    model = CP(depth=depth, rank=rank)
    factors = Initialization(kind="balanced", scale=0.1).sample(model, shape, 5)
    assert max(float(each.abs().max()) for each in model.conserved(tuple(factor[None] for factor in factors))) < 1e-15
    assert float(model.end_to_end(factors).norm()) > 0


def test_balanced_start_of_more_deep_components_than_the_smallest_side_is_refused() -> None:
    with pytest.raises(BadInput, match=r"at most 4, the smallest side"):
        Initialization(kind="balanced").sample(CP(depth=2, rank=5), (4, 5, 6), 0)


@pytest.mark.parametrize("kind", DeepMatrix.starts)
def test_start_depends_on_seed_and_nothing_else(kind: str) -> None:
    a, b = end_to_end(kind, 3, (8, 8), seed=1), end_to_end(kind, 3, (8, 8), seed=1)
    assert torch.equal(a, b)
    if kind != "identity":
        assert not torch.equal(a, end_to_end(kind, 3, (8, 8), seed=2))
