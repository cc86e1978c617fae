"""What is measured at a moment does not depend on how many moments are measured together."""

import dataclasses

import numpy as np
import pytest

from dmf_core.prepare import prepare
from dmf_core.recording.snapshots import Recorder
from dmf_core.spec import RunSpec

BASE = RunSpec().replaced({"problem.rank": 2, "problem.rows": 20, "problem.columns": 20, "problem.observations": 200})
SPECS = {
    "20 x 20": BASE,  # matrices that all begin at multiples of 64 bytes
    "9 x 9": BASE.replaced({"problem.rows": 9, "problem.columns": 9, "problem.observations": 60}),  # ... and that do not
    "7 x 13, float64": BASE.replaced(
        {"problem.rows": 7, "problem.columns": 13, "problem.observations": 60, "dtype": "float64", "model.width": 3}
    ),
    "entry by entry": BASE.replaced({"model.kind": "hadamard", "model.depth": 3}),
    "drawn twice": BASE.replaced({"problem.replacement": True}),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_moments_measured_together_have_the_bits_of_each_alone(spec):
    ready = prepare(spec)
    steps = [step for _, step in zip(range(14), spec.integrator.steps(ready.field, ready.x), strict=False)]
    ways = [(a, b, share) for a, b, share in zip(steps, steps[1:], [1.0, 0.3, 0.7] * 5, strict=False)]
    recorder = Recorder(ready)
    together = recorder.record(ways)
    alone = [recorder.record([way])[0] for way in ways]
    some = [*recorder.record(ways[:5]), *recorder.record(ways[5:7]), *recorder.record(ways[7:])]
    for single, *others in zip(alone, together, some, strict=True):
        for other in others:
            for field in dataclasses.fields(single):
                if field.name != "step":
                    np.testing.assert_equal(getattr(other, field.name), getattr(single, field.name), err_msg=field.name)
            assert other.step.loss == single.step.loss and np.array_equal(other.step.x, single.step.x)
