"""The sidebar of the Compare page: the one factor, its values, and what all runs share."""

from html import escape
from typing import Any

import streamlit as st

from dmf_core.cost import Cost
from dmf_core.spec import parse_value
from ui.controls.fields import label
from ui.session.navigation import page_of
from ui.session.state import Session
from ui.views.compare.factors import factors, offered, options
from ui.views.compare.stage import ask, run_label
from ui.views.compare.state import Comparing
from ui.views.compare.words import shared_settings, value

FACTOR, VALUES = "Change one factor", "Its values"
WIDE = 26  # letters that fit into one row of buttons


def sidebar(visitor: Session, found: Comparing, waiting: dict[str, Cost]) -> None:
    """Everything that defines the runs."""
    _factor(visitor, found)
    _values(visitor, found)
    _shared(found)
    _run(found, waiting)


def _factor(visitor: Session, found: Comparing) -> None:
    with st.container(gap="xxsmall"):
        _follow(FACTOR, found.comparison.factor)
        choices = factors(found.comparison.base, visitor.inputs)
        st.selectbox(
            FACTOR,
            choices,
            index=choices.index(found.comparison.factor),
            key=FACTOR,
            format_func=label,
            on_change=lambda: found.choose(st.session_state[FACTOR], visitor),
        )
        st.caption("Everything else below is shared by all runs.")


def _values(visitor: Session, found: Comparing) -> None:
    """Buttons where there are few values, else a list that takes new ones too."""
    comparison = found.comparison
    path = comparison.factor
    choices = offered(comparison.base, path, comparison.values, visitor.inputs)
    key = f"{VALUES} of {path}"

    def words(each: Any) -> str:
        return each if isinstance(each, str) and each not in choices else value(path, each)

    def changed() -> None:
        chosen = [parse_value(each) if isinstance(each, str) and each not in choices else each for each in st.session_state[key]]
        found.set_values(chosen, visitor)

    with st.container(gap="xxsmall"):
        _follow(key, list(comparison.values))
        few = options(comparison.base, path, visitor.inputs)
        if few and sum(len(words(each)) + 2 for each in few) <= WIDE:
            st.segmented_control(
                VALUES,
                choices,
                selection_mode="multi",
                default=list(comparison.values),
                key=key,
                format_func=words,
                on_change=changed,
                width="stretch",
            )
        else:
            st.multiselect(
                VALUES,
                choices,
                default=list(comparison.values),
                key=key,
                format_func=words,
                on_change=changed,
                accept_new_options=not few,
            )
        st.caption("Two to four runs." if few else "Two to four runs; another value can be typed.")


def _shared(found: Comparing) -> None:
    settings = shared_settings(found.comparison.base, found.comparison.factor)
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in settings)
    with st.container(key="shared", gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**Shared**", width="content")
            if st.button("Edit", type="tertiary", help="Opens the run in Explore, where its settings are."):
                st.switch_page(page_of(found.comparison.base))
        st.html(f"<dl class='dmf-shared'>{rows}</dl>")


def _run(found: Comparing, waiting: dict[str, Cost]) -> None:
    if waiting:
        st.button(run_label(waiting), type="primary", width="stretch", on_click=lambda: ask(found))
        st.caption("△ The picture does not show these settings yet.")
    else:
        st.caption("✓ The picture shows these settings.")


def _follow(key: str, wanted: Any) -> None:
    """Shows the comparison's value in the widget of this key."""
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
