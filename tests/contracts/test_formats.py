"""The algebra of the formats against tensorly, which somebody else wrote; of the tree against plain sums."""

from itertools import product

import numpy as np
import pytest
import tensorly
import torch

from dmf_core.interfaces import Factors, Shape
from dmf_core.measures.spectra import spectrum
from dmf_core.models.cp import CP
from dmf_core.models.hierarchical_tucker import HierarchicalTucker
from dmf_core.models.tensor_train import TensorTrain
from dmf_core.models.tucker import Tucker

SHAPES = [(3, 4, 5), (4, 2, 3, 3), (2, 3, 2, 2, 3)]


def sample(shapes: tuple[Shape, ...]) -> Factors:
    source = torch.Generator().manual_seed(1)
    return tuple(torch.randn(each, dtype=torch.float64, generator=source) for each in shapes)


@pytest.mark.parametrize("shape", SHAPES)
def test_formats_equal_those_of_tensorly(shape: Shape) -> None:
    cp, tucker, train = CP(rank=3), Tucker(rank=2), TensorTrain(rank=2)
    a, b, c = (sample(model.factor_shapes(shape)) for model in (cp, tucker, train))
    theirs = [
        tensorly.cp_to_tensor((None, [factor.numpy() for factor in a])),
        tensorly.tucker_to_tensor((b[0].numpy(), [factor.numpy() for factor in b[1:]])),
        tensorly.tt_to_tensor([factor.numpy() for factor in c]),
    ]
    ours = [cp.end_to_end(a), tucker.end_to_end(b), train.end_to_end(c)]
    for tensor, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(tensor.numpy(), other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_spectra_are_those_of_the_unfoldings_of_tensorly(shape: Shape) -> None:
    W = sample((shape,))[0]
    for mode in range(len(shape)):
        exact = np.linalg.svd(tensorly.unfold(W.numpy(), mode), compute_uv=False)
        np.testing.assert_allclose(spectrum(f"unfolding_{mode + 1}", W[None])[0], exact, rtol=1e-10)
        if mode:
            cut = np.linalg.svd(W.numpy().reshape(int(np.prod(shape[:mode])), -1), compute_uv=False)
            np.testing.assert_allclose(spectrum(f"cut_{mode}", W[None])[0], cut, rtol=1e-10)


TREES = {  # the factors of single modes come first; then every group as it is joined from two earlier nodes, from 0
    3: [(0, 1), (3, 2)],
    4: [(0, 1), (2, 3), (4, 5)],
    5: [(0, 1), (5, 2), (3, 4), (6, 7)],
    6: [(0, 1), (6, 2), (3, 4), (8, 5), (7, 9)],
}


@pytest.mark.parametrize("shape", [*SHAPES, (2, 2, 3, 2, 2, 2)])
def test_tree_is_the_sum_over_all_its_inner_indices(shape: Shape) -> None:
    """One einsum over a letter per node, and some entries by plain loops over every index."""
    order, ranks = len(shape), tuple(2 for _ in range(2 * len(shape) - 2))
    model = HierarchicalTucker(rank=ranks)
    factors = sample(model.factor_shapes(shape))
    sides, inner = "ijklmn"[:order], "abcdefgopq"[: 2 * order - 2]
    terms = [side + letter for side, letter in zip(sides, inner, strict=False)]
    terms += [inner[left] + inner[right] + inner[n : n + 1] for n, (left, right) in enumerate(TREES[order], start=order)]
    W = model.end_to_end(factors).numpy()
    arrays = [factor.numpy() for factor in factors]
    np.testing.assert_allclose(W, np.einsum(",".join(terms) + "->" + sides, *arrays, optimize=True), rtol=1e-11, atol=1e-11)
    for place in [(0,) * order, tuple(side - 1 for side in shape)]:
        total = 0.0
        for index in product(range(2), repeat=len(inner)):
            parts = [arrays[n][place[n], index[n]] for n in range(order)]
            joined = enumerate(TREES[order], start=order)
            parts += [arrays[n][index[left], index[right]][index[n] if n < len(inner) else ...] for n, (left, right) in joined]
            total += float(np.prod(parts))
        np.testing.assert_allclose(W[place], total, rtol=1e-10)


def test_spectra_of_a_tree_are_those_of_its_nodes() -> None:
    """Every spectrum has at most as many values above zero as its node has ranks; a group inside is unfolded by numpy."""
    shape = (2, 3, 2, 3, 2, 2)
    model = HierarchicalTucker(rank=(2, 2, 2, 2, 2, 2, 3, 4, 3, 4))
    W = model.end_to_end(sample(model.factor_shapes(shape)))
    assert list(model.spectra(shape)) == ["cut_3", "group_4_5", "cut_2", *(f"unfolding_{n}" for n in range(1, 7))]
    exact = np.linalg.svd(W.permute(3, 4, 0, 1, 2, 5).reshape(6, -1).numpy(), compute_uv=False)
    np.testing.assert_allclose(spectrum("group_4_5", W[None])[0], exact, rtol=1e-10, atol=1e-10)
    for name, rank in {"group_4_5": 3, "cut_2": 3, "cut_3": 4, "unfolding_4": 2}.items():
        values = spectrum(name, W[None])[0]
        assert int((values > 1e-6 * values[0]).sum()) == rank
