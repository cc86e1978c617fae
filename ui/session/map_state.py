"""What the page Map remembers of a session, and the address that holds it: its base run, axes, measure and view."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec, parse_value
from dmf_core.store import Row
from dmf_core.sweep import Plan
from dmf_core.sweep.axes import parse_values
from dmf_core.sweep.field import MOST_SEEDS, SHOWN, MapQuestion, checked
from dmf_core.sweep.plan import least_plan
from dmf_core.sweep.ready import READY
from ui.session import share
from ui.session.state import MAP

STATE = "map state"  # in the session
FIRST = "rank-by-observations"


@dataclass
class MapState:
    """A map, what is known of it, and what was requested."""

    field: MapQuestion
    inputs: Inputs = Inputs()
    ready: str | None = None  # the name of the ready map that this is, as long as nothing was changed
    message: str = ""
    requested: str = ""  # digest of the plan that Run was pressed for
    cell: tuple[int, int] | None = None  # the one at the cursor, by row and column
    marked: tuple[int, int] | None = None  # the first of two cells that are to be compared
    hint: str = ""  # why the last press on a cell led nowhere; stands below the map
    known: Mapping[str, Row] = dataclasses.field(default_factory=dict)  # rows of the plan below, as far as the page has seen them
    known_least: Mapping[str, Row] = dataclasses.field(default_factory=dict)  # the same of the minima of the nuclear norm
    watcher: str = dataclasses.field(default_factory=lambda: f"map {uuid4().hex}")
    _planned: tuple[Any, Plan] | None = None
    _least: Plan | None = None

    def plan(self) -> Plan:
        """The sweep of the map; the same as long as nothing changes. Raises BadInput."""
        key = (self.field.base, self.field.across, self.field.up, self.field.seeds, self.field.other_depths)
        if self._planned is None or self._planned[0] != key:
            self._planned = key, self.field.plan(self.inputs)
            self.known, self.cell, self.marked, self.hint = {}, None, None, ""
            self.known_least, self._least = {}, None
        return self._planned[1]

    def least(self) -> Plan | None:
        """The sweep of the minima of the nuclear norm, where they are requested and exist."""
        if not self.field.least:
            return None
        self._least = self._least or least_plan(self.plan())
        return self._least if self._least.runs else None

    def change(self, **changes: Any) -> None:
        """Changes the map. A change that makes no map gives a message and changes nothing."""
        before = self.field
        try:
            self.field = replace(before, **changes)
            if self.field.axes() != before.axes() or self.field.base != before.base:
                self.plan()
                self.ready = None
            self.message = ""
        except BadInput as error:
            self.field, self.message = before, f"{error} Nothing was changed."

    def open(self, name: str) -> None:
        """Shows the ready map of this name."""
        self.field, self.inputs, self.ready, self.message = READY[name].field(), Inputs(), name, ""

    def address(self) -> dict[str, str]:
        """The parameters of the address of this map."""
        return share.parameters(self.field.base) | to_parameters(self.field)


def map_state() -> MapState:
    """This browser tab's map. The first call reads the address."""
    if STATE not in st.session_state:
        st.session_state[STATE] = from_address({key: st.query_params[key] for key in st.query_params})
    state: MapState = st.session_state[STATE]
    return state


def open_map(name: str) -> None:
    """The next visit of the page Map shows this ready map."""
    state = MapState(READY[name].field(), ready=name)
    st.session_state[STATE] = state


def to_parameters(settings: MapQuestion) -> dict[str, str]:
    """The parameters of a map in an address, besides those of its base run."""
    texts = {"across": settings.across, "up": settings.up, "seeds": str(settings.seeds), "measure": settings.measure}
    texts |= {"depths": ",".join(map(str, settings.other_depths))} if settings.other_depths else {}
    texts |= {"least": "true"} if settings.least else {}
    texts |= {"threshold": "" if settings.threshold is None else f"{settings.threshold:g}", "shown": settings.shown}
    return {f"{MAP}{name}": text for name, text in texts.items()} | {f"{MAP}scale": "log" if settings.log else "linear"}


def from_address(parameters: Mapping[str, str]) -> MapState:
    """The map of an address; what does not fit is left out, with a message that names it and the reason."""
    mine = {key.removeprefix(MAP): text for key, text in parameters.items() if key.startswith(MAP)}
    if not mine:
        state = MapState(READY[FIRST].field(), ready=FIRST)
        return state
    link = share.read({key: text for key, text in parameters.items() if not key.startswith(MAP)})
    sentences = [link.message] if link.message else []
    settings = _axes(link.spec or RunSpec(), mine, sentences)
    settings = _view(settings, mine, sentences)
    ready = next((name for name, each in READY.items() if each.field() == settings), None)
    return MapState(settings, ready=ready, message=" ".join(sentences))


def _axes(base: RunSpec, mine: Mapping[str, str], sentences: list[str]) -> MapQuestion:
    """The axes, or those of the first ready map where these make no map."""
    try:
        settings = MapQuestion(base, mine.get("across", ""), mine.get("up", ""))
        if "seeds" in mine:
            seeds = parse_value(mine["seeds"])
            if not isinstance(seeds, int) or not 1 <= seeds <= MOST_SEEDS:
                raise BadInput(
                    f"map.seeds is {mine['seeds'][: share.LONGEST]}; it must be a whole number from 1 to {MOST_SEEDS}."
                )
            settings = replace(settings, seeds=seeds)
        if "depths" in mine:
            depths = parse_values(mine["depths"])
            if not all(isinstance(depth, int) and not isinstance(depth, bool) for depth in depths):
                raise BadInput(
                    f"map.depths is {mine['depths'][: share.LONGEST]}; it must be whole numbers with commas between them."
                )
            settings = replace(settings, other_depths=tuple(depths))
        settings = replace(settings, least=mine.get("least", "") == "true")
        settings.plan()
        return settings
    except BadInput as error:
        sentences.append(f"{error} {READY[FIRST].title} was taken.")
        return READY[FIRST].field()


def _view(settings: MapQuestion, mine: Mapping[str, str], sentences: list[str]) -> MapQuestion:
    try:
        settings = replace(settings, measure=checked(mine.get("measure", settings.measure)))
    except BadInput as error:
        sentences.append(str(error))
    if "threshold" in mine:
        level = parse_value(mine["threshold"]) if mine["threshold"] else None
        if level is None or (isinstance(level, int | float) and not isinstance(level, bool)):
            settings = replace(settings, threshold=None if level is None else float(level))
        else:
            sentences.append(f"map.threshold is {mine['threshold'][: share.LONGEST]}; it must be a number, or empty.")
    shown = next((each for each in SHOWN if each == mine.get("shown", settings.shown)), None)
    if shown is None:
        sentences.append(f"map.shown is {mine['shown'][: share.LONGEST]}; it must be one of {', '.join(SHOWN)}.")
    return replace(settings, shown=shown or settings.shown, log=mine.get("scale", "log") != "linear")
