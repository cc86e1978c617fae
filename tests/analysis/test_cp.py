"""The theory of a CP run: what was measured is what the identity says, and stays inside the band."""

import numpy as np
import pytest

from dmf_core import archive
from dmf_core.analysis.replay import explained
from dmf_core.models import described
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Insight, Trajectory

SPEC = preset_spec("three-components").replaced({"problem.shape": "8,8,8", "problem.observations": 300, "dtype": "float64"})


@pytest.fixture(scope="module")
def trajectory() -> Trajectory:
    return explained(run(SPEC), SPEC)


def moving(insight: Insight, modes: int = 3) -> np.ndarray:  # [T, modes] bool
    speed = np.abs(insight.measured[:, :modes])
    return speed > 0.01 * speed.max(axis=0)


def test_norms_of_the_insight_are_those_of_the_run(trajectory: Trajectory) -> None:
    assert trajectory.insight is not None
    R = trajectory.insight.sigma.shape[1]
    run_again, recorded = trajectory.insight.sigma, trajectory.singular_values[:, :R]
    assert run_again[:-10] == pytest.approx(recorded[:-10], rel=1e-9, abs=1e-12)
    assert run_again == pytest.approx(recorded, rel=2e-3)  # the last step is cut at the exact end only in the run itself


def test_identity_is_the_measured_speed(trajectory: Trajectory) -> None:
    """The gradient of the factors against dL/dW and the norms alone; the issue asks for 1e-3."""
    insight = trajectory.insight
    assert insight is not None and insight.bounds is not None
    off = np.abs(insight.bounds.exact - insight.measured)[:, :3] / np.abs(insight.measured[:, :3])
    assert off[moving(insight)].max() < 1e-9


def test_measured_speed_is_the_slope_of_the_norm(trajectory: Trajectory) -> None:
    """Against differences between snapshots, where these are near enough: the mean value lies between both ends."""
    insight, t = trajectory.insight, trajectory.column("t")
    assert insight is not None
    slope = np.diff(insight.sigma[:, 0]) / np.diff(t)
    ends = np.sort(np.stack([insight.measured[:-1, 0], insight.measured[1:, 0]]), axis=0)
    near = (ends[0] > 0) & (ends[1] < 1.3 * ends[0])
    assert near.sum() > 5
    assert (slope[near] > 0.9 * ends[0][near]).all()
    assert (slope[near] < 1.1 * ends[1][near]).all()


def test_measured_speed_lies_inside_the_band(trajectory: Trajectory) -> None:
    insight = trajectory.insight
    assert insight is not None and insight.bounds is not None
    low, high, speed = (each[:, :3] for each in (insight.bounds.low, insight.bounds.high, insight.measured))
    room = 1e-9 * np.abs(speed)  # rounding
    assert ((speed >= low - room) & (speed <= high + room))[moving(insight)].all()
    assert (insight.imbalance[0, :3] > 0.05).all()  # a normal start is not balanced: the band has a width


def test_steps_of_descent_are_held_against_the_flow() -> None:
    spec = SPEC.replaced({"integrator.kind": "gradient_descent", "integrator.learning_rate": 1.0, "stop.iterations": 200})
    insight = explained(run(spec), spec).insight
    assert insight is not None and insight.bounds is not None
    assert 0 < np.nanmax(insight.off_flow) < 0.1


@pytest.mark.parametrize("changes", [{"model.depth": 2}, {"model.kind": "tucker"}, {"model.kind": "tensor_train"}])
def test_other_tensor_models_say_why_there_are_no_numbers(changes: dict[str, object]) -> None:
    spec = RunSpec().replaced(
        {"problem.kind": "tensor_completion", "problem.shape": "4,4,4", "problem.observations": 40} | changes
    )
    spec = spec.replaced({"init.scale": 0.3, "stop.iterations": 5})
    insight = explained(run(spec), spec).insight
    assert insight is not None
    assert f"no statement of theory covers this model ({described(spec.model)})" in insight.missing


def test_archive_keeps_the_bounds(trajectory: Trajectory) -> None:
    restored = archive.read(archive.write(trajectory, SPEC)).trajectory
    assert restored.insight is not None and trajectory.insight is not None
    assert restored.insight.bounds is not None and trajectory.insight.bounds is not None
    for key, values in vars(trajectory.insight.bounds).items():
        assert np.array_equal(getattr(restored.insight.bounds, key), values, equal_nan=True)
