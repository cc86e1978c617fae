"""The list of chapters on the Learn page."""

import streamlit as st

from ui.figures.text.glossary import GLOSSARY
from ui.session.state import Session
from ui.session.tour.chapters import CHAPTERS

WIDTH = 760  # a line of text is no longer than that


def contents(session: Session) -> bool:
    """Shows the chapters. True when one of them was chosen; the session is then in it."""
    at = session.tour.number or session.tour.resume
    chosen = None
    if st.button("Start the tour" if at is None else f"Go on with chapter {at}", type="primary", key="tour start"):
        chosen = at or 1
    for chapter in CHAPTERS:
        with st.container(gap="xxsmall", key=f"chapter-{chapter.number}", width=WIDTH):
            if st.button(f"**{chapter.number} · {chapter.title}**", type="tertiary", key=f"chapter {chapter.number}"):
                chosen = chapter.number
            st.markdown(chapter.say)
    with st.expander("Words", key="glossary"):
        st.markdown("\n".join(f"* **{term}**: {meaning}" for term, meaning in sorted(GLOSSARY.items())))
    if chosen is not None and chosen != session.tour.number:
        session.enter(chosen)
    return chosen is not None
