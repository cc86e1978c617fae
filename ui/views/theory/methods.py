"""The page's second half: the same problem and start by every method, run one after another when requested."""

from functools import partial

import streamlit as st

from dmf_core.cost import Cost, about, together
from dmf_core.errors import BadInput
from dmf_core.integrators import INTEGRATORS
from dmf_core.jobs import State
from dmf_core.prepare import check, shape_of, typical_entry
from dmf_core.registry import title_of
from dmf_core.spec import RunSpec
from ui.figures import words
from ui.figures.theory.methods import did, says
from ui.markup import markup
from ui.services import priced, queue
from ui.session.state import Session
from ui.watching import InTurn, Step, Work, button, under_way, watch

ASKED = "methods asked"  # key of the session state: digest of the run whose methods are compared
TITLE = "Which methods the theory is about"
ABOUT = (
    "The same problem and start, moved through time in other ways, each with its usual step. t is each method's own clock: "
    "flow time, or the sum of its steps."
)


def methods(session: Session, cost: Cost | None) -> None:
    """Head, button, tables. Nothing runs before the button is pressed."""
    if cost is None:
        return
    specs = variants(session)
    pressed = st.session_state.get(ASKED) == session.spec.digest()
    work = InTurn([Step(spec, session.inputs) for spec in specs.values()] if pressed else [], _watcher(session), _complete)
    watch(work, partial(_draw, session, specs, work))


def variants(session: Session) -> dict[str, RunSpec]:
    """The run by every method that can run it; the visitor's own keeps its settings."""
    own, specs = session.spec.integrator.kind, {}
    for kind in INTEGRATORS:
        try:
            spec = session.spec if kind == own else session.spec.replaced({"integrator.kind": kind})
            check(spec, session.inputs)
        except BadInput:
            continue
        if not INTEGRATORS[kind].stand_in or kind == own:
            specs[kind] = spec
    return specs


def _draw(session: Session, specs: dict[str, RunSpec], work: Work) -> None:
    jobs = {kind: queue().find(spec.digest()) for kind, spec in specs.items()}
    done = {kind: job for kind, job in jobs.items() if job is not None and job.view.complete and job.trajectory is not None}
    markup(f'<div class="nr nr-second"><h2>{TITLE}</h2><p>{ABOUT}</p></div>', "methods head")
    if not work.ended:
        under_way(f"Running. {len(done)} of {len(specs)} done.", "cancel methods", partial(_stop, session))
    elif len(done) < len(specs):
        _offer(session, {kind: spec for kind, spec in specs.items() if kind not in done})
    if len(done) > 1:
        runs = {kind: (specs[kind], trajectory) for kind, job in done.items() if (trajectory := job.trajectory) is not None}
        markup(f'<div class="nr">{did(runs)}{says(runs)}</div>', "methods")


def _offer(session: Session, left: dict[str, RunSpec]) -> None:
    shape = shape_of(session.spec, session.inputs)
    entry = typical_entry(session.spec, session.inputs)
    cost = together([priced(spec, shape, entry) for spec in left.values()])
    names = words.listed([title_of(INTEGRATORS[kind]) for kind in left])
    label = f"Run {words.count(len(left), 'method')} · {about(cost)}"
    button(label, "run methods", partial(_start, session), tip=names)


def _complete(step: Step) -> bool:
    job = step.job()
    return job is not None and job.view.complete and job.state is not State.CANCELLED


def _start(session: Session) -> None:
    st.session_state[ASKED] = session.spec.digest()


def _stop(session: Session) -> None:
    st.session_state[ASKED] = None
    queue().leave(_watcher(session))


def _watcher(session: Session) -> str:
    return f"{session.watcher} methods"
