"""Norms against exact arithmetic, from 1e-30 to 1e30 in every dtype."""

import math
from fractions import Fraction

import pytest
import torch

from dmf_core.norms import norm, square_norm, square_norms

DTYPES = [torch.float32, torch.float64]
SIZES = [10.0**k for k in range(-30, 31)]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("count", [1, 300])
def test_norm_is_exact_from_1e_minus_30_to_1e30(dtype: torch.dtype, count: int) -> None:
    """Against rational arithmetic. A sum of n squares, in any order, errs by at most n roundings; its root by half."""
    sample = torch.randn(count, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for size in SIZES:
        x = (sample * size).to(dtype)
        exact = sum((Fraction(float(entry)) ** 2 for entry in x), Fraction(0))
        allowed = (count + 2) * float(torch.finfo(dtype).eps)
        assert square_norm(x) == pytest.approx(float(exact), rel=allowed)
        assert norm(x) == pytest.approx(math.sqrt(exact), rel=allowed)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_norm_of_entries_of_every_size_is_that_of_the_largest(dtype: torch.dtype) -> None:
    assert norm(torch.tensor(SIZES, dtype=dtype)) == pytest.approx(1e30 * math.sqrt(100 / 99), rel=1e-6)


def test_norm_of_any_shape_is_that_of_its_entries() -> None:
    W = 1e25 * torch.ones(3, 4, 5)
    assert norm(W.transpose(0, 2)) == pytest.approx(1e25 * math.sqrt(60), rel=1e-6)


def test_norm_of_nothing_is_zero_and_of_no_number_is_none() -> None:
    assert norm(torch.zeros(5)) == square_norm(torch.zeros(0)) == 0.0
    assert norm(torch.tensor([1.0, math.inf])) == math.inf
    assert math.isnan(norm(torch.tensor([1.0, math.nan])))
    assert math.isnan(norm(torch.tensor([math.inf, math.nan])))


def test_squares_of_rows_are_those_of_each_row_even_where_they_leave_the_format() -> None:
    rows = torch.stack([torch.full((3, 2), size) for size in (1e-25, 2.0, 1e30, float("inf"), 0.0)])
    expected = [square_norm(row) for row in rows]
    assert square_norms(rows).tolist() == expected and expected[0] > 0 and expected[2] < float("inf")
