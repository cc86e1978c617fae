"""What no method can recover: for every verdict a second matrix of the same rank that agrees with all observations."""

import networkx
import numpy as np
import pytest
from sympy import GF, ZZ
from sympy.polys.matrices import DomainMatrix

from dmf_core import limits
from dmf_core.theory.connectivity import components
from dmf_core.theory.motions import moving
from dmf_core.theory.recoverable import Verdict, reading
from tests.theory.masks import sampled, walked

EQUAL = 1e-9  # how far the second matrix may be from an observed entry: entries have size 1, float64 keeps 16 digits
OTHER = 1e-2  # how far at least it is from the unseen entry


def two_blocks(ties: int = 0) -> np.ndarray:  # [12, 14] bool
    """Two full blocks, and so many entries between them."""
    mask = np.zeros((12, 14), dtype=bool)
    mask[:5, :6] = mask[5:, 6:] = True
    for k in range(ties):
        mask[k % 2, 6 + k // 2] = True
    return mask


def truth(mask: np.ndarray, rank: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.standard_normal((mask.shape[0], rank)), random.standard_normal((mask.shape[1], rank))


def rank_of(M: np.ndarray) -> int:
    values = np.linalg.svd(M, compute_uv=False)
    return int((values > 1e-9 * values[0]).sum())


@pytest.mark.parametrize(
    ("rows", "columns", "count", "seed"), [(8, 5, 9, 0), (20, 30, 24, 1), (20, 30, 60, 2), (2, 2, 1, 3), (40, 40, 0, 4)]
)
def test_components_are_those_of_networkx(rows: int, columns: int, count: int, seed: int) -> None:
    mask = sampled(rows, columns, count, seed)
    graph = networkx.Graph()
    graph.add_nodes_from(range(rows + columns))
    graph.add_edges_from((int(i), rows + int(j)) for i, j in np.argwhere(mask))
    expected = {frozenset(part) for part in networkx.connected_components(graph)}
    actual = components(mask)
    assert {frozenset([*part.rows.tolist(), *(rows + part.columns).tolist()]) for part in actual.each} == expected
    assert [part.entries for part in actual.each] == sorted((part.entries for part in actual.each), reverse=True)
    for k, part in enumerate(actual.each):
        assert part.entries == mask[np.ix_(part.rows, part.columns)].sum()
        assert (actual.of_rows[part.rows] == k).all() and (actual.of_columns[part.columns] == k).all()


@pytest.mark.parametrize("mask", [two_blocks(), sampled(14, 16, 22, 1)], ids=["blocks", "sparse"])
@pytest.mark.parametrize("factor", [-3.0, 0.25])
def test_entry_between_components_takes_another_value_at_the_same_rank(mask: np.ndarray, factor: float) -> None:
    actual = reading(mask, 2)
    U, V = truth(mask, 2)
    M = U @ V.T
    apart = np.argwhere(actual.verdicts == Verdict.APART)
    assert len(apart) > 20
    for i, j in apart:
        inside = actual.components.of_rows[i]
        rows = np.where(actual.components.of_rows == inside, factor, 1.0)
        columns = np.where(actual.components.of_columns == inside, 1 / factor, 1.0)
        other = rows[:, None] * M * columns[None, :]
        assert np.abs(other - M)[mask].max() < EQUAL
        assert rank_of(other) == rank_of(M) == 2
        assert other[i, j] == pytest.approx(factor * M[i, j])  # any number but zero can be had


@pytest.mark.parametrize("transposed", [False, True])
def test_entry_of_a_row_with_fewer_observations_than_the_rank_takes_another_value(transposed: bool) -> None:
    mask = sampled(12, 15, 100, 3)
    mask[4] = False
    mask[4, [2, 7]] = True
    U, V = truth(mask, 3)
    actual = reading(mask.T if transposed else mask, 3)
    verdicts = actual.verdicts.T if transposed else actual.verdicts
    assert (verdicts[4][~mask[4]] == Verdict.FEW).all()
    z = np.linalg.svd(V[mask[4]])[2][-1]  # V_S z = 0
    moved = U.copy()
    moved[4] += z
    M, other = U @ V.T, moved @ V.T
    assert np.abs(other - M)[mask].max() < EQUAL
    assert np.abs(other - M)[4][~mask[4]].min() > OTHER  # every unseen entry of the row
    assert rank_of(other) == 3


@pytest.mark.parametrize("ties", [1, 3])
def test_blocks_with_fewer_ties_than_rank_squared_leave_their_entries_loose(ties: int) -> None:
    """Between two blocks of rank 2 there are 2 x 2 unknown numbers: 4 ties are needed, not one."""
    mask = two_blocks(ties)
    actual = reading(mask, 2)
    assert len(actual.components.each) == 1
    assert actual.observations > actual.freedom  # the count alone says nothing
    loose = np.argwhere(actual.verdicts == Verdict.LOOSE)
    assert len(loose) > 40
    for i, j in loose[:: len(loose) // 4]:
        moved, off = walked(mask, 2, i, j, 0.1)
        assert moved == pytest.approx(0.1) and off < EQUAL  # a matrix of rank 2 that agrees, and has 0.1 more there


def test_ties_in_one_column_do_not_hold_it() -> None:
    """Four ties again, but all in one column: two of them already say what the other two say."""
    mask = two_blocks()
    mask[:4, 6] = True
    assert (reading(mask, 2).verdicts[:5, 7:] == Verdict.LOOSE).all()
    assert (reading(mask, 2).verdicts[:5, 6] != Verdict.LOOSE).all()


def test_blocks_with_enough_ties_hold_every_entry() -> None:
    mask = two_blocks(4)
    assert reading(mask, 2).count(Verdict.HELD) == (~mask).sum()
    for i, j in np.argwhere(~mask)[::20]:
        moved, off = walked(mask, 2, i, j, 0.1)
        assert off > 1e-4 or abs(moved - 0.1) > 1e-4  # no matrix nearby has 0.1 more there: the steps do not arrive


@pytest.mark.parametrize(("rank", "count", "seed"), [(1, 30, 0), (2, 60, 1), (2, 75, 2), (3, 110, 3), (8, 200, 4)])
def test_motions_find_what_components_and_short_rows_say(rank: int, count: int, seed: int) -> None:
    """Two ways to the same verdicts: combinatorics, and the null space of the linearized observations."""
    mask = sampled(16, 20, count, seed) if rank < 8 else sampled(20, 20, count, seed)
    actual, moves = reading(mask, rank), moving(mask, rank)
    assert not moves[mask].any()
    assert moves[np.isin(actual.verdicts, (Verdict.APART, Verdict.FEW))].all()
    assert np.array_equal(moves, actual.lost)


PRIME = 2**31 - 1


def exactly_moving(mask: np.ndarray, rank: int) -> np.ndarray:
    """Whether the row of an unseen entry is independent of those of the observed ones, in a finite field: without rounding.

    Oracle: sympy's rank. A drawn point of so large a field is in general position but for a chance of about 1e-6.
    """
    rows, columns = mask.shape
    random = np.random.default_rng(1)
    U, V = random.integers(1, PRIME, (rows, rank)), random.integers(1, PRIME, (columns, rank))

    def line(i: int, j: int) -> list[int]:
        coefficients = np.zeros((rows + columns, rank), dtype=np.int64)
        coefficients[i], coefficients[rows + j] = V[j], U[i]
        return [int(value) for value in coefficients.ravel()]

    def rank_of_lines(lines: list[list[int]]) -> int:
        shape = (len(lines), (rows + columns) * rank)
        return int(DomainMatrix(lines, shape, ZZ).convert_to(GF(PRIME)).rank())

    observed_lines = [line(i, j) for i, j in np.argwhere(mask)]
    least = rank_of_lines(observed_lines)
    return np.array(
        [[not mask[i, j] and rank_of_lines([*observed_lines, line(i, j)]) > least for j in range(columns)] for i in range(rows)]
    )


@pytest.mark.parametrize(("rows", "columns", "rank", "count"), [(6, 5, 2, 17), (5, 7, 2, 19), (6, 6, 3, 26), (7, 5, 1, 11)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_motions_are_those_of_exact_arithmetic(rows: int, columns: int, rank: int, count: int, seed: int) -> None:
    mask = sampled(rows, columns, count, seed)
    assert np.array_equal(moving(mask, rank), exactly_moving(mask, rank))


def test_rank_one_is_held_exactly_where_the_graph_connects() -> None:
    """At rank one an entry is the product of the others along a path: nothing is loose."""
    for seed in range(5):
        actual = reading(sampled(12, 9, 14, seed), 1)
        same = actual.components.of_rows[:, None] == actual.components.of_columns[None, :]
        assert np.array_equal(actual.verdicts == Verdict.HELD, same & ~actual.mask)


def test_fewer_observations_than_freedom_always_leave_something_open() -> None:
    for seed in range(4):
        mask = sampled(14, 14, 77, seed)
        actual = reading(mask, 3)
        assert (actual.observations, actual.freedom) == (77, 75)
        fewer = reading(mask & sampled(14, 14, 170, seed + 50), 3)
        assert fewer.observations < fewer.freedom
        assert fewer.lost.any()


def test_large_masks_say_that_loose_entries_were_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOOSE_UNKNOWNS", 23)
    actual = reading(two_blocks(1), 2)
    assert actual.count(Verdict.LOOSE) == 0
    assert actual.count(Verdict.UNKNOWN) == (~actual.mask).sum()
    assert reading(two_blocks(0), 2).count(Verdict.APART) == 5 * 8 + 7 * 6
