"""The page's first half: the requested run beside the minimum nuclear norm of its observations, by the same workers."""

from functools import partial
from html import escape

import streamlit as st

from dmf_core import limits
from dmf_core.baselines.comparison import WORK, Comparison, baseline_cost, baseline_spec, check_baseline, compare
from dmf_core.cost import Cost, about
from dmf_core.errors import BadInput
from dmf_core.jobs import Job, State, View, digest_of_work
from dmf_core.prepare import shape_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.controls.requested_run import act, requested_job
from ui.controls.run_button import ask
from ui.fields import in_labels
from ui.figures import words
from ui.figures.norm_or_rank.spectra import spectra
from ui.figures.norm_or_rank.table import table
from ui.figures.norm_or_rank.text import paragraph, title
from ui.figures.text.glossary import with_meanings
from ui.figures.text.summary import headline
from ui.markup import markup
from ui.services import queue, shared_queue
from ui.session.state import Session
from ui.watching import Jobs, button, watch

REQUESTED, CANCELLED = "minimum asked", "minimum cancelled"  # in the session: digest, and the job that keeps its part


def compare_with_minimum(session: Session, cost: Cost | None) -> None:
    """Starts the run and the minimum where they are missing, watches them, and draws both side by side."""
    if cost is None:
        _head("Norm or rank?", "This cannot be run; the message above says why.")
        return
    digest = session.spec.digest()
    opened = session.opened[1] if session.opened is not None and session.opened[0] == digest else None
    job = None if opened is not None else requested_job(session, digest, cost)
    if opened is None and job is None:
        _head("Norm or rank?", "The settings ask for a longer run, which has not been started.")
        button(f"Run · {about(cost)}", "run beside", partial(ask, session), primary=True)
        return
    refusal = _refusal(session)
    if refusal:
        _head("Norm or rank?", refusal)
        return
    least = least_job(session)
    both = {session.watcher: job, _watcher(session): least}
    work = Jobs({watcher: each for watcher, each in both.items() if each is not None})
    work.wait()
    watch(work, partial(_draw, session, opened, job, least))


def least_job(session: Session) -> Job | None:
    """The minimum nuclear norm of these observations: started when it ends soon even if it takes long, or is requested."""
    if _refusal(session):
        return None
    spec = baseline_spec(session.spec)
    digest = digest_of_work(spec, WORK)
    cancelled: Job | None = st.session_state.get(CANCELLED)
    if cancelled is not None and cancelled.digest == digest:
        return cancelled
    known = queue().find(digest)
    if known is not None and known.state is State.FAILED:
        return known
    long = _cost(session, spec).longest > limits.RUN_WITHOUT_ASKING_SECONDS
    if known is None and long and st.session_state.get(REQUESTED) != digest:
        return None
    return queue().submit(spec, session.inputs, _watcher(session), WORK)


def _cost(session: Session, least: RunSpec) -> Cost:
    return baseline_cost(least, shape_of(least, session.inputs), shared_queue().machine)


def _refusal(session: Session) -> str:
    """Why no minimum can be found, or nothing."""
    try:
        check_baseline(session.spec, shape_of(session.spec, session.inputs))
        return ""
    except BadInput as error:
        return in_labels(str(error), session.spec)


def _watcher(session: Session) -> str:
    """A watcher looks at one job at a time: this one at minima."""
    return f"{session.watcher} minimum"


def _draw(session: Session, opened: Trajectory | None, job: Job | None, least: Job | None) -> None:
    run = opened if job is None else job.trajectory
    ended = all(each is None or each.state.ended for each in (job, least))
    if run is not None and least is not None and least.trajectory is not None and least.state is State.DONE and ended:
        _both(run, least.trajectory, session.spec)
    else:
        _head("Norm or rank?", _states(job, least))
        _buttons(session, job, least)


