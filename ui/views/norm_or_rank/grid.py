"""The page's second half: the same observations over depths and initial scales, run one after another when asked."""

from functools import partial

import streamlit as st

from dmf_core.baselines.comparison import Cell, cell, compare, variants
from dmf_core.cost import Cost, estimate, in_words
from dmf_core.jobs import State
from dmf_core.prepare import shape_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.norm_or_rank.charts import charts
from ui.figures.norm_or_rank.trend import trend
from ui.markup import markup
from ui.services import queue
from ui.session.state import Session
from ui.views.norm_or_rank.page import least_job
from ui.watching import InTurn, Step, Work, button, under_way, watch

ASKED, CELLS = "grid asked", "grid cells"  # in the session: key of the wanted grid, and what is known by digest
LEVELS = ("entropy_rank", "nuclear_norm", "frobenius_norm", "unobserved_error", "reconstruction_error")


def grid(session: Session, cost: Cost | None) -> None:
    """Head, button, charts. Nothing runs before the button is pressed."""
    if cost is None:
        return
    specs = variants(session.spec)
    requested = st.session_state.get(ASKED) == specs[0].digest()
    work = InTurn([Step(spec, session.inputs) for spec in specs] if requested else [], _watcher(session), partial(_over, session))
    watch(work, partial(_draw, session, specs, work))


def _draw(session: Session, specs: list[RunSpec], work: Work) -> None:
    found = [each for each in map(_known, specs) if each is not None]
    markup(f'<div class="nr nr-second"><h2>A smaller start, a greater depth</h2><p>{_told(session, found)}</p></div>', "grid")
    if not work.ended:
        under_way(f"Running. {len(found)} of {len(specs)} done.", "cancel grid", partial(_stop, session))
    elif len(found) < len(specs):
        left = [spec for spec in specs if _known(spec) is None]
        label = f"Run {words.count(len(left), 'run')} · about {in_words(_seconds(session, left))}"
        button(label, "run grid", partial(_start, specs[0].digest()))
    if len(found) > 1:
        least, truth = _levels(session, found)
        markup(f'<div class="nr">{charts(found, least, truth)}</div>', "charts")


def _over(session: Session, step: Step) -> bool:
    """True when this run is known. One that ended with nothing ends them all, and the page says why."""
    job = step.job()
    if _known(step.spec) is not None or st.session_state.get(ASKED) is None:
        return True
    if job is None or not job.state.ended or job.state is State.CANCELLED:
        return False
    if job.trajectory is None:
        session.message = job.message
        _stop(session)
    else:
        _cells()[step.spec.digest()] = cell(step.spec, job.trajectory)
    return True


def _start(grid: str) -> None:
    st.session_state[ASKED] = grid


def _stop(session: Session) -> None:
    st.session_state[ASKED] = None
    queue().leave(_watcher(session))


def _watcher(session: Session) -> str:
    return f"{session.watcher} grid"


def _cells() -> dict[str, Cell]:
    found: dict[str, Cell] = st.session_state.setdefault(CELLS, {})
    return found


def _known(spec: RunSpec) -> Cell | None:
    """What this session has seen of a run, or what the server still keeps of it."""
    digest = spec.digest()
    found = _cells().get(digest)
    if found is None:
        job = queue().find(digest)
        if job is not None and job.state is State.DONE and job.trajectory is not None:
            found = _cells()[digest] = cell(spec, job.trajectory)
    return found


def _seconds(session: Session, specs: list[RunSpec]) -> float:
    shape = shape_of(session.spec, session.inputs)
    return sum(estimate(spec, shape).seconds for spec in specs)


def _told(session: Session, found: list[Cell]) -> str:
    plain = "The same observations at depths 2, 3 and 4 and at four initial scales; nothing else changes."
    least = _least(session)
    norm = None if least is None else least.snapshots[-1].measures["nuclear_norm"]
    return f"{plain} {trend(found, norm)}"


def _least(session: Session) -> Trajectory | None:
    """The minimum nuclear norm of these observations, once it is reached."""
    job = least_job(session)
    found = None if job is None else job.trajectory
    return found if found is not None and found.end is not None and found.end.outcome.done else None


def _levels(session: Session, found: list[Cell]) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """The same measures of the minimum nuclear norm and of the truth."""
    least = _least(session)
    if least is None:
        return {}, {}
    rows = compare(least, least, 2).rows
    kept = [row for row in rows if row.key in LEVELS]
    return {row.key: row.baseline for row in kept}, {row.key: row.truth for row in kept}
