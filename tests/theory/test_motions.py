"""Which entries move, against the whole Jacobian in another finite field, and by walking to the other matrices."""

import numpy as np
import pytest

from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.theory import motions_of_core
from dmf_core.theory.motions import error_chance, moving, nothing_moves, peel
from dmf_core.theory.motions_of_core import SPARE
from dmf_core.theory.prime_field import PRIMES
from tests.theory.masks import blocks, sampled, walked

MERSENNE = 2**31 - 1


def free_by_brute_force(mask: np.ndarray, rank: int, seed: int = 9) -> np.ndarray:  # [rows, columns] bool
    """The unseen entries whose row of the Jacobian is independent of the observed rows, modulo 2^31 - 1.

    All rows and all (rows + columns) rank unknowns at once, without a choice of coordinates, to the reduced echelon form; whole
    numbers throughout. It is wrong with a chance of about unseen * unknowns / 2^31: 2e-4 for the largest mask here.
    """
    rows, columns = mask.shape
    source = np.random.default_rng(seed)
    U, V = source.integers(1, MERSENNE, (rows, rank)), source.integers(1, MERSENNE, (columns, rank))
    J = np.zeros((rows * columns, rows + columns, rank), dtype=np.int64)
    i, j = np.divmod(np.arange(rows * columns), columns)
    J[np.arange(len(J)), i], J[np.arange(len(J)), rows + j] = V[j], U[i]
    J = J.reshape(len(J), -1)
    A, unseen = J[mask.ravel()], J[~mask.ravel()]
    row = 0
    for column in range(A.shape[1]):
        live = np.flatnonzero(A[row:, column])
        if live.size:
            A[[row, row + live[0]]] = A[[row + live[0], row]]
            A[row] = A[row] * pow(int(A[row, column]), -1, MERSENNE) % MERSENNE
            others = np.flatnonzero(A[:, column])
            others = others[others != row]
            A[others] = (A[others] - A[others, column, None] * A[row]) % MERSENNE
            touched = np.flatnonzero(unseen[:, column])
            unseen[touched] = (unseen[touched] - unseen[touched, column, None] * A[row]) % MERSENNE
            row += 1
    free = np.zeros(mask.size, dtype=bool)
    free[~mask.ravel()] = unseen.any(axis=1)  # what the observed rows leave of an unseen one
    return free.reshape(mask.shape)


def masks(count: int, sides: tuple[int, int], ranks: tuple[int, int], seed: int) -> list[tuple[np.ndarray, int]]:
    """Sampled masks whose number of observations is near the number that a rank needs, where verdicts are mixed."""
    source = np.random.default_rng(seed)
    made: list[tuple[np.ndarray, int]] = []
    for k in range(count):
        rank = int(source.integers(ranks[0], ranks[1] + 1))
        rows, columns = (int(side) for side in source.integers(max(sides[0], rank + 1), sides[1] + 1, 2))
        needed = rank * (rows + columns - rank)
        mask = sampled(rows, columns, min(rows * columns, int(needed * source.uniform(0.9, 1.35))), seed + k)
        if k % 3 == 0:
            mask |= blocks(rows, columns)  # dense blocks with some entries between them
        if k % 7 == 0:
            mask[source.integers(rows)] = False
        made.append((mask, rank))
    return made


@pytest.mark.parametrize(
    ("count", "sides", "ranks", "seed"), [(220, (3, 9), (1, 4), 0), (68, (8, 16), (2, 5), 1000), (12, (30, 40), (2, 3), 2000)]
)
def test_motions_are_those_of_brute_force(count: int, sides: tuple[int, int], ranks: tuple[int, int], seed: int) -> None:
    """300 masks up to 40 x 40, entry by entry."""
    mixed = 0
    for mask, rank in masks(count, sides, ranks, seed):
        expected = free_by_brute_force(mask, rank)
        assert np.array_equal(moving(mask, rank), expected), f"rank {rank}:\n{mask.astype(int)}"
        mixed += bool(expected.any() and (~mask & ~expected).any())
    assert mixed > count / 5  # in these some unseen entries are free and some are not


def test_core_has_more_than_rank_observations_in_every_line_and_rounds_have_at_most_rank() -> None:
    mask, rank = sampled(30, 24, 150, 3), 3
    rounds, rows, columns = peel(mask, rank)
    core = mask[np.ix_(rows, columns)]
    assert min(core.sum(axis=1).min(), core.sum(axis=0).min()) > rank
    left = [np.ones(side, dtype=bool) for side in mask.shape]
    assert len(rounds) > 1
    for each in rounds:
        own, other = (left[0], left[1]) if each.of_rows else (left[1], left[0])
        assert np.array_equal(np.flatnonzero(other), each.others)
        lines = mask if each.of_rows else mask.T
        assert lines[np.ix_(each.lines, each.others)].sum(axis=1).max() <= rank
        own[each.lines] = False
    assert np.array_equal(np.flatnonzero(left[0]), rows) and np.array_equal(np.flatnonzero(left[1]), columns)