def _both(run: Trajectory, least: Trajectory, spec: RunSpec) -> None:
    assert least.end is not None
    if not least.end.outcome.done:  # the budget was used up
        why = in_labels(words.typeset(least.end.message), spec)
        _head("Norm or rank?", f"The minimum nuclear norm was not reached{_between(least)}. {why}")
        return
    comparison = compare(run, least, spec.model.degree(run.start.shape))
    mark, verdict = headline(run, spec)
    page = (
        f'<div class="nr"><h1>{title(comparison, spec)} <span class="nr-judged" data-mark="{mark}">{mark} {verdict}</span></h1>'
        f"<p>{paragraph(comparison, run, spec)}</p>"
        f'<div class="nr-two"><div><h3>First singular values</h3>{spectra(run, least)}</div>'
        f'<div>{table(comparison)}<p class="nr-proof">{_proof(comparison, least, spec)}</p></div></div></div>'
    )
    markup(with_meanings(page), "beside")


def _proof(comparison: Comparison, least: Trajectory, spec: RunSpec) -> str:
    assert least.end is not None
    digest = spec.digest()
    which = (
        "no matrix that agrees"
        if comparison.agrees
        else "none of the matrices nearest to these observations, which contradict each other,"
    )
    return (
        f"A dual certificate proves that {which} has a nuclear norm below {words.number(comparison.bound, 6)}; "
        f"the gap is {words.number(comparison.gap, 2)}, after {words.whole(least.end.accepted)} iterations. "
        f"Run {digest[:4]} {digest[4:8]}, seed {spec.seed}."
    )


def _states(job: Job | None, least: Job | None) -> str:
    """A sentence each about the state of the run and of the baseline."""
    sentences = []
    if job is not None:
        sentences.append(f"The run{_where(job.view)}")
    if least is None:
        sentences.append("The minimum nuclear norm of this matrix may take longer and has not been started.")
    else:
        sentences.append(f"The minimum nuclear norm{_where(least.view)}")
    return " ".join(sentences)


def _where(view: View) -> str:
    if view.error is not None:
        return f" failed. {view.error}"
    if view.state.ended:
        return " is done." if view.state is State.DONE else f" was cancelled{_between(view.trajectory)}."
    if view.state is State.QUEUED:
        return f" waits, {view.position_in_queue} in line."
    if view.trajectory is None:
        return " has begun."
    last = view.trajectory.snapshots[-1]
    if "gap" in last.measures:
        iteration = view.progress.iteration if view.progress else last.iteration
        gap = words.number(100 * (last.measures["gap"] or 0.0), 2)
        return f" is known to {gap}{words.THIN}% after {words.whole(iteration)} iterations."
    error = words.number(last.measures["observed_error"] or 0.0, 2)
    return f" is at t = {words.number(last.t)}, with an observed error of {error}."


def _between(trajectory: Trajectory | None) -> str:
    """What is known of a minimum that was not reached."""
    measures = {} if trajectory is None else trajectory.snapshots[-1].measures
    bound, norm = measures.get("bound"), measures.get("nuclear_norm")
    if bound is None or norm is None:
        return ""
    return f"; it lies between {words.number(bound, 4)} and {words.number(norm, 4)}"


def _buttons(session: Session, job: Job | None, least: Job | None) -> None:
    if any(each is not None and not each.state.ended for each in (job, least)):
        button("Cancel, keep what is there", "cancel beside", partial(_cancel, session, job, least))
    else:
        _solve_again(session, least)


def _cancel(session: Session, job: Job | None, least: Job | None) -> None:
    if job is not None and not job.state.ended:
        act(session, "cancel")
    if least is not None and not least.state.ended:
        queue().cancel(least, _watcher(session))
        st.session_state[CANCELLED] = least


def _solve_again(session: Session, least: Job | None) -> None:
    """Where the minimum was not computed to its end."""
    if least is not None and least.state is State.DONE:
        return
    spec = baseline_spec(session.spec)
    button(f"Find the minimum · {about(_cost(session, spec))}", "find minimum", partial(_find, session, spec), primary=True)


def _find(session: Session, spec: RunSpec) -> None:
    st.session_state[REQUESTED], st.session_state[CANCELLED] = digest_of_work(spec, WORK), None
    queue().submit(spec, session.inputs, _watcher(session), WORK)


def _head(title: str, text: str) -> None:
    markup(f'<div class="nr"><h1>{escape(title)}</h1><p>{escape(text)}</p></div>', "beside")
