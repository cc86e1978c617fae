"""What only the sidebar of a tensor has: its sides, the model, and ranks that may differ from axis to axis."""

from functools import partial
from typing import Any

import streamlit as st

from dmf_core.models import MODELS
from dmf_core.problems.tensor_truth import FORMATS, TensorTruth
from dmf_core.registry import name_of
from ui.controls.echo import SIDEBAR
from ui.controls.slider import slider
from ui.controls.widgets import locked, moved
from ui.fields import field
from ui.session.fitting import fitting
from ui.session.options import as_text, numbers
from ui.session.state import Session
from ui.words import whole

EACH = "One rank for each, separated by commas; one number is meant for all."
EASY_RANKS = 12  # the slider goes so far, or to the shortest side, unless the rank already lies beyond


def sides_and_model(session: Session) -> None:
    """The two controls above the depth."""
    problem, model = session.spec.problem, session.spec.model
    if isinstance(problem, TensorTruth):
        text, help_ = as_text(problem.shape), field("problem.shape").help or ""
        if not locked(session, "problem.shape", text, help_):
            with st.container(gap="xxsmall"):
                _text(session, "problem.shape", text)
                st.caption(help_)
    kinds = [kind for kind, each in MODELS.items() if each.tensor]
    if locked(session, "model.kind", short(model.kind), model.help):
        return
    with st.container(gap="xxsmall"):
        SIDEBAR.follow("model.kind", model.kind)
        st.segmented_control(
            field("model.kind").label,
            kinds,
            default=model.kind,
            key="model.kind",
            required=True,
            width="stretch",
            format_func=short,
            on_change=SIDEBAR.chosen("model.kind", lambda kind: change(session, {"model.kind": kind})),
        )
        st.caption(model.help)


def short(kind: str) -> str:
    """A kind of model on a button."""
    return MODELS[kind].short or name_of(MODELS[kind])


def ranks(session: Session) -> None:
    """The rank of the truth: a slider for one number, a text for one per axis."""
    problem = session.spec.problem
    if not isinstance(problem, TensorTruth):
        return
    path, help_ = "problem.rank", FORMATS[problem.truth].rank
    if locked(session, path, as_text(problem.rank), help_):
        return
    with st.container(gap="xxsmall"):
        if isinstance(problem.rank, int):
            most = max(2, problem.rank, min(EASY_RANKS, *problem.shape))
            slider(field(path).label, range(1, most + 1), problem.rank, path, moved(session, path), whole)
        else:
            _text(session, path, as_text(problem.rank))
            help_ = EACH
        st.caption(help_)


def share(problem: TensorTruth, value: int, entries: int) -> str:
    """How many of the entries are seen, and how many numbers the truth is made of."""
    known = f"the truth has {whole(problem.freedom)} degrees of freedom."
    if problem.measured:
        return f"Random measurements of the whole tensor; {known}"
    return f"{100 * value / entries:.0f}\u202f% of {whole(entries)} entries; {known}"


def changed_text(session: Session, path: str, text: str) -> None:
    """A list of whole numbers, or one; nothing where nothing was typed. What is wrong is said.

    A browser may still send the text of a field that left the page with the settings before; that changes nothing.
    """
    section, name = path.split(".")
    if not hasattr(getattr(session.spec, section), name):
        return
    values = numbers(text)
    value: Any = None if not text.strip() else text if not values else values[0] if len(values) == 1 else list(values)
    change(session, {path: value})


def change(session: Session, changes: dict[str, Any]) -> None:
    """Sets values by path, with what has to follow them."""
    problem = session.spec.problem
    session.change(fitting(session.spec, changes) if isinstance(problem, TensorTruth) else changes)


def _text(session: Session, path: str, text: str) -> None:
    SIDEBAR.follow(path, text)
    st.text_input(field(path).label, text, key=path, on_change=SIDEBAR.chosen(path, partial(changed_text, session, path)))
