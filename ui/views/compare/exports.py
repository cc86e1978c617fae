"""Take the comparison away: one picture of all runs, and their numbers. Nothing is made before its button is pressed."""

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from dmf_core.jobs import Job
from ui.controls.link import add_to_lecture
from ui.figures.static_compare import compared
from ui.figures.words import listed
from ui.player.view import View
from ui.session.tried_runs import TriedRuns, to_csv, tried_runs
from ui.views.compare.comparison import Comparison
from ui.views.compare.summary import Run, sentences, title
from ui.views.compare.words import heading


def exports(comparison: Comparison, jobs: Sequence[Job | None]) -> None:
    """The Export popover of the Compare page."""
    popover = st.popover("Export", key="Export comparison", on_change="rerun")
    if not popover.open:
        return
    tried = tried_runs()  # found now: at the click there is no rerun, and so no session
    name = f"dmf-compare-{comparison.base.digest()[:8]}"
    offers: list[tuple[str, str, str, Callable[[], bytes | str]]] = [
        ("Picture (PNG)", f"{name}.png", "image/png", lambda: picture(comparison, jobs, "png")),
        ("Picture (SVG)", f"{name}.svg", "image/svg+xml", lambda: picture(comparison, jobs, "svg")),
        ("Picture (PDF)", f"{name}.pdf", "application/pdf", lambda: picture(comparison, jobs, "pdf")),
        ("Numbers (CSV)", f"{name}.csv", "text/csv", lambda: numbers(comparison, tried)),
    ]
    with popover:
        for label, file_name, mime, make in offers:
            key = f"export {file_name}"
            st.download_button(label, make, file_name, mime, on_click="ignore", key=key, width="stretch")
        _to_lecture(comparison)


def _to_lecture(comparison: Comparison) -> None:
    """A scene shows one run, so a comparison is one scene for each of its runs, in their order."""
    specs = comparison.specs()
    if any(spec.needs_inputs for spec in specs):
        st.caption("These runs need your own data, which no lecture can hold.")
        return
    headings = [heading(comparison.factor, value) for value in comparison.values]
    add_to_lecture(
        lambda: [(spec, View(), text) for spec, text in zip(specs, headings, strict=True)],
        "A scene shows one run: each of these runs becomes a scene of the script on the page Lecture.",
        f"The last {len(specs)} scenes of your own lecture are {listed(headings)}, each from its start; give them notes on the "
        "page Lecture.",
    )


def picture(comparison: Comparison, jobs: Sequence[Job | None], format: Literal["png", "svg", "pdf"]) -> bytes | str:
    """All runs that have a picture, in the view of the page; a sentence when there are none."""
    trajectories = [None if job is None else job.trajectory for job in jobs]
    columns = zip(comparison.values, comparison.specs(), trajectories, strict=True)
    runs = [Run(value, spec, run) for value, spec, run in columns if run is not None]
    if not runs:
        return "The runs have no picture yet."
    pictured = [(heading(comparison.factor, run.value), run.spec, run.trajectory) for run in runs]
    words = sentences(comparison.factor, runs)
    head = title(comparison.factor, comparison.values, runs)
    return compared(head, words, pictured, format, comparison.at, comparison.overlaid)


def numbers(comparison: Comparison, tried: TriedRuns) -> str:
    """The settings and results of the runs compared."""
    digests = [spec.digest() for spec in comparison.specs()]
    return to_csv([tried.runs[digest] for digest in digests if digest in tried.runs])
