"""The estimate on the Run button: right within a factor of four, and never silently beyond a limit."""

import pytest

from dmf_core.cost import check_budget, estimate, in_words
from dmf_core.errors import BadInput
from dmf_core.simulate import run
from dmf_core.spec import RunSpec

TENSOR = {"problem.kind": "tensor_completion", "problem.shape": "8,8,8", "problem.rank": 2, "problem.observations": 250}
RUNS = [
    {},
    {"model.depth": 2},
    {"model.depth": 5},
    {"init.scale": 1e-6},
    {"problem.rank": 10, "problem.observations": 5000},
    {"problem.rows": 20, "problem.columns": 20, "problem.observations": 200, "problem.rank": 2},
    {"problem.kind": "matrix_sensing", "problem.rows": 30, "problem.columns": 30, "problem.observations": 400, "problem.rank": 2},
    TENSOR,
    TENSOR | {"model.depth": 2, "model.rank": 4, "init.scale": 0.05},
    TENSOR | {"model.depth": 2, "init.scale": 3e-3},
    TENSOR | {"model.kind": "tucker", "model.depth": 2, "init.scale": 0.05},
    TENSOR | {"model.kind": "tucker", "model.depth": 2, "init.scale": 1e-2},
    TENSOR | {"model.kind": "tensor_train", "init.scale": 1e-2},
]

GRADIENTS = [  # microseconds of one gradient on one core, the shortest of many
    ("8,8,8", 250, "cp", 1, 53),
    ("8,8,8", 250, "cp", 3, 115),
    ("16,16,16", 2000, "cp", 2, 462),
    ("10,10,10,10", 2000, "cp", 1, 734),
    ("8,8,8", 250, "tucker", 1, 62),
    ("8,8,8", 250, "tucker", 3, 99),
    ("6,6,6,6", 600, "tucker", 2, 123),
    ("10,10,10,10", 2000, "tucker", 1, 350),
    ("8,8,8", 250, "tensor_train", 1, 42),
    ("8,8,8", 250, "tensor_train", 3, 101),
    ("6,6,6,6", 600, "tensor_train", 2, 121),
    ("10,10,10,10", 2000, "tensor_train", 3, 560),
    ("8,8,8", 250, "hierarchical_tucker", 1, 137),
    ("8,8,8", 250, "hierarchical_tucker", 3, 197),
    ("16,16,16", 2000, "hierarchical_tucker", 2, 289),
    ("6,6,6,6", 600, "hierarchical_tucker", 2, 338),
    ("10,10,10,10", 2000, "hierarchical_tucker", 1, 2290),
    ("4,4,4,4,4", 500, "hierarchical_tucker", 3, 409),
]


@pytest.mark.parametrize("changes", RUNS, ids=str)
def test_estimated_gradients_are_right_within_a_factor_of_four(changes: dict[str, object]) -> None:
    spec = RunSpec().replaced(changes)
    end = run(spec.replaced({"save.snapshots": 2})).end
    assert end is not None
    assert spec.shape is not None
    guess = estimate(spec, spec.shape).gradients
    assert 1 / 4 < guess / end.gradients < 4


@pytest.mark.parametrize(
    ("observations", "depth", "scale", "seconds"),
    [(2000, 2, 1e-3, 2.3), (2000, 3, 1e-7, 6.9), (2000, 4, 1e-7, 24.5), (5000, 3, 1e-3, 5.3)],  # measured on one core
)
def test_estimated_seconds_of_sensing_are_right_within_a_factor_of_three(
    observations: int, depth: int, scale: float, seconds: float
) -> None:
    sensing = {"problem.kind": "matrix_sensing", "problem.observations": observations, "save.snapshots": 30}
    spec = RunSpec().replaced(sensing | {"model.depth": depth, "init.scale": scale})
    assert 1 / 3 < estimate(spec, (100, 100)).seconds / seconds < 3


@pytest.mark.parametrize(("depth", "seconds"), [(2, 22), (3, 137)])  # on one core, benchmarks/large.py
def test_estimated_seconds_of_ratings_at_full_size_are_right_within_a_factor_of_three(depth: int, seconds: float) -> None:
    ratings = {"problem.kind": "observed_data", "problem.observations": 10_000, "model.depth": depth}
    cost = estimate(RunSpec().replaced(ratings), (1682, 943))
    assert 1 / 3 < cost.seconds / seconds < 3
    assert cost.bytes < 1 << 30


@pytest.mark.parametrize(("shape", "observations", "kind", "depth", "microseconds"), GRADIENTS)
def test_estimated_seconds_of_a_tensor_gradient_are_right_within_a_factor_of_three(
    shape: str, observations: int, kind: str, depth: int, microseconds: float
) -> None:
    changes = {"problem.shape": shape, "problem.observations": observations, "model.kind": kind, "model.depth": depth}
    spec = RunSpec().replaced(TENSOR | changes | {"save.snapshots": 2})
    assert spec.shape is not None
    cost = estimate(spec, spec.shape)
    assert 1 / 3 < cost.seconds / cost.gradients / (microseconds * 1e-6) < 3


def test_run_above_the_memory_of_one_run_is_refused() -> None:
    spec = RunSpec().replaced({"problem.rows": 2000, "problem.columns": 2000, "model.width": 2000, "model.depth": 8})
    with pytest.raises(BadInput, match="memory"):
        check_budget(spec.replaced({"dtype": "float64", "save.snapshots": 2}), (2000, 8000))


@pytest.mark.parametrize(("seconds", "words"), [(0.01, "0.1 s"), (0.42, "0.4 s"), (3.2, "3 s"), (600, "10 min"), (9000, "2 h")])
def test_duration_in_words_is_short(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_few_observations_of_a_deep_matrix_from_a_small_start_cost_many_gradients() -> None:
    """Runs of the page's sliders that took 55,874, 19,038 and 5,779 gradients, counted once."""
    for rank, depth, observations, counted in ((20, 8, 2000, 55_874), (20, 6, 2000, 19_038), (20, 8, 6000, 5_779)):
        spec = RunSpec().replaced({"problem.rank": rank, "model.depth": depth, "problem.observations": observations})
        assert 1 / 2 < estimate(spec, (100, 100)).gradients / counted < 2
