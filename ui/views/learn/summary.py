"""The page after the last chapter: what each chapter showed, what of it is proved and what is measured, and where to go on."""

from html import escape
from pathlib import Path

import streamlit as st

from ui.markup import markup
from ui.session.course.chapters import CHAPTERS
from ui.session.course.visit import Visit
from ui.views.learn.stills import point

SURE = Path(__file__).parents[2] / "prose" / "course-summary.md"


def summary(visit: Visit) -> None:
    """One sentence and one picture per chapter, then what is proved and what is measured."""
    tried = sum(visit.progress.tried(chapter) for chapter in CHAPTERS)
    if tried == len(CHAPTERS):
        far = f"You have tried all {len(CHAPTERS)} questions."
    else:
        far = f"You have tried {tried} of {len(CHAPTERS)} questions; the contents at the left show which."
    cards = "".join(
        f"<li>{point(chapter)}<p><b>{number}</b> {escape(chapter.prose.sentence)}</p></li>"
        for number, chapter in enumerate(CHAPTERS, 1)
    )
    markup(
        f'<div class="lesson"><h1>What you have seen</h1><p>{far}</p><ol class="lesson-cards">{cards}</ol></div>',
        "cards of the lesson",
    )
    with st.container(key="lesson-sure"):
        st.markdown(SURE.read_text(encoding="utf-8"))
