"""A run of tensor completion beside its baselines: the right errors on the right entries, and what is left out when."""

import numpy as np
import pytest
import torch

from dmf_core.baselines.comparison.tensors import BaselineRow, baseline_rows, check_observed_entries
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

SPEC = RunSpec().replaced(
    {
        "problem.kind": "tensor_completion",
        "problem.shape": (6, 7, 5),
        "problem.rank": 1,
        "problem.observations": 120,
        "problem.noise": 0.01,
        "model.rank": 10,
        "init.scale": 0.01,
        "stop.loss": 1e-3,
    }
)


@pytest.fixture(scope="module")
def compared() -> tuple[Trajectory, dict[str, BaselineRow]]:
    trajectory = run(SPEC)
    return trajectory, {row.key: row for row in baseline_rows(SPEC, Inputs(), trajectory)}


def test_all_methods_stand_beside_the_run(compared: tuple[Trajectory, dict[str, BaselineRow]]) -> None:
    _, rows = compared
    assert list(rows) == ["run", "memorizer", "als", "unfolding_norms", "truth"]
    assert all(len(row.unfolding_ranks) == 3 for row in rows.values())
    assert rows["truth"].unfolding_ranks == pytest.approx([1.0] * 3)
    assert rows["truth"].components == (1, 1)
    assert rows["als"].extra_information == "the truth has 1 component"
    assert rows["memorizer"].components[0] > 1


def test_row_of_the_run_has_the_errors_that_the_run_measured(compared: tuple[Trajectory, dict[str, BaselineRow]]) -> None:
    """The run is float32; its own measures know nothing of this table."""
    trajectory, rows = compared
    measured = trajectory.snapshots[-1].measures
    for key in ("observed_error", "unobserved_error", "reconstruction_error"):
        assert getattr(rows["run"], key) == pytest.approx(measured[key], rel=1e-3)


def test_memorizer_has_the_errors_of_its_closed_form(compared: tuple[Trajectory, dict[str, BaselineRow]]) -> None:
    """Unseen: the mean square of the truth there. Over all: that, and the noise where something is seen."""
    trajectory, rows = compared
    truth, mask = trajectory.start.ground_truth.astype(float), trajectory.start.observed_mask
    problem = SPEC.problem.build(SPEC.seed, torch.float64, torch.device("cpu"), Inputs())
    noise = problem.observations.values.numpy() - truth[mask]
    row = rows["memorizer"]
    assert row.observed_error == 0.0
    assert row.unobserved_error == pytest.approx(np.square(truth[~mask]).mean(), rel=1e-5)
    both = np.square(truth[~mask]).sum() + np.square(noise).sum()
    assert row.reconstruction_error == pytest.approx(np.sqrt(both) / np.linalg.norm(truth), rel=1e-5)


def test_unknown_number_of_components_leaves_least_squares_out() -> None:
    spec = SPEC.replaced({"problem.truth": "tucker", "problem.rank": 2, "stop.iterations": 1})
    assert [row.key for row in baseline_rows(spec, Inputs(), run(spec))] == ["run", "memorizer", "unfolding_norms", "truth"]


def test_measurements_are_refused_with_a_sentence() -> None:
    with pytest.raises(BadInput, match="start from observed entries; choose"):
        check_observed_entries(SPEC.replaced({"problem.kind": "tensor_sensing"}))
