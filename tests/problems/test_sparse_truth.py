"""The sparse truth of matrix sensing: what is random in it, what is refused, and that low rank stays the default."""

import numpy as np
import pytest
import torch

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.problems.ground_truth import sparse
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.spec import RunSpec
from ui.figures.captions import run_line
from ui.session.fitting import fitting

SENSING = {"problem.kind": "matrix_sensing", "problem.rows": 9, "problem.columns": 7, "problem.observations": 40}
SPARSE = SENSING | {"problem.truth": "sparse", "problem.rank": 5}


@pytest.mark.parametrize("nonzero", [1, 5, 63])
def test_sparse_truth_has_as_many_nonzero_entries_as_rank_says_and_a_typical_entry_of_one(nonzero: int) -> None:
    M = sparse(9, 7, nonzero, seed=3)
    sizes = M[M != 0].abs()
    assert len(sizes) == nonzero
    assert float(sizes.max() / sizes.min()) <= 3  # none is near zero
    assert float(M.square().mean()) == pytest.approx(1, rel=1e-12)


def test_more_nonzero_entries_of_a_seed_hold_the_places_of_fewer() -> None:
    few, many = sparse(9, 7, 4, seed=3) != 0, sparse(9, 7, 10, seed=3) != 0
    assert bool((few & many).sum() == 4)
    assert not torch.equal(few, sparse(9, 7, 4, seed=4) != 0)


def test_low_rank_and_sparse_truth_are_measured_by_the_same_matrices() -> None:
    """So a comparison of both differs in the truth alone."""
    W = torch.randn(9, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    measured = [
        MatrixSensing(rows=9, columns=7, observations=40, truth=truth).build(1, torch.float64, torch.device("cpu"), Inputs())
        for truth in ("low_rank", "sparse")
    ]
    first, second = (problem.observations.apply(W) for problem in measured)
    assert torch.equal(first, second)
    assert not torch.equal(measured[0].observations.values, measured[1].observations.values)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"problem.rank": 64}, "problem.rank is 64, but a 9 x 7 matrix has 63 entries; choose a number of nonzero"),
        ({"problem.columns": 9, "problem.symmetric": True}, "only a low-rank truth can be symmetric"),
        ({"problem.truth": "low_rank", "problem.rank": 8}, "has rank at most 7"),
        ({"problem.truth": "cp"}, "problem.truth is cp; it must be low_rank or sparse"),
    ],
    ids=str,
)
def test_what_no_sparse_truth_can_be_is_refused_in_one_sentence(changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        RunSpec().replaced(SPARSE | changes)
    assert words in str(caught.value)


def test_low_rank_is_the_default_and_keeps_the_digest_from_before_there_was_a_choice() -> None:
    spec = RunSpec().replaced({"problem.kind": "matrix_sensing", "problem.rank": 3})
    assert spec.digest() == "855c62349971f0d3cb4e4f319000d5fba88e09fbbf4667345155d3ca3c695a16"
    assert spec.replaced({"problem.truth": "low_rank"}).digest() == spec.digest()
    assert spec.replaced({"problem.truth": "sparse"}).digest() != spec.digest()


def test_page_calls_the_rank_of_a_sparse_truth_a_number_of_entries() -> None:
    spec = RunSpec().replaced(SPARSE)
    assert run_line(None, spec).startswith("5 nonzero entries · 40 measurements")
    assert run_line(None, spec.replaced({"problem.rank": 1})).startswith("1 nonzero entry · ")
    assert run_line(None, RunSpec().replaced(SENSING)).startswith("rank 5 · ")


def test_changing_the_kind_of_truth_or_the_problem_on_the_page_makes_a_run() -> None:
    """From 40 nonzero entries to a rank that a 9 x 7 matrix can have."""
    spec = RunSpec().replaced(SPARSE | {"problem.rank": 40})
    for change in ({"problem.truth": "low_rank"}, {"problem.kind": "matrix_completion"}):
        assert spec.replaced(fitting(spec, change)).problem.rank == 7
    smaller = spec.replaced(fitting(spec, {"problem.rows": 3}))
    assert (smaller.problem.rank, smaller.problem.truth) == (21, "sparse")
    low = spec.replaced(fitting(spec, {"problem.truth": "low_rank"}))
    assert low.replaced(fitting(low, {"problem.truth": "sparse"})).problem.rank == 7


def test_sparse_truth_is_what_the_trajectory_shows() -> None:
    from dmf_core.prepare import prepare

    start = prepare(RunSpec().replaced(SPARSE)).start
    assert np.count_nonzero(start.ground_truth) == 5
