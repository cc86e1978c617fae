"""The Run button, which says what it costs, and whether the picture shows these settings."""

import numpy as np
import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost, about
from dmf_core.errors import BadInput
from dmf_core.prepare import check, typical_entry
from dmf_core.problems.observed_data import Given
from ui.controls.press import press
from ui.services import priced, queue, tried
from ui.session.state import Session
from ui.words import whole


def price_of(session: Session) -> Cost | None:
    """The estimated cost of the requested run; None, and a message, when it cannot be run."""
    try:
        cost = priced(session.spec, check(session.spec, session.inputs), typical_entry(session.spec, session.inputs))
    except BadInput as error:
        session.message = session.message or str(error)
        return None
    return cost if session.spec.digest() == session.requested else tried(session.spec, session.inputs, cost)


def ask(session: Session) -> None:
    """Requests the run, whatever it costs and however it ended before."""
    session.requested, session.cancelled, session.opened = session.spec.digest(), None, None
    queue().submit(session.spec, session.inputs, session.watcher)


def choose_first() -> None:
    """In place of the Run button while two readings of a file are about as likely."""
    st.button("Choose a reading", type="primary", width="stretch", disabled=True)


def run_button(session: Session, cost: Cost | None) -> None:
    """Starts a long run; a short one has started by itself."""
    if cost is None:
        return
    digest = session.spec.digest()
    if press(f"Run · {about(cost)}", "run", type="primary", width="stretch"):
        ask(session)
    job = queue().find(digest)
    waits = cost.longest > limits.RUN_WITHOUT_ASKING_SECONDS and digest != session.requested and job is None
    st.caption("△ The picture does not show these settings yet." if waits else "✓ The picture shows these settings.")
    if session.inputs.data is not None and isinstance(session.spec.problem, Given):
        st.caption(_given(session.inputs.data, session.spec.problem.observations))


def _given(data: np.ndarray, observations: int | None) -> str:
    """312 × 486, 38 428 known, 4 270 held out."""
    known = int((~np.isnan(data)).sum())
    held_out = known - min(known, observations or known)
    return f"{' × '.join(map(str, data.shape))}, {whole(known)} known, {whole(held_out)} held out"
