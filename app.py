"""The dashboard. `make run` serves it; app_pages/ holds one question per file (a folder pages/ would be Streamlit's)."""

import streamlit as st

from ui import frame

frame.configure()
st.navigation(
    [
        st.Page("app_pages/explore.py", title="Explore", default=True),
        st.Page("app_pages/compare.py", title="Compare"),
        st.Page("app_pages/map.py", title="Map"),
        st.Page("app_pages/tensors.py", title="Tensors"),
        st.Page("app_pages/learn.py", title="Learn"),
        st.Page("app_pages/theory.py", title="Theory"),
        st.Page("app_pages/norm_or_rank.py", title="Norm or rank?"),
        st.Page("app_pages/observations.py", title="Observations"),
        st.Page("app_pages/reproductions.py", title="Reproductions"),
        st.Page("app_pages/gallery.py", title="Gallery"),
        st.Page("app_pages/about.py", title="About"),
    ],
    position="top",
).run()
