"""Observations that leave little or no choice, ill-conditioned data and any unit: the minimum is found, and proved."""

import math

import numpy as np
import pytest
import tensorly
import torch

from dmf_core.baselines import unfolding_norms
from dmf_core.baselines.minimum_nuclear_norm import MinimumNuclearNorm, Solution, solve
from dmf_core.interfaces import Observations
from dmf_core.problems.observations import Entries, Measurements
from tests.baselines.oracle import least_mean_of_unfoldings, least_nuclear_norm

FEW = MinimumNuclearNorm(iterations=8000)  # a twelfth of the usual


def graded(rows: int, columns: int, ratio: float, seed: int = 0) -> np.ndarray:  # [rows, columns]
    """Singular values 1, ratio, ratio^2, ..."""
    source = np.random.default_rng(seed)
    short = min(rows, columns)
    P, Q = (np.linalg.qr(source.standard_normal((side, short)))[0] for side in (rows, columns))
    return np.asarray(P * ratio ** np.arange(short)) @ Q.T


def rounded(rows: int, columns: int, decimals: int, seed: int = 0) -> np.ndarray:
    """Rank 2, as a file with so many decimals holds it: with small singular values beyond."""
    source = np.random.default_rng(seed)
    return np.round(source.standard_normal((rows, 2)) @ source.standard_normal((2, columns)), decimals)


def zero_rows(rows: int, columns: int) -> np.ndarray:
    W = np.zeros((rows, columns))
    W[0], W[2] = 1.0, np.arange(columns)
    return W


def entries(W: np.ndarray, mask: np.ndarray) -> Entries:
    return Entries(torch.from_numpy(mask), torch.from_numpy(np.where(mask, W, 0.0)))


DATA = {
    "rounded": rounded(8, 6, 4),
    "coarse": rounded(12, 9, 2),
    "graded": graded(12, 9, 0.05),
    "slowly graded": graded(30, 25, 0.5),
    "rank one": np.outer(np.arange(1.0, 6.0), [1.0, -2.0, 0.5]),
    "constant": np.full((5, 4), 3.0),
    "zero": np.zeros((5, 4)),
    "zero rows": zero_rows(6, 5),
    "identity": np.eye(6),
    "one row": np.arange(1.0, 6.0)[None],
}


@pytest.mark.parametrize("name", DATA)
def test_fully_known_matrix_is_its_own_minimum_at_once(name: str) -> None:
    """Its nuclear norm is proved without iterations: splitting needs as many as the penalty over the smallest singular value."""
    W = DATA[name]
    for unit in (1.0, 1e-30, 1e30, 1e-290, 1e290):
        made = solve(entries(unit * W, np.ones(W.shape, dtype=bool)), W.shape)
        assert made.solved and made.iterations == 0
        assert np.array_equal(made.W, unit * W)
        assert made.bound == pytest.approx(np.linalg.norm(unit * W, "nuc"), rel=1e-12)


