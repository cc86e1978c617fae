"""Razin and Cohen's problem: the derived bounds, and what the runs show."""

import time
from dataclasses import replace
from decimal import Decimal, getcontext, localcontext

import numpy as np
import pytest
import torch

from dmf_core.inputs import Inputs
from dmf_core.interfaces import VectorField
from dmf_core.models.deep_matrix import DeepMatrix
from dmf_core.problems.razin_cohen import RazinCohen
from dmf_core.reproductions.razin_cohen_2020.cases import STDS, Case, cases
from dmf_core.reproductions.razin_cohen_2020.readings import at_loss, bound, columns, deviation, flips, growth
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
    assert VectorField(problem, DeepMatrix(depth=2)).shapes == ((3, 3), (3, 3))


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
    spec = next(spec for case, spec in cases(quick=False) if case == Case(depth, STDS[depth][0], True, 1, 0))
    began = time.process_time()
    trajectory = run(spec)
    assert time.process_time() - began < 3.0
    q, hidden, determinant = columns(trajectory)
    window = (q**2 / 2 <= 1e-2) & (q**2 / 2 >= 1e-6)
    assert window.sum() > 20
    assert q[window].min() < 1.1 * np.sqrt(2e-6)
    assert np.diff(np.log(q[window] ** 2 / 2)).min() > -np.log(3)  # snapshots everywhere, though W grows a hundredfold
    assert q[window].max() > np.sqrt(2e-2 / 3)
    assert (determinant > 0).all()
    assert hidden[window] * q[window] == pytest.approx(1, abs=0.05)


def test_readings_at_a_loss_without_a_snapshot_near_it_are_not_a_number(reproduced: Reproduced) -> None:
    """Where a run has recorded only its end, a claim about the way there must fail."""
    results, _ = reproduced("razin-cohen")
    whole = results.of(Case(3, STDS[3][0], True, 1, 0))
    assert whole is not None
    assert all(np.isfinite([deviation(whole, 1e-2), growth(whole, "nuclear_norm", 3), at_loss(whole, 1e-4)]))
    end = replace(whole, snapshots=tuple(each for each in whole.snapshots if each.loss > 0.1 or each.loss < 1e-5))
    assert all(np.isnan([deviation(end, 1e-2), growth(end, "nuclear_norm", 3), at_loss(end, 1e-4)]))


def first_change_of_sign(digits: int) -> tuple[int, Decimal]:
    """The step of gradient descent at depth 2 where the determinant turns negative, and the loss there."""
    getcontext().prec = digits
    rate = Decimal("6e-3")
    third, fourth, fifth, twelfth = Decimal(3) / 5, Decimal(4) / 5, Decimal(5) / 13, Decimal(12) / 13
    small, large = Decimal("0.002"), Decimal("0.004")  # square roots of the singular values of the product: balanced exactly
    A = np.array([[third * large, -fourth * small], [fourth * large, third * small]])
    B = np.array([[fifth * large, twelfth * large], [-twelfth * small, fifth * small]])
    for step in range(10_000):
        W = A @ B
        G = np.array([[Decimal(0), W[0, 1] - 1], [W[1, 0] - 1, W[1, 1]]])
        if W[0, 0] * W[1, 1] < W[0, 1] * W[1, 0]:
            return step, (G * G).sum() / 2
        A, B = A - rate * G @ B.T, B - rate * A.T @ G
    raise AssertionError("the determinant kept its sign")


def test_depth_2_changes_its_sign_with_two_hundred_digits_as_with_sixteen() -> None:
    """So rounding is not why: at 200 digits it could not be."""
    with localcontext():
        many, few = first_change_of_sign(200), first_change_of_sign(16)
    assert abs(many[0] - few[0]) < 10
    assert 0.01 < many[1] < 0.5


def test_depth_2_loses_its_sign_and_depth_3_keeps_it(reproduced: Reproduced) -> None:
    results, _ = reproduced("razin-cohen")
    assert flips(results.of(Case(2, STDS[2][0], True, 1, 0))) >= 1
    assert flips(results.of(Case(3, STDS[3][0], True, 1, 0))) == 0
