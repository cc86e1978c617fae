"""What the player says of the theory over its curves: the numbers are those of dmf_core, and it says where it is silent."""

import base64
import dataclasses
import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from dmf_core.analysis.replay import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.theory.speeds import predicted_speed
from dmf_core.trajectory import Trajectory
from ui.figures.births import growths
from ui.figures.law import ABSENT, DUE, GROWING, law
from ui.figures.payload import payload
from ui.figures.theory.badge import percent
from ui.figures.theory.over_curves import ONE_MATRIX, overlay, strips

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7, "stop.loss": 1e-4}
RUNS: dict[str, dict[str, Any]] = {
    "flow": {"init.kind": "balanced"},
    "unbalanced": {"init.kind": "gaussian", "init.scale": 1.0},
    "one matrix": {"model.depth": 1, "stop.loss": 1e-3},
    "adam": {"integrator.kind": "adam", "init.scale": 0.1, "stop.iterations": 300},
}
COMPONENTS = {
    "problem.kind": "tensor_completion",
    "problem.shape": [6, 6, 6],
    "problem.rank": 1,
    "problem.observations": 150,
    "model.kind": "cp",
}


@cache
def made(name: str) -> tuple[Trajectory, RunSpec]:
    changes = COMPONENTS if name == "components" else SMALL | RUNS[name]
    kinds = {path: value for path, value in changes.items() if path.endswith(".kind")}
    spec = RunSpec().replaced(kinds).replaced(changes)
    return explained(run(spec), spec), spec


@pytest.mark.parametrize("name", ["flow", "unbalanced"])
def test_residual_on_the_curves_is_that_of_theorem_3(name: str) -> None:
    """Median and worst of |said - was| / |was| wherever a learned mode has more than 1 % of its greatest speed."""
    trajectory, spec = made(name)
    reading, insight = overlay(trajectory, spec, ""), trajectory.insight
    assert insight is not None
    modes = len(growths(trajectory.singular_values, True, trajectory.column("t")))
    was = insight.measured[:, :modes]
    off = np.abs(predicted_speed(spec.model.depth, insight.sigma[:, :modes], insight.pull[:, :modes]) - was) / np.abs(was)
    off = off[np.abs(was) > 0.01 * np.nanmax(np.abs(was), axis=0)]
    assert f"differ by {percent(float(off.max()))} at most" in reading["text"]
    assert "Arora et al. 2019, Theorem 3" in reading["text"]
    assert reading["mark"] == ("✓" if name == "flow" else "△")
    assert ("not balanced" in reading["badge"]) == (name == "unbalanced")
    assert reading["depths"]


@pytest.mark.parametrize(("name", "words"), [("one matrix", ONE_MATRIX), ("adam", "Adam is not covered")])
def test_nothing_lies_over_curves_that_no_theorem_is_about(name: str, words: str) -> None:
    trajectory, spec = made(name)
    reading = overlay(trajectory, spec, "")
    assert words in reading["why"]
    assert not reading["depths"]
    assert "text" not in reading


def test_a_run_that_has_not_been_gone_through_says_so() -> None:
    trajectory, spec = made("flow")
    bare = dataclasses.replace(trajectory, insight=None)
    assert json.loads(payload(bare, spec))["over"]["why"] == DUE
    assert json.loads(payload(bare, spec, final=True))["over"]["why"] == ABSENT
    assert json.loads(payload(dataclasses.replace(bare, end=None), spec))["over"]["why"] == GROWING
    assert json.loads(payload(trajectory.start, spec))["over"] is None


def test_components_are_held_against_their_own_law() -> None:
    trajectory, spec = made("components")
    reading = overlay(trajectory, spec, "")
    assert "power law of balanced components" in reading["text"]
    assert "while components grow" in reading["text"]
    assert "component" in reading["badge"]
    assert not reading["depths"]
    assert strips(trajectory) == {}


def test_strips_and_turning_are_the_columns_of_the_check() -> None:
    trajectory, spec = made("flow")
    assert trajectory.insight is not None
    check = trajectory.insight.check
    assert check is not None
    body = json.loads(payload(trajectory, spec))
    read = {key: np.frombuffer(base64.b64decode(body["series"][key]), "<f4") for key in ("aligned", "crossed", "balance")}
    np.testing.assert_allclose(read["aligned"], check.aligned, rtol=1e-6)  # float32
    np.testing.assert_allclose(read["crossed"], check.crossed, rtol=1e-6)
    lost = 100 * np.nanmax(check.drift) / np.nanmax(check.squares)
    assert read["balance"].max() == pytest.approx(lost, rel=1e-6)
    columns_of_law = law(trajectory, spec)
    turning = np.frombuffer(base64.b64decode(columns_of_law["turning"]), "<f4").reshape(columns_of_law["modes"], -1)
    np.testing.assert_allclose(turning, check.turning[columns_of_law["frames"]].T, rtol=1e-6)
    assert len(json.dumps(columns_of_law)) <= 40_000
