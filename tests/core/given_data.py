"""Data with gaps, in any unit, and runs of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dmf_core.inputs import Inputs
from dmf_core.interfaces import Step
from dmf_core.prepare import Prepared, in_units_of_data, with_inputs
from dmf_core.spec import RunSpec

SOURCE = np.random.default_rng(0)


def with_gaps(data: np.ndarray, unknown: float) -> np.ndarray:
    return np.where(SOURCE.random(data.shape) < unknown, np.nan, data)


DATA = {
    "matrix": with_gaps(SOURCE.normal(size=(12, 2)) @ SOURCE.normal(size=(2, 10)), 0.3),
    "ratings": with_gaps(np.clip(np.round(3 + SOURCE.normal(size=(15, 2)) @ SOURCE.normal(size=(2, 10))), 1, 5), 0.5),
    "tensor": with_gaps(np.einsum("ir,jr,kr->ijk", *(SOURCE.normal(size=(5, 2)) for _ in range(3))), 0.4),
}


def on(data: np.ndarray, changes: Mapping[str, Any]) -> tuple[RunSpec, Inputs]:
    """A run of these data, in units of the data, and what it takes."""
    inputs = Inputs(data=data)
    spec = RunSpec().replaced({"problem.kind": "observed_data" if data.ndim == 2 else "observed_tensor"})
    return with_inputs(in_units_of_data(spec), inputs).replaced(changes), inputs


def a_step(prepared: Prepared, loss: float) -> Step:
    """A step of this run, with this loss."""
    return prepared.field.step(5.0, 7, 0, prepared.x, prepared.field(prepared.x))._replace(loss=loss)


SMALL = {"problem.rows": 6, "problem.columns": 6, "problem.rank": 1, "problem.observations": 30}
CP = {"problem.kind": "tensor_completion", "problem.shape": (4, 4, 4), "problem.rank": 1, "problem.observations": 40}
