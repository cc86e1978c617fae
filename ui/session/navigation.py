"""From page to page: where a run is explored, and how a pressed button leads there."""

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dmf_core.inputs import Inputs
from dmf_core.spec import RunSpec
from ui.session import share
from ui.session.course.chapters import CHAPTERS
from ui.session.course.visit import of_old_tour
from ui.session.state import Order, order_of, session_of

COMPARE = "pages/compare.py"
OBSERVATIONS = "pages/observations.py"
LEARN = "pages/learn.py"
COMPARISON = "comparison asked"  # in the session: what Compare is to show next, as parts of an address
PAGES: dict[Order, str] = {"matrix": "pages/explore.py", "tensor": "pages/tensors.py"}


def page_of(spec: RunSpec) -> str:
    """The page on which a run is explored: Explore or Tensors."""
    return PAGES[order_of(spec)]


def go(page: str) -> None:
    """Where the next run of the page leads: a callback cannot switch pages, and a rerun would forget a pressed button."""
    st.session_state["go to"] = page


def gone() -> None:
    """To be called first by every page that `go` is used on."""
    page: str | None = st.session_state.pop("go to", None)
    if page is not None:
        st.switch_page(page)


def compare_this() -> None:
    """Leads to Compare, which then begins anew: the current run as the base, with the first factor it has."""
    st.session_state.pop("comparing", None)
    go(COMPARE)


def compare_runs(spec: RunSpec, factor: str, values: Sequence[Any], inputs: Inputs) -> None:
    """Leads to Compare with this run as the base, and these values of one setting."""
    visitor = session_of(spec)
    visitor.spec, visitor.message, visitor.preset, visitor.inputs = spec, "", None, inputs
    texts = [json.dumps(each) if isinstance(each, list | dict | bool) else str(each) for each in values]
    st.session_state[COMPARISON] = {"compare.factor": factor, "compare.values": ",".join(texts)}
    go(COMPARE)


def open_in_explore(spec: RunSpec, inputs: Inputs | None = None) -> None:
    """Makes this the current run, and its page the next one."""
    visitor = session_of(spec)
    visitor.spec, visitor.message, visitor.preset = spec, "", None
    if inputs is not None:
        visitor.inputs = inputs
    go(page_of(spec))


def to_chapter() -> None:
    """Leads an address of the former tour, `?tour=3`, to its chapter on Learn.

    One that also holds a run which the chapter does not have, `?tour=3&seed=4`, stays: it opens that run.
    """
    if "tour" not in st.query_params:
        return
    link = share.read(st.query_params.to_dict(), chapters=len(CHAPTERS))
    place = None if link.chapter is None else of_old_tour(link.chapter, link.spec)
    if place is not None:
        st.switch_page(LEARN, query_params=place)
