"""The page's second half: the same problem and start by every method, run one after another when requested."""

from functools import partial

import streamlit as st

from dmf_core.cost import Cost, about, together
from dmf_core.errors import BadInput
from dmf_core.integrators import INTEGRATORS
from dmf_core.jobs import WholeRun, WholeRuns
from dmf_core.prepare import check, shape_of, typical_entry
from dmf_core.registry import title_of
from dmf_core.spec import RunSpec
from ui.fields import in_labels
from ui.figures import words
from ui.figures.theory.methods import did, says
from ui.markup import markup
from ui.services import priced
from ui.session.state import Session
from ui.watching import Remembered, Whole, button, under_way, watch

RUNS = "runs of methods"  # key of the session state
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
    work = Whole(RUNS, session.spec.digest(), partial(_runs, session, specs))
    watch(work, partial(_draw, session, specs, work))


def _runs(session: Session, specs: dict[str, RunSpec]) -> WholeRuns[str]:
    """All of them with their theory, however they end."""
    runs = {kind: WholeRun(spec, session.inputs) for kind, spec in specs.items()}
    memory = Remembered(any_end=True, explained=True)
    return WholeRuns(runs, memory, watcher=f"{session.watcher} methods", any_end=True, explained=True)


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


def _draw(session: Session, specs: dict[str, RunSpec], work: Whole) -> None:
    done = work.runs.trajectories
    markup(f'<div class="nr nr-second"><h2>{TITLE}</h2><p>{ABOUT}</p></div>', "methods head")
    if not work.ended:
        under_way(f"Running. {len(done)} of {len(specs)} done.", "cancel methods", work.stop)
    elif len(done) < len(specs):
        _offer(session, {kind: spec for kind, spec in specs.items() if kind not in done}, work)
    for kind, why in work.runs.failures.items():
        st.caption(f"{title_of(INTEGRATORS[kind])} failed. {in_labels(why, session.spec)}")
    if len(done) > 1:
        runs = {kind: (specs[kind], done[kind]) for kind in specs if kind in done}
        markup(f'<div class="nr">{did(runs)}{says(runs)}</div>', "methods")


def _offer(session: Session, left: dict[str, RunSpec], work: Whole) -> None:
    shape = shape_of(session.spec, session.inputs)
    entry = typical_entry(session.spec, session.inputs)
    cost = together([priced(spec, shape, entry) for spec in left.values()])
    names = words.listed([title_of(INTEGRATORS[kind]) for kind in left])
    label = f"Run {words.count(len(left), 'method')} · {about(cost)}"
    button(label, "run methods", work.start, tip=names)
