"""Methods with given steps, against torch.optim on the very same loss by autograd."""

import itertools
import math
from typing import Any

import pytest
import torch

from dmf_core.integrators.adam import Adam
from dmf_core.integrators.fixed_step import FixedStep
from dmf_core.integrators.gradient_descent import GradientDescent
from dmf_core.integrators.gradient_flow import GradientFlow
from dmf_core.integrators.group_rmsprop import GroupRMSprop
from dmf_core.integrators.momentum import Momentum
from tests.integrators.flows import Case, start

CASE = Case("completion", 12, 2, 90, 3, scale=1e-1)


def by_torch(optimizer: Any, iterations: int, **settings: float) -> torch.Tensor:
    field, x = start(CASE)
    factors = [factor.clone().requires_grad_() for factor in field.factors(x)]
    method = optimizer(factors, **settings)
    for _ in range(iterations):
        method.zero_grad()
        W = factors[0]
        for factor in factors[1:]:
            W = factor @ W
        (field.problem.observations.apply(W) - field.problem.observations.values).square().mean().backward()
        method.step()
    return torch.cat([factor.detach().reshape(-1) for factor in factors])


@pytest.mark.parametrize(
    ("integrator", "optimizer", "settings"),
    [
        (GradientDescent(learning_rate=0.3), torch.optim.SGD, {"lr": 0.3}),
        (Momentum(learning_rate=0.03), torch.optim.SGD, {"lr": 0.03, "momentum": 0.9}),
        (Adam(learning_rate=0.01), torch.optim.Adam, {"lr": 0.01}),
    ],
    ids=["sgd", "momentum", "adam"],
)
def test_fixed_step_matches_torch_optim(integrator: FixedStep, optimizer: Any, settings: dict[str, float]) -> None:
    """Same formulas in another order of summation: rounding only, grown over 200 iterations."""
    field, x = start(CASE)
    *_, last = itertools.islice(integrator.steps(field, x), 201)
    assert last.iteration == 200 and field.gradients == 201
    torch.testing.assert_close(last.x, by_torch(optimizer, 200, **settings), rtol=1e-9, atol=1e-11)


def test_group_rmsprop_takes_the_published_steps() -> None:
    field, x = start(CASE)
    steps = list(itertools.islice(GroupRMSprop(learning_rate=2e-3).steps(field, x), 50))
    average = 0.0
    for k, (a, b) in enumerate(itertools.pairwise(steps), start=1):
        average = 0.99 * average + 0.01 * float(a.velocity.square().sum())
        size = 2e-3 / (math.sqrt(average / (1 - 0.99**k)) + 1e-4)
        assert b.t - a.t == pytest.approx(size, rel=1e-9)
        torch.testing.assert_close(b.x, a.x + size * a.velocity, rtol=1e-12, atol=1e-14)


def test_group_rmsprop_follows_the_path_of_the_flow_in_its_own_clock() -> None:
    """Its steps move x by about 1e-4; the Euler error at equal time falls with them."""
    at: list[torch.Tensor] = []
    field, x = start(CASE)
    for rate in (4e-3, 1e-3):
        for step in GroupRMSprop(learning_rate=rate).steps(field, x):
            if step.t > 40:
                break
        run = None
        for run in GradientFlow(tolerance=1e-6).steps(field, x):
            if run.t > step.t:
                break
            before = run
        assert run is not None
        back = run.x + (step.t - run.t) / (run.t - before.t) * (run.x - before.x)
        at.append((step.x - back).norm() / back.norm())
    assert at[0] < 0.05
    assert at[1] < 0.5 * at[0]


def test_momentum_time_is_flow_time_for_small_steps() -> None:
    """Heavy ball lags by lr / (1 - momentum)^2 or so: at a tenth of the rate the path is ten times closer."""
    wrong = []
    for rate in (0.02, 0.002):
        field, x = start(CASE)
        *_, last = itertools.islice(Momentum(learning_rate=rate).steps(field, x), int(60 / (rate * 10)) + 1)
        for step in GradientFlow(tolerance=1e-6).steps(field, x):
            if step.t > last.t:
                break
            before = step
        share = (last.t - before.t) / (step.t - before.t)
        wrong.append(float((last.x - (before.x + share * (step.x - before.x))).norm() / step.x.norm()))
    assert wrong[1] < 0.2 * wrong[0] < 0.2


@pytest.mark.parametrize("integrator", [GradientDescent(learning_rate=900.0), Momentum(learning_rate=900.0)])
def test_a_diverging_run_hands_out_what_it_has(integrator: FixedStep) -> None:
    field, x = start(CASE)
    losses = [step.loss for step in itertools.islice(integrator.steps(field, x), 60)]
    assert not math.isfinite(losses[-1])


def test_gradient_descent_rests_where_nothing_changes() -> None:
    field, x = start(Case("completion", 3, 1, 9, 1), torch.float32)
    *_, last = GradientDescent(learning_rate=1.0).steps(field, x)
    assert last.loss < 1e-10


def test_steps_are_never_changed_afterwards() -> None:
    for integrator in (GradientDescent(), Momentum(), Adam(), GroupRMSprop()):
        field, x = start(CASE)
        steps = [(step, step.x.clone(), step.velocity.clone()) for step in itertools.islice(integrator.steps(field, x), 10)]
        assert all(torch.equal(step.x, x) and torch.equal(step.velocity, v) for step, x, v in steps)
