"""The dashboard. `make run` serves it; pages/ holds one question per file."""

import streamlit as st

from ui import frame

frame.configure()
st.navigation(
    [
        st.Page("pages/explore.py", title="Explore", default=True),
        st.Page("pages/compare.py", title="Compare"),
        st.Page("pages/map.py", title="Map"),
        st.Page("pages/tensors.py", title="Tensors"),
        st.Page("pages/learn.py", title="Learn"),
        st.Page("pages/lecture.py", title="Lecture"),
        st.Page("pages/theory.py", title="Theory"),
        st.Page("pages/norm_or_rank.py", title="Norm or rank?"),
        st.Page("pages/observations.py", title="Observations"),
        st.Page("pages/reproductions.py", title="Reproductions"),
        st.Page("pages/gallery.py", title="Gallery"),
        st.Page("pages/about.py", title="About"),
    ],
    position="top",
).run()
