"""The number of components of tensors for which it is known."""

import numpy as np
import pytest

from dmf_core.baselines.components import fewest_components
from tests.baselines.tensors import observed_tensor


@pytest.mark.parametrize("rank", [1, 2, 4])
def test_fewest_components_of_a_drawn_tensor_are_its_rank(rank: int) -> None:
    """Up to the sides' size a drawn tensor has unfoldings of that rank (almost surely), so that both ends meet."""
    assert fewest_components(observed_tensor((6, 5, 7), rank, 1).truth, 1e-2) == (rank, rank)


def test_components_below_the_distance_do_not_count() -> None:
    source = np.random.default_rng(0)
    W = observed_tensor((6, 6, 6), 1, 1).truth
    E = source.normal(size=W.shape)
    W = W + 1e-3 * E / np.linalg.norm(E)
    assert fewest_components(W, 1e-2) == (1, 1)
    assert fewest_components(W, 1e-5)[0] == 6  # unfoldings of the noise have full rank


def test_unit_diagonal_needs_one_component_for_every_unit() -> None:
    """Dropping one of four equal ones would leave half the norm."""
    W = np.zeros((4, 4, 4))
    W[np.arange(4), np.arange(4), np.arange(4)] = 1
    assert fewest_components(W, 0.01) == (4, 4)


def test_components_that_are_not_found_are_none_and_zero_has_none() -> None:
    dense = np.random.default_rng(0).normal(size=(4, 4, 4))  # of rank 6 almost surely, within nothing
    least, most = fewest_components(dense, 1e-6)
    assert (least, most) == (4, None)
    assert fewest_components(np.zeros((2, 3, 2)), 0.01) == (0, 0)
