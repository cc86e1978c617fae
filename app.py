"""The dashboard: `streamlit run app.py`, as `make run` does. pages/ holds one question per file.

Streamlit takes this file twice: it imports it for `app`, the server, and runs it as a script for every visit.
"""

import streamlit as st

from ui import frame, serve
from ui.controls.navigation import navigation

if __name__ == "__main__":
    frame.configure()
    navigation().run()
else:
    app = st.App(__file__, lifespan=serve.ready, middleware=serve.middleware())
