"""W = U U^T: the statements about two balanced factors, with the symmetric pull, against an integration of U by scipy."""

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from dmf_core.theory.equation import end_to_end_flow
from dmf_core.theory.modes import all_modes
from dmf_core.theory.speeds import predicted_speed
from dmf_core.theory.symmetric_flow import predicted_births, symmetric_pull, velocity
from dmf_core.theory.vectors import predicted_turning

SIDE, WIDTH = 6, 4


def state() -> tuple[torch.Tensor, torch.Tensor]:
    """(U, dL/dW), where nothing is symmetric or balanced."""
    source = torch.Generator().manual_seed(1)
    U = torch.randn(SIDE, WIDTH, dtype=torch.float64, generator=source)
    return U, torch.randn(SIDE, SIDE, dtype=torch.float64, generator=source)


def moved(U: torch.Tensor, G: torch.Tensor, t: float) -> torch.Tensor:
    """W at time t, where dL/dW stays G: U' = -(G + G^T) U by scipy."""

    def flow(_: float, x: np.ndarray) -> np.ndarray:
        return np.asarray(-(G + G.T).numpy() @ x.reshape(SIDE, WIDTH)).ravel()

    path = solve_ivp(flow, (0, t), U.numpy().ravel(), method="DOP853", rtol=1e-12, atol=1e-14)
    end = torch.from_numpy(path.y[:, -1].reshape(SIDE, WIDTH))
    return end @ end.T


STEP = 1e-5  # of central differences, whose error is its square


def test_motion_of_W_is_the_end_to_end_equation_of_two_balanced_factors() -> None:
    U, G = state()
    S = symmetric_pull(G)
    measured = (moved(U, G, STEP) - moved(U, G, -STEP)) / (2 * STEP)
    torch.testing.assert_close(velocity(U, S @ U), measured, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(end_to_end_flow(all_modes(U @ U.T), S, 2), measured, rtol=1e-6, atol=1e-6)


def test_eigenvalues_grow_and_their_vectors_turn_as_those_of_two_balanced_factors() -> None:
    U, G = state()
    S = symmetric_pull(G)
    now, before, after = (all_modes(moved(U, G, t)).first(WIDTH) for t in (0.0, -STEP, STEP))
    measured = (after.sigma - before.sigma) / (2 * STEP)
    pull = (now.U * (S @ now.V)).sum(0)
    torch.testing.assert_close(
        torch.from_numpy(predicted_speed(2, now.sigma.numpy(), pull.numpy())), measured, rtol=1e-5, atol=1e-5
    )
    signs = [(each.U * now.U).sum(0).sign() for each in (before, after)]
    turning = (after.U * signs[1] - before.U * signs[0]) / (2 * STEP)
    torch.testing.assert_close(predicted_turning(all_modes(U @ U.T), S, 2, WIDTH).u, turning, rtol=1e-4, atol=1e-4)


def test_births_are_those_of_the_fully_observed_flow() -> None:
    """There every mode is by itself, from a multiple of the identity exactly. Oracle: U integrated by scipy."""
    source = np.random.default_rng(0)
    Q = np.linalg.qr(source.normal(size=(SIDE, SIDE)))[0]
    M = Q @ np.diag([5.0, 3.0, 1.5, 0, 0, -2.0]) @ Q.T
    start = 1e-3

    def gradient(W: np.ndarray) -> np.ndarray:
        return np.asarray(2 / W.size * (W - M))

    def flow(_: float, x: np.ndarray) -> np.ndarray:
        U = x.reshape(SIDE, SIDE)
        G = gradient(U @ U.T)
        return np.asarray(-(G + G.T) @ U).ravel()

    U = np.sqrt(start) * np.eye(SIDE)
    path = solve_ivp(flow, (0, 400), U.ravel(), method="DOP853", rtol=1e-10, atol=1e-12, dense_output=True)
    times = dict(predicted_births(start * np.eye(SIDE), gradient(start * np.eye(SIDE)), 0.0, 3))
    assert list(times) == [1, 2, 3]
    for mode, time in times.items():
        W = path.sol(time).reshape(SIDE, SIDE)
        a = Q[:, mode - 1]
        target = (np.linalg.norm(M, 2), 3.0, 1.5)[mode - 1] - start  # the pull at the start is that much less
        assert float(a @ W @ W.T @ a) == pytest.approx(target / 2, rel=5e-3)  # start / M, in a logarithm


def test_negative_eigenvalues_and_noise_have_no_births() -> None:
    W, gradient = 1e-3 * np.eye(4), np.diag([-3.0, 2.0, -0.2, 0.0])
    assert list(dict(predicted_births(W, gradient, 0.0, 4))) == [1, 2]  # the pulls are 3, 0.2, 0 and -2
    assert list(dict(predicted_births(W, gradient, 1.0, 4))) == [1]
    assert list(predicted_births(3 * np.eye(4), gradient, 0.0, 4)) == []  # no plateau to leave
