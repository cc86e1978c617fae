"""The page's second half: the same problem and start by every method, run one after another when asked."""

import streamlit as st

from dmf_core.cost import Cost, estimate, in_words
from dmf_core.errors import BadInput
from dmf_core.integrators import INTEGRATORS
from dmf_core.jobs import Job, State
from dmf_core.prepare import check, shape_of
from dmf_core.registry import title_of
from dmf_core.spec import RunSpec
from ui.figures import words
from ui.figures.theory.methods import did, says
from ui.markup import markup
from ui.services import queue
from ui.session.state import Visit

ASKED = "methods asked"  # in the session: digest of the run whose methods are wanted
LOOK_SECONDS = 0.4
TITLE = "Which methods the theory is about"
ABOUT = (
    "The same problem and start, moved through time in other ways, each with its usual step. t is each method's own clock: "
    "flow time, or the sum of its steps."
)


def methods(visit: Visit, cost: Cost | None) -> None:
    """Head, button, tables. Nothing runs before the button is pressed."""
    if cost is None:
        return
    specs = variants(visit)
    asked = st.session_state.get(ASKED) == visit.spec.digest()
    waiting = asked and not all(_ended(spec) for spec in specs.values())
    st.fragment(_look, run_every=LOOK_SECONDS if waiting else None)(visit, specs, waiting)


def variants(visit: Visit) -> dict[str, RunSpec]:
    """The run by every method that can run it; the visitor's own keeps its settings."""
    own, found = visit.spec.integrator.kind, {}
    for kind in INTEGRATORS:
        try:
            spec = visit.spec if kind == own else visit.spec.replaced({"integrator.kind": kind})
            check(spec, visit.inputs)
        except BadInput:
            continue
        if not INTEGRATORS[kind].stand_in or kind == own:
            found[kind] = spec
    return found


def _look(visit: Visit, specs: dict[str, RunSpec], was_waiting: bool) -> None:
    asked = st.session_state.get(ASKED) == visit.spec.digest()
    if asked:
        _advance(visit, specs)
    jobs = {kind: queue().find(spec.digest()) for kind, spec in specs.items()}
    done = {kind: job for kind, job in jobs.items() if job is not None and job.view.complete and job.trajectory is not None}
    waiting = asked and not all(_ended(spec) for spec in specs.values())
    markup(f'<div class="nr nr-second"><h2>{TITLE}</h2><p>{ABOUT}</p></div>', "methods head")
    if waiting:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Running. {len(done)} of {len(specs)} done.")
            if st.button("Cancel, keep what is there", key="cancel methods"):
                _stop(visit)
                st.rerun()
    elif len(done) < len(specs):
        _offer(visit, {kind: spec for kind, spec in specs.items() if kind not in done})
    if len(done) > 1:
        runs = {kind: (specs[kind], trajectory) for kind, job in done.items() if (trajectory := job.trajectory) is not None}
        markup(f'<div class="nr">{did(runs)}{says(runs)}</div>', "methods")
    if was_waiting and not waiting:
        st.rerun()  # once: no more looking


def _offer(visit: Visit, left: dict[str, RunSpec]) -> None:
    shape = shape_of(visit.spec, visit.inputs)
    seconds = sum(estimate(spec, shape).seconds for spec in left.values())
    names = words.listed([title_of(INTEGRATORS[kind]) for kind in left])
    if st.button(f"Run {words.count(len(left), 'method')} · about {in_words(seconds)}", key="run methods", help=names):
        st.session_state[ASKED] = visit.spec.digest()
        st.rerun()


def _advance(visit: Visit, specs: dict[str, RunSpec]) -> None:
    """Asks for one run at a time, so that they never stand before other visitors."""
    queue().heartbeat(_watcher(visit))
    for spec in specs.values():
        job = queue().find(spec.digest())
        if job is None or job.state is State.CANCELLED or not job.state.ended:
            job = queue().submit(spec, visit.inputs, _watcher(visit))
        if not job.state.ended:
            return


def _ended(spec: RunSpec) -> bool:
    job: Job | None = queue().find(spec.digest())
    return job is not None and job.view.complete and job.state is not State.CANCELLED


def _stop(visit: Visit) -> None:
    st.session_state[ASKED] = None
    queue().leave(_watcher(visit))


def _watcher(visit: Visit) -> str:
    return f"{visit.watcher} methods"
