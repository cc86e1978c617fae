"""One scene of a lecture as a form, and its place among the others. What does not fit is said and nothing typed is lost."""

import json
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.presets import PRESETS
from ui.controls.lecture_drafts import replace, revision
from ui.controls.press import press
from ui.lecture.editing import duplicated, inserted, moved, new_scene, removed, replaced, titled
from ui.lecture.script import Lecture, Question, Scene
from ui.lecture.to_toml import to_toml
from ui.player.view import Matrix, View

CHOSEN = "lecture scene chosen"
HINT = "Markdown; formulas between dollar signs, as in $\\sigma_3$."


def scenes(name: str, lecture: Lecture) -> None:
    """The scene that is chosen, to be edited. `name`: of the draft."""
    last = len(lecture.scene) - 1
    st.session_state[CHOSEN] = min(st.session_state.get(CHOSEN, 0), last)
    scene = st.selectbox(
        "Scene", range(last + 1), format_func=lambda number: f"{number + 1} {lecture.scene[number].heading}", key=CHOSEN
    )
    _places(name, lecture, scene, last)
    _form(name, lecture, scene)
    _whole(name, lecture)


def _places(name: str, lecture: Lecture, scene: int, last: int) -> None:
    fresh = {"heading": "New scene", "preset": next(iter(PRESETS))}

    def after(change: Callable[[], Lecture], chosen: int) -> Callable[[], None]:
        def apply() -> None:
            if _apply(name, change):
                st.session_state[CHOSEN] = chosen

        return apply

    with st.container(horizontal=True, width="content"):
        st.button("Up", disabled=scene == 0, on_click=after(lambda: moved(lecture, scene, -1), scene - 1), key="scene up")
        st.button("Down", disabled=scene == last, on_click=after(lambda: moved(lecture, scene, 1), scene + 1), key="scene down")
        st.button("Duplicate", on_click=after(lambda: duplicated(lecture, scene), scene + 1), key="scene duplicate")
        st.button("Delete", on_click=after(lambda: removed(lecture, scene), max(0, scene - 1)), key="scene delete")
        st.button("New scene", on_click=after(lambda: inserted(lecture, scene + 1, new_scene(fresh)), scene + 1), key="scene new")
    if wrong := st.session_state.pop("lecture wrong", ""):
        st.error(wrong)


def _form(name: str, lecture: Lecture, number: int) -> None:
    scene = lecture.scene[number]
    key = f"{name} {revision()} {number}"
    with st.form(f"scene form {key}", border=False):
        typed: dict[str, Any] = {
            "heading": st.text_input("Heading", scene.heading, max_chars=120, key=f"heading {key}", help=HINT),
            "text": st.text_input("Sentence", scene.text, max_chars=300, key=f"text {key}", help=HINT),
            "notes": st.text_area("Notes, for you only", scene.notes, max_chars=4000, key=f"notes {key}", help=HINT),
        }
        left, right = st.columns(2)
        typed["minutes"] = left.number_input("Minutes", 0.0, 240.0, scene.minutes, 0.5, key=f"minutes {key}")
        typed["at"] = right.text_input("Moment: start, end, or a flow time", _text(scene.at), key=f"at {key}")
        typed["run"] = st.text_input("Run: the name of a preset, or a link", scene.preset or scene.link or "", key=f"run {key}")
        typed["changes"] = st.text_input(
            "Changes of the preset",
            ", ".join(f"{path} = {json.dumps(value)}" for path, value in scene.changes.items()),
            key=f"changes {key}",
            help="As in model.depth = 3, seed = 4.",
        )
        left, right = st.columns(2)
        matrices = get_args(Matrix)
        shown = scene.shown_view
        typed["matrix"] = left.selectbox("Matrix shown", matrices, matrices.index(shown.matrix), key=f"matrix {key}")
        typed["hidden"] = right.checkbox("Hide the future", not shown.future, key=f"hidden {key}")
        typed |= _question(scene.question, key)
        if press("Save the scene", f"save {key}", st.form_submit_button, type="primary"):
            if _apply(name, lambda: replaced(lecture, number, _values(scene, typed))):
                st.rerun()
            st.error(st.session_state.pop("lecture wrong", ""))


