"""Exponents of growth, sharpness and equal starts, held against closed forms and draws."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy.stats import linregress

from dmf_core.models import MODELS
from dmf_core.models.starts import entries
from dmf_core.prepare import prepare
from dmf_core.reproductions.depth_law.exponents import interval, of_component, of_layer
from dmf_core.reproductions.depth_law.growth import Growth, growth
from dmf_core.reproductions.framework.sharpness import entry_std, numerical_rank, switches
from dmf_core.reproductions.hariz_2022.cases import COMPONENTS, FEW, LARGE, Case, run_of
from dmf_core.reproductions.hariz_2022.readings import MOMENTS, spurious_of, spurious_on_the_way
from dmf_core.spec import RunSpec

from .conftest import Reproduced

GAMMA = 0.7


def grown(P: int) -> Growth:
    """ds/dt = P gamma s^(2 - 2/P) with constant gamma: s^(-(1 - 2/P)) falls in a straight line; P = 2 is exponential."""
    first, last = 1e-3, 1.0
    if P == 2:
        t = np.linspace(0, np.log(last / first) / (2 * GAMMA), 400)
        s = first * np.exp(2 * GAMMA * t)
    else:
        share = 1 - 2 / P
        end = (first**-share - last**-share) / (P * GAMMA * share)
        t = end * (1 - np.linspace(1, 0, 400) ** 3)  # steps that shrink where it is fast
        s = (first**-share - share * P * GAMMA * t) ** (-1 / share)
    return Growth(t, s, np.full_like(t, GAMMA), s ** (1 / P))


@pytest.mark.parametrize("P", [2, 3, 5, 9, 12])
def test_exponents_of_a_closed_form_are_found(P: int) -> None:
    """Within 1e-3: the spline's derivative is of third order in the steps."""
    exponents, layer = of_component(grown(P)), of_layer(grown(P))
    assert exponents.exponent == pytest.approx(2 - 2 / P, abs=1e-3)
    assert exponents.factor == pytest.approx(P, rel=1e-2)
    assert layer.exponent == pytest.approx(P - 1, abs=1e-3 * P)


def test_exponent_is_that_of_scipy_on_points_already_even() -> None:
    x = np.linspace(0, 3, 61)
    s = np.exp(x)
    rough = Growth(x, s, np.exp(0.1 * np.sin(7 * x)), s)  # ds/dt = s, exactly; the pull is not a power of s
    phase = rough.growing
    inside = x[phase]
    even = np.linspace(inside[0], inside[-1], 60)
    expected = linregress(even, np.interp(even, inside, inside - 0.1 * np.sin(7 * inside)))
    assert of_component(rough).exponent == pytest.approx(expected.slope, abs=1e-6)
    assert abs(expected.slope - 1) > 1e-3  # or the pull would not have been looked at


def test_component_that_does_not_grow_has_no_exponent() -> None:
    t = np.linspace(0, 1, 50)
    assert np.isnan(of_component(Growth(t, np.exp(-t), np.ones(50), np.exp(-t))).exponent)


def test_interval_is_students_over_draws() -> None:
    """Of 1, 2, 3 with 2 degrees of freedom: 4.303 / sqrt(3), from a printed table."""
    assert interval([1.0, 2.0, 3.0]) == pytest.approx((2.0, 4.303 / 3**0.5), rel=1e-3)
    assert np.isnan(interval([1.0]).half)


def test_growth_of_an_unbalanced_component_is_another_one() -> None:
    """Normal entries make the factor of the long side the largest: the balanced law, 4/3, does not hold from there."""
    spec = RunSpec().replaced(
        {
            "problem.kind": "tensor_completion", "problem.shape": (2, 4, 20), "problem.rank": 1, "problem.observations": 96,
            "model.kind": "cp", "model.rank": 1, "seed": 2, "init.scale": 0.2, "stop.loss": 1e-2,
            "dtype": "float64", "device": "cpu", "integrator.kind": "implicit_flow", "integrator.tolerance": 1e-6,
        }
    )  # fmt: skip
    balanced = of_component(growth(spec.replaced({"init.kind": "balanced", "init.scale": 0.05})))
    assert balanced.exponent == pytest.approx(4 / 3, abs=1e-3)
    assert abs(of_component(growth(spec)).exponent - 4 / 3) > 0.05


