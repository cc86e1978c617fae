"""The dashboard. `make run` serves it; pages/ holds one question per file."""

import streamlit as st

from ui import frame

frame.configure()
st.navigation(
    [
        st.Page("pages/explore.py", title="Explore", default=True),
        st.Page("pages/reproductions.py", title="Reproductions"),
        st.Page("pages/about.py", title="About"),
    ],
    position="top",
).run()
