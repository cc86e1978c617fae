"""A button whose press is not lost."""

from typing import Any

import streamlit as st


def press(label: str, key: str, **options: Any) -> bool:
    """Shows a button; True once for every press. `options`: as of `st.button`.

    The answer of `if st.button(..)` is lost when another rerun stops the page before that line. Here the callback, which comes
    first, puts the press into the session, where it waits until it is read.
    """
    name = f"pressed {key}"
    st.button(label, key=key, on_click=lambda: st.session_state.update({name: True}), **options)
    return bool(st.session_state.pop(name, False))
