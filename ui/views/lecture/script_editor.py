"""A script to be chosen, uploaded, edited, saved as a file, and opened as a room."""

import streamlit as st

from dmf_core import limits
from dmf_core.errors import BadInput
from ui.figures.words import number
from ui.lecture.door import Door
from ui.lecture.script import Lecture, read, ready

OWN = "A file of yours"
EDITED = "lecture script"
CHOICE = "lecture choice"
UPLOADED = "lecture file"


def script_editor(entrance: Door, addresses: list[str]) -> None:
    """The lower half of the page."""
    st.header("Open a lecture")
    scripts = ready()
    titles = {name: read(text).lecture.title for name, text in scripts.items()}
    choice = st.selectbox("Lecture", [*scripts, OWN], format_func=lambda name: titles.get(name, OWN), key=CHOICE)
    text = _uploaded() if choice == OWN else scripts[choice]
    if text is None:
        return
    with st.expander("The script"):
        st.caption(
            "Every scene names a run, a moment and what is said; docs/lectures.md describes the format. Edit it here and save it."
        )
        text = st.text_area("Script", text, height=420, key=f"{EDITED} {choice}", label_visibility="collapsed")
    try:
        lecture = read(text).lecture
    except BadInput as error:
        st.error(str(error))
        return
    _contents(lecture)
    left, right = st.columns(2, width=420)
    if left.button("Open a room", type="primary", key="lecture open"):
        _open(entrance, text, addresses)
    right.download_button(
        "Save the script", text, f"{choice if choice != OWN else 'lecture'}.toml", "application/toml", on_click="ignore"
    )


def _uploaded() -> str | None:
    file = st.file_uploader("Scene script (TOML)", type="toml", key=UPLOADED)
    if file is None:
        return None
    content = file.getvalue()
    if len(content) > limits.LECTURE_BYTES:
        st.error(f"The script is longer than {limits.LECTURE_BYTES // 1000} kB; divide the lecture into several scripts.")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        st.error("The file is not UTF-8 text; save it as UTF-8.")
        return None


def _contents(lecture: Lecture) -> None:
    questions = sum(scene.question is not None for scene in lecture.scene)
    st.markdown(
        f"**{_plain(lecture.title)}**: {len(lecture.scene)} scenes, {number(lecture.minutes)} minutes, {questions} questions."
    )
    rows = [
        {
            "Scene": position,
            "Heading": scene.heading,
            "Minutes": scene.minutes,
            "Question": scene.question.text if scene.question else "",
        }
        for position, scene in enumerate(lecture.scene, start=1)
    ]
    st.dataframe(rows, hide_index=True, width="stretch", key="lecture scenes")


def _open(entrance: Door, text: str, addresses: list[str]) -> None:
    try:
        entrance.open(text, addresses[0] if addresses else "")
    except BadInput as error:
        st.error(str(error))
        return
    st.rerun()


def _plain(text: str) -> str:
    """Markdown's own marks as they are."""
    return "".join(f"\\{mark}" if mark in "\\`*_[]<>$#:" else mark for mark in text)
