"""The scripts that a visitor is writing: a text for each ready lecture and one of their own, as long as the visit lasts."""

from collections.abc import Iterable
from urllib.parse import urlencode

import streamlit as st

from dmf_core.spec import RunSpec
from ui.lecture.editing import new_scene
from ui.lecture.script import Lecture, Scene
from ui.lecture.to_toml import scene_toml, to_toml
from ui.player.view import View
from ui.session import share

OWN = "own"  # the script that is no ready one
DRAFTS = "lecture drafts"
REVISIONS = "lecture revisions"
TITLE = "My lecture"


def draft(name: str) -> str | None:
    """The text as it was left; None where nothing was written yet."""
    drafts: dict[str, str] = st.session_state.get(DRAFTS, {})
    return drafts.get(name)


def keep(name: str, text: str) -> None:
    """What a person has written. The widgets that show it stay as they are."""
    st.session_state[DRAFTS] = {**st.session_state.get(DRAFTS, {}), name: text}


def replace(name: str, text: str | None) -> None:
    """Another text, which the widgets have to show; None: that of the ready lecture again."""
    drafts = {each: written for each, written in st.session_state.get(DRAFTS, {}).items() if each != name}
    st.session_state[DRAFTS] = drafts if text is None else {**drafts, name: text}
    st.session_state[REVISIONS] = st.session_state.get(REVISIONS, 0) + 1


def revision() -> int:
    """Part of the keys of all widgets that show a text: after `replace` they are new ones."""
    number: int = st.session_state.get(REVISIONS, 0)
    return number


def view_scene(spec: RunSpec, view: View, heading: str) -> Scene:
    """A scene that shows this run at this moment, in this view. Raises BadInput."""
    shown = view.model_copy(update={"projector": False})
    return new_scene({"heading": heading[:120], "link": f"?{urlencode(share.parameters(spec, shown), safe=',:')}"})


def add_views(views: Iterable[tuple[RunSpec, View, str]]) -> None:
    """A scene for each (run, view, heading), last in the own script whatever state it is in. Raises BadInput."""
    scenes = tuple(view_scene(*each) for each in views)
    text = draft(OWN)
    added = "\n\n".join(scene_toml(scene) for scene in scenes)
    replace(OWN, to_toml(Lecture(title=TITLE, scene=scenes)) if text is None else f"{text.rstrip()}\n\n{added}\n")
