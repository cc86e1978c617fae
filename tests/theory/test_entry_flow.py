"""Diagonal networks: every formula of theory/entry_flow.py against an integration of u and v by scipy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from scipy.integrate import quad, solve_ivp
from scipy.optimize import linprog

from dmf_core.theory.entry_flow import (
    birth_time,
    conserved_number,
    entry_after,
    growth,
    hyperbolic_entropy,
    invariant,
    mobility,
    partner,
    predicted_births,
)

DEPTHS = [1, 2, 3, 4, 6]


def integrated(
    pull: Callable[[float, float], float], start: tuple[float, float], degree: int, until: float, **options: Any
) -> Any:
    """(u, v, z) along u' = N u^(N-1) p, v' = -N v^(N-1) p, z' = p with p = pull(t, w): the flow of one entry."""

    def flow(t: float, x: np.ndarray) -> list[float]:
        u, v, _ = x
        p = pull(t, u**degree - v**degree)
        return [degree * u ** (degree - 1) * p, -degree * v ** (degree - 1) * p, p]

    return solve_ivp(flow, (0, until), [*start, 0.0], method="DOP853", rtol=1e-11, atol=1e-14, **options)


def wavy(t: float, w: float) -> float:
    """A pull that turns its sign on the way."""
    return np.cos(3 * t) + 0.3 - 0.1 * w


@pytest.mark.parametrize("degree", DEPTHS)
def test_speed_of_an_entry_is_that_of_the_flow_of_its_factors(degree: int) -> None:
    """Against the product rule, for both signs of w and starts of any sign."""
    source = torch.Generator().manual_seed(degree)
    u, v, G = (torch.randn(4, 5, dtype=torch.float64, generator=source) for _ in range(3))
    du, dv = -degree * u.pow(degree - 1) * G, degree * v.pow(degree - 1) * G
    dw = degree * (u.pow(degree - 1) * du - v.pow(degree - 1) * dv)
    w = u.pow(degree) - v.pow(degree)
    actual = growth((u, v), G, degree)
    torch.testing.assert_close(actual.speed, dw * torch.sign(w), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(actual.speed, actual.pull * mobility(u, v, degree), rtol=1e-12, atol=0)
    assert bool((actual.pull * torch.sign(w) * -G >= 0).all())


@pytest.mark.parametrize("degree", DEPTHS)
def test_invariant_stays_constant_along_the_flow(degree: int) -> None:
    path = integrated(wavy, (0.4, 0.3), degree, 1.0).y
    u, v = (torch.from_numpy(each) for each in path[:2])
    values = invariant(u, v, degree)
    assert float((values - values[0]).abs().max()) < 1e-8 * float(values[0])  # the integration is accurate to 1e-11 a step
    assert conserved_number(0.4, 0.3, degree) == pytest.approx(float(values[0]), rel=1e-12)
    assert partner(float(u[-1]), float(values[0]), degree) == pytest.approx(float(v[-1]), rel=1e-8)


@pytest.mark.parametrize("degree", DEPTHS)
def test_entry_depends_on_the_integral_of_its_pull_alone(degree: int) -> None:
    """Woodworth et al. 2020: W is where the pulls added up to z lead, whatever their order."""
    path = integrated(wavy, (0.4, 0.4), degree, 1.0)
    w = path.y[0] ** degree - path.y[1] ** degree
    np.testing.assert_allclose(entry_after(path.y[2], 0.4, degree), w, rtol=1e-8, atol=1e-10)


def test_hyperbolic_entropy_is_the_potential_of_the_mirror_flow_at_depth_2() -> None:
    """Q'(w) = z along the flow, and Q(0) = 0."""
    path = integrated(wavy, (0.4, 0.4), 2, 1.0)
    w = path.y[0] ** 2 - path.y[1] ** 2
    step = 1e-5
    slope = (hyperbolic_entropy(w + step, 0.4) - hyperbolic_entropy(w - step, 0.4)) / (2 * step)
    np.testing.assert_allclose(slope, path.y[2], rtol=1e-6, atol=1e-9)  # a central difference
    total, _ = quad(lambda x: np.arcsinh(x / (2 * 0.4**2)) / 4, 0, 1.7)
    assert hyperbolic_entropy(np.array(1.7), 0.4) == pytest.approx(total, rel=1e-9)


def test_small_starts_find_the_least_sum_of_sizes_and_large_ones_the_least_squares() -> None:
    """Depth 2: among all w with A w = y the flow ends at the least potential. Oracles: a linear program, the pseudoinverse."""
    source = np.random.default_rng(0)
    A = source.normal(size=(5, 9))
    y = A @ np.where(np.arange(9) < 2, [1.0, -0.7, *[0] * 7], 0)
    least = linprog(np.ones(18), A_eq=np.hstack([A, -A]), b_eq=y).x
    sparse, spread = least[:9] - least[9:], np.linalg.pinv(A) @ y

    def end(alpha: float) -> np.ndarray:
        def flow(t: float, z: np.ndarray) -> np.ndarray:  # of the integral of the pull: the entries follow it
            return np.asarray(A.T @ (y - A @ entry_after(z, alpha, 2)))

        z = solve_ivp(flow, (0, 40 / alpha**2 if alpha > 1 else 400), np.zeros(9), method="LSODA", rtol=1e-9, atol=1e-12).y[:, -1]
        return entry_after(z, alpha, 2)

    errors = [float(np.abs(end(alpha) - sparse).max()) for alpha in (1e-3, 1e-5, 1e-10)]
    assert errors[0] > errors[1] > errors[2]  # slowly: the potential is |w| but for 1 / log(1 / alpha)
    assert errors[2] < 0.01 < 0.1 < np.abs(sparse - spread).max()
    assert np.abs(end(10.0) - spread).max() < 1e-3


@pytest.mark.parametrize("target", [0.8, -0.8])
@pytest.mark.parametrize("start", [(0.05, 0.05), (0.08, 0.03)])
@pytest.mark.parametrize("degree", DEPTHS)
def test_birth_time_is_when_the_integrated_entry_passes_half(degree: int, start: tuple[float, float], target: float) -> None:
    pull = 0.4 * target

    class Half:
        terminal = True  # the integration ends there

        def __call__(self, t: float, x: np.ndarray) -> float:
            return float(abs(x[0] ** degree - x[1] ** degree) - abs(target) / 2)

    path = integrated(lambda t, w: pull * (1 - w / target), start, degree, 1e9, events=Half())
    assert birth_time(pull, target, start, degree) == pytest.approx(path.t_events[0][0], rel=1e-6)


def test_entry_that_starts_beyond_half_of_its_target_is_not_born() -> None:
    assert birth_time(1.0, 0.5, (0.9, 0.1), 2) is None


def test_entries_are_numbered_by_pull_and_those_in_the_noise_are_left_out() -> None:
    pull = np.array([[0.1, -3.0], [2.0, 0.2]])
    u, ends = np.full((2, 2), 0.01), np.full((2, 2), 2.0)
    times = dict(predicted_births((u, u), pull, 0.3, ends, 2, 4))
    assert list(times) == [1, 2]
    assert times[1] == pytest.approx(birth_time(-3.0, -6.0, (0.01, 0.01), 2))
    assert times[1] < times[2]
    assert len(dict(predicted_births((u, u), pull, 0.0, ends, 2, 4))) == 4
