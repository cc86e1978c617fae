"""Verify an opened archive: its run is done again by a worker, and the page says what differs, with numbers.

Where the bits are others, a few more runs show what rounding does to each number: see `archive.verdict`.
"""

from dataclasses import dataclass, field

import streamlit as st

from dmf_core import archive
from dmf_core.archive import Archive, Verdict
from dmf_core.cost import estimate, in_words
from dmf_core.inputs import Inputs
from dmf_core.jobs import Job, State
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.services import queue
from ui.session.state import Visit

LOOK_SECONDS = 0.3
LISTED = 12
GOOD, BAD = ":green[✓]", ":red[✕]"
KEY = "verification"


@dataclass
class Verification:
    """One press of Verify."""

    kept: Archive
    job: Job  # the one that runs now
    fresh: Trajectory | None = None
    rounded: list[Trajectory] = field(default_factory=list)  # from starts one rounding away, where they are needed
    starts: list[tuple[RunSpec, Inputs]] = field(default_factory=list)
    verdict: Verdict | None = None

    def take(self, trajectory: Trajectory) -> tuple[RunSpec, Inputs] | None:
        """Takes what the job gave. Returns what must run next, if anything; else there is a verdict."""
        if self.fresh is None:
            self.fresh, self.verdict = trajectory, archive.decided(self.kept, trajectory)
            self.starts = [] if self.verdict is not None else archive.rounded(self.kept, trajectory)
        else:
            self.rounded.append(trajectory)
        if self.verdict is not None:
            return None
        if len(self.rounded) < len(self.starts):
            return self.starts[len(self.rounded)]
        self.verdict = archive.compare(self.kept, self.fresh, self.rounded)
        return None

    @property
    def ended(self) -> bool:
        """True when there is nothing to wait for: the theory of an archive that has one comes from a worker too."""
        view = self.job.view
        done = view.state is State.DONE and self.kept.trajectory.insight is not None
        return view.complete if done else view.state.ended


def verifying(visit: Visit) -> None:
    """The Verify button of the archive that is shown, how far it is, or the verdict."""
    if visit.opened is None or visit.opened[0] != visit.spec.digest():
        return
    kept = Archive(visit.spec, visit.inputs, visit.opened[1], {})
    begun: Verification | None = st.session_state.get(KEY)
    if begun is not None and begun.kept.trajectory is not kept.trajectory:
        begun = None
    if begun is None or begun.job.state in (State.CANCELLED, State.FAILED):
        cost = in_words(estimate(archive.again(kept), kept.trajectory.start.shape).seconds)
        help_ = "Runs these settings again here and compares every number with the archive's."
        label = f"Verify · about {cost}"
        st.button(label, key="verify", help=help_, on_click=_start, args=(visit, kept), width="stretch")
    if begun is not None:
        open_end = begun.verdict is None and not begun.ended
        st.fragment(_look, run_every=LOOK_SECONDS if open_end else None)(visit, begun, open_end)


def _start(visit: Visit, kept: Archive) -> None:
    job = queue().submit(archive.again(kept), kept.inputs, _watcher(visit), afresh=True)
    st.session_state[KEY] = Verification(kept, job)


def _look(visit: Visit, begun: Verification, open_end: bool) -> None:
    queue().heartbeat(_watcher(visit))
    view = begun.job.view
    if begun.ended and view.state is State.DONE and begun.verdict is None and view.trajectory is not None:
        following = begun.take(view.trajectory)
        if following is not None:
            begun.job = queue().submit(*following, _watcher(visit), afresh=True)
    ended, view = begun.ended, begun.job.view
    if ended and open_end:
        st.rerun()  # once, and no more looking
    if begun.verdict is not None:
        _say(begun.verdict)
    elif view.state is State.CANCELLED:
        st.caption("Stopped before the end, so nothing is said.")
    elif ended:
        st.caption(f"It could not be run again. {view.message}")
    else:
        _running(visit, begun, 0.0 if view.progress is None else view.progress.t)


def _running(visit: Visit, begun: Verification, t: float) -> None:
    last = begun.kept.trajectory.snapshots[-1].t
    words = "Running it again"
    if begun.starts:
        count = f"{len(begun.rounded) + 1} of {len(begun.starts)}"
        words = f"Its bits are others. Run {count} from a start one rounding away, to see what rounding does"
    st.progress(min(1.0, t / last) if last > 0 else 0.0, f"{words}: t = {t:.4g} of {last:.4g}")
    st.button("Cancel", key="cancel verification", on_click=_cancel, args=(visit, begun.job))


def _cancel(visit: Visit, job: Job) -> None:
    queue().cancel(job, _watcher(visit))


def _say(verdict: Verdict) -> None:
    st.markdown(f"{GOOD if verdict.word.fine else BAD} {verdict.message}")
    if len(verdict.differences) > 1:
        with st.expander(f"All {len(verdict.differences)} differences"):
            lines = [f"- {each.words}" for each in verdict.differences[:LISTED]]
            st.markdown("\n".join(lines).replace("_", "\\_"))


def _watcher(visit: Visit) -> str:
    """Another one than the page's own, which goes on looking at its run."""
    return f"{visit.watcher} verification"
