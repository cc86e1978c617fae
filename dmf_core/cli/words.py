"""A run in a few lines of words and numbers."""

from typing import Any

import numpy as np

from dmf_core.analysis import accuracy
from dmf_core.analysis.birth_times import birth_times
from dmf_core.analysis.left_open import left_open, left_open_sentence
from dmf_core.archive import data_of_run, result, units
from dmf_core.inputs import Inputs
from dmf_core.measures import MEASURES
from dmf_core.models import usual_model
from dmf_core.shapes import in_words
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

SHOWN = ("observed_error", "unobserved_error", "reconstruction_error", "entropy_rank", "ratio_rank", "nuclear_norm")
NAMES = {
    "singular": "Singular values",
    "component": "Component norms",
    "unfolding": "Singular values of unfolding",
    "cut": "Singular values of the cut after mode",
}
USUAL = usual_model(tensor=False)  # the model that a title does not name
SMALL = 0.01  # of the largest: singular values below are counted, not listed
LISTED = 12  # singular values at most


def summary(trajectory: Trajectory, spec: RunSpec, data: str | None = None) -> str:
    """What was run, how it ended, what came out."""
    values = result(trajectory, spec)
    final = values["final"]
    steps = f"{values['accepted']} steps" + (f", {values['rejected']} rejected" if values["rejected"] else "")
    lines = [data] if data else []
    lines += [
        title(trajectory, spec),
        values["message"],
        f"{values['seconds']:.2f} s, {values['gradients']} gradients, {steps}, {len(trajectory.snapshots)} snapshots.",
        ", ".join(f"{MEASURES[key].label} {final[key]:.4g}" for key in SHOWN if final.get(key) is not None) + ".",
        _spectrum(trajectory.snapshots[-1].singular_values, _named(trajectory.start.main_spectrum)),
        f"Run {values['digest'][:8]}, seed {spec.seed}.",
    ]
    tolerance, known = spec.integrator.judged_tolerance, trajectory.accuracy
    if tolerance is not None:
        unknown = accuracy.unchecked(tolerance) or accuracy.why_unknown(spec, trajectory)
        lines.insert(-1, unknown if known is None else accuracy.sentence(known, tolerance))
    never_known = left_open_sentence(trajectory.start, spec)
    if never_known:
        lines.insert(-1, never_known)
    return "\n".join(line for line in lines if line)


def as_json(trajectory: Trajectory, spec: RunSpec, inputs: Inputs) -> dict[str, Any]:
    """The result of a run with births by mode, accuracy and units; how given data were read; what no method can know."""
    more: dict[str, Any] = {"units": units(trajectory, spec)} | data_of_run(trajectory, inputs)
    more["births"] = {str(mode): time for mode, time in birth_times(trajectory).items()}
    more["accuracy"] = None if trajectory.accuracy is None else accuracy.as_json(trajectory.accuracy)
    free_entries = left_open(trajectory.start, spec)
    if free_entries is not None:
        more["unknowable"] = free_entries.as_json()
    return result(trajectory, spec) | more


def title(trajectory: Trajectory, spec: RunSpec) -> str:
    """What was run, in one line."""
    kind, method = spec.problem.kind.replace("_", " "), spec.integrator.kind.replace("_", " ")
    start = "given factors" if spec.init.factors else f"{spec.init.kind} start of scale {scale(spec)}"
    return f"{kind.capitalize()}, {in_words(trajectory.start.shape)}, {model(spec)}, {start}, {method}."


def model(spec: RunSpec) -> str:
    """The model with its depth; of the usual one the depth alone."""
    name, layers = spec.model.kind.replace("_", " "), spec.model.layers
    return name if layers is None else f"depth {layers}" if spec.model.kind == USUAL else f"{name} of depth {layers}"


def scale(spec: RunSpec) -> str:
    """The initial scale with its unit."""
    return f"{spec.init.scale:g}" + (" of the data's norm" if spec.init.relative else "")


def _named(spectrum: str) -> str:
    kind, _, number = spectrum.partition("_")
    name = NAMES.get(kind, kind.replace("_", " ").capitalize())
    return f"{name} {number}:" if number.isdecimal() else name


def _spectrum(sigma: np.ndarray, name: str) -> str:  # [k] descending
    count = min(LISTED, int((sigma > SMALL * sigma[0]).sum()) or 1)
    listed = ", ".join(f"{value:.4g}" for value in sigma[:count])
    rest = f", then {len(sigma) - count} up to {sigma[count]:.2g}" if count < len(sigma) else ""
    return f"{name} {listed}{rest}."
