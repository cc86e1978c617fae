"""The first visitor of a server may open any page, not only the first one.

Until `st.navigation` was called once in a process, Streamlit takes an app with a folder pages/ for one without navigation. Buys:
somebody who opens /compare on a new server sees our page with all its links at the top; without it, Streamlit's own list of
files at the left, no logo and no style, until anybody opens the first page (seen in Chromium, Streamlit 1.67).
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui.streamlit_patches import enabled


def know_navigation() -> None:
    """Makes Streamlit take its pages from `st.navigation` alone, from now on in this process."""
    if enabled():
        PagesManager.uses_pages_directory = False
    else:  # the same by a public function, which complains twice that it is called outside of a page
        st.navigation([st.Page(lambda: None, title="DMF Lab", url_path="first")], position="hidden")
