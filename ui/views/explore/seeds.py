"""Below a run: mean and range of its measures over five seeds. Computed on demand."""

from functools import partial

import streamlit as st

from dmf_core import limits
from dmf_core.cost import in_words
from dmf_core.errors import BadInput
from dmf_core.sweep.plan import SEED, Plan, plan
from ui.figures.seeds import seeds_table
from ui.markup import markup
from ui.session.state import Session
from ui.watching import Sweeping, button, under_way, watch

COUNT = 5  # of seeds, the run's own first
REQUESTED, KNOWN = "seeds requested", "seeds known"  # in the session: digest of the plan, and its rows


def seeds(session: Session) -> None:
    """The button, or the table of what came out."""
    planned = _plan(session)
    if planned is None:
        return
    requested = st.session_state.get(REQUESTED) == planned.digest
    if not requested:
        price = in_words(planned.seconds)
        tip = "The same settings with this seed and the four after it: mean and range of every error and rank."
        button(f"Five seeds · about {price}", "five seeds", partial(_request, planned.digest), tip=tip)
        return
    digest, rows = st.session_state.get(KNOWN, ("", {}))
    known = rows if digest == planned.digest else {}
    work = Sweeping(planned, f"{session.watcher} seeds", len(known) < len(planned.runs), known)
    watch(work, partial(_draw, work))


def _plan(session: Session) -> Plan | None:
    first = min(session.spec.seed, limits.MAX_SEED - COUNT + 1)
    try:
        return plan(session.spec, {SEED: list(range(first, first + COUNT))}, session.inputs)
    except BadInput:
        return None  # the page says elsewhere that this cannot be run


def _request(digest: str) -> None:
    st.session_state[REQUESTED] = digest


def _draw(work: Sweeping) -> None:
    st.session_state[KNOWN] = (work.plan.digest, work.rows)
    if not work.ended:
        under_way(f"Five seeds: {len(work.rows)} of {COUNT} are done.", "cancel seeds", partial(_stop, work), label="Cancel")
        return
    rows = [work.rows[cell.digest] for cell in work.plan.cells if cell.digest in work.rows]
    markup(f'<div class="nr nr-second">{seeds_table(rows)}</div>', "seeds")


def _stop(work: Sweeping) -> None:
    st.session_state[REQUESTED] = None
    work.stop()
