"""The choices beside a file that was read."""

from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from ui.controls.files.view import read_as
from ui.session.upload import changed, taken

state = st.session_state
if "upload" not in state:
    state.upload = taken("m.txt", b"1 1 5\\n1 2 3\\n1 3 4\\n2 1 4\\n2 2 2\\n2 3 1\\n")
state.uploads = [*state.get("uploads", []), state.upload]
if state.pop("reading chosen", False):
    state.upload = changed(state.upload, {"kind": "list"})

def take(upload):
    state.upload, state.taken = upload, state.get("taken", 0) + 1

read_as(state.upload, take)
"""


def _kind(page: AppTest) -> tuple[str, str]:
    box = next(each for each in page.selectbox if each.label.startswith("Kind"))
    return str(box.key), str(box.value)


def test_choice_that_the_program_has_changed_stays_when_the_browser_sends_the_one_before() -> None:
    page = AppTest.from_string(PAGE).run()
    key, value = _kind(page)
    assert value == "auto"
    old = page._tree.get_widget_states()  # what a browser sends that has not heard of what comes now
    page.session_state["reading chosen"] = True
    page.run()
    assert _kind(page) == (key, "list")
    page._run(old)
    assert _kind(page)[1] == "list"
    assert "taken" not in page.session_state
    next(each for each in page.selectbox if each.label.startswith("Kind")).set_value("table").run()
    assert _kind(page)[1] == "table"
    assert page.session_state["taken"] == 1
