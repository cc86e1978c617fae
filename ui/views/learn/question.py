"""The question of a chapter: choices or a number, the reply to the answer, and another try. A component of plain HTML."""

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dmf_core.trajectory import Trajectory
from ui.session.course.chapters import Chapter
from ui.session.course.progress import Verdict, judged
from ui.session.course.prose import Choice
from ui.session.course.visit import Visit
from ui.streamlit_patches.lasting_components import component
from ui.views.learn.lesson import explained, filled_in

HERE = Path(__file__).parent
KEY = "question"
LEADS: dict[Verdict, str] = {
    "right": '<span class="dmf-right">✓</span><p><b>Yes.</b> ',
    "wrong": '<span class="dmf-wrong">△</span><p><b>Not quite.</b> ',
    "waiting": "<span></span><p>",
}
LONGEST = 24  # characters of a number


@cache
def _component() -> Callable[..., Any]:
    css, js = ((HERE / f"question.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    html = (
        '<form class="dmf-question" novalidate><fieldset></fieldset>'
        '<div class="dmf-feedback" role="status" aria-live="polite"></div></form>'
    )
    return component("dmf_question", html=html, css=css, js=js)


def question(visit: Visit, chapter: Chapter, runs: Mapping[str, Trajectory] | None) -> None:
    """Shows the question with the latest answer; a new answer is taken before the page is run."""
    answer = visit.progress.answers.get(chapter.key, "")
    data = {"id": chapter.key, "answer": answer, **_verdict(chapter, answer, runs)}
    data["ask"] = _question_html(chapter, runs)
    _component()(key=KEY, data=data, on_answered_change=lambda: _take(visit, chapter))


def _take(visit: Visit, chapter: Chapter) -> None:
    given = dict(st.session_state[KEY]).get("answered")
    text = given.get("answer") if isinstance(given, dict) and given.get("id") == chapter.key else None
    if isinstance(text, str) and text.strip():
        visit.answer(text.strip()[:LONGEST])


def _verdict(chapter: Chapter, answer: str, runs: Mapping[str, Trajectory] | None) -> dict[str, str]:
    """The verdict and the feedback as HTML."""
    if not answer:
        return {"verdict": "", "feedback": ""}
    verdict, feedback = judged(chapter.prose.question, answer, runs)
    if verdict == "waiting":
        text = "The run is not there yet." if runs is None else "Give a number, such as 120 or 0.5."
    else:
        text = filled_in(feedback, chapter, runs) or ""
    return {"verdict": verdict, "feedback": f"{LEADS[verdict]}{explained(text, set())}</p>"}


def _question_html(chapter: Chapter, runs: Mapping[str, Trajectory] | None) -> str:
    question = chapter.prose.question
    text = filled_in(question.text, chapter, runs) or ""
    head = f"<legend><small>Question</small><span>{explained(text, set())}</span></legend>"
    if question.choices:
        return head + "".join(_choice(i, each, chapter, runs) for i, each in enumerate(question.choices))
    return head + (
        '<div class="dmf-number"><input type="text" inputmode="decimal" autocomplete="off" maxlength="24" '
        'aria-label="Your number"><button type="submit">Check</button></div>'
    )


def _choice(place: int, choice: Choice, chapter: Chapter, runs: Mapping[str, Trajectory] | None) -> str:
    text = filled_in(choice.text, chapter, runs) or ""
    return (
        f'<label><input type="radio" name="answer" value="{place}"><span>{escape(text)}</span><i aria-hidden="true"></i></label>'
    )
