"""One small run and its archive."""

import pytest

from dmf_core import archive
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

SMALL = {
    "problem.rows": 12,
    "problem.columns": 9,
    "problem.rank": 2,
    "problem.observations": 70,
    "model.depth": 3,
    "init.scale": 1e-2,
    "stop.loss": 1e-4,
    "save.snapshots": 20,
}


@pytest.fixture(scope="session")
def spec() -> RunSpec:
    return RunSpec().replaced(SMALL)


@pytest.fixture(scope="session")
def trajectory(spec: RunSpec) -> Trajectory:
    return run(spec)


@pytest.fixture(scope="session")
def content(trajectory: Trajectory, spec: RunSpec) -> bytes:
    return archive.write(trajectory, spec, Inputs())