def _question(question: Question | None, key: str) -> dict[str, Any]:
    fields = question.model_dump() if question is not None else {}
    st.markdown("**Question**, if there is one: choices, or a range of moments with the mode that is born or sketched in it.")
    typed = {"question": st.text_input("Question", fields.get("text", ""), max_chars=300, key=f"question {key}", help=HINT)}
    left, right = st.columns(2)
    typed["choices"] = left.text_area("Choices, one a line", "\n".join(fields.get("choices") or ()), key=f"choices {key}")
    low_high = " to ".join(f"{value:g}" for value in fields.get("range") or ())
    typed["range"] = right.text_input("Range of moments, as in 690 to 1400", low_high, key=f"range {key}")
    places = right.columns(2)
    for place, (field, label) in enumerate(
        (("right", "Right choice"), ("birth", "Born mode"), ("curve", "Sketched mode"), ("top", "Top of the sketch"))
    ):
        typed[field] = places[place % 2].text_input(label, _text(fields.get(field)), key=f"{field} {key}")
    typed["step"] = left.text_input("Step between answers", _text(fields.get("step")), key=f"step {key}")
    return typed


def _whole(name: str, lecture: Lecture) -> None:
    key = f"{name} {revision()}"
    with st.form(f"lecture form {key}", border=False):
        title = st.text_input("Title of the lecture", lecture.title, max_chars=120, key=f"title {key}")
        summary = st.text_area("Summary, one page for the handout", lecture.summary, max_chars=4000, key=f"summary {key}")
        if press("Save title and summary", f"save {key}", st.form_submit_button):
            if _apply(name, lambda: titled(lecture, title, summary)):
                st.rerun()
            st.error(st.session_state.pop("lecture wrong", ""))


def _apply(name: str, change: Callable[[], Lecture]) -> bool:
    """Whether it fits; if not, the sentence is kept for the page."""
    try:
        replace(name, to_toml(change()))
    except BadInput as error:
        st.session_state["lecture wrong"] = str(error)
        return False
    return True


def _values(scene: Scene, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The scene as typed. Raises BadInput, one sentence with the field."""
    run = typed["run"].strip()
    as_before = run in (scene.preset, scene.link)
    base = scene.shown_view if as_before else View()  # the view of another link is its own
    view = base.model_dump(mode="json") | {"matrix": typed["matrix"], "future": not typed["hidden"]}
    at = typed["at"].strip()
    values = {name: typed[name] for name in ("heading", "text", "notes", "minutes")}
    values |= {"link" if "=" in run or "/" in run else "preset": run, "changes": _changes(typed["changes"])}
    if at:
        values["at"] = at if at in ("start", "end") else _number("Moment", at)
        view["frame"] = None
    if scene.link is None or View.model_validate(view) != scene.shown_view:  # else that of the link
        values["view"] = view
    if typed["question"].strip():
        values["question"] = _typed_question(typed)
    return values


def _typed_question(typed: Mapping[str, Any]) -> dict[str, Any]:
    question: dict[str, Any] = {"text": typed["question"].strip()}
    question["choices"] = tuple(line.strip() for line in typed["choices"].splitlines() if line.strip())
    if typed["range"].strip():
        parts = typed["range"].replace("to", " ").replace(",", " ").split()
        question["range"] = tuple(_number("Range of moments", part) for part in parts)
    for field, label in (("right", "Right choice"), ("birth", "Born mode"), ("curve", "Sketched mode")):
        if typed[field].strip():
            value = _number(label, typed[field])
            question[field] = int(value) if value.is_integer() else value
    for field, label in (("top", "Top of the sketch"), ("step", "Step between answers")):
        if typed[field].strip():
            question[field] = _number(label, typed[field])
    return question


def _changes(text: str) -> dict[str, Any]:
    """Of `model.depth = 3, seed = 4`: by path. Raises BadInput."""
    if not text.strip():
        return {}
    try:
        return _flat(tomllib.loads(f"x = {{ {text} }}")["x"])
    except tomllib.TOMLDecodeError:
        raise BadInput(f"Changes of the preset: {text[:60]} cannot be read; write as in model.depth = 3, seed = 4.") from None


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in values.items():
        made |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return made


def _number(label: str, text: str) -> float:
    try:
        return float(text.replace("\u202f", "").replace(" ", ""))
    except ValueError:
        raise BadInput(f"{label}: {text[:40]} is no number.") from None


def _text(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)
