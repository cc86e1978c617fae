"""A button whose press is not lost."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def press(label: str, key: str, button: Callable[..., bool] = st.button, **options: Any) -> bool:
    """Shows a button; True once for every press. `button`: or `st.form_submit_button`, with its `options`.

    The answer of `if st.button(..)` is lost when another rerun stops the page before that line. Here the callback, which comes
    first, puts the press into the session, where it waits until it is read.
    """
    name = f"pressed {key}"
    button(label, key=key, on_click=lambda: st.session_state.update({name: True}), **options)
    return bool(st.session_state.pop(name, False))
