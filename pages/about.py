"""What this is, in one screen."""

from pathlib import Path

import streamlit as st

st.title("About")
st.markdown((Path(__file__).parent.parent / "ui" / "prose" / "about.md").read_text())
