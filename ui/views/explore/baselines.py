"""Below a tensor run: what a user would try instead, on the same entries, made on a thread when asked for."""

import math
from concurrent.futures import Future, ThreadPoolExecutor

import streamlit as st

from dmf_core import limits
from dmf_core.baselines.comparison.tensors import Beside, beside
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.beside import beside_table
from ui.figures.words import whole
from ui.markup import markup
from ui.session.state import Visit

LOOK_SECONDS = 0.4
KEPT = "beside wanted"  # in the session: digest of the run, and its rows to come
ABOUT = (
    "The same observed entries completed without this training: zeros for what is unseen, alternating least squares, which is "
    "told the number of components, and the least mean nuclear norm of the unfoldings."
)
Rows = tuple[Beside, ...]


@st.cache_resource(show_spinner=False)
def _turn() -> ThreadPoolExecutor:
    """One at a time on the whole server: the pages of the others come first."""
    return ThreadPoolExecutor(1, "dmf-beside")


def instead(visit: Visit, found: Job | Trajectory) -> None:
    """The button, or what came out."""
    run = found.trajectory if isinstance(found, Job) else found
    if run is None or run.end is None or not run.start.observed_mask.any():
        return
    markup(f'<div class="nr nr-second"><h2>What else could be tried</h2><p>{ABOUT}</p></div>', "beside head")
    entries = math.prod(run.start.shape)
    if entries > limits.BESIDE_ENTRIES:
        st.caption(f"Not for {whole(entries)} entries: here it is done for up to {whole(limits.BESIDE_ENTRIES)}.")
        return
    digest, waiting = st.session_state.get(KEPT, ("", None))
    if digest != visit.spec.digest() or waiting is None:
        st.button("Try them · some seconds", key="try instead", on_click=_start, args=(visit.spec, visit.inputs, run))
        return
    st.fragment(_look, run_every=None if waiting.done() else LOOK_SECONDS)(waiting.done())


def _start(spec: RunSpec, inputs: Inputs, run: Trajectory) -> None:
    st.session_state[KEPT] = spec.digest(), _turn().submit(beside, spec, inputs, run)


def _look(was_done: bool) -> None:
    waiting: Future[Rows] = st.session_state[KEPT][1]  # not an argument: those of a fragment are copied
    if not waiting.done():
        st.caption("Trying them.")
        return
    if not was_done:
        st.rerun()  # once, and no more looking
    if waiting.exception() is not None:
        st.caption("They could not be tried; the log of the server says why.")
        return
    markup(f'<div class="nr">{beside_table(waiting.result())}</div>', "beside")
