"""The fold of the sidebar: one widget for every other field of the spec, made from its type and limits."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from dmf_core.integrators import INTEGRATORS
from dmf_core.problems import PROBLEMS
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.observed_data import Given
from dmf_core.problems.tensor_truth import TensorTruth
from dmf_core.recording.resolution import unresolved_stop
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, kinds
from ui.controls.echo import SIDEBAR
from ui.controls.tensor import changed_text
from ui.controls.widgets import locked
from ui.fields import field, in_fold
from ui.session.fitting import fitting
from ui.session.navigation import OBSERVATIONS, go
from ui.session.options import alike, as_text, option, schemas
from ui.session.state import Session
from ui.words import power, whole

SECTIONS = ("problem", "model", "init", "integrator", "stop", "save")


def advanced(session: Session) -> None:
    """Every field that has no control of its own, folded; the values in one line."""
    with st.container(gap="xxsmall"):
        fold = st.expander("Advanced", key="Advanced", on_change="rerun")
        if fold.open:  # twenty hidden widgets would double the time of every rerun
            with fold:
                _fields(session)
        st.caption(in_one_line(session.spec))


def _fields(session: Session) -> None:
    for section in SECTIONS:
        for name, schema in _properties(session.spec, section).items():
            _field(session, f"{section}.{name}", getattr(getattr(session.spec, section), name), schema)
    for name in ("dtype", "device"):
        _field(session, name, getattr(session.spec, name), schemas(RunSpec)[name])


def in_one_line(spec: RunSpec) -> str:
    """What the fold holds, for the line below it."""
    problem = spec.problem
    parts = []
    if isinstance(problem, Given):
        parts.append(option("problem.kind", problem.kind))
    else:
        first = " × ".join(str(side) for side in spec.shape or ())
        if isinstance(problem, TensorTruth):
            first = f"truth {option('problem.truth', problem.truth)}"
        parts += [first, f"noise {problem.noise_level:g}" if problem.noise_level else "no noise"]
    if isinstance(problem, MatrixCompletion) and problem.replacement:
        parts.append("drawn with replacement")
    parts.append(f"{option('init.kind', spec.init.kind)} at the start")
    parts.append(option("integrator.kind", spec.integrator.kind))
    if spec.stop.loss is not None:
        parts.append(f"stops at error {power(spec.stop.loss)}")
    if spec.stop.relative_loss is not None:
        parts.append(f"stops at error {power(spec.stop.relative_loss)} of the data's mean square")
    in_unit_of_data = isinstance(problem, Given) and spec.stop.loss is not None  # what it asks for depends on the file
    if not in_unit_of_data and unresolved_stop(spec):
        parts.append(f"which {spec.dtype} does not show")
    parts.append({"cpu": "CPU", "cuda": "GPU", "auto": "CPU or GPU"}[spec.device])
    return " · ".join(parts)


def _properties(spec: RunSpec, section: str) -> dict[str, Any]:
    settings: type[Settings] = type(getattr(spec, section))
    properties = schemas(settings)
    kind = {"kind": {"enum": list(kinds(section))}} if kinds(section) else {}
    return kind | {name: schema for name, schema in properties.items() if name != "kind"}


def _field(session: Session, path: str, value: Any, schema: dict[str, Any]) -> None:
    if not in_fold(path, session.spec) or len(schema.get("enum", "xx")) < 2:
        return
    problem = session.spec.problem
    if path == "problem.replacement" and isinstance(problem, MatrixCompletion) and problem.mask is not None:
        return  # a mask names its entries: nothing is drawn
    label, help_ = field(path).label, field(path).help
    if locked(session, path, option(path, value)):
        return
    if _is_list(schema):
        return _list(session, label, path, as_text(value), help_)
    SIDEBAR.follow(path, value)
    changed = SIDEBAR.chosen(path, partial(_change, session, path))
    if "enum" in schema:
        options = schema["enum"]
        if path == "problem.kind" and session.inputs.data is None:
            options = [kind for kind in options if not PROBLEMS[kind].needs_data]
        options = alike(session.spec, path, options)
        if path == "integrator.kind":
            options, help_ = _solvable(session, options, help_)
        st.selectbox(label, options, key=path, format_func=lambda value: option(path, value), on_change=changed, help=help_)
    elif schema.get("type") == "boolean":
        st.checkbox(label, key=path, on_change=changed, help=help_)
    else:
        _number(label, path, schema, changed, help_)


def _solvable(session: Session, options: list[Any], help_: str | None) -> tuple[list[Any], str | None]:
    """The methods that solve for as many unknowns as the factors have, with the present one, and what the others are."""
    spec, data = session.spec, session.inputs.data
    shape = spec.shape or (None if data is None else data.shape)
    if shape is None or spec.model.incompatibility(shape):
        return options, help_
    unknowns = spec.model.unknowns(shape)
    too_few = [kind for kind in options if (most := INTEGRATORS[kind].most_unknowns) is not None and unknowns > most]
    left = [kind for kind in options if kind not in too_few or kind == spec.integrator.kind]
    sentences = [
        f"{option('integrator.kind', kind)} is for at most {whole(INTEGRATORS[kind].most_unknowns or 0)} entries of the factors; "
        f"these have {whole(unknowns)}."
        for kind in too_few
    ]
    return left, " ".join(filter(None, [help_, *sentences])) or None


def _is_list(schema: dict[str, Any]) -> bool:
    return any(each.get("type") == "array" for each in schema.get("anyOf", [schema]))


def _list(session: Session, label: str, path: str, text: str, help_: str | None) -> None:
    SIDEBAR.follow(path, text)
    st.text_input(label, key=path, on_change=SIDEBAR.chosen(path, partial(changed_text, session, path)), help=help_)


def _number(label: str, path: str, schema: dict[str, Any], changed: Callable[[], None], help_: str | None) -> None:
    numeric: dict[str, Any] = next(each for each in schema.get("anyOf", [schema]) if each.get("type") in ("integer", "number"))
    low, high = numeric.get("minimum", numeric.get("exclusiveMinimum", 0)), numeric["maximum"]
    if numeric["type"] == "integer":
        st.number_input(label, low, high, step=1, key=path, on_change=changed, help=help_, value=None)
    else:
        st.number_input(
            label, float(low), float(high), step=None, format="%.4g", key=path, on_change=changed, help=help_, value=None
        )


def _change(session: Session, path: str, value: Any) -> None:
    problem = session.spec.problem
    session.change(fitting(session.spec, {path: value}) | session.remembered_problem(path, value))
    if session.spec.problem.kind != problem.kind:
        session.problems_left[problem.kind] = problem
    if path == "problem.pattern" and value == "drawn" and not session.message:
        go(OBSERVATIONS)  # there it is painted
