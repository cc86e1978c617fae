"""The second walk along a run finds the same points again, and leaves the run as it was."""

import dataclasses

import numpy as np
import pytest

from dmf_core import limits
from dmf_core.analysis.replay import explained, insights, returned, why_not
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec

SMALL = {"problem.rows": 20, "problem.columns": 14, "problem.rank": 2, "problem.observations": 180, "seed": 3, "stop.loss": 1e-3}
RUNS: dict[str, dict[str, object]] = {
    "flow": {},
    "time": {"stop.time": 300.0},
    "implicit": {"integrator.kind": "implicit_flow", "problem.rows": 6, "problem.columns": 5, "problem.observations": 24},
    "descent": {"integrator.kind": "gradient_descent", "integrator.learning_rate": 0.5, "init.scale": 0.1},
    "adam": {"integrator.kind": "adam", "init.scale": 0.1},
    "diverges": {"integrator.kind": "gradient_descent", "integrator.learning_rate": 100.0, "init.scale": 1.0},
    "at rest": {"stop.loss": None, "stop.iterations": 60, "integrator.kind": "momentum"},
    "sensing": {"problem.kind": "matrix_sensing"},
}


def spec_of(name: str) -> RunSpec:
    changes = SMALL | RUNS[name]
    kinds = {key: value for key, value in changes.items() if key.endswith(".kind")}
    return RunSpec().replaced(kinds).replaced({key: value for key, value in changes.items() if key not in kinds})


@pytest.mark.parametrize("name", list(RUNS))
def test_insight_is_about_the_recorded_moments(name: str) -> None:
    spec = spec_of(name)
    trajectory = run(spec)
    insight = explained(trajectory, spec).insight
    assert insight is not None
    recorded = trajectory.singular_values[:, : insight.sigma.shape[1]]
    assert insight.sigma.shape == recorded.shape == insight.pull.shape == insight.measured.shape == insight.imbalance.shape
    assert np.allclose(insight.sigma, recorded, atol=1e-5 * recorded.max())  # float32 against float64


def test_large_matrices_are_not_checked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of("flow")
    trajectory = run(spec)
    whole = explained(trajectory, spec).insight
    monkeypatch.setattr(limits, "CHECK_SIDE", 13)
    part = explained(trajectory, spec).insight
    assert whole is not None and part is not None
    assert whole.check is not None and part.check is None
    assert np.allclose(part.pull, whole.pull, atol=1e-6 * np.abs(whole.pull).max(), equal_nan=True)


def test_a_run_carries_no_insight_until_it_is_asked_for() -> None:
    spec = spec_of("flow")
    trajectory = run(spec)
    assert trajectory.insight is None
    again = explained(trajectory, spec)
    assert dataclasses.replace(again, insight=None).snapshots is trajectory.snapshots


def test_insight_is_the_same_every_time() -> None:
    spec = spec_of("flow")
    first, second = (explained(run(spec), spec).insight for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.measured.tobytes() == second.measured.tobytes()


def test_walk_can_be_stopped_at_every_point() -> None:
    spec = spec_of("flow")
    trajectory = run(spec)
    walk = insights(spec, Inputs(), trajectory.column("t"), trajectory.column("iteration"))
    for _ in range(5):
        next(walk)
    walk.close()
    with pytest.raises(StopIteration):
        next(walk)


def test_part_of_a_run_is_explained_up_to_where_it_goes() -> None:
    spec = spec_of("flow")
    trajectory = run(spec)
    walk = insights(spec, Inputs(), trajectory.column("t")[:7], trajectory.column("iteration")[:7])
    assert returned(walk).sigma.shape[0] == 7


def test_run_that_took_too_long_says_why_it_has_no_numbers() -> None:
    spec = spec_of("flow")
    trajectory = run(spec)
    assert trajectory.end is not None
    slow = dataclasses.replace(trajectory, end=dataclasses.replace(trajectory.end, seconds=123.0))
    insight = explained(slow, spec).insight
    assert insight is not None
    assert "123 s" in insight.missing
    assert f"{limits.INSIGHT_SECONDS:.0f} s" in insight.missing
    assert insight.sigma.size == 0
    assert why_not(dataclasses.replace(trajectory, end=None))
