"""Take the run away: archive, pictures, table. Nothing is made before its button is pressed."""

from collections.abc import Callable

import streamlit as st

from dmf_core import archive
from dmf_core.jobs import Job
from dmf_core.trajectory import Trajectory
from ui.figures.interactive import dynamics, page
from ui.figures.static import picture
from ui.visit import Visit


def exports(visit: Visit, found: Job | Trajectory) -> None:
    """The Export popover."""
    spec, inputs = visit.spec, visit.inputs
    name = f"dmf-{spec.digest()[:8]}"
    offers: list[tuple[str, str, str, Callable[[Trajectory], bytes | str]]] = [
        ("Archive of the run (.zip)", f"{name}.zip", "application/zip", lambda run: archive.write(run, spec, inputs)),
        ("Picture (PNG)", f"{name}.png", "image/png", lambda run: picture(run, spec, "png")),
        ("Picture (SVG)", f"{name}.svg", "image/svg+xml", lambda run: picture(run, spec, "svg")),
        ("Interactive page (HTML)", f"{name}.html", "text/html", lambda run: page(run, spec)),
        ("Numbers (CSV)", f"{name}.csv", "text/csv", archive.to_csv),
    ]
    popover = st.popover("Export", key="Export", on_change="rerun")
    if not popover.open:
        return
    with popover:
        for label, file_name, mime, make in offers:
            st.download_button(
                label, _made(found, make), file_name, mime, on_click="ignore", key=f"export {file_name}", width="stretch"
            )
        st.caption("The archive can be opened again here and checked: python -m dmf_core verify " + f"{name}.zip")


def _made(found: Job | Trajectory, make: Callable[[Trajectory], bytes | str]) -> Callable[[], bytes | str]:
    def on_click() -> bytes | str:
        run = found.trajectory if isinstance(found, Job) else found
        return "The run has no picture yet." if run is None else make(run)

    return on_click


def closer_look(visit: Visit, found: Job | Trajectory) -> None:
    """The curves in Plotly, for who wants to zoom and to read numbers off. Sent only when asked for."""
    run = found.trajectory if isinstance(found, Job) else found
    if run is not None and st.toggle("Zoom and hover", help="The same curves as a Plotly figure."):
        st.plotly_chart(dynamics(run, visit.spec), key="dynamics", height=520)
