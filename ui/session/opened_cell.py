"""A cell of a map that was opened in Explore: what the map says of its run, to be held against the run itself."""

import streamlit as st

from dmf_core.jobs import Job
from dmf_core.store import Row
from dmf_core.trajectory import Trajectory

OPENED = "opened cell"
COMPARED = ("reconstruction_error", "unobserved_error", "observed_error", "entropy_rank", "nuclear_norm")
DIFFERS = 0.01  # of a number: twice the accuracy that is promised of every run


def remember_cell(row: Row) -> None:
    """This run is opened next."""
    st.session_state[OPENED] = row


def difference(result: Job | Trajectory | None) -> str:
    """Whether the run that is shown ends as the cell says that it was opened from; empty for any other run, and until it ends."""
    row: Row | None = st.session_state.get(OPENED)
    run = result.trajectory if isinstance(result, Job) else result
    if row is None or run is None or run.end is None or run.start.digest != row.digest:
        return ""
    return compared(row, run)


def compared(row: Row, run: Trajectory) -> str:
    """A sentence that compares the run with the row of its cell on the map."""
    assert run.end is not None
    if run.end.outcome is not row.outcome:
        return f"On the map this run ended otherwise: {row.outcome.value.replace('_', ' ')}. {row.message}"
    own = run.snapshots[-1].measures
    off = {
        key: (row.measures[key], own[key])
        for key in COMPARED
        if row.measures.get(key) is not None and own.get(key) is not None and _far(row.measures[key], own[key])
    }
    if not off:
        return "It ends as its cell on the map says, within 1 %."
    key, (before, now) = next(iter(off.items()))
    return f"Its end differs from its cell on the map: {key.replace('_', ' ')} {now:.4g} here, {before:.4g} there."


def _far(a: float | None, b: float | None) -> bool:
    assert a is not None and b is not None
    return abs(a - b) > DIFFERS * max(abs(a), abs(b))
