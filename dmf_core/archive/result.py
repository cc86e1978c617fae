"""How a run ended, as one JSON object: the same on the command line and in the archive."""

import math
from typing import Any

import numpy as np

from dmf_core.data import shortened
from dmf_core.inputs import Inputs
from dmf_core.problems.observed_data import Given
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

UNFINISHED = "unfinished"  # the outcome of a trajectory that still grows


def result(trajectory: Trajectory, spec: RunSpec) -> dict[str, Any]:
    """digest, outcome, message, seconds, gradients, accepted, rejected, final. None where a number does not exist.

    `final` holds loss, every measure and the singular values of the last snapshot; of a tensor its main spectrum, and
    all its spectra by name.
    """
    last, end = trajectory.snapshots[-1], trajectory.end
    final: dict[str, Any] = {"loss": last.loss, **last.measures, "singular_values": last.singular_values.tolist()}
    if last.spectra:
        spectra = {trajectory.start.main_spectrum: last.singular_values, **last.spectra}
        final["spectra"] = {name: values.tolist() for name, values in spectra.items()}
    return {
        "digest": spec.digest(),
        "outcome": end.outcome.value if end else UNFINISHED,
        "message": end.message if end else f"The run had not ended yet; this is the part up to t = {last.t:.4g}.",
        "seconds": end.seconds if end else last.seconds,
        "gradients": end.gradients if end else last.gradients,
        "accepted": end.accepted if end else last.iteration,
        "rejected": end.rejected if end else None,
        "final": {key: _finite(value) for key, value in final.items()},
    }


def units(trajectory: Trajectory, spec: RunSpec) -> dict[str, Any]:
    """What start and stop are measured in: in the unit of the data, or as a share of these; and the last loss as a share.

    `mean_square` is that of the observed values; None where a run does not record it, as for drawn observations.
    """
    start, square = trajectory.start, None
    if isinstance(spec.problem, Given):
        square = float(np.square(start.ground_truth[start.observed_mask].astype(float)).mean()) or 1.0
    absolute = spec.stop.loss is not None or spec.stop.relative_loss is None
    return {
        "init.scale": "share of the norm of the data" if spec.init.relative else "absolute",
        "stop": "absolute" if absolute else "share of the mean square of the observed values",
        "mean_square": square,
        "relative_loss": None if square is None else _finite(trajectory.snapshots[-1].loss / square),
    }


def data_of_run(trajectory: Trajectory, inputs: Inputs) -> dict[str, Any]:
    """How given data were read, under the key `data`; nothing for a run without."""
    if inputs.account is None:
        return {}
    observed = int(trajectory.start.observed_mask.sum())
    return {"data": shortened(inputs.account, inputs.account["known"] - observed)}


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return value if value is not None and math.isfinite(value) else None
