"""The algebra of the formats against tensorly, which somebody else wrote."""

import numpy as np
import pytest
import tensorly
import torch

from dmf_core.interfaces import Factors, Shape
from dmf_core.measures.spectra import spectrum
from dmf_core.models.cp import CP
from dmf_core.models.tensor_train import TensorTrain
from dmf_core.models.tucker import Tucker

SHAPES = [(3, 4, 5), (4, 2, 3, 3), (2, 3, 2, 2, 3)]


def drawn(shapes: tuple[Shape, ...]) -> Factors:
    source = torch.Generator().manual_seed(1)
    return tuple(torch.randn(each, dtype=torch.float64, generator=source) for each in shapes)


@pytest.mark.parametrize("shape", SHAPES)
def test_formats_equal_those_of_tensorly(shape: Shape) -> None:
    cp, tucker, train = CP(rank=3), Tucker(rank=2), TensorTrain(rank=2)
    a, b, c = (drawn(model.factor_shapes(shape)) for model in (cp, tucker, train))
    theirs = [
        tensorly.cp_to_tensor((None, [factor.numpy() for factor in a])),
        tensorly.tucker_to_tensor((b[0].numpy(), [factor.numpy() for factor in b[1:]])),
        tensorly.tt_to_tensor([factor.numpy() for factor in c]),
    ]
    ours = [cp.end_to_end(a), tucker.end_to_end(b), train.end_to_end(c)]
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.numpy(), other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_spectra_are_those_of_the_unfoldings_of_tensorly(shape: Shape) -> None:
    W = drawn((shape,))[0]
    for mode in range(len(shape)):
        exact = np.linalg.svd(tensorly.unfold(W.numpy(), mode), compute_uv=False)
        np.testing.assert_allclose(spectrum(f"unfolding_{mode + 1}", W[None])[0], exact, rtol=1e-10)
        if mode:
            cut = np.linalg.svd(W.numpy().reshape(int(np.prod(shape[:mode])), -1), compute_uv=False)
            np.testing.assert_allclose(spectrum(f"cut_{mode}", W[None])[0], cut, rtol=1e-10)
