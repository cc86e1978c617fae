"""Factors and their values in words, and the settings that all runs of a comparison share."""

import hashlib
from typing import Any

from dmf_core.problems.observed_data import Given
from dmf_core.spec import RunSpec
from ui.fields import label
from ui.figures.words import capital, count, listed, number
from ui.session.options import option
from ui.views.compare.factors import value_of
from ui.words import power, whole

NOUNS = {  # path -> what stands before and after a value in a sentence
    "model.depth": ("depth ", ""),
    "model.width": ("width ", ""),
    "problem.rank": ("rank ", ""),
    "problem.observations": ("", " observations"),
    "problem.noise": ("noise ", ""),
    "problem.truth": ("", " truth"),
    "problem.replacement": ("drawing with replacement: ", ""),
    "problem.kind": ("", ""),
    "problem.rows": ("", " rows"),
    "problem.columns": ("", " columns"),
    "init.scale": ("scale ", ""),
    "init.kind": ("initialization ", ""),
    "integrator.kind": ("", ""),
    "integrator.learning_rate": ("learning rate ", ""),
    "integrator.method": ("method ", ""),
    "seed": ("seed ", ""),
    "dtype": ("", ""),
    "model.kind": ("", ""),
    "model.rank": ("model rank ", ""),
    "problem.pattern": ("pattern “", "”"),
    "problem.norm": ("norm of the truth ", ""),
    "problem.w12": ("entry (1, 2) = ", ""),
    "problem.w21": ("entry (2, 1) = ", ""),
    "problem.w22": ("entry (2, 2) = ", ""),
}
SWITCHES = {  # path of a yes or no -> the run without, the run with it
    "problem.replacement": ("no replacement", "replacement"),
    "problem.symmetric": ("any truth", "symmetric truth"),
    "init.relative": ("absolute scale", "relative scale"),
}
HEADED_BY_VALUE = {"problem.pattern", "init.kind"}  # only the value heads a column: the words before it are the same in all
MANY = {"problem.pattern": ("pattern", " of observed entries")}  # counted in titles: their values are too long for a list
DIFFERS = {  # what differs, as the subject of a sentence; of others the label
    "model.depth": "depth",
    "problem.observations": "the number of observed entries",
    "problem.rows": "the number of rows",
    "problem.columns": "the number of columns",
    "problem.pattern": "the pattern of observed entries",
    "problem.mask": "the painted mask",
    "problem.replacement": "drawing with replacement",
    "problem.symmetric": "the symmetry of the truth",
    "problem.normalize": "the normalization",
    "problem.w12": "entry (1, 2)",
    "problem.w21": "entry (2, 1)",
    "problem.w22": "entry (2, 2)",
    "init.relative": "the unit of the initial scale",
}
SUBJECTS = {"model.depth", "model.width", "problem.rank", "init.scale", "seed"}
LISTED = (  # of the settings that are shared, in this order
    "model.depth",
    "problem.rank",
    "problem.observations",
    "init.scale",
    "seed",
    "problem.noise",
    "problem.symmetric",
    "problem.truth",
    "problem.replacement",
    "problem.normalize",
    "init.kind",
    "model.width",
    "problem.kind",
    "integrator.kind",
    "integrator.learning_rate",
)
UNREMARKABLE = {
    "problem.noise": 0.0,
    "problem.symmetric": False,
    "problem.truth": "low_rank",
    "problem.replacement": False,
    "problem.normalize": "none",
    "model.width": None,
}
DEFAULT_KIND = {"problem.kind": RunSpec().problem.kind}


def value(path: str, setting: Any) -> str:
    """A value as it is read."""
    if setting is None:
        return {"model.width": "full", "model.rank": "full", "problem.norm": "as drawn"}.get(path, "none")
    if isinstance(setting, bool):
        return "yes" if setting else "no"
    if isinstance(setting, int):
        return str(setting) if path == "seed" else whole(setting)
    if isinstance(setting, float):
        return "none" if path == "problem.noise" and setting == 0 else power(setting)
    if path == "problem.mask":
        return f"drawn, {hashlib.sha256(str(setting).encode()).hexdigest()[:4]}"
    return option(path, setting)


def named(path: str, setting: Any) -> str:
    """depth 3; 1 500 observations; gradient flow (implicit)."""
    if path == "problem.noise" and setting == 0:
        return "no noise"
    if path in SWITCHES:
        return SWITCHES[path][bool(setting)]
    before, after = _noun(path)
    return f"{before}{value(path, setting)}{after}"


def heading(path: str, setting: Any) -> str:
    """What heads the column of a run: the value that differs, in short."""
    return capital(value(path, setting) if path in HEADED_BY_VALUE else named(path, setting))


def differs(path: str) -> str:
    """What differs between the runs, as the subject of a sentence."""
    text = label(path)
    return DIFFERS.get(path) or f"the {text[:1].lower()}{text[1:]}"


def subject(path: str, setting: Any) -> str:
    """The run with this value, as the subject of a sentence."""
    return named(path, setting) if path in SUBJECTS else f"the run with {named(path, setting)}"


def all_named(path: str, values: tuple[Any, ...]) -> str:
    """depth 1, 2 and 3; two patterns of observed entries; what stands in brackets only where the values need it."""
    if path in MANY:
        noun, rest = MANY[path]
        return f"{count(len(values), noun)}{rest}"
    if path in SWITCHES and path not in NOUNS:
        return listed([named(path, each) for each in values])
    before, after = _noun(path)
    texts = ["0" if path == "problem.noise" and each == 0 else value(path, each) for each in values]
    short = [text.partition(" (")[0] for text in texts]
    return f"{before}{listed(short if len(set(short)) == len(short) else texts)}{after}"


def _noun(path: str) -> tuple[str, str]:
    return NOUNS.get(path, (f"{label(path).lower()} ", ""))


def shared_settings(spec: RunSpec, factor: str) -> list[tuple[str, str]]:
    """(label, value) of what the runs have in common, the usual and empty left out."""
    settings = []
    for path in LISTED:
        section, _, name = path.partition(".")
        if path == factor or (name and not hasattr(getattr(spec, section), name)):
            continue
        own = value_of(spec, path)
        if own == (UNREMARKABLE | DEFAULT_KIND).get(path, "") or (path == "problem.observations" and own is None):
            continue
        settings.append((label(path, spec), value(path, own)))
    if isinstance(spec.problem, Given):
        return [*settings, (spec.problem.noun.capitalize(), "your own")]
    if factor in ("problem.rows", "problem.columns"):
        other = "problem.columns" if factor == "problem.rows" else "problem.rows"
        return [*settings, (label(other), value(other, value_of(spec, other)))]
    return [*settings, ("Size", " × ".join(str(side) for side in spec.shape or ()))]


def digits(x: float, significant: int = 2) -> str:
    """A measured number in a sentence."""
    return number(x, significant)
