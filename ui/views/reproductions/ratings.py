"""Which half of a figure is wanted, where one of them needs data that the visitor gives."""

import streamlit as st

from dmf_core.data import ReadOptions, read
from dmf_core.errors import BadInput
from dmf_core.prepare import check
from dmf_core.reproductions import REPRODUCTIONS, WITH_DATA, reproduction
from dmf_core.reproductions.framework.reproduction import Reproduction
from ui.figures.typeset import typeset

KINDS = ("data", "dat", "csv", "tsv", "txt")
HALVES = ("Drawn matrices", "Your ratings")
FORMATS = (
    "Row, column, value on every line, with comma, tab or :: between them, as in MovieLens' u.data, ratings.dat, ratings.csv."
)


def half(name: str) -> Reproduction | None:
    """The reproduction, of the half that the visitor chose; None while its file is missing."""
    if name not in WITH_DATA:
        return REPRODUCTIONS[name]
    chosen = st.segmented_control("Half of the figure", HALVES, default=HALVES[0], required=True, key="Half")
    if chosen != HALVES[1]:
        return REPRODUCTIONS[name]
    uploaded = st.file_uploader("Ratings", KINDS, help=FORMATS)
    if uploaded is None:
        st.caption(
            f"{FORMATS} One in ten of them trains, the rest is held out; the published run used MovieLens 100K, "
            "10 000 of 100 000 ratings. The file stays on this server for your visit only."
        )
        return None
    taken = (name, uploaded.file_id)
    if st.session_state.get("ratings", (None,))[0] != taken:
        try:
            st.session_state["ratings"] = taken, *_read(name, uploaded.name, uploaded.getvalue())
        except BadInput as error:
            st.session_state.pop("ratings", None)
            st.warning(f"{uploaded.name}: {error} Nothing was run.", icon=":material/warning:")
            return None
    _, figure, words = st.session_state["ratings"]
    st.caption(typeset(words))
    assert isinstance(figure, Reproduction)
    return figure


def _read(name: str, file: str, content: bytes) -> tuple[Reproduction, str]:
    """The reproduction on this file, and how it was read. Raises BadInput, also where its runs would not be allowed."""
    reading = read(content, file, ReadOptions("list"))
    figure = reproduction(name, reading.array)
    for run in figure.runs(quick=False).values():
        check(run.spec, run.inputs)
    return figure, reading.words
