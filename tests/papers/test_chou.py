"""The scalar recursion, the time of flow and the windows, each against something else."""

import numpy as np
import pytest

from dmf_core.reproductions.chou_2020.readings import FIRST_TARGET, VECTORS, escape, target, windows
from dmf_core.reproductions.framework.given_target import descent, eigenpath
from dmf_core.reproductions.framework.scalar_recursion import first_passing, flow_time, identical, perturbed
from dmf_core.reproductions.wang_chou.runs import LEVELS, SIGNAL, WORST, clean, noise, window


def plain_descent(target: np.ndarray, factors: list[np.ndarray], step: float, iterations: int) -> np.ndarray:
    """Gradient descent on 1/2 |W - M|^2 in numpy, every factor's gradient written out."""
    for _ in range(iterations):
        W = np.linalg.multi_dot(factors[::-1])
        updated = []
        for j in range(len(factors)):
            above = np.linalg.multi_dot([*factors[:j:-1], np.eye(len(W)), np.eye(len(W))])
            below = np.linalg.multi_dot([*factors[:j][::-1], np.eye(len(W)), np.eye(len(W))])
            updated.append(factors[j] - step * above.T @ (W - target) @ below.T)
        factors = updated
    return np.linalg.multi_dot(factors[::-1])


@pytest.mark.parametrize("first", [0.1, 0.05])
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_recursion_is_matrix_descent_written_out(depth: int, first: float) -> None:
    values = np.array([3.0, 1.0, 0.5, -2.0])
    factors = [(first if j == 0 else 0.1) * np.eye(4) for j in range(depth)]
    W = plain_descent(target(values), factors, 0.01, 300)
    path = identical(values, depth, 0.1, 0.01, 300) if first == 0.1 else perturbed(values, depth, 0.1, first, 0.01, 300)
    assert np.abs(W - target(path[-1])).max() < 1e-12  # rounding of 300 steps


def test_vectors_of_the_example_are_orthonormal() -> None:
    assert np.abs(VECTORS @ VECTORS.T - np.eye(4)).max() < 1e-15


def test_flow_time_at_depth_2_is_the_closed_form() -> None:
    a, b, value = 0.1, 2.0, 7.0
    closed = np.log(b**2 * (value - a**2) / (a**2 * (value - b**2))) / (2 * value)
    assert flow_time(value, 2, a, b) == pytest.approx(closed, rel=1e-9)


def test_flow_time_is_the_limit_of_small_steps() -> None:
    path = identical(np.array([5.0]), 3, 0.1, 1e-4, 40_000)[:, 0]
    assert first_passing(path, 2.5) * 1e-4 == pytest.approx(flow_time(5.0, 3, 0.1, 2.5 ** (1 / 3)), rel=1e-3)


def test_learning_rate_stands_for_the_step_of_half_the_sum_of_squares() -> None:
    run = descent(target(FIRST_TARGET), 3, 0.1, 0.01, 10)
    assert run.spec.integrator.learning_rate * 2 / 16 == 0.01
    assert eigenpath(run)[1].shape == (11, 4)


def test_windows_are_in_order_and_only_deep_ones_open() -> None:
    deep, shallow = windows(escape(3)), windows(escape(2))
    assert [opens for opens, _ in deep] == sorted(opens for opens, _ in deep)
    assert all(opens < closes for opens, closes in deep[:2])
    assert all(opens > closes for opens, closes in shallow[:2])


def test_window_of_a_noisy_target_shrinks_and_closes_near_half_the_signal() -> None:
    widths = [closes - opens for opens, closes in map(window, LEVELS)]
    assert all(np.diff(widths) < 0)
    first_empty = next(level for level, width in zip(LEVELS, widths, strict=True) if width < 0)
    assert first_empty == SIGNAL.min() / 2


def test_worst_noise_has_its_norm_and_moves_two_eigenvalues_as_far_as_it_can() -> None:
    E = noise(2.0, WORST)
    values = np.linalg.eigvalsh(clean(WORST) + E)
    assert np.linalg.norm(E, 2) == pytest.approx(2.0, rel=1e-12)
    assert values[-3:] == pytest.approx([2.0, SIGNAL.min() - 2.0, SIGNAL.max()], rel=1e-12)
    assert np.abs(values[:-3]).max() < 1e-12
