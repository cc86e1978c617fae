"""Entries that nothing can be known about, counted, against the definition by brute force and the full reading."""

import networkx as nx
import numpy as np
import pytest

from dmf_core.theory.recoverable import Verdict, reading
from dmf_core.theory.slice_scales import _between_groups, free_scales
from dmf_core.theory.unknowable import unknowable


def _masks() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.random((7, 9)) < share for share in (0.05, 0.15, 0.3, 0.6)]


@pytest.mark.parametrize("mask", _masks())
def test_entries_apart_are_those_without_a_path_of_observed_entries(mask: np.ndarray) -> None:
    graph = nx.Graph()
    graph.add_nodes_from([("r", i) for i in range(7)] + [("c", j) for j in range(9)])
    graph.add_edges_from((("r", int(i)), ("c", int(j))) for i, j in np.argwhere(mask))
    apart = sum(not nx.has_path(graph, ("r", i), ("c", j)) for i in range(7) for j in range(9))
    counted = unknowable(mask)
    assert counted.apart == counted.count == apart
    assert counted.groups == sum(len(part) > 1 for part in nx.connected_components(graph))
    assert counted.empty == (int((~mask.any(axis=1)).sum()), int((~mask.any(axis=0)).sum()))


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("mask", _masks())
def test_counts_at_a_rank_are_those_of_the_full_reading(mask: np.ndarray, rank: int) -> None:
    full = reading(mask, rank)
    counted = unknowable(mask, rank)
    assert (counted.apart, counted.few) == (full.count(Verdict.APART), full.count(Verdict.FEW))
    assert counted.count <= int(full.lost.sum())


def test_sentence_names_number_share_and_cause() -> None:
    mask = np.zeros((4, 4), dtype=bool)
    mask[:2, :2] = mask[2:, 2:] = True
    assert unknowable(mask).sentence() == (
        "No method can know 8 of the 8 unseen entries (100 %) whatever the rank: "
        "2 groups of rows and columns that no observed entry ties together."
    )
    mask[3] = False
    assert "1 row without any observed entry" in unknowable(mask, 2).sentence()
    assert unknowable(np.ones((3, 3), dtype=bool)).sentence() == ""


def _incidence(places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The 0-1 vectors of entries over all slices. [n, slices]"""
    rows = np.zeros((len(places), sum(shape)))
    for start, column in zip(np.cumsum((0, *shape)), places.T, strict=False):
        rows[np.arange(len(places)), start + column] = 1
    return rows


def _tensor_masks() -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    masks = [rng.random((4, 3, 5)) < share for share in (0.06, 0.12, 0.2, 0.4)]
    return [*masks, rng.random((3, 2, 3, 2)) < 0.15, np.ones((2, 2, 2), dtype=bool), np.zeros((2, 3, 2), dtype=bool)]


@pytest.mark.parametrize("mask", _tensor_masks())
def test_free_entries_of_a_tensor_are_those_outside_the_span_of_the_observed_ones(mask: np.ndarray) -> None:
    observed = _incidence(np.argwhere(mask), mask.shape)
    rank = np.linalg.matrix_rank(observed) if len(observed) else 0
    outside = np.zeros(mask.shape, dtype=bool)
    for place in np.argwhere(~mask):
        added = np.vstack([observed, _incidence(place[None], mask.shape)])
        outside[tuple(place)] = np.linalg.matrix_rank(added) > rank
    np.testing.assert_array_equal(free_scales(mask), outside)
    assert not (_between_groups(mask) & ~mask & ~outside).any()  # groups are a part of it
    counted = unknowable(mask)
    assert counted.count == counted.apart == int(outside.sum())
    assert counted.empty == tuple(
        int((~np.moveaxis(mask, k, 0).reshape(side, -1).any(axis=1)).sum()) for k, side in enumerate(mask.shape)
    )


def test_matrix_as_a_tensor_with_a_third_side_of_one_leaves_the_same_entries_open() -> None:
    for mask in _masks():
        assert free_scales(mask[:, :, None]).sum() == unknowable(mask).apart


def test_slice_with_fewer_entries_than_components_has_another_cp_tensor_with_the_same_observations() -> None:
    rng = np.random.default_rng(2)
    A, B, C = (rng.normal(size=(side, 3)) for side in (4, 3, 5))
    mask = rng.random((4, 3, 5)) < 0.9
    mask[1] = False
    mask[1, 0, 2] = mask[1, 2, 4] = True  # two entries, three components
    counted = unknowable(mask, 3)
    assert counted.apart == 0 and counted.few == 13
    observed = np.stack([B[0] * C[2], B[2] * C[4]])
    z = np.linalg.svd(observed)[2][-1]
    other = A.copy()
    other[1] += z
    first, second = (np.einsum("ir,jr,kr->ijk", each, B, C) for each in (A, other))
    np.testing.assert_allclose(first[mask], second[mask], rtol=1e-9, atol=1e-12)
    changed = np.abs(first - second) > 1e-6
    assert changed.sum() == 13 and not changed[mask].any()


def test_sentence_of_a_tensor_names_the_slices() -> None:
    mask = np.ones((3, 4, 2), dtype=bool)
    mask[:, 1] = False
    assert unknowable(mask).sentence() == (
        "No method can know 6 of the 6 unseen entries (100 %) whatever the rank: 1 slice of axis 2 without any observed entry."
    )
    assert unknowable(mask).as_json()["empty"] == [0, 1, 0]
