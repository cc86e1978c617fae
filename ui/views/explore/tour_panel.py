"""The panel of the tour above the player: what to know, what to do, what to look at. It never covers anything."""

import streamlit as st

from dmf_core.jobs import State as JobState
from ui.controls.fields import filled
from ui.player.view import View, current
from ui.services import queue
from ui.session.state import Session
from ui.session.tour.chapters import CHAPTERS, LAST, MATRIX, Chapter
from ui.session.tour.progress import State

STYLE = """
.st-key-tour { border-left: 3px solid light-dark(#1B1F24, #ECEEF0); padding-left: 13px; max-width: 980px; gap: 2px !important; }
.st-key-tour-row { align-items: center; gap: 4px 16px !important; }
.st-key-tour-row button { min-height: 32px; padding-top: 3px; padding-bottom: 3px; }
.st-key-tour [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
.st-key-tour p { line-height: 22px; margin: 0 !important; }
.st-key-message:has(.st-key-tour) { margin-bottom: -12px; }
@media (min-width: 721px) { .dmf-narrow { display: none; } }
@media (hover: none) { .st-key-tour kbd { display: none !important; } }
/* The summary would tell what the chapter lets one find; without it play is above the fold. */
.dmf p.dmf-summary { display: none !important; }
.dmf { --above: 186px; }
@media (max-height: 819.9px) { .dmf { --above: 164px; } }
@container (min-width: 900px) {
  .dmf .dmf-page { --line: 24px; }
  .dmf .dmf-line { position: relative; }
  .dmf .dmf-notice:not([hidden]) { position: absolute; right: 0; bottom: 0; background: var(--bg); }
}
"""
MARK = """%s { outline: 3px solid light-dark(#0072B2, #6FBDEB) !important; outline-offset: 4px; border-radius: 6px;
  position: relative; z-index: 1; }"""


def tour(session: Session) -> None:
    """The chapter that the session is in, if any."""
    chapter = session.tour.chapter
    if chapter is None:
        return
    state = session.tour.told = _state(session)
    marks = MARK % ", ".join(chapter.marks) if state == "waiting" else ""
    st.html(f"<style>{STYLE}{marks}</style>")
    with st.container(key="tour"):
        with st.container(key="tour-row", horizontal=True):
            st.markdown(f"**Chapter {chapter.number} of {len(CHAPTERS)} · {chapter.title}**", width="content")
            _buttons(session, chapter, state)
        st.markdown(_words(chapter, state))
        if state == "waiting" and (where := _where(chapter)):
            st.html(f'<p class="dmf-narrow">{where}</p>')


def _where(chapter: Chapter) -> str:
    """Where on a phone the control is that the chapter means; what stands in sight needs no word."""
    if chapter.path is not None:
        return "The settings open with » at the top."
    return "The matrix stands further down; what it shows is told here." if chapter.controls == MATRIX else ""


def moved_on(session: Session) -> bool:
    """True when the panel says what is no longer so: the player has moved, or the run is complete."""
    return session.tour.chapter is not None and _state(session) != session.tour.told


def _state(session: Session) -> State:
    return session.tour.state(session.spec, current(), _frames(session))


def _frames(session: Session) -> int | None:
    """Snapshots of the wanted run once it is complete."""
    job = queue().find(session.spec.digest())
    run = None if job is None or job.state is not JobState.DONE else job.trajectory
    return None if run is None else len(run.snapshots)


def _words(chapter: Chapter, state: State) -> str:
    if state == "away":
        return "The settings are no longer those of this chapter, so its words would not be true of this run."
    return f"{chapter.say} **{filled(chapter.do)}**" if state == "waiting" else f"✓ {chapter.look}"


def _buttons(session: Session, chapter: Chapter, state: State) -> None:
    last = chapter.number == len(CHAPTERS)
    if state == "done" and not last:
        following = CHAPTERS[chapter.number]
        st.button(f"Next: {following.title}", type="primary", on_click=session.enter, args=(following.number,), key="tour next")
    elif state == "waiting":
        st.button("Do it for me", on_click=lambda: _do(session, chapter), key="tour do")
    elif state == "away":
        st.button("Put them back", on_click=session.enter, args=(chapter.number,), key="tour back")
    finished = last and state == "done"
    st.button(
        "End the tour" if finished else "Leave the tour",
        type="primary" if finished else "tertiary",
        on_click=session.tour.leave,
        args=(finished,),
        key="tour leave",
        shortcut="Esc",  # what is open in the player or as a popover closes first
    )


def _do(session: Session, chapter: Chapter) -> None:
    if chapter.path is not None:
        session.change({chapter.path: chapter.value})
        return
    frames = _frames(session)
    shown = chapter.shown if chapter.shown is not LAST else View(frame=None if frames is None else frames - 1)
    session.show(shown)
    session.tour.seen = True
