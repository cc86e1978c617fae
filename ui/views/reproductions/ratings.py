"""The choice between the halves of a figure, where one of them needs data that the visitor gives."""

from typing import Any

import streamlit as st

from dmf_core.errors import BadInput
from dmf_core.prepare import check
from dmf_core.reproductions import REPRODUCTIONS, WITH_DATA, reproduction
from dmf_core.reproductions.framework.reproduction import Reproduction
from ui.controls.files import details, head, question, read_as
from ui.controls.start import BINARIES, TEXTS
from ui.session.upload import Upload, taken

HALVES = ("Drawn matrices", "Your ratings")
FORMATS = "Row, column, value on every line, as in MovieLens' u.data, ratings.dat, ratings.csv; other tables are read as well."
KEY = "ratings"  # of the file in the session


def half(name: str) -> Reproduction | None:
    """The reproduction, of the half that the visitor chose; None while its file is missing or waits for a choice."""
    if name not in WITH_DATA:
        return REPRODUCTIONS[name]
    chosen = st.segmented_control("Half of the figure", HALVES, default=HALVES[0], required=True, key="Half")
    if chosen != HALVES[1]:
        return REPRODUCTIONS[name]
    uploaded = st.file_uploader("Ratings", [*TEXTS, *BINARIES], help=FORMATS)
    if uploaded is not None and st.session_state.get("ratings taken") != uploaded.file_id:
        st.session_state["ratings taken"] = uploaded.file_id
        _take(taken(uploaded.name, uploaded.getvalue(), preset={"kind": "list"}))
    upload: Upload | None = st.session_state.get(KEY)
    if upload is None:
        st.caption(
            f"{FORMATS} One in ten of them trains, the rest is held out; the published run used MovieLens 100K, "
            "10 000 of 100 000 ratings. The file stays on this server for your visit only."
        )
        return None
    return _figure(name, upload)


def _take(upload: Upload) -> None:
    st.session_state[KEY] = upload
    st.session_state.pop("ratings figure", None)


def _figure(name: str, upload: Upload) -> Reproduction | None:
    """How the file was read, the choices beside it, and the reproduction on it, once its runs would be allowed."""
    head(upload, "Nothing was run.")
    choices, shown = st.columns((1, 2), gap="medium")
    with choices:
        read_as(upload, _take)
    with shown:
        if upload.candidates:
            question(upload, _take)
        elif upload.reading is not None:
            details(upload)
    if upload.reading is None:
        return None
    if st.session_state.get("ratings figure", (None,))[0] != name:
        try:
            st.session_state["ratings figure"] = name, _checked(name, upload)
        except BadInput as error:
            st.warning(f"{upload.name}: {error} Nothing was run.", icon=":material/warning:")
            return None
    figure = st.session_state["ratings figure"][1]
    assert isinstance(figure, Reproduction)
    return figure


def _checked(name: str, upload: Upload) -> Reproduction:
    assert upload.reading is not None
    figure = reproduction(name, upload.reading.array)
    for run in figure.runs(quick=False).values():
        check(run.spec, run.inputs)
    return figure


def data_of(figure: Reproduction) -> dict[str, Any]:
    """How the visitor's data of this figure were read, under the key `data`; nothing for a figure without."""
    upload: Upload | None = st.session_state.get(KEY)
    if not figure.data or upload is None or upload.reading is None:
        return {}
    return {"data": upload.reading.account.as_json()}
