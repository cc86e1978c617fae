"""Runs of tensors: what is recorded of them, and how they end."""

import math

import numpy as np
import pytest
import torch

from dmf_core.measures.effective_rank import entropy_rank
from dmf_core.prepare import prepare
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory, picture_index

SMALL = {
    "problem.kind": "tensor_completion",
    "problem.shape": "6,5,7",
    "problem.rank": 2,
    "problem.observations": 150,
    "init.scale": 0.05,
    "stop.loss": 1e-5,
    "dtype": "float64",
}
MODELS = ("cp", "tucker", "tensor_train")


@pytest.fixture(scope="module", params=MODELS)
def finished(request: pytest.FixtureRequest) -> Trajectory:
    return run(RunSpec().replaced(SMALL | {"model.kind": request.param}))


def test_tensor_run_records_the_spectra_of_its_last_tensor(finished: Trajectory) -> None:
    end = finished.end
    assert end is not None and end.outcome is Outcome.CONVERGED
    W = end.end_to_end_last
    for name in finished.spectra:
        kind, _, mode = name.partition("_")
        if kind == "component":
            continue
        n = int(mode)
        unfolded = np.moveaxis(W, n - 1, 0).reshape(W.shape[n - 1], -1) if kind == "unfolding" else None
        matrix = W.reshape(math.prod(W.shape[:n]), -1) if unfolded is None else unfolded
        exact = np.linalg.svd(matrix, compute_uv=False)
        np.testing.assert_allclose(finished.spectrum(name)[-1], exact, atol=1e-9 * exact[0])


def test_measures_of_a_tensor_agree_with_their_definitions(finished: Trajectory) -> None:
    end, last = finished.end, finished.snapshots[-1]
    assert end is not None
    W, M, mask = end.end_to_end_last, finished.start.ground_truth, finished.start.observed_mask
    unfoldings = [np.moveaxis(W, n, 0).reshape(W.shape[n], -1) for n in range(W.ndim)]
    expected = {
        "observed_error": ((W - M)[mask] ** 2).mean(),
        "unobserved_error": ((W - M)[~mask] ** 2).mean(),
        "reconstruction_error": np.linalg.norm(W - M) / np.linalg.norm(M),
        "frobenius_norm": np.linalg.norm(W),
        "mean_unfolding_nuclear": np.mean([np.linalg.svd(each, compute_uv=False).sum() for each in unfoldings]),
        "entropy_rank": float(entropy_rank(finished.singular_values[-1])),
    }
    for key, value in expected.items():
        assert last.measures[key] == pytest.approx(value, rel=1e-9), key
    assert last.measures["nuclear_norm"] is last.measures["spectral_norm"] is last.measures["determinant"] is None


def test_picture_of_a_tensor_is_its_thinned_entries(finished: Trajectory) -> None:
    start, end = finished.start, finished.end
    assert end is not None
    grey = np.round(np.clip(end.end_to_end_last / start.picture_limit, -1, 1) * 127)
    assert np.abs(finished.snapshots[-1].picture.reshape(start.shown_sides) - grey).max() <= 1  # a rounding of halves


def test_large_tensor_is_thinned_evenly_in_every_mode() -> None:
    spec = RunSpec().replaced(
        {
            "problem.kind": "tensor_completion",
            "problem.shape": "40,50,30",
            "model.rank": 2,
            "stop.iterations": 1,
            "dtype": "float64",
        }
    )
    trajectory = run(spec)
    start, end = trajectory.start, trajectory.end
    assert end is not None
    assert math.prod(start.shown_sides) <= 128**2
    index = [picture_index(side, shown) for side, shown in zip(start.shape, start.shown_sides, strict=True)]
    grey = np.round(end.end_to_end_last[np.ix_(*index)] / start.picture_limit * 127)
    assert np.abs(trajectory.snapshots[-1].picture.reshape(start.shown_sides) - grey).max() <= 1


def test_true_spectra_are_those_of_the_truth(finished: Trajectory) -> None:
    start = finished.start
    known = {start.main_spectrum: start.true_singular_values, **start.true_spectra}
    assert set(known) == set(finished.spectra)
    for name, values in known.items():
        assert values is not None
        assert (values[2:] <= 1e-9 * values[0]).all()  # rank 2
        np.testing.assert_allclose(values, finished.spectrum(name)[-1], atol=0.05 * values[0])  # and it was learned


def test_observed_entries_alone_give_the_same_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = RunSpec().replaced(SMALL)
    monkeypatch.setattr("dmf_core.models.cp.WORTHWHILE", -math.inf)
    sparse = prepare(spec)
    monkeypatch.setattr("dmf_core.models.cp.WORTHWHILE", math.inf)
    whole = prepare(spec)
    assert (sparse.field.whole, whole.field.whole) == (False, True)
    torch.testing.assert_close(sparse.field(sparse.x), whole.field(whole.x), rtol=1e-10, atol=1e-15)
    assert sparse.field.loss == pytest.approx(whole.field.loss, rel=1e-12)


def test_plateau_beyond_the_longest_time_is_said_with_what_is_missing() -> None:
    """Nine factors of entries 1e-4: derived, x / (7 |x'|), some 1e26 of flow time."""
    spec = RunSpec().replaced(SMALL | {"model.depth": 3, "model.rank": 3, "init.scale": 1e-4, "dtype": "float32"})
    end = run(spec).end
    assert end is not None
    assert end.outcome is Outcome.TIME
    assert "longer than a run may be" in end.message and "more is needed" in end.message
    assert end.gradients < 200


def test_long_plateau_is_walked_in_few_steps() -> None:
    """Two thirds of a run's flow time until the first component shows, in fewer than 60 steps."""
    spec = RunSpec().replaced(SMALL | {"init.scale": 1e-4, "stop.loss": None, "stop.time": 1e7})
    prepared = prepare(spec)
    for step in spec.integrator.steps(prepared.field, prepared.x):
        if float(prepared.field.W(step).norm()) > 0.1 * prepared.problem.scale:
            break
    assert step.t > 1e4
    assert step.iteration < 60
