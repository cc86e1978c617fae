"""The stage: draws the requested run, while it grows and when it is done."""

from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost, about, in_words
from dmf_core.jobs import Job, View
from dmf_core.prepare import typical_entry
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.controls.requested_run import act, requested_job
from ui.fields import in_labels
from ui.figures import words
from ui.figures.given_data import given_data
from ui.figures.notice import Notice, notice
from ui.figures.payload import payload
from ui.figures.scene.view_still import view_still
from ui.player import player
from ui.player.view import View as PlayerView
from ui.player.view import current
from ui.services import learn, priced, queue, shown
from ui.session.state import Session
from ui.watching import Jobs, Nothing, Trying, watch


def stage(session: Session, cost: Cost | None) -> Job | Trajectory | None:
    """Draws the requested run. Returns what can be exported: a job, or the trajectory of an opened archive.

    Always by `watch`, so that pressing Run does not mount the player anew.
    """
    digest = session.spec.digest()
    if session.opened is not None and session.opened[0] == digest:
        data = payload(session.opened[1], session.spec, final=True)
        watch(Nothing(), partial(_show, session, data, notice(session.opened[1]).labelled(session.spec), session.opened[1]))
        return session.opened[1]
    job = None if cost is None else requested_job(session, digest, cost)
    if job is None:
        refused = Notice("error", "This cannot be run.", in_labels(session.message, session.spec))
        instead = refused if cost is None else _stale(session, cost)
        watch(Trying(digest), partial(_show, session, _before(session), instead, stale=True))
        return None
    work = Jobs({session.watcher: job}, whole=True)
    work.wait()
    session.shown, ended = session.spec, job.state.ended
    watch(work, partial(_draw, session, job), lambda: job.state.ended != ended)
    return job


def _before(session: Session) -> bytes:
    """The picture of the run before, or empty axes."""
    job = None if session.shown is None else queue().find(session.shown.digest())
    picture = None if job is None else shown(job.view, job.spec)
    return picture or payload(None, session.spec)


def _draw(session: Session, job: Job) -> None:
    view = job.view
    learn(job.spec, job.trajectory)
    _show(session, shown(view, job.spec) or payload(None, job.spec), _notice_of(view, job).labelled(job.spec), view.trajectory)


def _notice_of(view: View, job: Job) -> Notice:
    if view.error is not None:
        return Notice("error", "The run failed.", view.error, (("run", "Run again"),))
    if view.trajectory is None:
        if view.state.ended:
            return Notice("cancelled", "Cancelled.", view.message, (("run", "Start again"),))
        if view.position_in_queue is not None:
            return Notice("growing", "Waiting.", f"{view.position_in_queue} in line.", (("cancel", "Cancel"),))
        return Notice("growing", "Running.", "The first picture is on its way.", (("cancel", "Cancel"),))
    sentence = notice(view.trajectory)
    if sentence.kind == "growing" and view.progress and view.progress.plateau:
        return replace(sentence, text=f"{sentence.text.rstrip('.')}; {words.typeset(view.progress.plateau)}.")
    if sentence.kind == "growing" and (left := _left(view, job, _estimated(job, view.trajectory))):
        return replace(sentence, text=f"{sentence.text.rstrip('.')}, {left}.")
    return sentence


def _estimated(job: Job, run: Trajectory) -> float:
    """Seconds that the Run button announced."""
    return priced(job.spec, run.start.shape, typical_entry(job.spec, job.inputs)).seconds


def _left(view: View, job: Job, estimated: float) -> str:
    """How much longer, in words: known for runs of a given length, else by the estimate that the Run button gave."""
    if job.fraction:
        return f"about {in_words(view.seconds * (1 / job.fraction - 1))} left"
    if estimated <= limits.RUN_WITHOUT_ASKING_SECONDS:
        return ""
    over = f"more than the {in_words(estimated)} estimated"
    return f"estimated {in_words(estimated - view.seconds)} left" if view.seconds < estimated else over


def _stale(session: Session, cost: Cost) -> Notice:
    label = f"Run · {about(cost)}"
    if session.shown is None:
        return Notice("empty", "Press Run.", buttons=(("run", label),))
    return Notice(
        "stale",
        "The settings have changed.",
        "The picture still shows the run before.",
        (("run", label), ("back", "Put the settings back")),
    )


def _show(session: Session, data: bytes, state: Notice, run: Trajectory | None = None, stale: bool = False) -> None:
    """`run`: that of the data, where it is the requested one."""
    given = None if stale or not session.spec.problem.needs_data else given_data(session.inputs.account)
    view = session.requested_view()
    still = None if run is None or view is None else _still(run, session.spec, view)
    action = player(data, "player", state, view=view, given=given, still=still)
    session.view = current()
    if action is not None:
        act(session, action)
        st.rerun()


@lru_cache(maxsize=32)
def _still(run: Trajectory, spec: RunSpec, view: PlayerView) -> dict[str, Any] | None:
    return view_still(run, spec, view.options())
