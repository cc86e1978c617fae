"""The sidebar of the Compare page: the one factor, its values, and what all runs share."""

from html import escape
from typing import Any

import streamlit as st

from dmf_core.cost import Cost
from dmf_core.spec import parse_value
from ui.controls.echo import SIDEBAR
from ui.controls.press import press
from ui.fields import label
from ui.session.navigation import page_of
from ui.session.state import Session
from ui.views.compare.factors import factors, offered, options
from ui.views.compare.stage import ask, run_label
from ui.views.compare.state import Comparing
from ui.views.compare.words import shared_settings, value

FACTOR, VALUES = "Change one factor", "Its values"
WIDE = 26  # letters that fit into one row of buttons


def sidebar(visitor: Session, state: Comparing, waiting: dict[str, Cost]) -> None:
    """Everything that defines the runs."""
    _factor(visitor, state)
    _values(visitor, state)
    _shared(state)
    _run(state, waiting)
    SIDEBAR.end()


def _factor(visitor: Session, state: Comparing) -> None:
    with st.container(gap="xxsmall"):
        SIDEBAR.follow(FACTOR, state.comparison.factor)
        choices = factors(state.comparison.base, visitor.inputs)
        st.selectbox(
            FACTOR,
            choices,
            index=choices.index(state.comparison.factor),
            key=FACTOR,
            format_func=label,
            on_change=SIDEBAR.chosen(FACTOR, lambda path: state.choose(path, visitor)),
        )
        st.caption("Everything else below is shared by all runs.")


def _values(visitor: Session, state: Comparing) -> None:
    """Buttons where there are few values, else a list that takes new ones too."""
    comparison = state.comparison
    path = comparison.factor
    choices = offered(comparison.base, path, comparison.values, visitor.inputs)
    key = f"{VALUES} of {path}"

    def words(each: Any) -> str:
        return each if isinstance(each, str) and each not in choices else value(path, each)

    def take(chosen: list[Any]) -> None:
        values = [parse_value(each) if isinstance(each, str) and each not in choices else each for each in chosen]
        state.set_values(values, visitor)

    with st.container(gap="xxsmall"):
        SIDEBAR.follow(key, list(comparison.values))
        few = options(comparison.base, path, visitor.inputs)
        if few and sum(len(words(each)) + 2 for each in few) <= WIDE:
            st.segmented_control(
                VALUES,
                choices,
                selection_mode="multi",
                default=list(comparison.values),
                key=key,
                format_func=words,
                on_change=SIDEBAR.chosen(key, take),
                width="stretch",
            )
        else:
            st.multiselect(
                VALUES,
                choices,
                default=list(comparison.values),
                key=key,
                format_func=words,
                on_change=SIDEBAR.chosen(key, take),
                accept_new_options=not few,
            )
        st.caption("Two to four runs." if few else "Two to four runs; another value can be typed.")


def _shared(state: Comparing) -> None:
    settings = shared_settings(state.comparison.base, state.comparison.factor)
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in settings)
    with st.container(key="shared", gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**Shared**", width="content")
            if press("Edit", "edit shared", type="tertiary", help="Opens the run in Explore, where its settings are."):
                st.switch_page(page_of(state.comparison.base))
        st.html(f"<dl class='dmf-shared'>{rows}</dl>")


def _run(state: Comparing, waiting: dict[str, Cost]) -> None:
    if waiting:
        st.button(run_label(waiting), type="primary", width="stretch", on_click=lambda: ask(state))
        st.caption("△ The picture does not show these settings yet.")
    else:
        st.caption("✓ The picture shows these settings.")
