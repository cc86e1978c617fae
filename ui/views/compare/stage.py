"""Draws the runs of a comparison, while they grow and when they are done."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dmf_core import limits
from dmf_core.cost import Cost, about, together
from dmf_core.errors import BadInput
from dmf_core.jobs import Job, State
from dmf_core.prepare import check, typical_entry
from dmf_core.spec import RunSpec
from ui.fields import in_labels
from ui.figures.notice import Notice
from ui.figures.payload import payload
from ui.figures.words import capital, count
from ui.player.compare import compare
from ui.services import priced, queue, shown, tried
from ui.session.navigation import open_in_explore
from ui.session.state import Session
from ui.views.compare.head import Column, head
from ui.views.compare.state import Comparing
from ui.watching import Jobs, watch

WAIT_SECONDS = 0.8  # runs that are done by then are shown at once, without a growing state
PAYLOAD_BYTES = 1_000_000  # of all columns together
MOST_BYTES = 300_000  # of one of them


def plan(visitor: Session, state: Comparing) -> tuple[list[Column], dict[str, Cost]]:
    """The columns, before anything is started, and the estimated costs of those that nobody has run yet."""
    columns, missing = [], {}
    for value, spec in zip(state.comparison.values, state.comparison.specs(), strict=True):
        try:
            cost = priced(spec, check(spec, visitor.inputs), typical_entry(spec, visitor.inputs))
            cost = cost if spec.digest() in state.requested else tried(spec, visitor.inputs, cost)
        except BadInput as error:
            columns.append(Column(value, spec, error=str(error)))
            continue
        digest = spec.digest()
        known = state.cancelled.get(digest) or queue().find(digest)
        columns.append(Column(value, spec))
        if known is None or (known.state is State.CANCELLED and digest not in state.cancelled):
            missing[digest] = cost
    return columns, missing


def held(state: Comparing, missing: dict[str, Cost]) -> dict[str, Cost]:
    """The missing runs that do not start by themselves: those do that end soon even if they take long, the shortest first."""
    begun, waiting = [], {}
    for digest, cost in sorted(missing.items(), key=lambda each: each[1].longest):
        if digest in state.requested:
            continue
        begun.append(cost)
        if together(begun).longest > limits.RUN_WITHOUT_ASKING_SECONDS:
            waiting[digest] = cost
    return waiting


def run_label(waiting: dict[str, Cost]) -> str:
    """Run 3 · about 9 s."""
    return f"Run {len(waiting)} · {about(together(list(waiting.values())))}"


def ask(state: Comparing) -> None:
    """Runs what is missing, whatever it costs and however it ended before."""
    state.requested = frozenset(spec.digest() for spec in state.comparison.specs())
    state.cancelled.clear()


def stage(visitor: Session, state: Comparing, columns: Sequence[Column], waiting: dict[str, Cost]) -> list[Job | None]:
    """Draws the comparison. Returns the job of every column, None where there is none."""
    jobs = [None if column.error else _job(visitor, state, column.spec, i, waiting) for i, column in enumerate(columns)]
    for i in range(len(columns), limits.MAX_COMPARED):
        queue().leave(_watcher(visitor, i))
    work = Jobs({_watcher(visitor, i): job for i, job in enumerate(jobs) if job is not None})
    work.wait(WAIT_SECONDS)
    watch(work, partial(_draw, visitor, state, columns, jobs, waiting))
    return jobs


def _watcher(visitor: Session, i: int) -> str:
    """A watcher looks at one job at a time, so every column has its own."""
    return f"{visitor.watcher} column {i}"


def _job(visitor: Session, state: Comparing, spec: RunSpec, i: int, waiting: dict[str, Cost]) -> Job | None:
    digest = spec.digest()
    if digest in state.cancelled:
        return state.cancelled[digest]
    known = queue().find(digest)
    if known is not None and known.state is State.FAILED and digest not in state.requested:
        return known  # a run that fails must not start itself for ever
    if digest in waiting:
        return None
    state.requested -= {digest}
    return queue().submit(spec, visitor.inputs, _watcher(visitor, i))


def _draw(
    visitor: Session, state: Comparing, planned: Sequence[Column], jobs: Sequence[Job | None], waiting: dict[str, Cost]
) -> None:
    columns = [
        Column(each.value, each.spec, None if job is None else job.view, each.error)
        for each, job in zip(planned, jobs, strict=True)
    ]
    most = min(MOST_BYTES, PAYLOAD_BYTES // len(columns))
    pictures = [_picture(column, most) for column in columns]
    pressed = compare(head(state.comparison, columns, _notice(columns, waiting), visitor.inputs.account), pictures, "compare")
    if pressed is not None:
        _act(visitor, state, pressed, jobs)
        st.rerun()


def _picture(column: Column, most: int) -> bytes:
    picture = None if column.view is None else shown(column.view, column.spec, most, labelled=False)
    return picture or payload(None, column.spec)


def _notice(columns: Sequence[Column], waiting: dict[str, Cost]) -> Notice:
    running = [column for column in columns if not column.ended]
    if running:
        text = f"{len(running)} of {len(columns)} runs still going."
        return Notice("growing", "Running.", text, (("cancel", "Cancel, keep what is there"),))
    if waiting:
        text = f"{count(len(waiting), 'run')} {'has' if len(waiting) == 1 else 'have'} not been computed."
        return Notice("stale", "Not run yet.", capital(text), (("run", run_label(waiting)),))
    failed = [column for column in columns if column.view is not None and column.view.state is State.FAILED]
    if failed and failed[0].view is not None:
        return Notice("error", "A run failed.", in_labels(failed[0].view.message, failed[0].spec), (("run", "Run again"),))
    stopped = [column for column in columns if column.view is not None and column.view.state is State.CANCELLED]
    if stopped:
        return Notice("cancelled", "Cancelled.", "Everything up to here is valid.", (("run", "Start again"),))
    return Notice("none")


def _act(visitor: Session, state: Comparing, pressed: dict[str, object], jobs: Sequence[Job | None]) -> None:
    """Does what a button of the comparison asks for."""
    action = pressed.get("action")
    if action == "cancel":
        for i, job in enumerate(jobs):
            if job is not None and not job.state.ended:
                queue().cancel(job, _watcher(visitor, i))
                state.cancelled[job.digest] = job
    elif action == "run":
        ask(state)
    elif action == "at":
        state.at(str(pressed.get("at")))
    elif action == "overlaid":
        state.comparison = replace(state.comparison, overlaid=bool(pressed.get("overlaid")))
    elif action == "open":
        chosen = [spec for spec in state.comparison.specs() if spec.digest() == pressed.get("run")]
        if chosen:
            open_in_explore(chosen[0])
