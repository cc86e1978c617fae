"""Every sentence of random runs, read back by code of the test's own and held against the arrays.

`python -m benchmarks.words 2000` does the same to two thousand.
"""

import pytest

from benchmarks.random_words import Case, case
from benchmarks.words import wrong

RUNS = 200


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [case(number) for number in range(RUNS)]


def test_words_of_random_runs_are_borne_out_by_the_arrays(cases: list[Case]) -> None:
    assert {number: found for number, each in enumerate(cases) if (found := wrong(each))} == {}


def test_random_runs_are_of_every_kind_of_trouble(cases: list[Case]) -> None:
    """Else the test above says little."""
    specs, runs = [each.spec for each in cases], [each.run for each in cases]
    assert {spec.model.depth for spec in specs if not spec.model.tensor} == set(range(1, 9))
    assert {spec.model.kind for spec in specs} >= {"deep_matrix", "cp", "tucker", "tensor_train", "hierarchical_tucker"}
    outcomes = {"growing" if run.end is None else run.end.outcome.value for run in runs}
    assert outcomes >= {"growing", "converged", "iterations", "time", "cancelled", "budget", "diverged"}
    assert sum(len(run.snapshots) <= 2 for run in runs) > 20
    assert sum(spec.problem.noise_level > 0 for spec in specs) > 50
