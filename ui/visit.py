"""One visitor's state: the wanted run, what it needs beside its spec, and the latest message."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job
from dmf_core.presets import preset_spec
from dmf_core.spec import RunSpec, parse_value
from dmf_core.trajectory import Trajectory
from ui.view import View


@dataclass
class Visit:
    """Everything a page remembers between reruns. Widgets are filled from it, never the other way round."""

    spec: RunSpec
    inputs: Inputs = Inputs()
    opened: tuple[str, Trajectory] | None = None  # digest and trajectory of an opened archive
    recognized: str = ""  # what the uploaded file was, in words
    message: str = ""  # one sentence about the latest bad input, or what was done about it
    asked: str = ""  # digest of the long run that Run was pressed for
    cancelled: Job | None = None  # the run that was cancelled here: its part stays on the page
    preset: str | None = None  # the name of the preset that the controls show, as long as nothing was changed
    addressed: tuple[RunSpec, dict[str, str]] | None = None  # the latest address, and of what
    shown: RunSpec | None = None  # the run whose picture was last asked for
    view: View = field(default_factory=View)  # what the player shows and how, as it said last
    watcher: str = field(default_factory=lambda: uuid4().hex)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Sets values by path. What does not fit is said in `message` and changes nothing."""
        try:
            self.spec = self.spec.replaced(changes)
            self.message = ""
            self.preset = self.preset if self.inputs.data is not None else None
        except BadInput as error:
            self.message = f"{error} Nothing was changed."

    def address(self) -> dict[str, str]:
        """The parameters of an address that asks for this run."""
        if self.addressed is None or self.addressed[0] is not self.spec:
            self.addressed = self.spec, to_address(self.spec)
        return self.addressed[1]


def visit() -> Visit:
    """This browser tab's visit; the first call reads the address."""
    if "visit" not in st.session_state:
        parameters = {key: st.query_params[key] for key in st.query_params}
        st.session_state.visit = from_address(parameters) if parameters else first()
    found: Visit = st.session_state.visit
    return found


FIRST_PRESET = "five-modes"


def first() -> Visit:
    """What somebody sees who asked for nothing: a run whose modes arrive one by one, well apart."""
    return Visit(preset_spec(FIRST_PRESET), preset=FIRST_PRESET)


def from_address(parameters: Mapping[str, str]) -> Visit:
    """The visit that an address asks for: `?model.depth=4&seed=3`, the paths of `--set`.

    A parameter that does not fit is left out, and the message says which and why.
    """
    changes = {path: parse_value(text) for path, text in parameters.items()}
    start = Visit(RunSpec())
    try:
        return replace(start, spec=start.spec.replaced(changes))
    except BadInput:
        pass
    kinds_first = sorted(changes, key=lambda path: not path.endswith(".kind"))
    for path in kinds_first:
        try:
            start.spec = start.spec.replaced({path: changes[path]})
        except BadInput as error:
            start.message = start.message or f"The address asks for what cannot be shown: {error} The rest of it was used."
    return start


def to_address(spec: RunSpec) -> dict[str, str]:
    """What differs from the default run, as parameters of an address: the inverse of `from_address`."""
    default = RunSpec()
    wanted, usual = _flat(spec.model_dump(mode="json")), _flat(default.model_dump(mode="json"))
    if spec.problem.kind != default.problem.kind or spec.integrator.kind != default.integrator.kind:
        kinds = {"problem.kind": spec.problem.kind, "integrator.kind": spec.integrator.kind}
        usual = _flat(default.replaced(kinds).model_dump(mode="json")) | _flat(
            {"problem": {"kind": default.problem.kind}, "integrator": {"kind": default.integrator.kind}}
        )
    return {path: _text(value) for path, value in wanted.items() if usual.get(path) != value}


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
