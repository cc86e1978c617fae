"""Every setting of a run by its path: its label, its help, where its control stands. One table for all pages.

Widgets, locks, the course, Compare and links refer to paths; labels and help stand only here.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from dmf_core.registry import name_of
from dmf_core.spec import RunSpec, kinds

Control = Literal["sidebar", "sidebar of tensors", "fold", "none"]  # none: it comes with a file or is painted


@dataclass(frozen=True)
class Field:
    """A setting as the pages show it."""

    label: str
    help: str | None = None
    control: Control = "fold"
    lockable: bool = False  # offered under "Fixed in this link"
    name: str = ""  # in a list of differences between runs; empty: the label


FIELDS: dict[str, Field] = {
    "model.depth": Field("Depth", control="sidebar", lockable=True),
    "problem.shape": Field("Sides", "Three to six numbers: how far each index of the tensor runs.", "sidebar"),
    "problem.rank": Field("Rank of the truth", control="sidebar", lockable=True),
    "problem.observations": Field("Observed entries", control="sidebar", lockable=True),
    "init.scale": Field("Initial scale", control="sidebar", lockable=True),
    "seed": Field("Seed", control="sidebar", lockable=True),
    "problem.kind": Field("Problem", "What is known of the truth: single entries, or random measurements."),
    "problem.rows": Field("Rows"),
    "problem.columns": Field("Columns"),
    "problem.side": Field("Side", "Rows and columns."),
    "problem.measurements": Field("Measurements", "At most as many as the side: then the matrices that commute are all seen."),
    "problem.w12": Field("Entry 1, 2", "Seen; entry 1, 1 is not."),
    "problem.w21": Field("Entry 2, 1", "Seen."),
    "problem.w22": Field("Entry 2, 2", "Seen; at 0 no solution has rank one."),
    "problem.truth": Field("Kind of truth", "How the truth is built; training does not know it. Sparse: few nonzero entries."),
    "problem.norm": Field("Norm of the truth", "Empty: a typical entry is 1. Papers on tensors take a norm of 1."),
    "problem.pattern": Field(
        "Where entries are seen", "Entries are drawn at random inside the pattern; or paint your own on the page Observations."
    ),
    "problem.mask": Field("Mask", control="none"),
    "problem.data": Field("Data", control="none"),
    "problem.replacement": Field(
        "Draw entries with replacement",
        "The same entry may be drawn again; drawn twice it counts twice in the training error, and fewer entries are seen.",
        name="Drawing with replacement",
    ),
    "problem.noise": Field("Noise", "Standard deviation added to every observation; a typical entry is 1."),
    "problem.symmetric": Field("Symmetric truth", "The truth is U Uᵀ: symmetric, no negative eigenvalue."),
    "problem.normalize": Field(
        "Normalize", "minmax: scaled to 0 to 1; center: the mean is subtracted. Computed from the training entries only."
    ),
    "model.kind": Field("Model", control="sidebar of tensors"),
    "model.rank": Field("Rank of the model", "Components of CP, ranks of the others; empty: as many as any tensor needs."),
    "model.width": Field(
        "Hidden width", "Rows of the inner matrices; empty: the smaller side of W, so that any rank is possible."
    ),
    "init.kind": Field(
        "Initialization", "How the factors start; balanced, identity and orthogonal starts fit the theory exactly."
    ),
    "init.relative": Field(
        "Initial scale as a share of the data's norm",
        "On: the same data in another unit give the same run. Off: the scale is in the unit of the data.",
    ),
    "init.factors": Field("Given factors", control="none"),
    "integrator.kind": Field(
        "Integrator", "Gradient flow is gradient descent with steps so small that smaller ones change nothing."
    ),
    "integrator.tolerance": Field(
        "Tolerance", "Smaller is more exact and slower; above 0.01 the picture may be wrong, and says so."
    ),
    "integrator.learning_rate": Field("Learning rate", "The step of one iteration; above the stable limit the run diverges."),
    "integrator.momentum": Field("Momentum"),
    "integrator.method": Field(
        "Method", "How the flow is solved. auto takes the Chebyshev method; the exponential one gives the same and checks it."
    ),
    "stop.loss": Field("Stop at training error", "Mean squared error over the observations; empty: never."),
    "stop.relative_loss": Field(
        "Stop at training error, as a share of the data's mean square",
        "Mean squared error over the observations, over the mean square of the observed values; empty: never.",
    ),
    "stop.time": Field("Stop at time t", "Flow time, or the sum of the steps of a method that is no flow; empty: never."),
    "stop.iterations": Field("Stop after iterations", "Empty: never."),
    "stop.seconds": Field("Stop after seconds", "Wall clock; a run that needs more ends as out of time."),
    "save.snapshots": Field("Snapshots", "At most so many moments are recorded."),
    "dtype": Field("Number format"),
    "device": Field("Device", "auto: the GPU for large matrices, where there is one."),
    "version": Field("Version of the settings", control="none"),
}
NAMES = {path: each.name or each.label for path, each in FIELDS.items()}  # in a list of differences, or on an axis
INSTEAD: dict[str, Field] = {  # where a setting means something else
    "nonzero entries": replace(FIELDS["problem.rank"], label="Nonzero entries of the truth", name="Nonzero entries"),
    "relative scale": replace(FIELDS["init.scale"], label="Initial scale, as a share of the data's norm", name="Initial scale"),
}
SECTIONS = r"(?:problem|model|init|integrator|stop|save)"
KINDS = re.compile(r"(?<![\w./=,-])[a-z]+(?:_[a-z]+)+(?![\w/=-]|\.\w)")  # words with an underscore
PATHS = re.compile(rf"(?P<begins>^|[.:] )?(?<![\w./-])(?P<path>{SECTIONS}\.[a-z][a-z_0-9]*)(?![\w/-]|\.\w)")


def field(path: str, spec: RunSpec | None = None) -> Field:
    """The field at this path, as it is called in this run; of one that the table does not have, its last name in words."""
    if spec is not None and path == "problem.rank" and spec.problem.sparse:
        return INSTEAD["nonzero entries"]
    if spec is not None and path == "init.scale" and spec.init.relative:
        return INSTEAD["relative scale"]
    known = FIELDS.get(path)
    return known or Field(path.rpartition(".")[2].replace("_", " ").capitalize())


def label(path: str, spec: RunSpec | None = None) -> str:
    """What the setting is called in a list of differences, or of what runs share."""
    entry = field(path, spec)
    return entry.name or entry.label


def in_fold(path: str, spec: RunSpec) -> bool:
    """True for a setting without a control of its own."""
    control = field(path).control
    return control == "fold" or (control == "sidebar of tensors" and not spec.model.tensor)


def in_labels(sentence: str, spec: RunSpec) -> str:
    """A sentence about settings as a page says it: "problem.rows is empty" of the command line is "Rows is empty".

    Kinds have the names of lists: "deep_matrix" is "product of matrices". What is no setting, of any run or of this one, stays
    as it is.
    """

    def as_label(match: re.Match[str]) -> str:
        path, begins = match["path"], match["begins"]
        section, _, last = path.partition(".")
        if path not in FIELDS and last not in type(getattr(spec, section)).model_fields:
            return match[0]
        text = field(path).label
        return f"“{text}”" if begins is None else f"{begins}{text}"

    return KINDS.sub(_kind_name, PATHS.sub(as_label, sentence))


def _kind_name(match: re.Match[str]) -> str:
    """What a kind of problem, model or integrator is called in a list; a word of another origin as it is."""
    tables = (kinds(section) for section in ("problem", "model", "integrator"))
    settings = next((table[match[0]] for table in tables if match[0] in table), None)
    return match[0] if settings is None else name_of(settings)
