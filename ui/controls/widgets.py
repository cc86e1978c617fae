"""What every control of a setting shares: its key is the path of the setting; it shows the spec, changes it, or is locked."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.controls.echo import SIDEBAR
from ui.fields import field
from ui.session.state import Session


def locked(session: Session, path: str, value: str, caption: str = "") -> bool:
    """Shows label and value as text when the link has locked this setting. False: the control is to be shown."""
    if path not in session.locked:
        return False
    with st.container(gap="xxsmall", key=f"locked-{path}"):
        st.markdown(f"**{field(path, session.spec).label}**  \n{value}")
        if caption:
            st.caption(caption)
    return True


def changed(session: Session, path: str) -> Callable[[], None]:
    """Sets the spec's value to that of the widget."""
    return SIDEBAR.chosen(path, moved(session, path))


def moved(session: Session, path: str) -> Callable[[Any], None]:
    """The same for what gives its value."""
    return lambda value: session.change({path: value})