def test_component_of_unequal_factors_grows_by_the_sum_of_their_inverse_squares() -> None:
    """ds/dt = gamma s^2 (1/a_1^2 + .. + 1/a_P^2) on the gradient flow, which autograd walks; at least P gamma s^(2 - 2/P)."""
    source = torch.Generator().manual_seed(3)
    M = torch.randn(4, 5, 6, generator=source, dtype=torch.float64)
    a, b, c = ((size * torch.randn(d, generator=source, dtype=torch.float64)) for size, d in ((0.1, 4), (0.5, 5), (2.0, 6)))
    factors = tuple(factor.requires_grad_() for factor in (a, b, c))

    def tensor() -> torch.Tensor:
        return torch.einsum("i,j,k->ijk", *factors)

    speeds = [-each for each in torch.autograd.grad(((tensor() - M) ** 2).mean(), factors)]
    slopes = torch.autograd.grad(tensor().norm(), factors)
    speed = sum(float((slope * along).sum()) for slope, along in zip(slopes, speeds, strict=True))
    W = tensor().detach()
    s = float(W.norm())
    gamma = float((2 * (M - W) / M.numel() * W).sum()) / s
    assert speed == pytest.approx(gamma * s**2 * sum(float(1 / factor.detach().square().sum()) for factor in factors), rel=1e-12)
    assert abs(speed) > 2 * abs(3 * gamma * s ** (2 - 2 / 3))  # far from balanced


def test_switch_of_a_logistic_curve_is_known() -> None:
    """1 / (1 + exp(-k (t - 30))): 10 to 90 % take 2 ln 9 / k, half of it is passed at 30."""
    t = np.linspace(0, 60, 3001)
    values = np.stack([1 / (1 + np.exp(-k * (t - 30))) for k in (2.0, 1.0)], axis=1)
    run = SimpleNamespace(column=lambda name: t, spectrum=lambda name: values)
    for k, each in zip((2.0, 1.0), switches(run, "any", 2), strict=True):  # type: ignore[arg-type]
        assert each.born == pytest.approx(30, abs=1e-3)
        assert each.width == pytest.approx(2 * np.log(9) / k / 30, rel=1e-3)


def test_numerical_rank_counts_above_the_share() -> None:
    assert numerical_rank(np.array([2.0, 1.0, 0.021, 0.019, 0.0]), 0.01) == 3


@pytest.mark.parametrize("kind", ["tucker", "tensor_train", "cp"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_entries_of_w_have_the_size_that_entry_std_promises(kind: str, depth: int) -> None:
    """Over 40 draws of 1000 entries, heavy-tailed and dependent: within a third."""
    model, shape, size = MODELS[kind](depth=depth), (10, 10, 10), 1e-4
    std = entry_std(model, shape, size)
    source = torch.Generator().manual_seed(0)
    squares = [model.end_to_end(entries(model, shape, std, source)).square().mean() for _ in range(40)]
    assert float(torch.stack(squares).mean()) ** 0.5 == pytest.approx(size, rel=1 / 3)


def test_spurious_components_on_the_way_begin_with_all_and_end_as_counted(reproduced: Reproduced) -> None:
    results, _ = reproduced("hariz-deep-cp")
    cases = [key for key in results.runs if isinstance(key, Case) and key.start == "large"]
    assert len(cases) == 9
    for case in cases:
        each = results.of(case)
        assert each is not None
        counts = spurious_on_the_way(each)
        assert len(counts) == len(MOMENTS) and counts[0] == COMPONENTS - 3, case  # at first all ten are there
        assert counts[-1] == spurious_of(each.singular_values[-1])


def test_large_start_is_the_same_w_at_every_depth() -> None:
    """To rounding, with every component of the norm that the page says; the usual balanced depth 1 starts elsewhere."""
    runs = [run_of(Case(400, depth, 100, "large")) for depth in (1, 2, 3)]
    starts = [prepare(each.spec, each.inputs).start for each in runs]
    for start in starts:
        assert np.abs(start.end_to_end_first - starts[0].end_to_end_first).max() < 1e-12
    norms = np.prod([np.linalg.norm(factor, axis=0) for factor in starts[0].factors_first], axis=0)
    assert norms == pytest.approx([LARGE] * COMPONENTS, rel=1e-12)
    usual = prepare(runs[0].spec.replaced({"init.factors": None})).start
    assert np.abs(usual.end_to_end_first - starts[0].end_to_end_first).max() > 0.1


def test_spurious_components_are_those_beyond_the_rank() -> None:
    assert spurious_of(np.array([2.0, 1.0, 0.5, 0.03, 0.019])) == 1
    assert spurious_of(np.array([2.0, 0.019, 0.001])) == 0


def test_stiff_direction_that_no_step_shows_is_noticed() -> None:
    """On the second plateau of this draw all that moves is slow, while the largest curvature is a hundred times what the
    last steps show. Believed to be that small, it was never estimated again: a quarter of the steps was refused."""
    run = run_of(Case(FEW, 3, 0))
    prepared = prepare(run.spec, run.inputs)
    steps = run.spec.integrator.steps(prepared.field, prepared.x)
    reached = next(step for step in steps if step.t > 2300)
    assert prepared.field.gradients < 6000  # counted: 2,800; without noticing 20,000
    assert reached.rejected < 100  # counted: 53; 1,500
