"""The curves of two modes against each other, against an integrated flow by scipy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from dmf_core.theory.portrait import ceiling, portrait
from dmf_core.theory.speeds import predicted_speed


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("pulls", [(1.0, 0.6), (1.0, 0.95), (0.7, 1.1)])
def test_curve_is_the_path_of_theorem_3_under_steady_pulls(depth: int, pulls: tuple[float, float]) -> None:
    start = np.array([0.05, 0.03])

    def flow(_t: float, sigma: np.ndarray) -> np.ndarray:
        return np.array([predicted_speed(depth, sigma[i], pulls[i]) for i in (0, 1)], dtype=float)

    def large(_t: float, sigma: np.ndarray) -> float:
        return float(sigma.max() - 5)

    large.terminal = True  # type: ignore[attr-defined]
    path = solve_ivp(flow, (0, 1e4), start, rtol=1e-10, atol=1e-14, events=large).y
    actual = portrait(depth, path[0], (start[0], start[1]), pulls[1] / pulls[0])
    assert actual == pytest.approx(path[1], rel=1e-6)


@pytest.mark.parametrize("depth", [3, 4, 6])
def test_mode_that_is_behind_has_a_ceiling_from_depth_3_on(depth: int) -> None:
    through = (0.05, 0.03)
    top = ceiling(depth, through, 0.8)
    far = portrait(depth, np.array([1e3, 1e30]), through, 0.8)
    assert far[0] < far[1] <= top
    assert far[1] == pytest.approx(top, rel=1e-6)


def test_shallow_curves_have_no_ceiling() -> None:
    assert ceiling(1, (1.0, 0.5), 0.5) == ceiling(2, (1.0, 0.5), 0.5) == np.inf
    assert ceiling(3, (0.5, 1.0), 2.0) == np.inf  # the second one is ahead and pulled harder


def test_curve_ends_where_no_flow_leads() -> None:
    assert np.isnan(portrait(1, np.array([0.1]), (1.0, 0.5), 1.0)).all()
    assert np.isnan(portrait(4, np.array([100.0]), (0.5, 1.0), 2.0)).all()
