"""Runs that need too much memory or time are refused, with what needs less."""

from typing import Any

import pytest

from dmf_core import limits
from dmf_core.cost import check_budget
from dmf_core.errors import BadInput
from dmf_core.spec import RunSpec
from tests.core.given_data import CP, SMALL


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model.depth": 1, "dtype": "float64"}, "choose a smaller matrix."),
        ({"model.depth": 3, "dtype": "float64"}, "choose a smaller matrix, or less depth."),
    ],
    ids=str,
)
def test_run_that_needs_too_much_memory_names_only_what_needs_less(
    changes: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RUN_BYTES", 1000)
    with pytest.raises(BadInput, match=sentence):
        check_budget(RunSpec().replaced(SMALL | changes), (6, 6))
    with pytest.raises(BadInput, match="or fewer measurements"):
        check_budget(RunSpec().replaced(SMALL | changes | {"problem.kind": "matrix_sensing"}), (6, 6))


@pytest.mark.parametrize(
    ("changes", "shape", "sentence"),
    [
        ({"model.depth": 1}, (6, 6), "choose a smaller matrix, or an earlier stop."),
        ({"model.depth": 2}, (6, 6), "choose a smaller matrix, less depth, a larger initial scale, or an earlier stop."),
        (CP, (4, 4, 4), "choose a smaller tensor, a larger initial scale, or an earlier stop."),
        (
            {"model.depth": 1, "integrator.kind": "gradient_descent"},
            (6, 6),
            "choose a larger learning rate, a smaller matrix, or an earlier stop.",
        ),
    ],
    ids=str,
)
def test_run_that_takes_too_long_names_only_what_takes_less(
    changes: dict[str, Any], shape: tuple[int, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RUN_SECONDS", 0.0)
    with pytest.raises(BadInput, match=sentence):
        check_budget(RunSpec().replaced(SMALL | changes if len(shape) == 2 else changes), shape)