@pytest.mark.parametrize("missing", [0, 1])
def test_float_proof_is_given_only_where_nothing_moves(missing: int) -> None:
    """Two blocks of rank 2 need 4 entries between them, well placed; one fewer, and no proof may be given."""
    mask = blocks(12, 12)
    mask[[0, 0, 1, 1][missing:], [6, 7, 6, 7][missing:]] = True
    assert nothing_moves(mask, 2) == (missing == 0)
    assert nothing_moves(mask, 2) == (not free_by_brute_force(mask, 2).any())


def test_constraints_beyond_the_first_count_a_few_rows_at_a_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rank 2, two blocks with three entries between them: ten times more constraints than unknowns."""
    mask = blocks(24, 30)
    mask[0, 15:18] = True
    assert mask.sum() - 2 * 30 > 3 * SPARE * 2 * (24 - 2)
    expected = free_by_brute_force(mask, 2)
    assert expected.any() and not expected[:12, :15].any()
    for size in (1 << 26, 1 << 12, 1):
        monkeypatch.setattr(motions_of_core, "BYTES", size)
        assert np.array_equal(moving(mask, 2), expected)


@pytest.mark.parametrize("small", [2, 5, 11, 23, 47, 97])
def test_unlucky_point_changes_nothing(small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modulo so small a prime most points are singular, or have too small a rank, or hide a motion: the other point decides."""
    mask = blocks(12, 14)
    mask[0, 7:9] = mask[1, 7] = True  # three entries between blocks of rank 2: across them all is free but one entry
    expected = free_by_brute_force(mask, 2)
    assert expected.any() and (~mask & ~expected).any()
    monkeypatch.setattr("dmf_core.theory.motions.PRIMES", (small, PRIMES[1]))
    assert np.array_equal(moving(mask, 2), expected)


@pytest.mark.parametrize(("i", "j"), [(1, 39), (5, 19), (33, 39)])
def test_entries_that_rounding_had_called_fixed_move(i: int, j: int) -> None:
    """225 observations of 231 degrees of freedom: a float64 null space called ten of the 1,375 unseen entries fixed."""
    mask = MatrixCompletion(rows=40, columns=40, rank=3, observations=225).observed(6)
    assert not mask[i, j]
    assert (moving(mask, 3) == ~mask).all()
    moved, off = walked(mask, 3, i, j, 1e-4)
    assert moved == pytest.approx(1e-4, rel=1e-9)
    assert off < 1e-13  # of entries of size 1: rounding, a billionth of the motion


def test_fixed_entries_can_have_a_second_value() -> None:
    """A 4 x 4 matrix of rank 2 without its diagonal: minors of order 3 give two equations in two of the missing entries."""
    mask = ~np.eye(4, dtype=bool)
    assert not moving(mask, 2).any() and not free_by_brute_force(mask, 2).any()
    source = np.random.default_rng(1)
    M = source.standard_normal((4, 2)) @ source.standard_normal((2, 4))
    other = M.copy()
    other[np.diag_indices(4)] = second_diagonal(M)
    assert np.linalg.svd(other, compute_uv=False)[2] < 1e-10
    assert np.abs(np.diag(other) - np.diag(M)).min() > 1e-2


def second_diagonal(M: np.ndarray) -> np.ndarray:  # [4, 4] of rank 2 -> [4]
    """The other diagonal with which all minors of order 3 vanish.

    With x and y in the places (0, 0) and (1, 1), the minor of rows 0, 1, k and columns 0, 1, m is a xy + b x + c y + d.
    Those of (k, m) = (2, 3) and (3, 2) hold no other diagonal entry; eliminating y leaves a quadratic whose roots are both x.
    """

    def bilinear(k: int, m: int) -> np.ndarray:
        def minor(x: float, y: float) -> float:
            N = M[np.ix_([0, 1, k], [0, 1, m])].copy()
            N[0, 0], N[1, 1] = x, y
            return float(np.linalg.det(N))

        d, b, c = minor(0, 0), minor(1, 0) - minor(0, 0), minor(0, 1) - minor(0, 0)
        return np.array([minor(1, 1) - b - c - d, b, c, d])

    (a, b, c, d), (e, f, g, h) = bilinear(2, 3), bilinear(3, 2)
    roots = np.roots(
        [b * e - f * a, b * g + d * e - f * c - h * a, d * g - h * c]
    ).real  # (b x + d)(e x + g) = (f x + h)(a x + c)
    x = roots[np.abs(roots - M[0, 0]).argmax()]
    y = -(b * x + d) / (a * x + c)
    N = M.copy()
    N[0, 0], N[1, 1] = x, y
    for k in (2, 3):  # the minor of rows 0, 1, k and columns 0, 1, k is linear in the last entry
        N[k, k] = N[k, :2] @ np.linalg.solve(N[:2, :2], N[:2, k])
    return np.diag(N)


def test_chance_of_an_error_is_small_and_grows_with_the_matrix() -> None:
    small, large = (error_chance(np.zeros((side, side), dtype=bool), 3) for side in (10, 100))
    assert 0 < small < large < 1e-5


def test_more_rank_than_columns_leaves_everything_free() -> None:
    mask = sampled(5, 3, 9, 0)
    assert (moving(mask, 3) == ~mask).all() and (moving(mask, 4) == ~mask).all()


def test_no_observations_and_all_observations_are_read() -> None:
    assert moving(np.zeros((4, 6), dtype=bool), 2).all()
    assert not moving(np.ones((4, 6), dtype=bool), 2).any()
