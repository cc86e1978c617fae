"""The baseline against cvxpy with SCS, against its own certificate, and at the edges."""

import time

import numpy as np
import pytest
import torch

from dmf_core.baselines import shrinkage
from dmf_core.baselines.minimum_nuclear_norm import Iteration, MinimumNuclearNorm, Solution, minimum_nuclear_norm, solve
from dmf_core.inputs import Inputs, digest_of
from dmf_core.interfaces import Problem
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observations import Entries, Measurements
from dmf_core.spec import RunSpec
from tests.baselines.oracle import least_nuclear_norm, matrix_of

CPU = torch.device("cpu")


def problem(inputs: Inputs = Inputs(), **changes: object) -> Problem:
    spec = RunSpec().replaced({path.replace("__", "."): value for path, value in changes.items()})
    return spec.problem.build(spec.seed, torch.float64, CPU, inputs)


def given(data: np.ndarray) -> Problem:
    return problem(Inputs(data=data), problem__kind="observed_data", problem__data=digest_of(data))


def entries(rows: int, columns: int, rank: int, count: int, **changes: object) -> Problem:
    sizes = {"rows": rows, "columns": columns, "rank": rank, "observations": count}
    return problem(**{f"problem__{name}": value for name, value in sizes.items()}, **changes)


def with_unknown() -> Problem:
    data = np.random.default_rng(0).normal(size=(11, 2)) @ np.random.default_rng(1).normal(size=(2, 14))
    data[np.random.default_rng(2).random(data.shape) < 0.5] = np.nan
    return given(data)


def disconnected() -> Problem:
    """An empty row, an empty column, and two blocks that share neither rows nor columns."""
    data = np.full((10, 9), np.nan)
    data[:4, :4] = np.random.default_rng(0).normal(size=(4, 4))
    data[5:, 5:8] = np.random.default_rng(1).normal(size=(5, 3))
    data[0, 0] = np.nan
    return given(data)


def sensing(observations: int, **changes: object) -> Problem:
    kind = {"problem__kind": "matrix_sensing"}
    return entries(9, 7, 2, observations, **kind, **changes)


CASES = {
    "square": lambda: entries(12, 12, 2, 80),
    "too few entries": lambda: entries(14, 14, 4, 60),
    "wide": lambda: entries(8, 16, 2, 70, seed=1),
    "tall": lambda: entries(16, 8, 2, 70, seed=2),
    "noise": lambda: entries(12, 10, 2, 70, problem__noise=0.3),
    "unknown entries": with_unknown,
    "disconnected": disconnected,
    "measurements": lambda: sensing(40),
    "noisy measurements": lambda: sensing(30, problem__noise=0.2),
}


@pytest.mark.parametrize("case", CASES)
def test_minimum_nuclear_norm_is_that_of_cvxpy(case: str) -> None:
    small = CASES[case]()
    solution = solve(small.observations, small.shape)
    norm, _ = least_nuclear_norm(small.observations, small.shape)
    assert solution.solved
    assert solution.infeasibility < 1e-6
    # ours is within 1e-5 by its own certificate; SCS stops at about 1e-6
    assert solution.nuclear_norm == pytest.approx(norm, rel=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_certificate_proves_the_bound_without_the_solver(case: str) -> None:
    small = CASES[case]()
    solution = solve(small.observations, small.shape)
    U = solution.certificate
    A = matrix_of(small.observations, small.shape)
    multipliers = np.linalg.lstsq(A.T, U.ravel(), rcond=None)[0]
    assert np.allclose(A.T @ multipliers, U.ravel(), atol=1e-10)  # in the range of the adjoint
    assert np.linalg.svd(U, compute_uv=False)[0] <= 1 + 1e-12
    assert multipliers @ small.observations.values.numpy() == pytest.approx(solution.bound, rel=1e-9)
    assert solution.nuclear_norm == pytest.approx(np.linalg.svd(solution.W, compute_uv=False).sum(), rel=1e-12)
    assert solution.gap <= 1e-5


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-7])
def test_gap_is_within_the_tolerance(tolerance: float) -> None:
    small = entries(30, 20, 2, 250)
    solution = solve(small.observations, small.shape, MinimumNuclearNorm(tolerance=tolerance))
    assert solution.solved
    assert solution.gap <= tolerance


def test_arora_size_takes_at_most_two_seconds_of_one_core() -> None:
    """100 x 100, rank 5, 2,000 entries: CPU time of this process, so that a busy machine does not count."""
    large = entries(100, 100, 5, 2000)
    began = time.process_time()
    solution = solve(large.observations, large.shape)
    took = time.process_time() - began
    assert solution.solved
    assert took < 2.0
    assert large.ground_truth is not None
    assert solution.nuclear_norm < float(torch.linalg.svdvals(large.ground_truth).sum())


def test_every_solution_on_the_way_agrees_and_proves_itself() -> None:
    small = entries(20, 30, 2, 250)
    events = list(minimum_nuclear_norm(small.observations, small.shape, MinimumNuclearNorm(tolerance=1e-8)))
    solutions = [event for event in events if isinstance(event, Solution)]
    assert len(solutions) > 3
    assert isinstance(events[-1], Solution)
    assert all(isinstance(event, Iteration) for event in events if event not in solutions)
    best = solutions[-1]
    for solution in solutions:
        assert solution.infeasibility < 1e-12  # a projection: rounding only
        assert solution.bound <= best.nuclear_norm * (1 + 1e-12)
        assert solution.nuclear_norm >= best.bound * (1 - 1e-12)
    gaps = [solution.gap for solution in solutions]
    assert gaps == sorted(gaps, reverse=True)  # only the best is handed out