def masks(rows: int, columns: int) -> dict[str, np.ndarray]:
    whole = np.ones((rows, columns), dtype=bool)
    few, column, blocks = whole.copy(), whole.copy(), whole.copy()
    few[[0, 1, rows - 1], [2, 0, 1]] = False
    column[1:, -2:] = False
    blocks[: rows // 2, columns // 2 :] = blocks[rows // 2 :, : columns // 2] = False
    tied = blocks.copy()
    tied[0, -1] = True
    empty = whole.copy()
    empty[1], empty[:, 0] = False, False
    return {
        "three missing": few,
        "two columns of one entry": column,
        "two blocks": blocks,
        "two blocks and an entry": tied,
        "an empty row and column": empty,
        "no diagonal": ~np.eye(rows, columns, dtype=bool),
    }


@pytest.mark.parametrize("data", ["rounded", "constant", "graded"])
@pytest.mark.parametrize("name", masks(5, 5))
def test_nearly_determined_minimum_is_that_of_cvxpy(name: str, data: str) -> None:
    W = {"rounded": rounded(8, 6, 4), "constant": np.full((5, 4), 3.0), "graded": graded(7, 6, 0.05)}[data]
    observations = entries(W, masks(*W.shape)[name])
    made = solve(observations, W.shape, FEW)
    assert made.solved
    norm, _ = least_nuclear_norm(observations, W.shape)
    assert made.nuclear_norm == pytest.approx(norm, rel=5e-5)  # our gap is 1e-5, SCS stops at about 1e-6
    proved(made, observations)


def proved(made: Solution, observations: Observations) -> None:
    """The certificate alone, by numpy: zero where nothing is observed, spectral norm at most 1, and its value is the bound."""
    U = made.certificate
    assert isinstance(observations, Entries)
    index = observations.index.numpy()
    assert np.count_nonzero(U) == np.count_nonzero(U.ravel()[index])
    assert np.linalg.norm(U, 2) <= 1 + 1e-12
    assert U.ravel()[index] @ observations.values.numpy() == pytest.approx(made.bound, rel=1e-9)
    assert made.bound >= (1 - 1e-5) * np.linalg.norm(made.W, "nuc")


def test_random_masks_data_and_units_are_all_proved() -> None:
    """60 problems: low rank, graded, rounded, nearly rank one; blocks, bands, holes; 1e-9 to 1e9."""
    source = np.random.default_rng(7)
    for k in range(60):
        rows, columns = (int(side) for side in source.integers(3, 22, 2))
        W = [rounded(rows, columns, 16, k), graded(rows, columns, 0.2, k), rounded(rows, columns, k % 5, k)][k % 3]
        W = W + 10.0 ** -(3 + k % 6) * source.standard_normal(W.shape) * (k % 4 == 0)
        kinds = [*masks(rows, columns).values(), np.abs(np.subtract.outer(np.arange(rows), np.arange(columns))) < 4]
        mask = [*kinds, source.random(W.shape) < 0.5][k % 8]
        mask[0, 0] = True
        observations = entries(10.0 ** (k % 19 - 9) * W, mask)
        made = solve(observations, W.shape, FEW)
        assert made.solved, f"problem {k}, {rows} x {columns}: a gap of {made.gap:.1e}"
        proved(made, observations)


@pytest.mark.parametrize("unit", [1e-290, 1e-30, 1e-9, 1e9, 1e30, 1e290])
def test_unit_changes_nothing_but_the_unit(unit: float) -> None:
    W, mask = rounded(9, 7, 16), np.random.default_rng(3).random((9, 7)) < 0.6
    A = torch.from_numpy(np.random.default_rng(4).standard_normal((30, 63)))
    for observed in (
        lambda size: entries(size * W, mask),
        lambda size: Measurements(A, A @ torch.from_numpy(size * W).reshape(-1), W.shape),
    ):
        once, again = solve(observed(1.0), W.shape), solve(observed(unit), W.shape)
        assert again.solved
        assert again.nuclear_norm / unit == pytest.approx(once.nuclear_norm, rel=2e-5)  # two gaps of 1e-5


@pytest.mark.parametrize("count", [30, 33, 60])
def test_determined_measurements_give_their_matrix_at_once(count: int) -> None:
    """5 x 6 unknowns, graded singular values."""
    W = graded(5, 6, 0.05)
    A = torch.from_numpy(np.random.default_rng(5).standard_normal((count, 30)))
    made = solve(Measurements(A, A @ torch.from_numpy(W).reshape(-1), W.shape), W.shape)
    assert made.solved and made.iterations == 0
    assert made.nuclear_norm == pytest.approx(np.linalg.norm(W, "nuc"), rel=1e-6)  # the equations are squared once
    assert "no matrix that agrees with the observations" in made.message


def test_contradicting_measurements_are_said_to_have_no_matrix() -> None:
    source = np.random.default_rng(6)
    A, values = torch.from_numpy(source.standard_normal((50, 20))), torch.from_numpy(source.standard_normal(50))
    made = solve(Measurements(A, values, (4, 5)), (4, 5))
    best = np.linalg.lstsq(A.numpy(), values.numpy(), rcond=None)
    share = 100 * math.sqrt(float(best[1][0])) / float(values.norm())
    assert made.solved and made.nuclear_norm == pytest.approx(np.linalg.norm(best[0].reshape(4, 5), "nuc"), rel=1e-9)
    assert made.message.startswith(f"No matrix agrees with all observations: the nearest ones are off by {share:.2g} %.")


def tensor(decimals: int, shape: tuple[int, ...] = (4, 3, 5)) -> np.ndarray:
    source = np.random.default_rng(1)
    factors = [source.standard_normal((side, 2)) for side in shape]
    return np.round(tensorly.cp_to_tensor((None, factors)), decimals)


@pytest.mark.parametrize("unit", [1e-290, 1.0, 1e290])
@pytest.mark.parametrize("decimals", [2, 4, 16])
def test_fully_known_tensor_is_its_own_minimum_at_once(decimals: int, unit: float) -> None:
    W = unit * tensor(decimals)
    made = unfolding_norms.solve(W.shape, np.arange(W.size), W.ravel())
    assert made.solved and made.iterations == 0
    assert np.array_equal(made.W, W)
    norms = [np.linalg.norm(tensorly.unfold(W, mode), "nuc") for mode in range(W.ndim)]
    assert made.bound == pytest.approx(np.mean(norms), rel=1e-12)


@pytest.mark.parametrize("name", ["two missing", "two blocks", "an empty slice"])
def test_nearly_determined_tensor_is_that_of_cvxpy(name: str) -> None:
    W = tensor(4)
    mask = np.ones(W.shape, dtype=bool)
    if name == "two missing":
        mask[[0, 1], [2, 1], [3, 0]] = False
    elif name == "two blocks":
        mask[:] = False
        mask[:2, :2, :3] = mask[2:, 2:, 3:] = True
    else:
        mask[1] = False
    index = np.flatnonzero(mask)
    made = unfolding_norms.solve(W.shape, index, W.ravel()[index], FEW)
    assert made.solved
    norm, _ = least_mean_of_unfoldings(W.shape, index, W.ravel()[index])
    assert made.mean_nuclear_norm == pytest.approx(norm, rel=5e-5)
    total = made.certificate.sum(axis=0).ravel()
    assert np.abs(np.delete(total, index)).max(initial=0.0) < 1e-12
