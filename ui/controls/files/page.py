"""The file of a session on a page that shows its run: what it is above the picture, the preview below that."""

import streamlit as st

from ui.controls.files.adopt import adopt, current
from ui.controls.files.view import account_line, details, head, question
from ui.session.state import Session


def file_head(session: Session) -> None:
    """What the data of this run are and how they were read; nothing for a run that is drawn from its seed."""
    upload = current(session)
    if upload is not None:
        head(upload)
    elif session.inputs.account is not None:
        account_line(session.inputs.account)


def file_body(session: Session) -> None:
    """The preview with what can be taken away, or the question."""
    upload = current(session)
    if upload is None or upload.refusal:
        return
    if upload.candidates:
        question(upload, lambda reread: adopt(session, reread))
        return
    with st.expander("First rows, values, and what can never be known", expanded=True):
        details(upload)
