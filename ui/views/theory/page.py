"""The page "Theory": waits for the run of Explore and its insight, and lays every statement over it."""

from functools import partial

import numpy as np
import streamlit as st

from dmf_core.cost import Cost, about
from dmf_core.jobs import Job
from dmf_core.trajectory import Trajectory
from ui.controls.requested_run import act, requested_job
from ui.controls.run_button import ask
from ui.fields import in_labels
from ui.figures.text.glossary import with_meanings
from ui.figures.theory.page import head, how_many_apply, sections
from ui.figures.theory.readings import Readings
from ui.figures.words import number
from ui.markup import markup
from ui.session.state import Session
from ui.watching import Jobs, button, watch

TITLE = "Theory on top of measurement"


def theory(session: Session, cost: Cost | None) -> None:
    """Head, moment and overlays, or why there are none yet."""
    digest = session.spec.digest()
    if session.opened is not None and session.opened[0] == digest:
        _draw(session, session.opened[1], opened=True)
        return
    if cost is None:
        markup(head(TITLE, "This cannot be run; the message above says why."), "theory head")
        return
    job = requested_job(session, digest, cost)
    if job is None:
        markup(head(TITLE, "The settings ask for a longer run, which has not been started."), "theory head")
        button(f"Run · {about(cost)}", "run theory", partial(ask, session), primary=True)
        return
    work = Jobs({session.watcher: job}, whole=True)
    work.wait()
    watch(work, partial(_when_complete, session, job))


def _when_complete(session: Session, job: Job) -> None:
    view = job.view
    if view.complete and view.trajectory is not None:
        _draw(session, view.trajectory)
        return
    if view.state.ended:
        why = in_labels(view.message, job.spec) if view.complete else "The run has ended; now its theory is computed."
        markup(head(TITLE, why), "theory head")
        return
    waits = "" if view.position_in_queue is None else f" {view.position_in_queue} in line."
    markup(head(TITLE, f"Running.{waits} The theory is laid over a run when it has ended."), "theory head")
    button("Cancel, keep what is there", "cancel theory", partial(act, session, "cancel"))


def _draw(session: Session, run: Trajectory, opened: bool = False) -> None:
    insight = run.insight
    if insight is None or insight.missing:
        why = insight.missing if insight else "This run holds no theory; press Run to run it again."
        markup(head(TITLE, why), "theory head")
        return
    readings = Readings(run, session.spec)
    markup(with_meanings(head(TITLE, how_many_apply(readings))), "theory head")
    markup(with_meanings(sections(readings, _moment(session, readings), opened)), "overlays")


def _moment(session: Session, readings: Readings) -> int:
    """The frame of the slider. It begins where the player stands, else where the middle mode is born."""
    last = len(readings.t) - 1
    if last == 0:
        return 0
    frame: int = st.select_slider(
        "Moment",
        range(last + 1),
        value=_first(session, readings),
        format_func=lambda frame: f"t = {number(float(readings.t[frame]))}",
        key=f"moment {readings.run.start.digest}",
    )
    return frame


def _first(session: Session, readings: Readings) -> int:
    last = len(readings.t) - 1
    if session.view.frame is not None and session.shown == session.spec:
        return min(session.view.frame, last)
    born = [g.born for g in readings.growths if g.born is not None]
    return int(np.ceil(born[len(born) // 2])) if born else last
