"""The same data in another unit are the same run: W -> c W takes time to c^(2/N - 2) t, for N factors (derived)."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dmf_core.cost import estimate
from dmf_core.interfaces import Problem
from dmf_core.prepare import in_units_of_data, prepare, typical_entry
from dmf_core.problems.matrix_sensing import MatrixSensing
from dmf_core.problems.observations import Measurements
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory
from tests.core.given_data import DATA, on


def last_sentence(trajectory: Trajectory) -> str:
    """The last sentence without its time and its count of steps, which rounding may move by one."""
    assert trajectory.end is not None
    return re.sub(r"t = [^,;]*|after \d+ steps", "", trajectory.end.message)


def rank(trajectory: Trajectory) -> int:
    return int((trajectory.singular_values[-1] > 0.01 * trajectory.singular_values[-1, 0]).sum())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("matrix", {"model.depth": 1}),
        ("matrix", {"model.depth": 3}),
        ("matrix", {"model.depth": 8}),
        ("ratings", {"problem.normalize": "center", "stop.relative_loss": 1e-2}),
        ("tensor", {}),
        ("tensor", {"model.kind": "tucker", "stop.relative_loss": 1e-3}),
    ],
    ids=str,
)
def test_data_in_another_unit_is_the_same_run(name: str, changes: dict[str, Any], dtype: str) -> None:
    """float64: 1e-4, what rounding becomes on a plateau. float32 may take other steps, of which each errs by up to 1 %."""
    allowed = 1e-4 if dtype == "float64" else 0.02
    runs = {}
    for k in (0, -9, -4, 9):
        spec, inputs = on(DATA[name] * 10.0**k, changes | {"dtype": dtype})
        runs[k] = run(spec, inputs)
    usual = runs.pop(0)
    assert usual.end is not None and usual.end.outcome is Outcome.CONVERGED
    factors = len(usual.start.factors_first)
    half = usual.singular_values[-1, 0] / 2
    for k, other in runs.items():
        unit, time = 10.0**k, 10.0 ** (k * (2 / factors - 2))
        assert last_sentence(other) == last_sentence(usual) and rank(other) == rank(usual)
        np.testing.assert_allclose(other.singular_values[-1] / unit, usual.singular_values[-1], atol=allowed * 2 * half)
        births = [np.interp(half, each.singular_values[:, 0] / u, each.column("t")) for each, u in ((other, unit), (usual, 1))]
        assert births[0] / time == pytest.approx(births[1], rel=allowed + 0.01)  # 1 %: straight lines between snapshots


def test_power_of_two_is_the_same_run_to_the_bit() -> None:
    """At depth 3 the unit 8^k doubles the factors k times; every constant of the program is relative."""
    usual, other = (run(*on(DATA["matrix"] * unit, {"dtype": "float64"})) for unit in (1.0, 8.0**-9))
    assert usual.end is not None and other.end is not None
    assert np.array_equal(usual.end.end_to_end_last * 8.0**-9, other.end.end_to_end_last)
    assert np.array_equal(usual.column("t") * 16.0**9, other.column("t"))
    assert np.array_equal(usual.column("loss") * 64.0**-9, other.column("loss"))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_measurements_in_another_unit_are_the_same_run(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build = MatrixSensing.build
    changes = {"problem.kind": "matrix_sensing", "problem.rows": 8, "problem.columns": 8, "problem.rank": 2}
    changes |= {"problem.observations": 50, "dtype": dtype}
    spec = in_units_of_data(RunSpec().replaced(changes))

    def at(unit: float) -> Trajectory:
        def scaled(self: MatrixSensing, *arguments: Any) -> Problem:
            problem = build(self, *arguments)
            observations, truth = problem.observations, problem.ground_truth
            assert isinstance(observations, Measurements) and truth is not None
            observations = Measurements(observations.A, observations.values * unit, (8, 8))
            return replace(problem, observations=observations, scale=problem.scale * unit, ground_truth=truth * unit)

        monkeypatch.setattr(MatrixSensing, "build", scaled)
        return run(spec)

    usual = at(1.0)
    for unit in (1e-9, 1e9):
        other = at(unit)
        assert last_sentence(other) == last_sentence(usual) and rank(other) == rank(usual) == 2
        allowed = 0.05 if dtype == "float32" else 1e-6  # of about 10; float32 may take other steps
        np.testing.assert_allclose(other.singular_values[-1] / unit, usual.singular_values[-1], atol=allowed)
        errors = [each.snapshots[-1].measures["reconstruction_error"] for each in (usual, other)]
        assert errors[1] == pytest.approx(errors[0], rel=0.1 if dtype == "float32" else 1e-5)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_learning_rate_in_the_unit_of_the_data_is_allowed_and_costs_the_same(unit: float) -> None:
    """Gradient descent has a time of its own: its rate goes as the flow time does, and must not meet a limit."""
    changes = {"integrator.kind": "gradient_descent", "stop.iterations": 300, "dtype": "float64", "model.depth": 3}
    runs, costs = [], []
    for each in (1.0, unit):
        spec, inputs = on(DATA["matrix"] * each, changes | {"integrator.learning_rate": 0.5 * each ** (2 / 3 - 2)})
        runs.append(run(spec, inputs))
        assert spec.shape is None and inputs.data is not None
        unlimited = spec.replaced({"stop.iterations": None})
        costs.append(estimate(unlimited, inputs.data.shape, typical_entry(unlimited, inputs)).gradients)
    assert costs[1] == pytest.approx(costs[0], rel=1e-6)
    assert all(each.end is not None and each.end.accepted == 300 for each in runs)
    np.testing.assert_allclose(runs[1].singular_values[-1] / unit, runs[0].singular_values[-1], rtol=1e-6, atol=1e-9)


def test_longest_time_is_that_of_the_unit() -> None:
    """Data of 1e-9 at depth 8 take 1e16 times as long: no limit of the program may end such a run."""
    usual, other = (prepare(*on(DATA["matrix"] * unit, {"model.depth": 8})).field.longest for unit in (1.0, 1e-9))
    assert other / usual == pytest.approx(10 ** (9 * 1.75), rel=1e-6)
