"""Reproductions: published figures run again, every claim checked against its number."""

import streamlit as st

from ui.controls.navigation import view_links
from ui.views.reproductions.page import chosen, show

view_links("Gallery")
st.title("Reproductions")
st.caption(
    "Published figures run again on this machine, and a bench of our own, the depth law. Each claim is decided by a number; "
    "one that fails is shown so."
)
show(*chosen())
