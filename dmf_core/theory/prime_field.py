"""Linear algebra over the integers modulo a prime of 31 bits: exact, and at the speed of float64 matrix products.

A residue is a whole number from 0 to p - 1 in a float64 array. A product of two residues has 62 bits, which float64 does
not hold, so the first factor is split into 15 and 16 bits; sums of WIDTH products of 16 and 31 bits stay below 2**53.
"""

import numpy as np

PRIMES = (2_146_217_113, 1_762_740_281)  # chosen at random among those of 31 bits; a test says that they are prime
SPLIT = 2.0**16  # where a residue is split; see above
WIDTH = 64  # 2**16 * 2**31 * WIDTH = 2**53


class Singular(ArithmeticError):
    """A random matrix has no inverse modulo the prime: bad luck, to be tried again."""


def reduce(x: np.ndarray, p: int) -> np.ndarray:
    """x modulo p, for whole numbers of size at most 2**53."""
    x = x - np.floor(x * (1.0 / p)) * p  # the quotient may be off by one where x is near a multiple of p
    x += (x < 0) * float(p)
    x -= (x >= p) * float(p)
    return np.asarray(x)


def multiply(A: np.ndarray, B: np.ndarray, p: int) -> np.ndarray:  # [.., k, l], [.., l, m] -> [.., k, m]
    """The matrix product modulo p."""
    total = None
    for start in range(0, max(A.shape[-1], 1), WIDTH):
        left, right = A[..., start : start + WIDTH], B[..., start : start + WIDTH, :]
        high = np.floor(left * (1 / SPLIT))
        part = reduce(high @ right, p)
        part *= SPLIT
        part = reduce(reduce((left - high * SPLIT) @ right, p) + part, p)
        total = part if total is None else total + part
        total -= (total >= p) * float(p)
    assert total is not None
    return total


def times(x: np.ndarray, y: np.ndarray, p: int) -> np.ndarray:
    """The product modulo p, entry by entry."""
    high = np.floor(x * (1 / SPLIT))
    return reduce(reduce(high * y, p) * SPLIT + (x - high * SPLIT) * y, p)


def inverses(x: np.ndarray, p: int) -> np.ndarray:
    """1 / x modulo p for each entry; x has no zeros."""
    return np.array([pow(int(each), -1, p) for each in x.ravel()], dtype=np.float64).reshape(x.shape)


def random(generator: np.random.Generator, p: int, *shape: int) -> np.ndarray:
    """Random residues, uniform over all of them."""
    return generator.integers(0, p, shape).astype(np.float64)


def solve_each(A: np.ndarray, B: np.ndarray, p: int) -> np.ndarray:  # [K, r, r], [K, r, m] -> [K, r, m]
    """A^-1 B for K small systems at once. Raises Singular where A has no inverse. Gauss and Jordan, with row exchanges."""
    both = np.concatenate([A, B], axis=2)
    each, rank = np.arange(len(A)), A.shape[1]
    for k in range(rank):
        pivot = k + (both[:, k:, k] != 0).argmax(axis=1)
        line = both[each, pivot]  # [K, r + m]
        both[each, pivot] = both[:, k]
        if (line[:, k] == 0).any():
            raise Singular
        line = times(line, inverses(line[:, k], p)[:, None], p)
        both = difference(both, times(both[:, :, k, None], line[:, None, :], p), p)
        both[:, k] = line
    return both[:, :, rank:]


def null_space(A: np.ndarray, p: int) -> np.ndarray:  # [rows, columns] -> [columns, columns - rank of A]
    """A basis of all z with A z = 0: elimination by panels of WIDTH columns, each by as many rows as it has rank."""
    columns, first = A.shape[1], 0
    steps: list[tuple[np.ndarray, np.ndarray, int]] = []  # pivot columns; rows that are the identity there; where they begin
    while A.shape[1]:
        width = min(WIDTH, A.shape[1])
        while (live := np.flatnonzero(A[:, :width].any(axis=1))).size:
            rows, pivots, left = _pivots(A[live[: WIDTH + WIDTH // 4], :width], p)
            lines = multiply(left, A[live[rows]], p)
            steps.append((first + pivots, lines, first))
            live, rest = np.delete(live, rows), np.setdiff1d(np.arange(len(A)), live)
            below = difference(A[live], multiply(A[live][:, pivots], lines, p), p)
            A = np.concatenate([below, A[rest]])
        A = A[:, width:]
        first += width
    free = np.setdiff1d(np.arange(columns), np.concatenate([np.zeros(0, dtype=int), *(pivots for pivots, _, _ in steps)]))
    z = np.zeros((columns, len(free)))
    z[free, np.arange(len(free))] = 1
    for pivots, lines, first in reversed(steps) if len(free) else ():
        z[pivots] = difference(np.zeros(()), multiply(lines, z[first:], p), p)
    return z


def _pivots(P: np.ndarray, p: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rows, columns, L): as many rows of a small P as its rank, and L P[rows] is the identity in these columns."""
    height, width = P.shape
    both = np.hstack([P, np.eye(height)]).astype(np.int64)  # holds one product of residues: faster here, where all is small
    order = np.arange(height)
    columns: list[int] = []
    for k in range(width):
        used = len(columns)
        candidates = np.flatnonzero(both[used:, k])
        if not candidates.size:
            continue
        swap = [used, used + candidates[0]]
        both[swap], order[swap] = both[swap[::-1]], order[swap[::-1]]
        line = both[used] * pow(int(both[used, k]), -1, p) % p
        both = (both - both[:, k, None] * line) % p
        both[used] = line
        columns.append(k)
        if used + 1 == height:
            break
    rows = order[: len(columns)]
    return rows, np.array(columns), both[: len(columns), width + rows].astype(np.float64)


def difference(x: np.ndarray, y: np.ndarray, p: int) -> np.ndarray:
    """x - y modulo p, of residues."""
    difference = x - y
    return np.asarray(difference + (difference < 0) * float(p))
