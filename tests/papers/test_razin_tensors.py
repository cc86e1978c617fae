"""The derived law of the incubation, against a flow that scipy solves; and what is read off a run."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from dmf_core.reproductions.framework.reproduction import Results
from dmf_core.reproductions.razin_2021.figure import ON, ORDER, RANK, Razin2021Dynamics, _first_on, _on, next_at_crossings
from tests.papers.conftest import Reproduced


@pytest.mark.parametrize("order", [3, ORDER])
def test_incubation_of_a_component_grows_as_the_start_to_the_power_of_minus_order_plus_two(order: int) -> None:
    """The flow of |W - M|^2 for one component W and an M of one component and norm 1; both starts are far below it."""
    source = np.random.default_rng(0)
    target = source.normal(size=(order, 3))
    target /= np.linalg.norm(target, axis=1)[:, None]
    first = source.normal(size=(order, 3))
    first *= np.sign((first * target).sum(axis=1))[:, None]  # towards the target, so that it is learned at all

    def outer(vectors: np.ndarray) -> np.ndarray:
        product = np.ones(())
        for vector in vectors:
            product = np.multiply.outer(product, vector)
        return product

    def flow(_: float, x: np.ndarray) -> np.ndarray:
        vectors = x.reshape(order, 3)
        left = outer(vectors) - outer(target)
        pulled = []
        for n in range(order):
            G = np.moveaxis(left, n, 0)
            for vector in np.delete(vectors, n, axis=0)[::-1]:
                G = G @ vector
            pulled.append(-2 * G)
        return np.concatenate(pulled)

    def switched(_: float, x: np.ndarray) -> float:
        return float(np.prod(np.linalg.norm(x.reshape(order, 3), axis=1))) - ON

    switched.terminal = True  # type: ignore[attr-defined]
    ends = [
        solve_ivp(flow, (0, 1e9), std * first.ravel(), method="LSODA", rtol=1e-8, atol=1e-12, events=switched).t_events[0][0]
        for std in (5e-3, 1e-3)
    ]
    assert ends[1] / ends[0] == pytest.approx(5 ** (order - 2), rel=0.05)


def test_switch_on_lies_between_the_moments_around_it(reproduced: Reproduced) -> None:
    results, _ = reproduced(Razin2021Dynamics.name)
    assert isinstance(results, Results)
    for case in results.runs:
        run = results.of(case)
        assert run is not None
        t, on = run.column("t"), _on(run)
        at = int(np.argmax(on > 0))
        assert on[0] == 0 and on[-1] >= RANK - 1
        assert t[at - 1] <= _first_on(run) <= t[at]
        norms = run.spectrum("component_norms")
        largest = max(
            norms[max(i - 1, 0) : i + 1, r + 1].max() for r in range(RANK - 1) if (i := int(np.argmax(norms[:, r] > ON)))
        )
        assert 0 < next_at_crossings(run) <= largest
