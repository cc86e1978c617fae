"""What Theorem 3 assumes: which methods it covers, and how the measured imbalance bounds its error."""

import numpy as np
import pytest
import torch

from dmf_core.analysis.replay import explained
from dmf_core.integrators import INTEGRATORS
from dmf_core.interfaces import Coverage
from dmf_core.models.starts import split_evenly
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.assumptions import imbalance
from dmf_core.theory.modes import leading_modes
from dmf_core.theory.speeds import predicted_speed
from dmf_core.trajectory import Insight

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7, "stop.loss": 1e-3}


def insight_of(changes: dict[str, object]) -> Insight:
    spec = RunSpec().replaced({"integrator.kind": changes.get("integrator.kind", "gradient_flow")}).replaced(SMALL | changes)
    insight = explained(run(spec), spec).insight
    assert insight is not None
    assert not insight.missing
    return insight


def test_every_integrator_is_covered_or_not() -> None:
    for integrator in INTEGRATORS.values():
        assert integrator.covered.because
        assert (integrator.covered.coverage is Coverage.EXACT) == integrator.continuous


def test_methods_that_solve_the_flow_never_leave_it() -> None:
    assert (insight_of({}).off_flow == 0).all()


@pytest.mark.parametrize("kind", ["gradient_descent", "group_rmsprop"])
def test_methods_covered_for_small_steps_follow_the_flow_the_better_the_smaller_they_are(kind: str) -> None:
    rates = {"gradient_descent": (0.4, 0.1), "group_rmsprop": (4e-3, 1e-3)}[kind]
    changes = {"integrator.kind": kind, "stop.loss": 1e-2, "init.scale": 1e-2}
    large, small = (np.nanmedian(insight_of(changes | {"integrator.learning_rate": rate}).off_flow) for rate in rates)
    assert small < large / 3  # of first order: a quarter
    assert small < 0.01


@pytest.mark.parametrize("kind", ["adam", "momentum"])
def test_methods_that_are_not_covered_go_beside_the_flow(kind: str) -> None:
    rate = {"adam": 1e-3, "momentum": 0.1}[kind]
    off = insight_of({"integrator.kind": kind, "integrator.learning_rate": rate, "stop.loss": 1e-2, "init.scale": 1e-2}).off_flow
    assert np.nanmedian(off) > 0.02


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_imbalance_of_evenly_split_factors_is_rounding(depth: int) -> None:
    W = torch.randn(6, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    factors = split_evenly(W, ((6, 8), *[(6, 6)] * (depth - 1)))
    assert float(imbalance(factors, leading_modes(W, 6)).max()) < 1e-13


def test_imbalance_is_that_of_a_mode_alone() -> None:
    first, second = torch.diag(torch.tensor([2.0, 3.0]).double()), torch.diag(torch.tensor([8.0, 3.0]).double())
    actual = imbalance((first, second), leading_modes(second @ first, 2))
    assert torch.allclose(actual, torch.tensor([(64 - 4) / 16, 0.0], dtype=torch.float64))


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("start", [("gaussian", 1e-3), ("gaussian", 0.1), ("gaussian", 1.0), ("balanced", 1.0)])
def test_theorem_3_is_off_by_two_per_cent_at_most_where_the_imbalance_is_small(depth: int, start: tuple[str, float]) -> None:
    insight = insight_of({"model.depth": depth, "init.kind": start[0], "init.scale": start[1]})
    learned = insight.sigma[-1] > 0.1 * insight.sigma[-1, 0]
    moving = np.abs(insight.measured) > 0.01 * np.nanmax(np.abs(insight.measured), axis=0)
    fine = moving & learned & (insight.imbalance < 0.1)
    off = np.abs(predicted_speed(depth, insight.sigma, insight.pull) / insight.measured - 1)
    assert off[fine].max(initial=0.0) < 0.02
    if start == ("gaussian", 1.0):
        rough = moving & learned & (insight.imbalance > 0.3)
        assert np.median(off[rough]) > 0.03  # and where it is large, the theorem fails
