"""The least mean nuclear norm of the unfoldings against cvxpy with SCS, against its own certificate, and at the edges."""

import numpy as np
import pytest
import tensorly
import torch

from dmf_core.baselines import minimum_nuclear_norm as matrices
from dmf_core.baselines.memorizer import memorize
from dmf_core.baselines.splitting import HowExactly, Iteration
from dmf_core.baselines.unfolding_norms import LeastUnfoldings, least_unfoldings, solve
from dmf_core.problems.observations import Entries
from tests.baselines.oracle import least_mean_of_unfoldings
from tests.baselines.tensors import ObservedTensor, observed_tensor

CASES = {
    "cube": observed_tensor((4, 4, 4), 1, 30),
    "too few entries": observed_tensor((4, 5, 4), 3, 20, seed=1),
    "unequal sides": observed_tensor((3, 6, 4), 2, 40, seed=2),
    "order 4": observed_tensor((3, 3, 2, 3), 1, 25, seed=3),
    "noise": observed_tensor((4, 4, 4), 1, 40, seed=4, noise=0.3),
}


def mean_of_nuclear_norms(W: np.ndarray) -> float:
    return float(np.mean([np.linalg.norm(tensorly.unfold(W, mode), "nuc") for mode in range(W.ndim)]))


@pytest.mark.parametrize("case", CASES)
def test_least_unfoldings_are_those_of_cvxpy(case: str) -> None:
    small = CASES[case]
    solution = solve(small.shape, small.index, small.values)
    norm, _ = least_mean_of_unfoldings(small.shape, small.index, small.values)
    assert solution.solved
    assert np.array_equal(solution.W.ravel()[small.index], small.values)
    # ours is within 1e-5 by its own certificate; SCS stops at about 1e-6
    assert solution.mean_nuclear_norm == pytest.approx(norm, rel=1e-4)
    assert solution.mean_nuclear_norm == pytest.approx(mean_of_nuclear_norms(solution.W), rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_certificate_proves_the_bound_without_the_solver(case: str) -> None:
    """Weak duality, with tensorly's unfoldings: for every W that agrees, mean |W_(n)|_* >= <sum U, W> = bound."""
    small = CASES[case]
    solution = solve(small.shape, small.index, small.values)
    total = solution.certificate.sum(axis=0).ravel()
    unseen = np.setdiff1d(np.arange(total.size), small.index)
    assert np.abs(total[unseen]).max() < 1e-12
    for mode, U in enumerate(solution.certificate):
        assert np.linalg.norm(tensorly.unfold(U, mode), 2) * len(small.shape) <= 1 + 1e-12
    assert total[small.index] @ small.values == pytest.approx(solution.bound, rel=1e-9)
    assert solution.bound <= mean_of_nuclear_norms(small.truth) or case == "noise"
    assert solution.gap <= 1e-5


def test_enough_entries_of_a_rank_one_tensor_give_it_back() -> None:
    """300 of 512 entries: seven of eight draws came back to 1e-8, this one among them."""
    small = observed_tensor((8, 8, 8), 1, 300)
    solution = solve(small.shape, small.index, small.values, HowExactly(tolerance=1e-8))
    assert small.error(solution.W) < 1e-6
    assert small.error(memorize(small.shape, small.index, small.values)) > 0.5


def test_fully_observed_tensor_is_returned_as_it_is() -> None:
    whole = observed_tensor((3, 4, 5), 2, 60)
    assert np.array_equal(solve(whole.shape, whole.index, whole.values).W, whole.truth)


def test_zero_values_give_the_zero_tensor() -> None:
    solution = solve((3, 4, 2), np.array([0, 5]), np.zeros(2))
    assert (solution.mean_nuclear_norm, solution.gap, solution.solved) == (0.0, 0.0, True)
    assert not solution.W.any()


def test_order_two_is_the_minimum_nuclear_norm() -> None:
    """Both unfoldings of a matrix have its singular values."""
    small = observed_tensor((12, 9), 2, 60)
    mask = torch.zeros(108, dtype=torch.bool).index_fill(0, torch.from_numpy(small.index), True).view(12, 9)
    once = matrices.solve(Entries(mask, torch.from_numpy(small.truth)), (12, 9))
    solution = solve(small.shape, small.index, small.values)
    assert solution.mean_nuclear_norm == pytest.approx(once.nuclear_norm, rel=2e-5)  # two gaps of 1e-5


def test_every_solution_on_the_way_agrees_and_only_better_ones_come() -> None:
    small: ObservedTensor = observed_tensor((8, 8, 8), 1, 100)
    events = list(least_unfoldings(small.shape, small.index, small.values, HowExactly(tolerance=1e-7)))
    solutions = [event for event in events if isinstance(event, LeastUnfoldings)]
    assert len(solutions) > 2
    assert all(isinstance(event, Iteration) for event in events if event not in solutions)
    assert all(np.array_equal(each.W.ravel()[small.index], small.values) for each in solutions)
    gaps = [each.gap for each in solutions]
    assert gaps == sorted(gaps, reverse=True)
    few = solve(small.shape, small.index, small.values, HowExactly(iterations=7))
    assert not few.solved
    assert "Stopped after 7 iterations" in few.message
