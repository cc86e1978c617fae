"""Learn: the chapters of the guided tour, each a step on the real controls of Explore."""

import streamlit as st

from ui.session.state import session
from ui.views.learn.contents import contents

visitor = session("matrix")
st.title("Learn")
st.markdown(
    "A tour of eight short chapters, on the real controls of Explore. Each says one thing, waits until you have done one "
    "step, and shows what to look at. It can be left at any time and resumed here; every chapter also has its own address."
)
if contents(visitor):
    st.switch_page("pages/explore.py")
