"""The fold of the sidebar: one widget for every other field of the spec, made from its type and limits."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from dmf_core import limits
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, kinds
from ui.locks import locked
from ui.visit import Visit
from ui.words import power

SHOWN_ABOVE = {"model.depth", "problem.rank", "problem.observations", "init.scale", "seed"}
BY_DIGEST = {"problem.data", "init.factors", "version"}  # these come with a file, not from a widget
NAMES = {
    "matrix_completion": "matrix completion",
    "matrix_sensing": "matrix sensing",
    "observed_data": "your own matrix",
    "deep_matrix": "product of matrices",
    "gaussian": "normal entries",
    "gradient_flow": "gradient flow (Runge–Kutta)",
    "implicit_flow": "gradient flow (implicit)",
    "gradient_descent": "gradient descent",
    "group_rmsprop": "group RMSprop",
    "adam": "Adam",
}
LABELS = {  # path -> label, help
    "problem.kind": ("Problem", "What is known of the truth: single entries, or random measurements."),
    "problem.rows": ("Rows", None),
    "problem.columns": ("Columns", None),
    "problem.noise": ("Noise", "Standard deviation added to every observation; a typical entry is 1."),
    "problem.symmetric": ("Symmetric truth", "The truth is U Uᵀ: symmetric, no negative eigenvalue."),
    "problem.normalize": ("Normalize", "minmax: from 0 to 1; center: mean 0. From the training entries only."),
    "model.kind": ("Model", None),
    "model.width": ("Hidden width", "Rows of the inner matrices; empty: the smaller side of W, so that any rank is possible."),
    "init.kind": ("Initialization", "How the factors start; balanced, identity and orthogonal starts fit the theory exactly."),
    "integrator.kind": ("Integrator", "Gradient flow is gradient descent with steps so small that smaller ones change nothing."),
    "integrator.tolerance": ("Tolerance", "Smaller is more exact and slower."),
    "integrator.learning_rate": ("Learning rate", "The step of one iteration; above the stable limit the run diverges."),
    "integrator.momentum": ("Momentum", None),
    "integrator.method": ("Method", "auto takes the exponential method where one gradient is expensive."),
    "stop.loss": ("Stop at training error", "Mean squared error over the observations; empty: never."),
    "stop.time": ("Stop at flow time", "Empty: never."),
    "stop.iterations": ("Stop after iterations", "Empty: never."),
    "stop.seconds": ("Stop after seconds", "Wall clock; a run that needs more has failed."),
    "save.snapshots": ("Snapshots", "At most so many moments are kept."),
    "dtype": ("Number format", None),
    "device": ("Device", "auto: the GPU for large matrices, where there is one."),
}
SECTIONS = ("problem", "model", "init", "integrator", "stop", "save")


def advanced(visit: Visit) -> None:
    """Every field that has no control of its own, folded; the values in one line."""
    with st.container(gap="xxsmall"):
        fold = st.expander("Advanced", key="Advanced", on_change="rerun")
        if fold.open:  # twenty widgets that nobody sees would double the time of every rerun
            with fold:
                _fields(visit)
        st.caption(in_one_line(visit.spec))


def _fields(visit: Visit) -> None:
    for section in SECTIONS:
        for name, schema in _properties(visit.spec, section).items():
            _field(visit, f"{section}.{name}", getattr(getattr(visit.spec, section), name), schema)
    for name in ("dtype", "device"):
        _field(visit, name, getattr(visit.spec, name), _schema(RunSpec)[name])


def in_one_line(spec: RunSpec) -> str:
    """What the fold holds, for the line below it."""
    problem = spec.problem
    parts = []
    if problem.kind == "observed_data":
        parts.append("your own matrix")
    else:
        parts += [f"{problem.rows} × {problem.columns}", f"noise {problem.noise:g}" if problem.noise else "no noise"]
    parts.append(f"{NAMES.get(spec.init.kind, spec.init.kind)} at the start")
    parts.append(NAMES.get(spec.integrator.kind, spec.integrator.kind))
    if spec.stop.loss is not None:
        parts.append(f"stops at error {power(spec.stop.loss)}")
    parts.append({"cpu": "CPU", "cuda": "GPU", "auto": "CPU or GPU"}[spec.device])
    return " · ".join(parts)


def _properties(spec: RunSpec, section: str) -> dict[str, Any]:
    settings: type[Settings] = type(getattr(spec, section))
    properties = _schema(settings)
    kind = {"kind": {"enum": list(kinds(section))}} if kinds(section) else {}
    return kind | {name: schema for name, schema in properties.items() if name != "kind"}


@cache
def _schema(settings: type[Settings]) -> dict[str, Any]:
    """Types and limits of the fields; made once for each class, because it takes longer than the rest of a rerun."""
    properties: dict[str, Any] = settings.model_json_schema()["properties"]
    return properties


def _field(visit: Visit, path: str, value: Any, schema: dict[str, Any]) -> None:
    if path in SHOWN_ABOVE or path in BY_DIGEST or len(schema.get("enum", "xx")) < 2:
        return
    label, help_ = LABELS.get(path, (path.partition(".")[2].replace("_", " ").capitalize() or path, None))
    if locked(visit, path, label, NAMES.get(str(value), str(value))):
        return
    if st.session_state.get(path) != value:
        st.session_state[path] = value
    changed = _changed(visit, path)
    if "enum" in schema:
        options = schema["enum"]
        if path == "problem.kind" and visit.inputs.data is None:
            options = [kind for kind in options if kind != "observed_data"]
        st.selectbox(label, options, key=path, format_func=lambda kind: NAMES.get(kind, kind), on_change=changed, help=help_)
    elif schema.get("type") == "boolean":
        st.checkbox(label, key=path, on_change=changed, help=help_)
    else:
        _number(label, path, schema, changed, help_)


def _number(label: str, path: str, schema: dict[str, Any], changed: Callable[[], None], help_: str | None) -> None:
    numeric: dict[str, Any] = next(each for each in schema.get("anyOf", [schema]) if each.get("type") in ("integer", "number"))
    low, high = numeric.get("minimum", numeric.get("exclusiveMinimum", 0)), numeric["maximum"]
    if numeric["type"] == "integer":
        st.number_input(label, low, high, step=1, key=path, on_change=changed, help=help_, value=None)
    else:
        st.number_input(
            label, float(low), float(high), step=None, format="%.4g", key=path, on_change=changed, help=help_, value=None
        )


def _changed(visit: Visit, path: str) -> Callable[[], None]:
    return lambda: visit.change(fitting(visit.spec, {path: st.session_state[path]}))


def fitting(spec: RunSpec, changes: dict[str, Any]) -> dict[str, Any]:
    """A smaller matrix takes rank and observations down with it, keeping the observed share."""
    problem = spec.problem
    if problem.kind == "observed_data" or not changes.keys() & {"problem.rows", "problem.columns", "problem.kind"}:
        return changes
    rows = int(changes.get("problem.rows") or problem.rows)
    columns = int(changes.get("problem.columns") or problem.columns)
    most = rows * columns
    if changes.get("problem.kind") == "matrix_sensing":
        most = min(most, limits.MEASUREMENT_BYTES // (8 * most))
    share = problem.observations / (problem.rows * problem.columns)
    observations = max(1, min(most, round(share * rows * columns)))
    return changes | {"problem.rank": min(problem.rank, rows, columns), "problem.observations": observations}
