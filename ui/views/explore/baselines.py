"""Below a tensor run: its baselines on the same entries, computed by the workers when requested."""

import math
from functools import partial

import streamlit as st

from dmf_core import limits
from dmf_core.baselines.comparison.tensor_jobs import inputs_of, row_of, work_of
from dmf_core.baselines.comparison.tensors import of_run, ways
from dmf_core.jobs import Job, State
from dmf_core.trajectory import Trajectory
from ui.fields import in_labels
from ui.figures.baselines import baselines_table
from ui.figures.words import whole
from ui.markup import markup
from ui.services import queue
from ui.session.state import Session
from ui.watching import InTurn, Step, button, under_way, watch

REQUESTED = "baselines requested"  # in the session: digest of the run
ABOUT = (
    "The same observed entries completed without this training: zeros for what is unseen, alternating least squares, which is "
    "told the number of components, and the least mean nuclear norm of the unfoldings."
)


def baselines(session: Session, result: Job | Trajectory) -> None:
    """The button that computes the baselines, or their table."""
    run = result.trajectory if isinstance(result, Job) else result
    if run is None or run.end is None or not run.start.observed_mask.any():
        return
    markup(f'<div class="nr nr-second"><h2>What else could be tried</h2><p>{ABOUT}</p></div>', "beside head")
    entries = math.prod(run.start.shape)
    if entries > limits.BESIDE_ENTRIES:
        st.caption(f"Not for {whole(entries)} entries: here it is done for up to {whole(limits.BESIDE_ENTRIES)}.")
        return
    if st.session_state.get(REQUESTED) != session.spec.digest():
        button("Try them · some seconds", "try instead", partial(_request, session.spec.digest()))
        return
    steps = {key: Step(session.spec, inputs_of(key, session.inputs, run), work_of(key)) for key in ways(session.spec, run)}
    work = InTurn(list(steps.values()), _watcher(session), _over)
    watch(work, partial(_draw, session, steps, run, work))


def _request(digest: str) -> None:
    st.session_state[REQUESTED] = digest


def _over(step: Step) -> bool:
    job = step.job()
    return job is not None and job.state in (State.DONE, State.FAILED)


def _draw(session: Session, steps: dict[str, Step], run: Trajectory, work: InTurn) -> None:
    jobs = {key: job for key, step in steps.items() if (job := step.job()) is not None and _over(step)}
    if not work.ended:
        under_way(f"Trying them. {len(jobs)} of {len(steps)} done.", "cancel baselines", partial(_stop, session), label="Cancel")
        return
    failed = [job for job in jobs.values() if job.state is State.FAILED]
    if failed:
        st.caption(f"They could not be tried. {in_labels(failed[0].message, session.spec)}")
        return
    rows = [row_of(key, session.spec, job.trajectory) for key, job in jobs.items() if job.trajectory is not None]
    markup(f'<div class="nr">{baselines_table(of_run(rows, run))}</div>', "beside")


def _stop(session: Session) -> None:
    st.session_state[REQUESTED] = None
    queue().leave(_watcher(session))


def _watcher(session: Session) -> str:
    return f"{session.watcher} baselines"
