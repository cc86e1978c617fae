"""What every page about one run begins with: the settings at the left, the latest message, the address."""

import streamlit as st

from dmf_core.cost import Cost
from ui.controls.basic import controls
from ui.controls.echo import SIDEBAR
from ui.controls.files import file_body, file_head, waits_for_choice
from ui.controls.navigation import view_links
from ui.controls.run_button import choose_first, price_of, run_button
from ui.controls.start import start_from
from ui.fields import in_labels
from ui.session.navigation import gone
from ui.session.state import Session, session


def sidebar(visitor: Session) -> tuple[bool, Cost | None]:
    """Whether a file waits for a choice, and what the run will cost; None where it cannot be run."""
    with st.sidebar:
        start_from(visitor)
        waits = waits_for_choice(visitor)
        cost = None
        if waits:
            choose_first()
        else:
            controls(visitor)
            cost = price_of(visitor)
            run_button(visitor, cost)
        SIDEBAR.end()
    return waits, cost


def settings() -> tuple[Session, Cost | None]:
    """The session, and what its run will cost; None when it cannot be run. Ends the page while a file waits for a choice."""
    gone()
    visitor = session("matrix")
    view_links("Explore")
    waits, cost = sidebar(visitor)
    if visitor.message:
        st.warning(in_labels(visitor.message, visitor.spec), icon=":material/warning:")
    if st.query_params.to_dict() != visitor.address():
        st.query_params.from_dict(visitor.address())
    file_head(visitor)
    file_body(visitor)
    if waits:
        st.stop()
    return visitor, cost
