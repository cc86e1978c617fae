"""Arithmetic modulo a prime against Python's whole numbers and sympy."""

import numpy as np
import pytest
from sympy import GF, ZZ, isprime
from sympy.polys.matrices import DomainMatrix

from dmf_core.theory.prime_field import (
    PRIMES,
    WIDTH,
    Singular,
    difference,
    multiply,
    null_space,
    random,
    reduce,
    solve_each,
    times,
)


def whole(x: np.ndarray) -> np.ndarray:
    """The same as Python's whole numbers, which have no size."""
    return np.array([int(each) for each in x.ravel()], dtype=object).reshape(x.shape)


def test_primes_are_two_of_31_bits() -> None:
    assert len(set(PRIMES)) == 2
    assert all(isprime(p) and 2**30 < p < 2**31 for p in PRIMES)


@pytest.mark.parametrize("p", PRIMES)
def test_products_are_those_of_whole_numbers(p: int) -> None:
    """Also of the largest residues, in sums as long as they can be, and beyond."""
    source = np.random.default_rng(0)
    for inner in (1, WIDTH, 3 * WIDTH + 5):
        A, B = random(source, p, 4, inner), random(source, p, inner, 3)
        A[0], B[:, 0] = p - 1, p - 1
        assert np.array_equal(whole(multiply(A, B, p)), whole(A) @ whole(B) % p)
    x, y = random(source, p, 500), random(source, p, 500)
    x[:3], y[:3] = (0, 1, p - 1), p - 1
    assert np.array_equal(whole(times(x, y, p)), whole(x) * whole(y) % p)
    assert np.array_equal(whole(difference(x, y, p)), (whole(x) - whole(y)) % p)
    near = np.array([0, 1, p - 1, p, p + 1, 2.0**53 - 1, (2**53 // p) * p, (2**53 // p) * p - 1])
    assert np.array_equal(whole(reduce(near, p)), whole(near) % p)


@pytest.mark.parametrize(("rows", "columns", "rank"), [(5, 9, 5), (9, 5, 3), (70, 90, 66), (90, 80, 80), (7, 7, 0)])
def test_null_space_has_the_dimension_of_sympy_and_is_one(rows: int, columns: int, rank: int) -> None:
    p = PRIMES[0]
    source = np.random.default_rng(rows)
    A = multiply(random(source, p, rows, rank), random(source, p, rank, columns), p) if rank else np.zeros((rows, columns))
    A[:, : columns // 5] *= source.random((rows, columns // 5)) < 0.1  # sparse in front: pivots are not where they are expected
    z = null_space(A, p)
    lines = [[int(value) for value in line] for line in A]
    assert z.shape == (columns, columns - DomainMatrix(lines, A.shape, ZZ).convert_to(GF(p)).rank())
    assert not multiply(A, z, p).any()
    independent = DomainMatrix([[int(value) for value in line] for line in z.T], z.T.shape, ZZ) if z.size else None
    assert independent is None or independent.convert_to(GF(p)).rank() == z.shape[1]


def test_small_systems_are_solved_and_singular_ones_refused() -> None:
    p = PRIMES[1]
    source = np.random.default_rng(2)
    A, B = random(source, p, 20, 4, 4), random(source, p, 20, 4, 2)
    A[3, 0, 0] = 0  # needs a row exchange
    assert np.array_equal(multiply(A, solve_each(A, B, p), p), B)
    A[7, 2] = A[7, 1]
    with pytest.raises(Singular):
        solve_each(A, B, p)
