"""What every line of INITIALIZATIONS must keep: `scale` means the same for all of them."""

import pytest
import torch

from dmf_core.initializations import INITIALIZATIONS, Initialization
from dmf_core.models.deep_matrix import DeepMatrix


def end_to_end(kind: str, depth: int, shape: tuple[int, int], scale: float = 1e-3, seed: int = 1) -> torch.Tensor:
    model = DeepMatrix(depth=depth)
    return model.end_to_end(Initialization(kind=kind, scale=scale).draw(model.factor_shapes(shape), seed))


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", INITIALIZATIONS)
def test_initial_scale_is_the_size_of_the_end_to_end_matrix(kind: str, depth: int) -> None:
    """|W(0)|_F = scale sqrt(n) within the 20 % that the published code asserts."""
    assert float(end_to_end(kind, depth, (100, 100)).norm()) == pytest.approx(1e-3 * 10, rel=0.2)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("kind", INITIALIZATIONS)
def test_initial_scale_does_not_prefer_tall_or_wide(kind: str, depth: int) -> None:
    tall, wide = end_to_end(kind, depth, (160, 40)), end_to_end(kind, depth, (40, 160))
    assert tall.shape == (160, 40)
    assert float(tall.norm() / wide.norm()) == pytest.approx(1, abs=0.2)  # two draws of some thousand entries


@pytest.mark.parametrize("kind", ["balanced", "identity", "orthogonal"])
@pytest.mark.parametrize("shape", [(20, 20), (20, 12), (12, 20)])
def test_balanced_starts_are_balanced(kind: str, shape: tuple[int, int]) -> None:
    model = DeepMatrix(depth=3)
    factors = Initialization(kind=kind, scale=0.1).draw(model.factor_shapes(shape), 5)
    square = min(shape) == max(shape)
    worst = max(float(each.norm()) for each in model.conserved(tuple(factor[None] for factor in factors)))
    assert worst < 1e-12 if square or kind == "balanced" else worst < 10


@pytest.mark.parametrize("kind", INITIALIZATIONS)
def test_start_depends_on_seed_and_nothing_else(kind: str) -> None:
    a, b = end_to_end(kind, 3, (8, 8), seed=1), end_to_end(kind, 3, (8, 8), seed=1)
    assert torch.equal(a, b)
    if kind != "identity":
        assert not torch.equal(a, end_to_end(kind, 3, (8, 8), seed=2))
