"""Entries that nothing can be known about, counted, against the definition by brute force and the full reading."""

import networkx as nx
import numpy as np
import pytest

from dmf_core.theory.recoverable import Verdict, reading
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
    assert (counted.empty_rows, counted.empty_columns) == (int((~mask.any(axis=1)).sum()), int((~mask.any(axis=0)).sum()))


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
