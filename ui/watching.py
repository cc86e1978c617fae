"""The only place that polls: what is under way is drawn until it has ended, and then the page is run once more.

A `button` beside it acts in its callback, which Streamlit calls before anything else: the answer of `if st.button(..)` is
lost when another rerun comes before that line, and here reruns come by themselves.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

from dmf_core.inputs import Inputs
from dmf_core.jobs import Job, State, digest_of_work
from dmf_core.spec import RunSpec
from dmf_core.store import Row
from dmf_core.sweep import Plan, Tally
from ui.services import owner, queue, shared_queue, sweeps

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


@dataclass(frozen=True)
class Step:
    """One of several runs that are done in turn."""

    spec: RunSpec
    inputs: Inputs = Inputs()
    work: str | None = None

    def job(self) -> Job | None:
        return queue().find(digest_of_work(self.spec, self.work))


class InTurn:
    """Runs that are submitted one after another, so that many of them never stand before those of other visitors."""

    def __init__(self, steps: Sequence[Step], watcher: str, done: Callable[[Step], bool]) -> None:
        """`done`: True when nothing more is to come of this step; called again after every run."""
        self._steps, self._watcher, self._done = steps, watcher, done

    @property
    def ended(self) -> bool:
        return all(self._done(step) for step in self._steps)

    def poll(self) -> None:
        queue().heartbeat(self._watcher)
        for step in self._steps:
            if self._done(step):
                continue
            job = step.job()
            if job is None or job.state is State.CANCELLED or not job.state.ended:
                job = queue().submit(step.spec, step.inputs, self._watcher, step.work)
            if not job.state.ended:
                return


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
