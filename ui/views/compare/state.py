"""What the Compare page remembers of a session. Its base run is the run of Explore: there is one current run."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.jobs import Job
from ui.session.navigation import COMPARISON
from ui.session.state import Session, from_address, session, to_address
from ui.views.compare.comparison import (
    ATS,
    PREFIX,
    Comparison,
    first,
    from_parameters,
    how_many,
    like,
    to_parameters,
    with_values,
)
from ui.views.compare.factors import factors, value_of


@dataclass
class Comparing:
    """The comparison, and which of its runs were requested and cancelled."""

    comparison: Comparison
    message: str = ""
    requested: frozenset[str] = frozenset()  # digests of the runs that Run was pressed for
    cancelled: dict[str, Job] = field(default_factory=dict)

    def take(self, comparison: Comparison) -> None:
        self.comparison, self.message = comparison, ""

    def choose(self, factor: str, visitor: Session) -> None:
        """Another factor, with the values to begin with."""
        self.take(like(self.comparison, first(self.comparison.base, visitor.inputs, factor)))

    def set_values(self, values: list[Any], visitor: Session) -> None:
        """Sets other values. Values that do not fit give a message and change nothing."""
        if refused := how_many(len(values)):
            self.message = f"{refused} Nothing was changed."
            return
        try:
            self.take(with_values(self.comparison, values, visitor.inputs))
        except BadInput as error:
            self.message = f"{error} Nothing was changed."

    def at(self, name: str) -> None:
        """What is equal at the cursor; an unknown name changes nothing."""
        chosen = next((each for each in ATS if each == name), self.comparison.at)
        self.comparison = replace(self.comparison, at=chosen)


def comparing() -> tuple[Session, Comparing]:
    """The session and its comparison; the first call reads the address."""
    if "session" not in st.session_state:
        return _from_address({key: st.query_params[key] for key in st.query_params})
    visitor = session()
    requested: dict[str, str] | None = st.session_state.pop(COMPARISON, None)
    if requested is not None:
        st.session_state.comparing = Comparing(*from_parameters(visitor.spec, requested, visitor.inputs))
    state: Comparing | None = st.session_state.get("comparing")
    if state is None:
        state = st.session_state.comparing = Comparing(first(visitor.spec, visitor.inputs))
    if state.comparison.base != visitor.spec:
        state.take(rebased(state.comparison, visitor))
    return visitor, state


def _from_address(parameters: dict[str, str]) -> tuple[Session, Comparing]:
    mine = {key: value for key, value in parameters.items() if key.startswith(PREFIX)}
    rest = {key: value for key, value in parameters.items() if key not in mine}
    if mine or rest:
        st.session_state.session = from_address(rest)
    visitor = session()
    comparison, message = from_parameters(visitor.spec, mine, visitor.inputs)
    state = st.session_state.comparing = Comparing(comparison, visitor.message or message)
    visitor.message = ""
    return visitor, state


def rebased(comparison: Comparison, visitor: Session) -> Comparison:
    """The same factor and values for the run as it now is on Explore, with its own value among them."""
    base, factor = visitor.spec, comparison.factor
    if factor not in factors(base, visitor.inputs):
        return like(comparison, first(base, visitor.inputs))
    usual = like(comparison, first(base, visitor.inputs, factor))
    if value_of(base, factor) not in comparison.values:
        return usual
    try:
        return with_values(replace(comparison, base=base), comparison.values, visitor.inputs)
    except BadInput:
        return usual


def address(state: Comparing) -> dict[str, str]:
    """Everything the page shows, as parameters."""
    return to_address(state.comparison.base) | to_parameters(state.comparison)
