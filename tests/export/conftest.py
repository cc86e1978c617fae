"""One small run, as it is taken away."""

import numpy as np
import pytest

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from ui.export import Source
from ui.player.view import View

SMALL = {
    "problem.rows": 30,
    "problem.columns": 24,
    "problem.rank": 3,
    "problem.observations": 400,
    "init.kind": "balanced",
    "stop.loss": 1e-4,
    "save.snapshots": 40,
    "seed": 7,
}


@pytest.fixture(scope="session")
def source() -> Source:
    spec = RunSpec().replaced(SMALL)
    return Source(run(spec), spec, Inputs(), View(frame=8))


@pytest.fixture(scope="session")
def own() -> Source:
    """The visitor's own matrix, with holes."""
    draw = np.random.default_rng(0)
    data = draw.normal(size=(12, 2)) @ draw.normal(size=(2, 15))
    data[draw.random(data.shape) < 0.4] = np.nan
    spec = RunSpec().replaced({"problem.kind": "observed_data", "problem.observations": 70, "stop.loss": 1e-3})
    inputs = Inputs(data=data)
    spec = with_inputs(spec, inputs)
    return Source(run(spec, inputs), spec, inputs, View())
