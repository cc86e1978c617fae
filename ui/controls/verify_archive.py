"""Verify an opened archive: its run is done again by a worker, and the page says what differs, with numbers.

Where the bits are others, a few more runs show what rounding does to each number: see `archive.verdict`.
"""

from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from dmf_core import archive
from dmf_core.archive import Archive, Verdict
from dmf_core.cost import about
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job, State
from dmf_core.prepare import typical_entry
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.fields import in_labels
from ui.services import priced, queue
from ui.session.state import Session
from ui.watching import button, watch

LISTED = 12  # differences; the heading counts all
GOOD, BAD = ":green[✓]", ":red[✕]"
KEY = "verification"


@dataclass
class Verification:
    """One press of Verify."""

    opened: Archive
    watcher: str  # of its own: the watcher of the page keeps waiting for its run
    job: Job  # the one that runs now
    fresh: Trajectory | None = None
    rounded: list[Trajectory] = field(default_factory=list)  # from starts one rounding away, where they are needed
    starts: list[tuple[RunSpec, Inputs]] = field(default_factory=list)
    verdict: Verdict | None = None

    def take(self, trajectory: Trajectory) -> tuple[RunSpec, Inputs] | None:
        """Takes what the job gave. Returns what must run next, if anything; else there is a verdict."""
        if self.fresh is None:
            self.fresh, self.verdict = trajectory, archive.decided(self.opened, trajectory)
            self.starts = [] if self.verdict is not None else archive.rounded(self.opened, trajectory)
        else:
            self.rounded.append(trajectory)
        if self.verdict is not None:
            return None
        if len(self.rounded) < len(self.starts):
            return self.starts[len(self.rounded)]
        self.verdict = archive.compare(self.opened, self.fresh, self.rounded)
        return None

    @property
    def ended(self) -> bool:
        """True when there is a verdict, or when the run ended without the numbers for one."""
        return self.verdict is not None or (self._run_ended and self.job.state is not State.DONE)

    @property
    def _run_ended(self) -> bool:
        """True when its job gives no more: theory and accuracy of an archive that has them come from a worker too."""
        view, archived = self.job.view, self.opened.trajectory
        analysed = archived.insight is not None or archived.accuracy is not None
        return view.complete if view.state is State.DONE and analysed else view.state.ended

    def poll(self) -> None:
        """Takes what has ended, and submits what must run next."""
        queue().heartbeat(self.watcher)
        trajectory = self.job.trajectory
        if self.verdict is None and self._run_ended and self.job.state is State.DONE and trajectory is not None:
            following = self.take(trajectory)
            if following is not None:
                self.job = queue().submit(*following, self.watcher, afresh=True)

    def cancel(self) -> None:
        """Stops the run that goes on."""
        queue().cancel(self.job, self.watcher)


def verifying(session: Session) -> None:
    """The Verify button of the archive that is shown, how far it is, or the verdict."""
    if session.opened is None or session.opened[0] != session.spec.digest():
        return
    archived = Archive(session.spec, session.inputs, session.opened[1], {})
    begun: Verification | None = st.session_state.get(KEY)
    if begun is not None and begun.opened.trajectory is not archived.trajectory:
        begun = None
    if begun is None or begun.job.state in (State.CANCELLED, State.FAILED):
        cost = about(
            priced(archive.again(archived), archived.trajectory.start.shape, typical_entry(archived.spec, archived.inputs))
        )
        help_ = "Runs these settings again here and compares every number with the archive's."
        label = f"Verify · {cost}"
        st.button(label, key="verify", help=help_, on_click=_start, args=(session, archived), width="stretch")
    if begun is not None:
        watch(begun, partial(_draw, begun))


def _start(session: Session, archived: Archive) -> None:
    watcher = f"{session.watcher} verification"
    job = queue().submit(archive.again(archived), archived.inputs, watcher, afresh=True)
    st.session_state[KEY] = Verification(archived, watcher, job)


def _draw(begun: Verification) -> None:
    view = begun.job.view
    if begun.verdict is not None:
        _say(begun.verdict)
    elif view.state is State.CANCELLED:
        st.caption("Stopped before the end, so there is no verdict.")
    elif begun.ended:
        st.caption(f"It could not be run again. {in_labels(view.message, begun.opened.spec)}")
    else:
        _running(begun, 0.0 if view.progress is None else view.progress.t)


def _running(begun: Verification, t: float) -> None:
    last = begun.opened.trajectory.snapshots[-1].t
    words = "Running it again"
    if begun.starts:
        count = f"{len(begun.rounded) + 1} of {len(begun.starts)}"
        words = f"The result is not the same bit for bit. Run {count} from a start one rounding away, to see what rounding does"
    st.progress(min(1.0, t / last) if last > 0 else 0.0, f"{words}: t = {t:.4g} of {last:.4g}")
    button("Cancel", "cancel verification", begun.cancel)


def _say(verdict: Verdict) -> None:
    st.markdown(f"{GOOD if verdict.word.fine else BAD} {verdict.message}")
    if len(verdict.differences) > 1:
        first = f", the first {LISTED}" if len(verdict.differences) > LISTED else ""
        with st.expander(f"All {len(verdict.differences)} differences{first}"):
            lines = [f"- {each.words}" for each in verdict.differences[:LISTED]]
            st.markdown("\n".join(lines).replace("_", "\\_"))
