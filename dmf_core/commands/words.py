"""A run in a few lines of words and numbers."""

import numpy as np

from dmf_core.archive import result
from dmf_core.measures import MEASURES
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

SHOWN = ("observed_error", "unobserved_error", "reconstruction_error", "entropy_rank", "ratio_rank", "nuclear_norm")
SMALL = 0.01  # of the largest: singular values below are counted, not listed
LISTED = 12


def summary(trajectory: Trajectory, spec: RunSpec, data: str | None = None) -> str:
    """What was run, how it ended, what came out."""
    what = result(trajectory, spec)
    steps = f"{what['accepted']} steps" + (f", {what['rejected']} rejected" if what["rejected"] else "")
    lines = [data] if data else []
    lines += [
        _title(trajectory, spec),
        what["message"],
        f"{what['seconds']:.2f} s, {what['gradients']} gradients, {steps}, {len(trajectory.snapshots)} snapshots.",
        ", ".join(f"{MEASURES[key].label} {what['final'][key]:.4g}" for key in SHOWN if what["final"].get(key) is not None) + ".",
        _spectrum(trajectory.snapshots[-1].singular_values),
        f"Run {what['digest'][:8]}, seed {spec.seed}.",
    ]
    return "\n".join(lines)


def _title(trajectory: Trajectory, spec: RunSpec) -> str:
    rows, columns = trajectory.start.shape
    kind, method = spec.problem.kind.replace("_", " "), spec.integrator.kind.replace("_", " ")
    start = "given factors" if spec.init.factors else f"{spec.init.kind} start of scale {spec.init.scale:g}"
    return f"{kind.capitalize()}, {rows} x {columns}, depth {spec.model.depth}, {start}, {method}."


def _spectrum(sigma: np.ndarray) -> str:  # [k] descending
    count = min(LISTED, int((sigma > SMALL * sigma[0]).sum()) or 1)
    listed = ", ".join(f"{value:.4g}" for value in sigma[:count])
    rest = f", then {len(sigma) - count} up to {sigma[count]:.2g}" if count < len(sigma) else ""
    return f"Singular values {listed}{rest}."
