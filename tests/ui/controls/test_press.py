"""Presses wait for the line that reads them."""

from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from ui.controls.press import press

if st.session_state.pop("another rerun", False):
    st.rerun()  # stops this run before the buttons, as any request for another run does
st.session_state["plain"] = st.button("Plain")
st.session_state["count"] = st.session_state.get("count", 0) + press("Waits", "waits")
with st.form("form"):
    st.session_state["saves"] = st.session_state.get("saves", 0) + press("Save", "save", st.form_submit_button)
"""


def test_press_is_answered_once_although_another_rerun_stops_the_page_before_it() -> None:
    page = AppTest.from_string(PAGE).run()
    for label, key in (("Plain", "plain"), ("Waits", "count"), ("Save", "saves")):
        page.session_state["another rerun"] = True
        next(each for each in page.button if each.label == label).click().run()
        assert page.session_state[key] == (label != "Plain")  # the answer of a plain button is lost
    assert (page.run().session_state["count"], page.session_state["saves"]) == (1, 1)
