"""What the Compare page remembers of a visit. Its base run is the run of Explore: there is one current run."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from ui.session.state import Order, Visit, from_address, order_of, to_address, visit, visit_of
from ui.views.compare.comparison import ATS, PREFIX, Comparison, first, from_parameters, like, to_parameters, with_values
from ui.views.compare.factors import factors, value_of

COMPARE = "pages/compare.py"
PAGES: dict[Order, str] = {"matrix": "pages/explore.py", "tensor": "pages/tensors.py"}


@dataclass
class Comparing:
    """The comparison, and what was asked for and cancelled in it."""

    comparison: Comparison
    message: str = ""
    asked: frozenset[str] = frozenset()  # digests of the runs that Run was pressed for
    cancelled: dict[str, Job] = field(default_factory=dict)

    def take(self, comparison: Comparison) -> None:
        self.comparison, self.message = comparison, ""

    def choose(self, factor: str, visitor: Visit) -> None:
        """Another factor, with the values to begin with."""
        self.take(like(self.comparison, first(self.comparison.base, visitor.inputs, factor)))

    def set_values(self, values: list[Any], visitor: Visit) -> None:
        """Other values. What does not fit is said and changes nothing."""
        try:
            self.take(with_values(self.comparison, values, visitor.inputs))
        except BadInput as error:
            self.message = f"{error} Nothing was changed."

    def at(self, name: str) -> None:
        """What is equal at the cursor; an unknown name changes nothing."""
        chosen = next((each for each in ATS if each == name), self.comparison.at)
        self.comparison = replace(self.comparison, at=chosen)


def comparing() -> tuple[Visit, Comparing]:
    """The visit and its comparison; the first call reads the address."""
    if "visit" not in st.session_state:
        return _from_address({key: st.query_params[key] for key in st.query_params})
    visitor = visit()
    found: Comparing | None = st.session_state.get("comparing")
    if found is None:
        found = st.session_state.comparing = Comparing(first(visitor.spec, visitor.inputs))
    if found.comparison.base != visitor.spec:
        found.take(rebased(found.comparison, visitor))
    return visitor, found


def _from_address(parameters: dict[str, str]) -> tuple[Visit, Comparing]:
    mine = {key: value for key, value in parameters.items() if key.startswith(PREFIX)}
    rest = {key: value for key, value in parameters.items() if key not in mine}
    if mine or rest:
        st.session_state.visit = from_address(rest)
    visitor = visit()
    comparison, message = from_parameters(visitor.spec, mine, visitor.inputs)
    found = st.session_state.comparing = Comparing(comparison, visitor.message or message)
    visitor.message = ""
    return visitor, found


def rebased(comparison: Comparison, visitor: Visit) -> Comparison:
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


def compare_with(visitor: Visit) -> None:
    """The current run of Explore as the base, with the first factor it has: what "Compare with…" does."""
    base: RunSpec = visitor.spec
    st.session_state.comparing = Comparing(first(base, visitor.inputs))
    go(COMPARE)


def open_in_explore(spec: RunSpec, inputs: Inputs | None = None) -> None:
    """Makes this the current run, and its page the next one."""
    visitor = visit_of(spec)
    visitor.spec, visitor.message, visitor.preset = spec, "", None
    if inputs is not None:
        visitor.inputs = inputs
    go(page_of(spec))


def page_of(spec: RunSpec) -> str:
    """Where a run is explored."""
    return PAGES[order_of(spec)]


def go(page: str) -> None:
    """Where the next run of the page leads: a callback cannot switch pages, and a rerun would forget a pressed button."""
    st.session_state["go to"] = page


def gone() -> None:
    """To be called first by every page that `go` is used on."""
    page: str | None = st.session_state.pop("go to", None)
    if page is not None:
        st.switch_page(page)


def address(found: Comparing) -> dict[str, str]:
    """Everything the page shows, as parameters."""
    return to_address(found.comparison.base) | to_parameters(found.comparison)
