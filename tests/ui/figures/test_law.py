"""The payload of the equation: small, and its numbers are those of the run."""

import base64
import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from dmf_core.analysis.replay import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.law import ABSENT, DUE, GROWING, law, predicted
from ui.figures.payload import BYTES, payload

SMALL = {"problem.rows": 30, "problem.columns": 30, "problem.rank": 3, "problem.observations": 500, "seed": 7, "stop.loss": 1e-4}


@pytest.fixture(scope="module")
def spec() -> RunSpec:
    return RunSpec().replaced(SMALL)


@pytest.fixture(scope="module")
def explained_run(spec: RunSpec) -> Trajectory:
    return explained(run(spec), spec)


def columns(body: dict[str, Any], key: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(body[key]), "<f4").reshape(-1, len(body["frames"]))


def test_law_holds_the_numbers_of_the_insight(explained_run: Trajectory, spec: RunSpec) -> None:
    body = law(explained_run, spec)
    assert explained_run.insight is not None
    assert body["modes"] == 12
    assert body["frames"] == list(range(len(explained_run.snapshots)))
    for key in ("sigma", "pull", "measured", "imbalance"):
        assert np.allclose(columns(body, key), getattr(explained_run.insight, key).T, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("snapshots", [2, 120, 700])
def test_law_stays_within_40_kilobytes(snapshots: int) -> None:
    spec = RunSpec().replaced(SMALL | {"save.snapshots": snapshots})
    explained_run = explained(run(spec), spec)
    body = law(explained_run, spec)
    assert len(json.dumps(body)) <= 40_000
    assert body["frames"][0] == 0
    assert body["frames"][-1] == len(explained_run.snapshots) - 1


def test_payload_with_the_law_keeps_its_budget(explained_run: Trajectory, spec: RunSpec) -> None:
    body = payload(explained_run, spec)
    assert len(body) <= BYTES
    read = json.loads(body)
    assert read["law"]["modes"] == 12
    assert [mode for mode, _ in read["predicted"]][:1] == [1]


def test_law_says_why_there_are_no_numbers(explained_run: Trajectory, spec: RunSpec) -> None:
    growing = dataclasses.replace(explained_run, end=None, insight=None)
    assert law(growing, spec)["missing"] == GROWING
    ended = dataclasses.replace(explained_run, insight=None)
    assert law(ended, spec)["missing"] == DUE
    assert json.loads(payload(ended, spec, final=True))["law"]["missing"] == ABSENT  # of a file: nothing will come
    assert json.loads(payload(growing, spec))["predicted"] == []
    assert explained_run.end is not None
    slow = dataclasses.replace(explained_run, end=dataclasses.replace(explained_run.end, seconds=100.0))
    assert "100 s" in law(explained(slow, spec), spec)["missing"]
    assert json.loads(payload(None, spec))["law"] is None


@pytest.mark.parametrize(
    ("kind", "covered"), [("gradient_flow", "exact"), ("gradient_descent", "small_steps"), ("adam", "none"), ("momentum", "none")]
)
def test_law_says_whether_the_theorem_covers_the_method(kind: str, covered: str, explained_run: Trajectory) -> None:
    spec = RunSpec().replaced({"integrator.kind": kind}).replaced(SMALL)
    assert law(explained_run, spec)["covered"] == covered
    assert bool(predicted(explained_run, spec)) == (covered != "none")
