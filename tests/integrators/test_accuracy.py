"""The claim of the whole package: births within 1 %, final singular values within 0.5 % of the largest."""

from functools import cache

import pytest
import torch

from dmf_core.integrators.gradient_flow import GradientFlow
from tests.integrators.flows import Case, Outcome, errors, ours, scipys, start

CASES = [Case("completion", 20, 2, 240, depth) for depth in (1, 2, 3, 4)]
CASES += [Case("sensing", 20, 2, 300, depth) for depth in (1, 2, 3, 4)]
CASES += [Case("completion", 40, 3, 800, depth) for depth in (2, 3, 4)]

reference = cache(scipys)


def solve(case: Case, dtype: torch.dtype, **settings: object) -> Outcome:
    field, x = start(case, dtype)
    return ours(field, GradientFlow(**settings).steps(field, x))  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradient_flow_matches_scipy_at_the_default_tolerance(case: Case, dtype: torch.dtype) -> None:
    births, final = errors(solve(case, dtype), reference(case))
    assert births < 0.01
    assert final < 0.005


@pytest.mark.parametrize("case", [Case("completion", 20, 2, 240, depth) for depth in (2, 3)], ids=str)
def test_gradient_flow_error_falls_with_the_tolerance(case: Case) -> None:
    """The estimates are of h^3 and h^4, the error of h^3: it falls as tolerance^1.5 or tolerance^0.75, by 5.6 at least.

    3 leaves room for errors of both signs that cancel by luck at the looser tolerance.
    """
    loose = errors(solve(case, torch.float64, tolerance=0.1), reference(case))[0]
    tight = errors(solve(case, torch.float64), reference(case))[0]
    assert tight < loose / 3


@pytest.mark.parametrize("case", [Case("completion", 20, 2, 240, depth) for depth in (2, 3)], ids=str)
def test_exponential_is_as_accurate(case: Case) -> None:
    births, final = errors(solve(case, torch.float64, method="exponential"), reference(case))
    assert births < 0.01
    assert final < 0.005
