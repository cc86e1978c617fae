"""LSODA behind our interface."""

import numpy as np
import pytest
import torch

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.integrators.implicit_flow import ImplicitFlow
from tests.integrators.flows import Case, errors, ours, scipys, start


def test_implicit_flow_refuses_large_systems_with_a_remedy() -> None:
    field, x = start(Case("completion", 20, 2, 240, 3))
    with pytest.raises(BadInput) as caught:
        next(ImplicitFlow().steps(field, x))
    assert "1200" in str(caught.value)
    assert str(limits.IMPLICIT_UNKNOWNS) in str(caught.value)
    assert "gradient_flow" in str(caught.value)


def test_implicit_flow_matches_scipys_explicit_method() -> None:
    """rtol 1e-8 a step; over some thousand steps that adds up to well below 1e-4."""
    case = Case("completion", 10, 1, 70, 2)
    field, x = start(case)
    births, final = errors(ours(field, ImplicitFlow().steps(field, x)), scipys(case))
    assert births < 1e-4
    assert final < 1e-4


def test_implicit_flow_hands_out_its_points() -> None:
    field, x = start(Case("completion", 5, 1, 25, 2))
    fresh, _ = start(Case("completion", 5, 1, 25, 2))
    times = []
    for step in ImplicitFlow().steps(field, x):
        times.append(step.t)
        assert torch.equal(fresh(step.x), step.velocity)
        assert fresh.loss == step.loss
        if step.iteration == 50:
            break
    assert np.all(np.diff(times) > 0)
