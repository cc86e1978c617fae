"""The run that the settings ask for: its job, and what the buttons beside its picture do."""

import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost
from dmf_core.jobs import Job, State
from dmf_core.trajectory import Outcome
from ui.controls.run_button import ask
from ui.services import queue
from ui.session.state import Session

LONGER = 4  # times the budget that was not enough


def requested_job(session: Session, digest: str, cost: Cost) -> Job | None:
    """The job of the requested run, started when it is short or asked for."""
    if session.cancelled is not None and session.cancelled.digest == digest:
        return session.cancelled
    known = queue().find(digest)
    if known is not None and known.state is State.FAILED:
        return known  # started again only by a press: a failing run must not restart for ever
    fresh = known is None or known.state is State.CANCELLED
    if fresh and cost.longest > limits.RUN_WITHOUT_ASKING_SECONDS and digest != session.requested:
        return None
    return queue().submit(session.spec, session.inputs, session.watcher)


def act(session: Session, action: str) -> None:
    """What the buttons inside the player do."""
    digest = session.spec.digest()
    if action == "theory":
        st.switch_page("pages/theory.py")
    if action == "cancel":
        job = queue().find(digest)
        if job is not None:
            queue().cancel(job, session.watcher)
            session.cancelled = job
    elif action == "back" and session.shown is not None:
        session.spec = session.shown
    elif action == "retry" and (rate := smaller_step(session)) is not None:
        session.change({"integrator.learning_rate": rate})
    elif action == "longer":
        session.change({"stop.seconds": min(LONGER * session.spec.stop.seconds, limits.MAX_SECONDS)})
        ask(session)
    else:
        ask(session)


def smaller_step(session: Session) -> float | None:
    """The learning rate that a diverged run advised, or half of its own; None when it did not diverge or has none."""
    job = queue().find(session.spec.digest())
    rate: float | None = getattr(session.spec.integrator, "learning_rate", None)
    if job is None or rate is None or job.outcome is not Outcome.DIVERGED:
        return None
    end = job.view.end
    return end.advice.learning_rate if end is not None and end.advice.learning_rate is not None else rate / 2
