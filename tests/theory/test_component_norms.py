"""Component norms: the identity and its bounds against finite differences of the flow itself."""

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from dmf_core.integrators.curvature import spectral_radius
from dmf_core.interfaces import VectorField
from dmf_core.prepare import Prepared, prepare
from dmf_core.spec import RunSpec
from dmf_core.theory.component_norms import band, growth, power_law

SMALL = {
    "problem.kind": "tensor_completion",
    "problem.shape": "6,5,7",
    "problem.rank": 2,
    "problem.observations": 120,
    "dtype": "float64",
}


def moments(prepared: Prepared, spec: RunSpec) -> Iterator[Tensor]:
    """Points of a real run, from its start until the loss is small."""
    for step in spec.integrator.steps(prepared.field, prepared.x):
        if step.iteration % 5 == 0:
            yield step.x
        if step.loss < 1e-4:
            return


def flowed(field: VectorField, x: Tensor, h: float) -> Tensor:
    """Where the flow is after the time h: one classical Runge-Kutta step."""
    k1 = field(x)
    k2 = field(x + h / 2 * k1)
    k3 = field(x + h / 2 * k2)
    k4 = field(x + h * k3)
    return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def norms(field: VectorField, x: Tensor, depth: int = 1) -> Tensor:
    factors = field.factors(x)
    groups = [factors[i : i + depth] for i in range(0, len(factors), depth)]
    matrices = [torch.linalg.multi_dot(group) if depth > 1 else group[0] for group in groups]
    return torch.stack([matrix.norm(dim=0) for matrix in matrices]).prod(dim=0)


def measured(field: VectorField, x: Tensor, depth: int = 1) -> Tensor:
    """d s_r / dt by a central difference over a time in which x moves by at most 1e-5 of itself, and nothing decays."""
    velocity = field(x)
    h = min(1e-5 * float(x.norm() / velocity.norm()), 1e-2 / spectral_radius(field, x, velocity)[0])
    return (norms(field, flowed(field, x, h), depth) - norms(field, flowed(field, x, -h), depth)) / (2 * h)


@pytest.mark.parametrize("scale", [0.3, 0.02])
@pytest.mark.parametrize("shape", ["6,5,7", "4,3,4,3"])
def test_component_norms_follow_the_identity_and_stay_in_the_band(shape: str, scale: float) -> None:
    """Worst residual at most 1e-3 of the fastest component, all along a real run; so is the largest one's own."""
    spec = RunSpec().replaced(SMALL | {"problem.shape": shape, "init.scale": scale})
    prepared = prepare(spec)
    field, checked = VectorField(prepared.problem, spec.model), 0
    for x in moments(prepared, spec):
        factors = field.factors(x)
        actual = growth(factors, prepared.problem.loss_gradient(field.end_to_end(x)))
        speed = measured(field, x)
        fastest = float(speed.abs().max())
        assert float((actual.speed - speed).abs().max()) <= 1e-3 * fastest
        low, high = band(actual, len(factors))
        rounding = 1e-9 * fastest
        assert ((low - rounding <= actual.speed) & (actual.speed <= high + rounding)).all()
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize(("depth", "rank"), [(1, 7), (2, 1), (3, 1)])
def test_balanced_components_follow_the_power_law(depth: int, rank: int) -> None:
    """Exact at the start; a single component stays balanced, so that the law holds all along its growth."""
    spec = RunSpec().replaced(
        SMALL | {"model.depth": depth, "model.rank": rank, "init.kind": "balanced", "init.scale": 0.2, "stop.loss": None}
    )
    prepared = prepare(spec)
    field, layers = VectorField(prepared.problem, spec.model), 3 * depth
    for count, step in enumerate(spec.integrator.steps(prepared.field, prepared.x)):
        if count > (40 if rank == 1 else 0):
            break
        factors = field.factors(step.x)
        groups = [factors[i : i + depth] for i in range(0, len(factors), depth)]
        matrices = tuple(torch.linalg.multi_dot(group) if depth > 1 else group[0] for group in groups)
        actual = growth(matrices, prepared.problem.loss_gradient(field.end_to_end(step.x)))
        law, speed = power_law(actual.norm, actual.pull, layers), measured(field, step.x, depth)
        # the method's own steps unbalance a component by a part of their tolerance of 1e-2
        assert float((law - speed).abs().max()) <= (1e-6 if count == 0 else 0.02) * float(speed.abs().max()) + 1e-9


def test_band_closes_where_the_component_is_balanced() -> None:
    source = torch.Generator().manual_seed(0)
    factors = tuple(
        torch.nn.functional.normalize(torch.randn(d, 4, dtype=torch.float64, generator=source), dim=0) for d in (3, 4, 5)
    )
    actual = growth(tuple(0.7 * factor for factor in factors), torch.randn(3, 4, 5, dtype=torch.float64, generator=source))
    low, high = band(actual, 3)
    torch.testing.assert_close(low, high, rtol=1e-12, atol=1e-15)
    torch.testing.assert_close(actual.speed, power_law(actual.norm, actual.pull, 3), rtol=1e-12, atol=1e-15)


def test_component_that_is_zero_has_no_speed() -> None:
    factors = (torch.zeros(3, 1), torch.ones(2, 1), torch.ones(2, 1))
    actual = growth(factors, torch.ones(3, 2, 2))
    assert [float(each) for each in actual[:3]] == [0.0, 0.0, 0.0]
    assert all(math.isfinite(float(each)) for each in band(actual, 3))
