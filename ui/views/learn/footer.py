"""The end of a chapter: back, its one sentence, and the next one. N and B do the same."""

import streamlit as st

from ui.session.course.chapters import CHAPTERS
from ui.session.course.progress import SUMMARY
from ui.session.course.visit import Visit
from ui.views.learn.stage import open_run


def footer(visit: Visit) -> None:
    """Three things in one row; on a phone one below the other."""
    number, chapter = visit.number, visit.chapter
    with st.container(key="lesson-footer", horizontal=True, vertical_alignment="center", wrap=False):
        before = f"← {number - 1} · {CHAPTERS[number - 2].prose.title}" if number > 1 else "← Chapter 1"
        st.button(before, on_click=visit.enter, args=(number - 1,), disabled=number == 1, shortcut="b", key="lesson back")
        if chapter is None:
            return
        st.markdown(chapter.prose.sentence, width="stretch")
        st.button("Open in Explore", on_click=open_run, args=(visit, chapter), type="tertiary", key="lesson explore")
        after = "Next: what you have seen →" if number + 1 == SUMMARY else f"Next: {_small(CHAPTERS[number].prose.title)} →"
        st.button(after, on_click=visit.enter, args=(number + 1,), type="primary", shortcut="n", key="lesson next")


def _small(title: str) -> str:
    return title[0].lower() + title[1:]
