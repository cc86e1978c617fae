"""The page's second half: the same observations over depths and initial scales, a sweep that runs when it is asked for."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dmf_core.baselines.comparison import DEPTHS, SCALES, Cell, compare, grid_base
from dmf_core.cost import Cost, in_words
from dmf_core.store import Row
from dmf_core.sweep import Plan, plan
from dmf_core.trajectory import Trajectory
from ui.fields import in_labels
from ui.figures import words
from ui.figures.norm_or_rank.charts import charts
from ui.figures.norm_or_rank.trend import trend
from ui.markup import markup
from ui.services import owner, sweeps
from ui.session.state import Session
from ui.views.norm_or_rank.page import least_job
from ui.watching import Sweeping, button, under_way, watch

REQUESTED, KNOWN = (
    "grid requested",
    "grid known",
)  # in the session: digest of the requested sweep; a sweep with what is known of it
LEVELS = ("entropy_rank", "nuclear_norm", "frobenius_norm", "unobserved_error", "reconstruction_error")


def grid(session: Session, cost: Cost | None) -> None:
    """Head, button, charts. Nothing runs before the button is pressed."""
    if cost is None:
        return
    planned, rows = _planned(session)
    work = Sweeping(planned, f"{session.watcher} grid", st.session_state.get(REQUESTED) == planned.digest, rows)
    watch(work, partial(_draw, session, work))


def _planned(session: Session) -> tuple[Plan, Mapping[str, Row]]:
    """The sweep, cheap runs first, and what the store knew of it when this page first showed it."""
    base = grid_base(session.spec)
    remembered: tuple[str, Plan, Mapping[str, Row]] | None = st.session_state.get(KNOWN)
    if remembered is None or remembered[0] != base.digest():
        planned = plan(base, {"model.depth": DEPTHS, "init.scale": SCALES}, session.inputs)
        remembered = st.session_state[KNOWN] = base.digest(), planned, sweeps().known(planned, owner())
    return remembered[1:]


def _draw(session: Session, work: Sweeping) -> None:
    planned = work.plan
    st.session_state[KNOWN] = grid_base(session.spec).digest(), planned, work.rows
    cells = _cells(planned, work.rows)
    markup(f'<div class="nr nr-second"><h2>A smaller start, a greater depth</h2><p>{_sentence(session, cells)}</p></div>', "grid")
    left = [cell for digest, cell in planned.runs.items() if digest not in work.rows]
    if not work.ended:
        under_way(f"Running. {len(cells)} of {len(planned.runs)} done.", "cancel grid", partial(_stop, work))
    elif left:
        label = f"Run {words.count(len(left), 'run')} · about {in_words(sum(cell.seconds for cell in left))}"
        button(label, "run grid", partial(_start, planned))
    if trouble := next((row.message for row in work.rows.values() if not row.measures), ""):
        st.caption(f"△ {in_labels(words.typeset(trouble), session.spec)}")
    if len(cells) > 1:
        least, truth = _levels(session)
        markup(f'<div class="nr">{charts(cells, least, truth)}</div>', "charts")


def _cells(planned: Plan, rows: Mapping[str, Row]) -> list[Cell]:
    """The runs that are known and have numbers, in the order of the sweep."""
    pairs = [(cell, rows[digest]) for digest, cell in planned.runs.items() if digest in rows and rows[digest].measures]
    return [Cell(int(cell.values[0]), float(cell.values[1]), row.measures, row.outcome.done) for cell, row in pairs]


def _start(planned: Plan) -> None:
    st.session_state[REQUESTED] = planned.digest


def _stop(work: Sweeping) -> None:
    st.session_state[REQUESTED] = None
    work.stop()


def _sentence(session: Session, cells: list[Cell]) -> str:
    plain = "The same observations at depths 2, 3 and 4 and at four initial scales; nothing else changes."
    least = _least(session)
    norm = None if least is None else least.snapshots[-1].measures["nuclear_norm"]
    return f"{plain} {trend(cells, norm)}"


def _least(session: Session) -> Trajectory | None:
    """The minimum nuclear norm of these observations, once it is reached."""
    job = least_job(session)
    run = None if job is None else job.trajectory
    return run if run is not None and run.end is not None and run.end.outcome.done else None


def _levels(session: Session) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """The same measures of the minimum nuclear norm and of the truth."""
    least = _least(session)
    if least is None:
        return {}, {}
    rows = compare(least, least, 2).rows
    chosen = [row for row in rows if row.key in LEVELS]
    return {row.key: row.baseline for row in chosen}, {row.key: row.truth for row in chosen}