def test_fully_observed_matrix_is_returned_as_it_is() -> None:
    small = entries(9, 12, 3, 108)
    solution = solve(small.observations, small.shape)
    assert small.ground_truth is not None
    assert np.array_equal(solution.W, small.ground_truth.numpy())


def test_zero_data_give_the_zero_matrix() -> None:
    solution = solve(Entries(torch.ones(3, 4, dtype=torch.bool), torch.zeros(3, 4, dtype=torch.float64)), (3, 4))
    assert (solution.nuclear_norm, solution.gap, solution.infeasibility, solution.solved) == (0.0, 0.0, 0.0, True)
    assert not solution.W.any()


def test_one_entry_gives_that_entry_and_zeros() -> None:
    data = np.full((6, 5), np.nan)
    data[2, 3] = -1.5
    single = given(data)
    solution = solve(single.observations, single.shape)
    assert solution.nuclear_norm == pytest.approx(1.5, rel=1e-12)
    assert solution.W[2, 3] == -1.5
    assert np.count_nonzero(solution.W) == 1


def test_empty_rows_and_columns_stay_empty() -> None:
    """Known in closed form: whatever stands in an unseen row only adds to the norm."""
    small = disconnected()
    solution = solve(small.observations, small.shape)
    assert np.abs(solution.W[4]).max() < 1e-4
    assert np.abs(solution.W[:, [4, 8]]).max() < 1e-4


def test_dependent_measurements_do_no_harm() -> None:
    plain = sensing(30)
    assert isinstance(plain.observations, Measurements)
    A, y = plain.observations.A, plain.observations.values
    twice = Measurements(torch.cat([A, A[:5]]), torch.cat([y, y[:5]]), plain.shape)
    once, again = solve(plain.observations, plain.shape), solve(twice, plain.shape)
    assert again.nuclear_norm == pytest.approx(once.nuclear_norm, rel=2e-5)  # two gaps of 1e-5
    assert again.infeasibility < 1e-9


def test_more_measurements_than_unknowns_give_the_truth() -> None:
    many = sensing(80)
    solution = solve(many.observations, many.shape)
    assert many.ground_truth is not None
    assert np.allclose(solution.W, many.ground_truth.numpy(), atol=1e-9)


def test_contradicting_measurements_are_fitted_as_well_as_possible() -> None:
    many = sensing(80, problem__noise=0.5)
    solution = solve(many.observations, many.shape)
    A = matrix_of(many.observations, many.shape)
    best = np.linalg.lstsq(A, many.observations.values.numpy(), rcond=None)[0]
    assert np.allclose(solution.W.ravel(), best, atol=1e-9)
    assert solution.infeasibility > 0.01


def test_sensing_from_enough_measurements_recovers_the_truth() -> None:
    settings = MatrixSensing(rows=16, columns=16, rank=1, observations=140)
    many = settings.build(0, torch.float64, CPU, Inputs())
    solution = solve(many.observations, many.shape)
    assert many.ground_truth is not None
    assert np.linalg.norm(solution.W - many.ground_truth.numpy()) < 1e-3 * float(many.ground_truth.norm())


def test_limits_of_iterations_and_time_are_kept_and_said() -> None:
    small = entries(30, 20, 2, 250)
    few = solve(small.observations, small.shape, MinimumNuclearNorm(iterations=7))
    assert not few.solved
    assert few.iterations == 7
    assert "Stopped after 7 iterations" in few.message
    assert few.infeasibility < 1e-12
    quick = solve(small.observations, small.shape, MinimumNuclearNorm(seconds=1e-6))
    assert not quick.solved
    assert "allow more seconds" in quick.message


def test_same_problem_gives_the_same_bits() -> None:
    small = entries(30, 20, 2, 250)
    assert np.array_equal(solve(small.observations, small.shape).W, solve(small.observations, small.shape).W)


def test_followed_vectors_give_the_same_norm_as_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partial and full decompositions end within both gaps of each other; the certificate is exact either way."""
    small = entries(80, 90, 2, 2000)
    full = solve(small.observations, small.shape)
    monkeypatch.setattr(shrinkage, "PARTIAL_SIDE", 10)
    partial = solve(small.observations, small.shape)
    assert full.solved and partial.solved
    assert partial.nuclear_norm == pytest.approx(full.nuclear_norm, rel=2e-5)


def test_shrinkage_is_that_of_the_singular_values() -> None:
    for shape in ((7, 5), (5, 7)):
        Z = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        U, sigma, Vh = torch.linalg.svd(Z, full_matrices=False)
        for threshold in (0.1, 1.0, 100.0):
            expected = U @ torch.diag((sigma - threshold).clamp_min(0)) @ Vh
            assert torch.allclose(shrinkage.Shrinkage(shape)(Z, threshold), expected, atol=1e-10)
