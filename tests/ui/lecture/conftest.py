"""One small run that all tests of lectures share."""

import pytest

from dmf_core.presets import preset_spec
from dmf_core.simulate import run as simulate
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory


@pytest.fixture(scope="session")
def five_modes() -> tuple[Trajectory, RunSpec]:
    spec = preset_spec("five-modes")
    return simulate(spec), spec
