"""Settings, their values and measures as the words of a map."""

from collections.abc import Mapping
from typing import Any

from dmf_core.measures import MEASURES
from dmf_core.sweep.axes import Axis
from ui.figures import words
from ui.words import power, whole

NOUNS = {  # path -> what stands before and after a value
    "problem.rank": ("rank ", ""),
    "problem.observations": ("", " observed entries"),
    "problem.noise": ("noise ", ""),
    "problem.rows": ("", " rows"),
    "problem.columns": ("", " columns"),
    "problem.shape": ("sides ", ""),
    "problem.pattern": ("pattern ", ""),
    "model.depth": ("depth ", ""),
    "init.scale": ("initial scale ", ""),
    "stop.time": ("t = ", ""),
    "integrator.learning_rate": ("learning rate ", ""),
    "integrator.kind": ("", ""),
    "problem.kind": ("", ""),
    "model.kind": ("", ""),
}
MEASURED = {  # other names than in the table of measures: as the pages call them
    "loss": "training error",
    "observed_error": "squared error on observed entries",
    "unobserved_error": "squared error on unseen entries",
    "reconstruction_error": "distance to the truth",
    "entropy_rank": "effective rank",
}
PLAIN = {"observed_error", "unobserved_error", "reconstruction_error", "mean_squared_error", "loss"}  # small is good


def value(path: str, setting: Any) -> str:
    """A value as it is read."""
    if setting is None:
        return "none"
    if isinstance(setting, bool):
        return "yes" if setting else "no"
    if isinstance(setting, int):
        return whole(setting)
    if isinstance(setting, float):
        if setting == 0 or path in ("problem.noise", "stop.time"):
            return words.number(setting)
        return power(setting)
    if isinstance(setting, list | tuple):
        return words.sides(setting) if all(isinstance(each, int) for each in setting) else ", ".join(map(str, setting))
    return str(setting).replace("_", " ")


def named(path: str, setting: Any, labels: Mapping[str, str]) -> str:
    """rank 8; 1 700 observed entries."""
    before, after = NOUNS.get(path, (f"{labels.get(path, path).lower()} ", ""))
    return f"{before}{value(path, setting)}{after}"


def axis_value(axis: Axis, setting: Any, labels: Mapping[str, str]) -> str:
    """A value of an axis with the names of all its settings: 20 rows and 20 columns."""
    return " and ".join(named(path, setting, labels) for path in axis.paths)


def axis_title(axis: Axis, labels: Mapping[str, str]) -> str:
    """Rows and columns: the names of all its settings."""
    first, *others = (labels.get(path, path) for path in axis.paths)
    return " and ".join([first, *(each.lower() for each in others)])


def measured(measure: str) -> str:
    """What a measure is called in a sentence."""
    return MEASURED.get(measure) or MEASURES[measure].label


def about(measure: str) -> str:
    """What exactly it is; empty where its name says so."""
    return "mean square over the observations" if measure == "loss" else MEASURES[measure].unit


def small_is_good(measure: str) -> bool:
    """True of errors: a value below the threshold means that the truth, or the data, was found."""
    return measure in PLAIN
