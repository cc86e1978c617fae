"""A script to be chosen, imported, edited, saved as a file, and opened as a room."""

import streamlit as st

from dmf_core import limits
from dmf_core.errors import BadInput
from ui.controls.lecture_drafts import OWN, draft, keep, replace, revision
from ui.controls.press import press
from ui.figures.words import number, plural
from ui.lecture.door import Door
from ui.lecture.script import Lecture, read, ready
from ui.views.lecture.scene_form import scenes

OWN_NAME = "Your own"
CHOICE = "lecture choice"
UPLOADED = "lecture file"
IMPORTED = "lecture imported"  # the file whose text was taken over


def script_editor(entrance: Door, addresses: list[str]) -> None:
    """The lower half of the page."""
    st.header("Open a lecture")
    scripts = ready()
    titles = {name: read(text).lecture.title for name, text in scripts.items()}
    names = [*scripts, OWN]
    st.session_state.setdefault(CHOICE, names[0] if draft(OWN) is None else OWN)
    choice = st.selectbox("Lecture", names, format_func=lambda name: titles.get(name, OWN_NAME), key=CHOICE)
    if choice == OWN:
        _import()
    text = draft(choice) or scripts.get(choice)
    if text is None:
        st.markdown(
            "Add views to it on Explore and Tensors (Link, **Add to my lecture**), import a script, or choose a ready lecture "
            "and change it."
        )
        return
    text = _text(choice, text)
    try:
        lecture = read(text).lecture
    except BadInput as error:
        st.error(str(error))
        return
    _contents(lecture)
    with st.expander("Edit the scenes", key="lecture edit"):
        scenes(choice, lecture)
    _buttons(entrance, addresses, choice, text, changed=choice in scripts and text != scripts[choice])


def _text(choice: str, text: str) -> str:
    """The script itself, as it is now."""
    with st.expander("The script"):
        st.caption(
            "Every scene names a run, a moment and what is said; docs/lectures.md describes the format. Comments are lost when a "
            "scene is edited below."
        )
        key = f"lecture script {choice} {revision()}"
        written = st.text_area("Script", text, height=420, key=key, label_visibility="collapsed")
    if written != text:
        keep(choice, written)
    return written


def _buttons(entrance: Door, addresses: list[str], choice: str, text: str, changed: bool) -> None:
    with st.container(horizontal=True, width="content"):
        if press("Open a room", "lecture open", type="primary"):
            _open(entrance, text, addresses)
        name = choice if choice != OWN else "lecture"
        st.download_button("Save the script", text, f"{name}.toml", "application/toml", on_click="ignore")
        if changed and press("Back to the ready lecture", "lecture back"):
            replace(choice, None)
            st.rerun()


def _import() -> None:
    """A file takes the place of the own script; one that is no script is shown with its fault, and can be mended."""
    file = st.file_uploader("Import a scene script (TOML)", type="toml", key=UPLOADED)
    if file is None or st.session_state.get(IMPORTED) == file.file_id:
        return
    content = file.getvalue()
    if len(content) > limits.LECTURE_BYTES:
        st.error(f"The script is longer than {limits.LECTURE_BYTES // 1000} kB; divide the lecture into several scripts.")
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        st.error("The file is not UTF-8 text; save it as UTF-8.")
        return
    st.session_state[IMPORTED] = file.file_id
    replace(OWN, text)


def _contents(lecture: Lecture) -> None:
    questions = sum(scene.question is not None for scene in lecture.scene)
    st.markdown(
        f"**{_plain(lecture.title)}**: {_many(len(lecture.scene), 'scene')}, {_many(lecture.minutes, 'minute')}, "
        f"{_many(questions, 'question')}."
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


def _many(count: float, noun: str) -> str:
    return f"{number(count)} {noun if count == 1 else plural(noun)}"


def _plain(text: str) -> str:
    """Markdown's own marks as they are, but for formulas."""
    return "".join(f"\\{mark}" if mark in "\\`*_[]<>#:" else mark for mark in text) if "$" not in text else text
