"""The table of the runs tried in this session: sort, pin, open, compare, delete, download."""

from typing import Any

import streamlit as st

from ui.controls.press import press
from ui.fields import label
from ui.services import queue
from ui.session.navigation import open_in_explore
from ui.session.state import Session, session_of
from ui.session.tried_runs import RESULTS, Tried, TriedRuns, differing, one_factor, settings, to_csv, tried_runs, with_drawing
from ui.views.compare.comparison import Comparison, like, with_values
from ui.views.compare.factors import value_of
from ui.views.compare.state import Comparing
from ui.views.compare.words import value as in_words

CLOCK = "Flow time; of a method that is no flow, the sum of its steps."
ALWAYS = ("model.depth", "init.scale", "problem.observations", "seed")  # settings shown where nothing differs yet


def runs_table(visitor: Session, state: Comparing) -> None:
    """Heading, table and buttons, in a fragment: choosing a row leaves the picture alone."""
    st.fragment(_runs_table)(visitor, state)


def _runs_table(visitor: Session, state: Comparing) -> None:
    tried = tried_runs()
    for each in list(tried.runs.values()):  # those that have grown since
        tried.see(each.spec, each.inputs, queue().find(each.digest))
    runs = tried.in_order()
    st.subheader("Runs of this visit", anchor=False)
    if not runs:
        st.caption("Every run that was shown here is listed, with what it ended with. There is none yet.")
        return
    picked = st.dataframe(
        cells(runs),
        key=f"runs {hash(tuple(each.digest for each in runs))}",  # rows are chosen by number: other rows, nothing chosen
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config=_columns(runs),
        alt="The runs of this session, with the settings that differ and their results.",
    )
    rows: list[int] = picked.get("selection", {}).get("rows", [])
    chosen = [runs[row] for row in rows if row < len(runs)]
    _buttons(visitor, state, tried, runs, chosen)


def cells(runs: list[Tried]) -> dict[str, list[Any]]:
    """Column by column: the settings in which the runs differ, then their results."""
    paths = differing(runs) or list(ALWAYS)
    lines = [_line(each, paths) for each in runs]
    return {key: [line[key] for line in lines] for key in lines[0]}


def _line(each: Tried, paths: list[str]) -> dict[str, Any]:
    own = settings(each.spec)
    line: dict[str, Any] = {"run": each.digest[:8], "pinned": "pinned" if each.pinned else ""}
    line |= {path: _cell(path, own.get(path)) for path in paths}
    return line | {key: each.results.get(key) for key in RESULTS}


def _cell(path: str, value: Any) -> Any:
    if path == "problem.mask" and value is not None:
        return in_words(path, value)
    return value[:8] if isinstance(value, str) and len(value) == 64 else value


def _columns(runs: list[Tried]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "run": st.column_config.TextColumn("Run", pinned=True),
        "pinned": st.column_config.TextColumn("Pin"),
    }
    paths = differing(runs) or list(ALWAYS)
    for path in paths:
        values = [settings(each.spec).get(path) for each in runs]
        if any(isinstance(value, float) for value in values):
            columns[path] = st.column_config.NumberColumn(label(path), format="%g")
        else:
            columns[path] = label(path)
    for key, words in RESULTS.items():
        if key == "outcome":
            columns[key] = st.column_config.TextColumn(words)
        else:
            columns[key] = st.column_config.NumberColumn(words, format=_format(key), help=CLOCK if key == "t" else None)
    return columns


def _format(key: str) -> str:
    if key == "gradients":
        return "%d"
    return "%.1e" if key.endswith("error") else "%.3g" if key != "t" else "%.1f"


def _buttons(visitor: Session, state: Comparing, tried: TriedRuns, runs: list[Tried], chosen: list[Tried]) -> None:
    digests = [each.digest for each in chosen]
    factor = one_factor(chosen)
    with st.container(horizontal=True):
        if press("Open in Explore", "open chosen", disabled=len(chosen) != 1) and chosen:
            open_in_explore(chosen[0].spec, chosen[0].inputs)
            st.rerun()
        help = "Two to four chosen runs that differ in one setting."
        if press("Compare", "compare chosen", disabled=factor is None, help=help) and factor is not None:
            first = with_drawing(chosen)
            visitor = session_of(first.spec)
            visitor.spec, visitor.inputs, visitor.preset = first.spec, first.inputs, None
            values = [value_of(each.spec, factor) for each in chosen]
            base = like(state.comparison, Comparison(first.spec, factor, tuple(values)))
            state.take(with_values(base, values, visitor.inputs))
            st.rerun()
        pinned = bool(chosen) and all(each.pinned for each in chosen)
        st.button("Unpin" if pinned else "Pin", disabled=not chosen, on_click=lambda: tried.pin(digests))
        st.button("Delete", disabled=not chosen, on_click=lambda: tried.delete(digests))
        st.download_button("Download as CSV", lambda: to_csv(chosen or runs), "dmf-runs.csv", "text/csv", on_click="ignore")
    if not chosen:
        st.caption("Choose rows to open, compare, pin or delete them; a click on a column head sorts.")
