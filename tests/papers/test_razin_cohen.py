"""Razin and Cohen's problem: the derived bounds, and what the runs show."""

import time

import numpy as np
import pytest
import torch

from dmf_core.inputs import Inputs
from dmf_core.interfaces import Field
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.problems.razin_cohen import RazinCohen
from dmf_core.reproductions.razin_cohen_cases import Case, cases
from dmf_core.reproductions.razin_cohen_readings import bound, columns, flips
from dmf_core.simulate import run

from .conftest import Reproduced


def test_bound_holds_for_every_matrix_with_positive_determinant() -> None:
    """Against a hundred thousand drawn matrices: no dynamics involved."""
    rng = np.random.default_rng(0)
    near = np.array([[0.0, 1.0], [1.0, 0.0]]) + 0.3 * rng.normal(size=(100_000, 2, 2))
    near[:, 0, 0] = rng.normal(size=len(near)) * 100
    q = np.sqrt((near[:, 0, 1] - 1) ** 2 + (near[:, 1, 0] - 1) ** 2 + near[:, 1, 1] ** 2)
    valid = (np.linalg.det(near) > 0) & (q < 1)
    assert valid.sum() > 1000
    assert (np.abs(near[valid, 0, 0]) >= bound(q[valid])).all()


def test_loss_is_half_the_sum_over_the_seen_entries() -> None:
    problem = RazinCohen(side=3, w22=0.5).build(0, torch.float64, torch.device("cpu"), Inputs())
    W = torch.tensor([[7.0, 2.0, 0.0], [1.0, 0.5, 0.0], [0.0, 3.0, 1.0]], dtype=torch.float64)
    assert problem.loss(W) == 0.5 * (1 + 9)
    assert float(problem.loss_gradient(W)[0, 0]) == 0
    assert Field(problem, DeepMatrix(depth=2)).shapes == ((3, 3), (3, 3))


def test_every_case_starts_with_the_determinant_that_it_names(reproduced: Reproduced) -> None:
    results, _ = reproduced("razin-cohen")
    for case in results.runs:
        run = results.of(case)
        assert run is not None and isinstance(case, Case)
        assert np.sign(columns(run)[2][0]) == case.sign


def test_seeds_of_one_case_differ() -> None:
    specs = [spec for _, spec in cases(quick=False)]
    assert len({spec.digest() for spec in specs}) == len(specs)


@pytest.mark.parametrize("depth", [3, 4])
def test_hidden_entry_follows_the_loss_within_three_seconds_of_one_core(depth: int) -> None:
    """From loss 1e-2 to 1e-6, against 1/sqrt(2 loss). CPU time, so that a busy machine does not count."""
    spec = next(spec for case, spec in cases(quick=False) if case == Case(depth, True, 1, 0))
    began = time.process_time()
    found = run(spec)
    assert time.process_time() - began < 3.0
    q, hidden, determinant = columns(found)
    there = (q**2 / 2 <= 1e-2) & (q**2 / 2 >= 1e-6)
    assert there.sum() > 20
    assert q[there].min() < 1.1 * np.sqrt(2e-6)
    assert (determinant > 0).all()
    assert hidden[there] * q[there] == pytest.approx(1, abs=0.05)


def test_depth_2_loses_its_sign_and_depth_3_keeps_it(reproduced: Reproduced) -> None:
    results, _ = reproduced("razin-cohen")
    assert flips(results.of(Case(2, True, 1, 0))) >= 1
    assert flips(results.of(Case(3, True, 1, 0))) == 0
