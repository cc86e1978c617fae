"""The page Learn: one chapter of the course, or the summary after the last one."""

from pathlib import Path

import streamlit as st

from ui.fields import in_labels
from ui.session.course.chapters import CHAPTERS, Chapter
from ui.session.course.visit import Visit
from ui.session.navigation import gone
from ui.views.learn.contents import contents
from ui.views.learn.control import LESSON, control
from ui.views.learn.footer import footer
from ui.views.learn.lesson import things_to_see, words
from ui.views.learn.question import question
from ui.views.learn.stage import runs_of, stage
from ui.views.learn.summary import summary

HERE = Path(__file__).parent
ADDRESS = "address"
SHEETS = (HERE.parents[1] / "assets" / "thumb.css", HERE / "learn.css")
STYLE = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
LAYOUTS = {  # what the style sheet reads, as it cannot be a part of a key: another key would mount the player anew
    "curves": ":root { --spectrum: visible; --spectrum-at: relative; }",
    "errors": (
        ":root { --spectrum: visible; --spectrum-at: relative; --errors: visible; --errors-at: relative; --errors-high: 104px; }"
    ),
    "matrix": ":root { --matrix-shown: visible; --matrix-at: relative; }",
}


def learn() -> None:
    """The whole page."""
    gone()
    visit = _visit()
    if LESSON.heard(ADDRESS):
        visit.follow(st.query_params.to_dict())
    with st.sidebar:
        contents(visit)
    visit.addressed = visit.address()
    if st.query_params.to_dict() != visit.addressed:
        st.query_params.from_dict(visit.addressed)
        LESSON.say(ADDRESS)
    if visit.message:
        st.warning(in_labels(visit.message, CHAPTERS[0].spec), icon=":material/warning:")
    if visit.chapter is None:
        st.html(f"<style>{STYLE}</style>")
        summary(visit)
    else:
        st.html(f"<style>{STYLE}{LAYOUTS[visit.chapter.layout]}</style>")
        _chapter(visit, visit.chapter)
    footer(visit)
    LESSON.end()


def _visit() -> Visit:
    visit: Visit = st.session_state.setdefault("visit", Visit())
    return visit


def _chapter(visit: Visit, chapter: Chapter) -> None:
    """Words and question at the left, the player and what to look at in it at the right; on a phone the player stays on top."""
    with st.container(key="lesson"):
        with st.container(key="lesson-left"):
            written = st.container(key="lesson-words")
            question_area = st.container(key="lesson-question")
        with st.container(key="lesson-right"):
            with st.container(key="lesson-player"):
                control(visit, chapter)
                stage(visit, chapter)
            pointers = st.container(key="lesson-look")
    runs = runs_of(chapter)
    with written:
        words(visit, chapter, runs)
    with question_area:
        question(visit, chapter, runs)
    with pointers:
        things_to_see(chapter, runs)
