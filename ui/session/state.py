"""One visitor's state: the requested run, what it needs besides its spec, and the latest message."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import uuid4

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job
from dmf_core.prepare import with_sample
from dmf_core.presets import PRESETS, preset_spec
from dmf_core.problems import PROBLEMS
from dmf_core.settings import Settings
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.player.view import View
from ui.session import share
from ui.session.course.chapters import CHAPTERS
from ui.session.upload import Upload

MAP = "map."  # how the parts of an address begin that are about the page Map
OWN = "own"  # the name that stands for a file of the visitor where others are those of presets


@dataclass
class Session:
    """Everything a page remembers between reruns. Widgets are filled from it, never the other way round."""

    spec: RunSpec
    inputs: Inputs = Inputs()
    opened: tuple[str, Trajectory] | None = None  # digest and trajectory of an opened archive
    recognized: str = ""  # what was opened, in words
    upload: Upload | None = None  # the file of data that was given last
    message: str = ""  # one sentence about the latest bad input, or what was done about it
    requested: str = ""  # digest of the long run that Run was pressed for
    cancelled: Job | None = None  # the run that was cancelled here: its part stays on the page
    preset: str | None = None  # the name of the preset that the controls show, as long as nothing was changed
    addressed: tuple[Any, dict[str, str]] | None = None  # the latest address, and of what
    opening: View = View()  # how the player is to show ..
    opening_of: RunSpec | None = None  # .. this run; another run is shown as it likes
    locked: tuple[str, ...] = ()  # paths that a lecture link shows as text
    shown: RunSpec | None = None  # the run whose picture was last asked for
    view: View = field(default_factory=View)  # the view that the player reported last
    problems_left: dict[str, Settings] = field(default_factory=dict)  # by kind: how each was when another one was chosen
    watcher: str = field(default_factory=lambda: uuid4().hex)

    def change(self, changes: Mapping[str, Any]) -> None:
        """Sets values by path. Values that do not fit give a `message` and change nothing."""
        try:
            self.spec = self.spec.replaced(changes)
            self.message = ""
            self.preset = self.preset if self.inputs.data is not None or self.upload is not None else None
        except BadInput as error:
            self.message = f"{error} Nothing was changed."

    def remembered_problem(self, path: str, value: Any) -> dict[str, Any]:
        """The settings that a kind of problem had when it was left, as changes; none where the size goes along, or with data."""
        before = self.problems_left.get(value) if path == "problem.kind" else None
        if before is None or PROBLEMS[value].needs_data or not (PROBLEMS[value].own_size or self.spec.problem.own_size):
            return {}
        return {f"problem.{name}": each for name, each in before.model_dump().items() if name != "kind"}

    def start_from(self, preset: str | None) -> None:
        """Starts from a named run and forgets all settings before it; other names choose only what the controls offer."""
        self.preset = preset
        if preset in PRESETS:
            self.upload = None
            self.spec, self.locked = preset_spec(preset), ()
            self.inputs = with_sample(self.spec)
            self.recognized = self.message = ""

    def show(self, view: View) -> None:
        """How the player is to show the run of now."""
        self.opening, self.opening_of = view, self.spec

    def requested_view(self) -> View | None:
        """The view to open the player with, or None: the player's own choice."""
        return self.opening if self.opening_of is self.spec else None

    def address(self) -> dict[str, str]:
        """The parameters of the address of this run, with the view that was requested."""
        state_of_page = (self.spec, self.requested_view() or View(), self.locked)
        if self.addressed is None or self.addressed[0] != state_of_page:
            self.addressed = state_of_page, share.parameters(*state_of_page)
        return self.addressed[1]


Order = Literal["matrix", "tensor"]
FIRST_PRESET: dict[Order, str] = {"matrix": "fewer-entries", "tensor": "three-components"}
ELSEWHERE: dict[Order, str] = {
    "matrix": "This address asks for a matrix, which Explore shows; with problem.kind=tensor_completion it asks for a tensor.",
    "tensor": "This address asks for a tensor, which Tensors shows; without problem.kind it asks for a matrix.",
}


def session(order: Order | None = None) -> Session:
    """This browser tab's session of matrices or of tensors; None: the one that was used last. The first call reads the address.

    Each keeps its run while the other is looked at.
    """
    if "session" not in st.session_state:
        parameters = {key: st.query_params[key] for key in st.query_params if not key.startswith(MAP)}
        addressed = st.session_state.session = (
            from_address(parameters, order or "matrix") if parameters else first(order or "matrix")
        )
        if order not in (None, order_of(addressed.spec)):
            addressed.message = addressed.message or ELSEWHERE[order_of(addressed.spec)]
    now: Session = st.session_state.session
    if order is None or order == order_of(now.spec):
        return now
    sessions: dict[Order, Session] = st.session_state.setdefault("sessions", {})
    sessions[order_of(now.spec)] = now
    session_of_order = st.session_state.session = sessions.get(order) or replace(first(order), message=now.message)
    return session_of_order


def session_of(spec: RunSpec) -> Session:
    """The session that such a run belongs to, from now on the current one."""
    return session(order_of(spec))


def order_of(spec: RunSpec) -> Order:
    """Which of the two pages shows this run."""
    return "tensor" if spec.model.tensor else "matrix"


def first(order: Order = "matrix") -> Session:
    """The run of an address without settings: modes arrive one by one, and depth recovers what the smallest norm does not."""
    name = FIRST_PRESET[order]
    return Session(preset_spec(name), preset=name)


def from_address(parameters: Mapping[str, str], order: Order = "matrix") -> Session:
    """The session of an address such as `?version=1&model.depth=4&seed=3`, with the paths of `--set`.

    An address that says nothing of the run gets the first one of this order. A parameter that does not fit is left out, and
    the message says which and why.
    """
    link = share.read(parameters, chapters=len(CHAPTERS))
    start = first(order) if link.spec is None else Session(link.spec, preset=_preset_of(link.spec))
    start = replace(start, inputs=with_sample(start.spec), locked=link.locked, message=link.message)
    start.show(link.view)
    return start


def to_address(spec: RunSpec) -> dict[str, str]:
    """The parameters of the address of this run: the inverse of `from_address`."""
    return share.parameters(spec)


def _preset_of(spec: RunSpec) -> str | None:
    return next((name for name in PRESETS if preset_spec(name) == spec), None)
