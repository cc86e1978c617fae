"""Buttons inside our components: their callback remembers the press until the page has read it.

The value that a component returns is lost when another rerun comes before the page has reached it.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st


def remember(key: str) -> Callable[[], None]:
    """The callback for `on_action_change` of the component with this key."""

    def on_press() -> None:
        action = dict(st.session_state[key]).get("action")
        if action:
            st.session_state[f"{key} pressed"] = dict(action)

    return on_press


def pressed(key: str) -> dict[str, Any] | None:
    """The button that was pressed since the last call."""
    action: dict[str, Any] | None = st.session_state.pop(f"{key} pressed", None)
    return action
