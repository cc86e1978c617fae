"""The run that the settings ask for: its job, and what the buttons beside its picture do."""

import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost
from dmf_core.jobs import Job, State
from dmf_core.trajectory import Outcome
from ui.controls.run_button import ask
from ui.services import queue
from ui.session.state import Visit

LONGER = 4  # times the budget that was not enough


def requested_job(visit: Visit, digest: str, cost: Cost) -> Job | None:
    """The job of the requested run, started when it is short or asked for."""
    if visit.cancelled is not None and visit.cancelled.digest == digest:
        return visit.cancelled
    known = queue().find(digest)
    if known is not None and known.state is State.FAILED:
        return known  # started again only when asked: a run that fails must not start itself for ever
    fresh = known is None or known.state is State.CANCELLED
    if fresh and max(cost.most, cost.seconds) > limits.RUN_WITHOUT_ASKING_SECONDS and digest != visit.asked:
        return None
    return queue().submit(visit.spec, visit.inputs, visit.watcher)


def act(visit: Visit, action: str) -> None:
    """What the buttons inside the player do."""
    digest = visit.spec.digest()
    if action == "theory":
        st.switch_page("pages/theory.py")
    if action == "cancel":
        job = queue().find(digest)
        if job is not None:
            queue().cancel(job, visit.watcher)
            visit.cancelled = job
    elif action == "back" and visit.shown is not None:
        visit.spec = visit.shown
    elif action == "retry" and (rate := smaller_step(visit)) is not None:
        visit.change({"integrator.learning_rate": rate})
    elif action == "longer":
        visit.change({"stop.seconds": min(LONGER * visit.spec.stop.seconds, limits.MAX_SECONDS)})
        ask(visit)
    else:
        ask(visit)


def smaller_step(visit: Visit) -> float | None:
    """The learning rate that a diverged run advised, or half of its own; None when it did not diverge or has none."""
    job = queue().find(visit.spec.digest())
    rate: float | None = getattr(visit.spec.integrator, "learning_rate", None)
    if job is None or rate is None or job.outcome is not Outcome.DIVERGED:
        return None
    end = job.view.end
    return end.advice.learning_rate if end is not None and end.advice.learning_rate is not None else rate / 2
