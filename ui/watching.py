"""The only place that polls: what is under way is drawn until it has ended, and then the page is run once more.

A button beside it acts in its callback, or waits to be read (`ui.controls.press`): the answer of `if st.button(..)` is lost when
another rerun comes before that line, and here reruns come by themselves.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from dmf_core.jobs import Job, State, WholeRun, WholeRuns
from dmf_core.store import Row
from dmf_core.sweep import Plan, Tally
from dmf_core.trajectory import Trajectory
from ui.services import learn, owner, queue, shared_queue, sweeps

POLL_SECONDS = 0.25  # between two polls; one takes the server about 10 ms
WAIT_SECONDS = 0.45  # what has ended by then is shown at once, without a growing state
PRESSED = "watching pressed"  # in the session: a button has changed what the page is about


class Work(Protocol):
    """Work that goes on while the page is open."""

    @property
    def ended(self) -> bool:
        """True when there is nothing more to wait for."""

    def poll(self) -> None:
        """Says that somebody still waits, takes in what has ended, and submits what comes next."""


def watch(work: Work, draw: Callable[[], None], outdated: Callable[[], bool] = bool) -> None:
    """Draws the work, again and again until it has ended.

    The whole page is run again when the work ends, when a `button` inside was pressed, and when the rest of the page is
    `outdated`.
    """
    st.session_state.pop(PRESSED, None)  # the page is being run
    work.poll()
    ended = work.ended
    st.fragment(_poll, run_every=None if ended else POLL_SECONDS)(work, draw, outdated, ended)


def _poll(work: Work, draw: Callable[[], None], outdated: Callable[[], bool], ended: bool) -> None:
    work.poll()
    again = work.ended != ended or outdated() or st.session_state.pop(PRESSED, False)
    draw()
    if again:  # decided before it was drawn, by what the page was made of: no change can be missed
        st.rerun()


def under_way(text: str, key: str, cancel: Callable[[], None], share: float | None = None, label: str = "") -> None:
    """One line: how far it is, and the button that cancels it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if share is None:
            st.markdown(text)
        else:
            st.progress(share, text)
        button(label or "Cancel, keep what is there", key, cancel)


def button(label: str, key: str, act: Callable[[], None], primary: bool = False, tip: str | None = None) -> None:
    """A button whose press is never lost; the whole page is run after it."""
    st.button(label, key=key, on_click=press, args=(act,), type="primary" if primary else "secondary", help=tip)


def press(act: Callable[[], None]) -> None:
    """For the callback of anything that is pressed inside what is watched: acts, and the whole page is run after it."""
    act()
    st.session_state[PRESSED] = True


@dataclass(frozen=True)
class Jobs:
    """Jobs that a page waits for, each by the name of the watcher who keeps it alive."""

    jobs: Mapping[str, Job]
    whole: bool = False  # with their theory and accuracy, which come after their end

    @property
    def ended(self) -> bool:
        return all(job.view.complete if self.whole else job.state.ended for job in self.jobs.values())

    def poll(self) -> None:
        for watcher in self.jobs:
            queue().heartbeat(watcher)

    def wait(self, seconds: float = WAIT_SECONDS) -> None:
        """Returns when all jobs have ended, their theory aside, or after so many seconds."""
        until = time.monotonic() + seconds
        for job in self.jobs.values():
            job.wait(max(0.0, until - time.monotonic()))


class Whole:
    """Whole runs on the page, one after another, once they were asked for. `runs`: those, or what is remembered of them."""

    def __init__(self, key: str, subject: str, make: Callable[[], WholeRuns[Any]]) -> None:
        """`key`: of the session. `subject`: what they are about; runs of another one are forgotten. `make`: without computing."""
        self._key, self._subject, self._make = key, subject, make
        started: tuple[str, WholeRuns[Any]] | None = st.session_state.get(key)
        self.requested = started is not None and started[0] == subject
        self.runs = started[1] if started is not None and self.requested else make()

    @property
    def ended(self) -> bool:
        return not self.requested or self.runs.ended

    def poll(self) -> None:
        if self.requested:
            self.runs.poll(queue())

    def start(self) -> None:
        """Somebody asks for them."""
        self.requested, self.runs = True, self._make()
        st.session_state[self._key] = self._subject, self.runs

    def stop(self) -> None:
        """Nobody waits for them any more; those that have ended stay."""
        self.runs.stop(queue())
        st.session_state.pop(self._key, None)


class Remembered:
    """What the queue holds of runs, or its store."""

    def __init__(self, any_end: bool = False, explained: bool = False) -> None:
        """As of `WholeRuns`."""
        self._any_end, self._explained = any_end, explained

    def find(self, run: WholeRun) -> Trajectory | None:
        job = queue().find(run.digest)
        if job is None or job.state is not State.DONE or (self._explained and not job.view.complete):
            return None
        trajectory = job.trajectory
        counts = trajectory is not None and trajectory.end is not None and (self._any_end or trajectory.end.outcome.done)
        return trajectory if counts else None

    def keep(self, run: WholeRun, trajectory: Trajectory) -> None:
        """The queue keeps it; its cost is learned for estimates."""
        if run.work is None:
            learn(run.spec, trajectory)


class Sweeping:
    """A sweep on the page, once it was requested. `rows`: what is known so far, by digest of the run."""

    def __init__(self, plan: Plan, watcher: str, requested: bool, rows: Mapping[str, Row]) -> None:
        self.plan, self.rows = plan, rows
        self.tally: Tally | None = None  # how far it is; None where it was not asked for
        self.ended = True
        self._watcher, self._requested = watcher, requested

    def poll(self) -> None:
        if not self._requested:
            return
        progress = sweeps().progress(self.plan, self._watcher, owner())
        if progress is None:  # it was left for too long, or never begun
            sweeps().start(self.plan, self._watcher, owner())
            progress = sweeps().progress(self.plan, self._watcher, owner())
        if progress is not None:
            self.rows, self.tally, self.ended = progress.rows, progress.tally, progress.ended

    def stop(self) -> None:
        """Nobody waits for it any more; what has been computed stays."""
        sweeps().stop(self._watcher)


@dataclass(frozen=True)
class Trying:
    """The trial of a run that waits to be asked for; its page is run again when it has ended."""

    digest: str

    @property
    def ended(self) -> bool:
        return not shared_queue().trials.under_way(self.digest)

    def poll(self) -> None:
        """It goes on by itself."""


class Nothing:
    """Nothing is under way."""

    ended = True

    def poll(self) -> None:
        """There is nothing to wait for."""
