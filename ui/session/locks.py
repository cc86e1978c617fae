"""Lecture links: a control that the link locks is shown as text."""

import streamlit as st

from ui.session.state import Visit

LOCKABLE = {
    "model.depth": "Depth",
    "problem.rank": "Rank of the truth",
    "problem.observations": "Observed entries",
    "init.scale": "Initial scale",
    "seed": "Seed",
}


def locked(visit: Visit, path: str, label: str, value: str, caption: str = "") -> bool:
    """Shows label and value as text when the link has locked this setting. False: the control is to be shown."""
    if path not in visit.locked:
        return False
    with st.container(gap="xxsmall", key=f"locked-{path}"):
        st.markdown(f"**{label}**  \n{value}")
        if caption:
            st.caption(caption)
    return True
