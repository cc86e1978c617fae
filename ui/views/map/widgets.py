"""Widgets of the page Map: each shows one field of the map's question and changes it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.session.map_state import MapState
from ui.watching import press


def select(state: MapState, title: str, name: str, choices: list[Any], words_of: Callable[[Any], str]) -> None:
    key, own = f"map {name}", getattr(state.field, name)
    follow(key, own)
    st.selectbox(
        title,
        choices,
        choices.index(own),
        key=key,
        format_func=words_of,
        on_change=lambda: state.change(**{name: st.session_state[key]}),
    )


def segments(
    state: MapState,
    title: str,
    name: str,
    choices: list[Any],
    words_of: Callable[[Any], str],
    inside: bool = False,
    only: Any = None,
) -> None:
    """`inside` what is watched: without a label, and the whole page is run after a press.

    `only`: the one choice that the picture allows now; it is shown, and nothing can be chosen.
    """
    key, own = f"map {name}", getattr(state.field, name) if only is None else only
    follow(key, own)

    def change() -> None:
        state.change(**{name: st.session_state[key]})

    st.segmented_control(
        title,
        choices,
        default=own,
        key=key,
        required=True,
        disabled=only is not None,
        width="content" if inside else "stretch",
        label_visibility="collapsed" if inside else "visible",
        format_func=words_of,
        on_change=(lambda: press(change)) if inside else change,
    )


def follow(key: str, current: Any) -> None:
    """Shows the map's value in the widget of this key."""
    if st.session_state.get(key) != current:
        st.session_state[key] = current
