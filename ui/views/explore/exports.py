"""Take the run away, as any of the kinds in ui.export. Nothing is made before its button is pressed."""

from collections.abc import Callable
from functools import partial
from itertools import groupby

import streamlit as st

from dmf_core.jobs import Job, State
from dmf_core.trajectory import Trajectory
from ui.export import EXPORTS, Export, Source, file_name, nothing
from ui.export.task import Task
from ui.services import queue
from ui.session.state import Session
from ui.watching import under_way, watch
from ui.words import size

WIDTH = 440  # pixels; less where the screen is narrower


def exports(session: Session, result: Job | Trajectory) -> None:
    """The Export popover."""
    popover = st.popover("Export", key="Export", on_change="rerun")
    if not popover.open:
        if (task := _task()) is not None and not task.ended:
            watch(task, _nothing)  # it continues as long as the page is open
        return
    with popover, st.container(width=WIDTH):
        run = _run(result)
        if run is None:
            st.caption("The run has no picture yet.")
            return
        theme = _theme()
        offered = [export for export in EXPORTS if export.applies(_source(session, run, theme))]
        for group, kinds in groupby(offered, key=lambda export: export.group):
            with st.container(gap="xxsmall"):
                st.caption(group)
                with st.container(horizontal=True, gap="xsmall"):
                    for export in kinds:
                        _offer(session, result, run, export, theme)
                _progress(group)
        st.caption("The .zip opens here again under Start from, where it can be verified; a PNG, SVG or GIF opens its settings.")
        if isinstance(result, Job):
            _pin(session, result)


KEPT_WITH_DATA = (
    "It is written to the disk of this server with your data, and stays until it is let go. It is shown to those alone who bring "
    "the same data."
)
PINNED = "It stays in the store of this server, whatever its limits are."
NOT_KEPT = "Your data are on this server only as long as you are here."


def _pin(session: Session, job: Job) -> None:
    """Keeps the run in the store of this server, or lets it go."""
    jobs, own = queue(), session.spec.needs_inputs
    if not jobs.stores or job.state is not State.DONE:
        return
    pinned = jobs.pinned(job)

    def act() -> None:
        jobs.pin(job, session.inputs, not pinned)

    label = "Let it go again" if pinned else "Keep this run on this server"
    st.button(label, key="pin", on_click=act, help=KEPT_WITH_DATA if own else PINNED)
    if pinned or own:
        st.caption("This run is kept on this server." if pinned else NOT_KEPT)


def _run(result: Job | Trajectory) -> Trajectory | None:
    return result.trajectory if isinstance(result, Job) else result


def _theme() -> str:
    page = "dark" if st.context.theme.type == "dark" else "light"
    return st.segmented_control("Colours of pictures and films", ["light", "dark"], default=page, required=True)


def _offer(session: Session, result: Job | Trajectory, run: Trajectory, export: Export, theme: str) -> None:
    name = file_name(session.spec) + export.suffix
    if export.missing():
        st.caption(export.missing())
        return
    if export.slow:
        st.button(export.label, key=f"make {name}", on_click=_start, args=(session, result, export, theme))
        return
    label = export.label
    if export.size is not None:
        label += f" · {export.bound} {size(export.size(_source(session, run, theme)))}"
    st.download_button(label, _made(session, result, export, theme), name, export.mime, on_click="ignore", key=f"export {name}")


def _source(session: Session, run: Trajectory, theme: str) -> Source:
    return Source(run, session.spec, session.inputs, session.view, theme)


def _made(session: Session, result: Job | Trajectory, export: Export, theme: str) -> Callable[[], bytes]:
    """Called at the click, outside of any rerun: the view is the one on the screen then."""

    def on_click() -> bytes:
        run = _run(result)
        assert run is not None
        return export.make(_source(session, run, theme), nothing)

    return on_click


def _task() -> Task | None:
    task: Task | None = st.session_state.get("film")
    return task


def _start(session: Session, result: Job | Trajectory, export: Export, theme: str) -> None:
    if (before := _task()) is not None:
        before.cancel()
    run = _run(result)
    st.session_state["film"] = None if run is None else Task(export, _source(session, run, theme))


def _progress(group: str) -> None:
    """How far what takes long is, or the finished file to save, below the buttons of its group."""
    task = _task()
    if task is None or task.export.group != group:
        return
    watch(task, partial(_draw, task))


def _nothing() -> None:
    """Does nothing: the popover is closed."""


def _draw(task: Task) -> None:
    if task.content is not None:
        content = f"the {task.export.label}" if task.export.group == "Film" else "everything"
        label = f"Save {content} of run {task.digest[:8]} · {size(len(task.content))}"
        st.download_button(label, task.content, task.name, task.export.mime, on_click="ignore", type="primary")
    elif task.ended:
        st.caption(task.error)
    else:
        progress = "Waiting for another film or .zip." if task.waiting else f"{task.export.label}: {100 * task.share:.0f}\u202f%"
        under_way(progress, "cancel film", task.cancel, task.share, label="Cancel")
