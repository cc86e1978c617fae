"""Widgets of the page Map: each shows one field of the map's question and changes it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.controls.echo import SIDEBAR, Echo
from ui.session.map_state import MapState
from ui.watching import press

VIEW = Echo("map view")


def select(state: MapState, title: str, name: str, choices: list[Any], words_of: Callable[[Any], str]) -> None:
    key, own = f"map {name}", getattr(state.field, name)
    SIDEBAR.follow(key, own)
    st.selectbox(
        title,
        choices,
        choices.index(own),
        key=key,
        format_func=words_of,
        on_change=SIDEBAR.chosen(key, lambda value: state.change(**{name: value})),
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
    echo = VIEW if inside else SIDEBAR
    echo.follow(key, own)
    change = echo.chosen(key, lambda value: state.change(**{name: value}))

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
