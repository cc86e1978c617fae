"""The one setting that a chapter lets be changed, above its player."""

import streamlit as st

from ui.controls.echo import Echo
from ui.controls.slider import slider
from ui.fields import field
from ui.session.course.chapters import Chapter
from ui.session.course.visit import Visit
from ui.words import power, whole

LESSON = Echo("lesson")
FEW = 4  # values that fit into one row


def control(visit: Visit, chapter: Chapter) -> None:
    """A row of values where they are few, else a slider; nothing where the chapter has no setting."""
    path = chapter.path
    with st.container(key="lesson-control"):  # always there, so that the player below is never mounted anew
        if path is None:
            return
        label = field(path, chapter.spec).label
        if len(chapter.values) > FEW:
            written = whole if isinstance(chapter.usual, int) else power
            slider(label, chapter.values, visit.value, path, visit.set, written)
            return
        key = f"lesson {path}"
        LESSON.follow(key, visit.value)
        st.segmented_control(
            label,
            chapter.values,
            default=visit.value,
            key=key,
            required=True,
            on_change=LESSON.chosen(key, visit.set),
        )
