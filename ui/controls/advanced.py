"""The fold of the sidebar: one widget for every other field of the spec, made from its type and limits."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from dmf_core import limits
from dmf_core.integrators import INTEGRATORS
from dmf_core.interfaces import Factorization, InitialFactors
from dmf_core.models import MODELS
from dmf_core.problems import PROBLEMS
from dmf_core.problems.commuting_sensing import CommutingSensing
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.observed_data import Given
from dmf_core.problems.patterns import observable
from dmf_core.problems.synthetic import Synthetic
from dmf_core.problems.tensor_truth import FORMATS, TensorTruth
from dmf_core.recording.resolution import unresolved_stop
from dmf_core.registry import name_of
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec, kinds, usual_start
from ui.controls import tensor
from ui.controls.painted_mask import following
from ui.controls.tensor import as_text, changed_text
from ui.controls.widgets import follow, locked
from ui.fields import field, in_fold
from ui.session.navigation import OBSERVATIONS, go
from ui.session.state import Session
from ui.words import power, whole

OPTIONS = {  # values of fields that are no kinds
    "uniform": "anywhere",
    "disconnected": "two blocks, nothing between",
    "block": "all but one block",
    "banded": "near the diagonal",
    "empty_row": "not in the first row",
    "drawn": "drawn by hand",
    "low_rank": "low rank",
    "sparse": "sparse",
} | {name: each.label for name, each in FORMATS.items()}
SIZED = {
    "problem.rows",
    "problem.columns",
    "problem.kind",
    "problem.pattern",
    "problem.truth",
}  # these change which counts are possible
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
        _field(session, name, getattr(session.spec, name), _schema(RunSpec)[name])


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
    properties = _schema(settings)
    kind = {"kind": {"enum": list(kinds(section))}} if kinds(section) else {}
    return kind | {name: schema for name, schema in properties.items() if name != "kind"}


@cache
def _schema(settings: type[Settings]) -> dict[str, Any]:
    """Types and limits of the fields; made once for each class, because it takes longer than the rest of a rerun."""
    properties: dict[str, Any] = settings.model_json_schema()["properties"]
    return properties


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
    follow(path, value)
    changed = _changed(session, path)
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


def option(path: str, value: Any) -> str:
    """A value of a field as it is read in a list."""
    section, _, name = path.partition(".")
    settings = kinds(section).get(str(value)) if name == "kind" else None
    if isinstance(settings, InitialFactors):
        return settings.label
    return OPTIONS.get(str(value), str(value)) if settings is None else name_of(settings)


def alike(spec: RunSpec, path: str, options: list[Any]) -> list[Any]:
    """The kinds that a run of a matrix, or of a tensor, can change to."""
    if path == "init.kind":
        return [kind for kind in options if kind in spec.model.starts]
    if path not in ("problem.kind", "model.kind"):
        return options
    table = kinds(path.partition(".")[0])
    return [kind for kind in options if getattr(table[kind], "tensor", False) == spec.model.tensor]


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
    follow(path, text)
    st.text_input(label, key=path, on_change=lambda: changed_text(session, path, st.session_state[path]), help=help_)


def _number(label: str, path: str, schema: dict[str, Any], changed: Callable[[], None], help_: str | None) -> None:
    numeric: dict[str, Any] = next(each for each in schema.get("anyOf", [schema]) if each.get("type") in ("integer", "number"))
    low, high = numeric.get("minimum", numeric.get("exclusiveMinimum", 0)), numeric["maximum"]
    if numeric["type"] == "integer":
        st.number_input(label, low, high, step=1, key=path, on_change=changed, help=help_, value=None)
    else:
        st.number_input(
            label, float(low), float(high), step=None, format="%.4g", key=path, on_change=changed, help=help_, value=None
        )


def _changed(session: Session, path: str) -> Callable[[], None]:
    def change() -> None:
        value, problem = st.session_state[path], session.spec.problem
        session.change(fitting(session.spec, {path: value}) | session.remembered_problem(path, value))
        if session.spec.problem.kind != problem.kind:
            session.problems_left[problem.kind] = problem
        if path == "problem.pattern" and value == "drawn" and not session.message:
            go(OBSERVATIONS)  # there it is painted

    return change


def fitting(spec: RunSpec, changes: dict[str, Any]) -> dict[str, Any]:
    """A smaller matrix takes rank and observations down with it, keeping the observed share."""
    problem = spec.problem
    if isinstance(problem, TensorTruth):
        return tensor.fitting(spec, problem, changes)
    if "model.kind" in changes:
        return changes | _needed(spec, MODELS[changes["model.kind"]])
    kind = changes.get("problem.kind", problem.kind)
    if kind != problem.kind and (PROBLEMS[kind].own_size or problem.own_size):
        return changes | _afresh(kind)
    if isinstance(problem, CommutingSensing):
        side = int(changes.get("problem.side") or problem.side)
        return changes | {
            "problem.rank": min(changes.get("problem.rank") or problem.rank, side),
            "problem.measurements": min(changes.get("problem.measurements") or problem.measurements, side),
        }
    if not isinstance(problem, Synthetic) or not changes.keys() & SIZED:
        return changes
    if "problem.truth" in changes:
        most = min(problem.rows, problem.columns)
        return changes if changes["problem.truth"] == "sparse" else changes | {"problem.rank": min(problem.rank, most)}
    rows = int(changes.get("problem.rows") or problem.rows)
    columns = int(changes.get("problem.columns") or problem.columns)
    most = rows * columns
    if PROBLEMS[kind].measured:
        most = min(most, limits.MEASUREMENT_BYTES // (8 * most))
    if issubclass(PROBLEMS[kind], MatrixCompletion):
        pattern: Any = changes.get("problem.pattern") or getattr(problem, "pattern", "uniform")
        if isinstance(problem, MatrixCompletion):
            changes = changes | following(problem, spec.seed, pattern, rows, columns)
        most = rows * columns if pattern == "drawn" else observable(pattern, rows, columns)
    share = problem.observations / (problem.rows * problem.columns)
    observations = max(1, min(most, round(share * rows * columns)))
    sparse = problem.sparse and kind == problem.kind
    rank = min(problem.rank, rows * columns if sparse else min(rows, columns))
    return changes | {"problem.rank": rank, "problem.observations": observations}


def _needed(spec: RunSpec, model: type[Factorization]) -> dict[str, Any]:
    """A start that the model has, and what it needs of the problem, as far as the problem has such settings.

    Where it has none, the spec says what is wrong.
    """
    needed = {path: value for path, value in model.needs.items() if hasattr(spec.problem, path.partition(".")[2])}
    return needed if spec.init.kind in model.starts else needed | {"init.kind": usual_start(model)}


def _afresh(kind: str) -> dict[str, Any]:
    """The default values of a kind of problem."""
    fields = PROBLEMS[kind].model_fields
    return {f"problem.{name}": field.get_default() for name, field in fields.items() if name != "kind"}
