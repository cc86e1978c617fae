"""The alignment against a setting in which the vectors are known to stand still."""

import numpy as np
import pytest

from dmf_core.inputs import Inputs
from dmf_core.prepare import with_inputs
from dmf_core.reproductions.arora_2019.alignment import alignment
from dmf_core.simulate import run
from dmf_core.spec import RunSpec


def test_fully_observed_target_from_the_identity_has_no_off_diagonal_gradient() -> None:
    """Everything is diagonal in the target's eigenvectors, and 2 (sigma_r - lambda_r) / n^2 is the whole gradient."""
    Q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(6, 6)))
    values = np.array([6.0, 4.0, 3.0, 2.0, 1.0, 0.5])
    inputs = Inputs(data=(Q * values) @ Q.T)
    changes = {"problem.kind": "observed_data", "model.depth": 2, "init.kind": "identity", "init.scale": 0.01, "dtype": "float64"}
    spec = with_inputs(RunSpec().replaced(changes | {"stop.loss": 1e-10, "integrator.tolerance": 1e-6}), inputs)
    trajectory = run(spec, inputs)
    early, middle, late = (int(share * len(trajectory.snapshots)) for share in (0.15, 0.5, 0.85))
    times = trajectory.column("t")[[early, middle, late]]
    actual = alignment(spec, times, inputs)
    assert actual.t == pytest.approx(times)
    expected = np.abs(trajectory.singular_values[[early, middle, late]] - values).mean(axis=1) / 36
    assert actual.diagonal == pytest.approx(expected, rel=1e-6)
    assert (actual.off_diagonal < 1e-10 * actual.diagonal).all()
