"""The contents of the course in the sidebar, and what the browser keeps of a visit: a component of plain HTML."""

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from ui.controls.link import add_to_lecture
from ui.figures.text.glossary import GLOSSARY
from ui.player.view import current
from ui.session.course.chapters import CHAPTERS, Chapter
from ui.session.course.progress import SUMMARY
from ui.session.course.visit import LAST, Visit
from ui.streamlit_patches.lasting_components import component
from ui.words import whole

HERE = Path(__file__).parent
KEY = "contents"


@cache
def _component() -> Callable[..., Any]:
    css, js = ((HERE / f"contents.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    html = '<nav class="dmf-contents" aria-label="Chapters"></nav>'
    return component("dmf_contents", html=html, css=css, js=js)


def contents(visit: Visit) -> None:
    """Shows the list; a chapter chosen in it is entered before the page is run."""
    data = {"html": _html(visit), "keep": visit.progress.as_json() if visit.restored else None, "number": visit.number}
    _component()(key=KEY, data=data, on_chosen_change=lambda: _choose(visit), on_kept_change=lambda: _restore(visit))
    if visit.chapter is not None:
        _to_lecture(visit, visit.chapter)
    st.page_link("pages/lecture.py", label="Use it in a lecture")
    with st.expander("Words used here", key="glossary"):
        st.markdown("\n".join(f"* **{term}**: {meaning}" for term, meaning in sorted(GLOSSARY.items())))


def _to_lecture(visit: Visit, chapter: Chapter) -> None:
    """The run of the chapter as a scene, as it is shown now."""
    if visit.spec.needs_inputs:
        st.caption("This chapter shows data, which no lecture can hold.")
        return
    add_to_lecture(
        lambda: [(visit.spec, current(), chapter.prose.title)],
        "The run of this chapter, at its moment, as the last scene of the script on the page Lecture.",
        "It is the last scene of your own lecture; give it a sentence and notes on the page Lecture.",
    )


def _value(name: str) -> Any:
    return dict(st.session_state[KEY]).get(name)


def _choose(visit: Visit) -> None:
    chosen = _value("chosen")
    if chosen == "anew":
        visit.begin_anew()
    elif isinstance(chosen, int) and 1 <= chosen <= SUMMARY:
        visit.enter(chosen)


def _restore(visit: Visit) -> None:
    stored = _value("kept")
    if stored is not None and not visit.restored:
        visit.restore(stored.get("progress") if isinstance(stored, dict) else None)


def _html(visit: Visit) -> str:
    tried = [visit.progress.tried(chapter) for chapter in CHAPTERS]
    bars = "".join(f'<i class="{_bar(visit, i + 1, done)}"></i>' for i, done in enumerate(tried))
    left = sum(chapter.minutes for chapter, done in zip(CHAPTERS, tried, strict=True) if not done)
    far = f"{sum(tried)} of {len(tried)} questions tried" + (f", about {whole(left)} minutes left" if left else "")
    rows = "".join(_row(visit, number, chapter.prose.title, chapter.minutes) for number, chapter in enumerate(CHAPTERS, 1))
    return (
        f'<h2>Learn</h2><p class="dmf-bars" aria-hidden="true">{bars}</p><p class="dmf-far">{far}</p><ol>{rows}'
        f"{_row(visit, SUMMARY, 'What you have seen', 1)}</ol>"
        '<p class="dmf-keeps">Kept in this browser. <button type="button" data-go="anew">Start again</button></p>'
    )


def _bar(visit: Visit, number: int, tried: bool) -> str:
    return "dmf-here" if number == visit.number else "dmf-tried" if tried else ""


def _row(visit: Visit, number: int, title: str, minutes: int) -> str:
    """A link, so that it can be opened in another tab too."""
    last = number == SUMMARY
    tried = not last and visit.progress.tried(CHAPTERS[number - 1])
    mark = '<span class="dmf-done" aria-label="question tried">✓</span>' if tried else f"<span>{'' if last else number}</span>"
    now = ' aria-current="page"' if number == visit.number else ""
    return (
        f'<li><a href="learn?chapter={LAST if last else number}" data-go="{number}"{now}>{mark}<b>{escape(title)}</b>'
        f"<small>{minutes} min</small></a></li>"
    )
