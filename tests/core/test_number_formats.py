"""What float32 and float64 hold: losses at every size, and stops and factors beyond them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.norms import norm
from dmf_core.prepare import prepare, with_inputs
from dmf_core.problems.observations import Entries
from dmf_core.recording.resolution import unresolved_stop
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome
from tests.core.given_data import DATA, SMALL, on


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e12, 1e30])
def test_loss_of_float32_keeps_its_digits_at_every_size(size: float) -> None:
    """Residuals of 1e-30 have squares of 1e-60, far below float32."""
    prepared = prepare(RunSpec().replaced(SMALL))
    values = prepared.problem.observations.apply(torch.ones(6, 6)) * size
    expected = prepared.problem.weight * norm(values) ** 2
    problem = replace(prepared.problem, observations=Entries(prepared.problem.observed, torch.full((6, 6), size)))
    assert problem.loss(torch.zeros(6, 6)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("dtype", "named"), [("float32", "choose dtype float64"), ("float64", "")])
def test_data_below_the_range_of_float32_name_the_format_that_helps(dtype: str, named: str) -> None:
    end = run(*on(1e-27 * DATA["tensor"], {"dtype": dtype, "stop.relative_loss": 1e-2})).end
    assert end is not None and named in end.message and "start" not in end.message
    assert end.outcome is (Outcome.AT_REST if named else Outcome.CONVERGED)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_given_factors_whose_product_leaves_the_format_are_refused(dtype: str) -> None:
    inputs = Inputs(factors=(np.full((6, 6), 1e25), np.full((6, 6), 1e25)))
    spec = with_inputs(RunSpec().replaced(SMALL | {"dtype": dtype}), inputs)
    if dtype == "float64":
        assert prepare(spec, inputs).first_size == pytest.approx(6 * 6e50, rel=1e-12)
    else:
        with pytest.raises(BadInput, match="float32 does not hold; give smaller ones, or choose dtype float64"):
            prepare(spec, inputs)


@pytest.mark.parametrize(
    ("changes", "entry", "named"),
    [
        ({"stop.relative_loss": 1e-20, "stop.loss": None}, 1.0, "choose dtype=float64"),
        ({"stop.relative_loss": 1e-20, "stop.loss": None, "dtype": "float64"}, 1.0, ""),
        ({"stop.loss": 1e-6}, 1e7, "stop.loss asks for 1e-20 of the data's mean square"),
        ({"stop.loss": 1e-6}, 1.0, ""),
        ({"stop.loss": 1e-12, "stop.relative_loss": 1e-20}, 1.0, ""),
        ({"stop.loss": 1e-20, "model.depth": 1}, 1.0, ""),
        ({"stop.loss": 1e-40, "dtype": "float64"}, 1.0, "choose a larger one"),
        ({"stop.loss": None}, 1.0, ""),
    ],
)
def test_stop_below_the_format_is_said_before_the_run(changes: dict[str, Any], entry: float, named: str) -> None:
    sentence = unresolved_stop(RunSpec().replaced(changes), entry)
    assert named in sentence and bool(named) == bool(sentence)


def test_stop_that_is_said_to_be_below_the_format_is_not_reached() -> None:
    """The claim itself, at a stop just below eps^2 of the data: float32 comes to rest above it, float64 does not."""
    stop = {"stop.relative_loss": 1e-14, "model.depth": 2, "stop.seconds": 20.0}
    ends = {dtype: run(*on(DATA["ratings"], stop | {"dtype": dtype})).end for dtype in ("float32", "float64")}
    assert ends["float32"] is not None and ends["float32"].outcome is Outcome.AT_REST
    assert "dtype float64 does" in ends["float32"].message
    assert ends["float64"] is not None and ends["float64"].outcome is Outcome.CONVERGED
