"""What the player says about the state of a run, and the ways out of it."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from dmf_core.recording.end_messages import RESOLVED
from dmf_core.spec import RunSpec
from dmf_core.trajectory import End, Outcome, Trajectory
from ui.fields import in_labels
from ui.figures import words

Kind = Literal["none", "empty", "growing", "cancelled", "diverged", "stale", "error"]


@dataclass(frozen=True)
class Notice:
    """One line with at most two buttons. Each button is (action, label); the action comes back to Python."""

    kind: Kind
    lead: str = ""  # bold
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def labelled(self, spec: RunSpec) -> "Notice":
        """The same with the labels of settings instead of their paths."""
        return replace(self, lead=in_labels(self.lead, spec), text=in_labels(self.text, spec))


GO_ON = "Everything up to here is valid. To go on makes the same run again, past this moment."
EMPTY = Notice("empty", "Press Run, or choose a picture in the gallery.")


def notice(trajectory: Trajectory | None) -> Notice:
    """What can be said from the run alone; the page may know more (time left, settings that changed)."""
    if trajectory is None:
        return EMPTY
    last, end = trajectory.snapshots[-1], trajectory.end
    t = words.number(last.t)
    if end is None:
        error = words.number(last.measures["observed_error"] or 0.0, 2)
        return Notice("growing", "Running.", f"t = {t}, observed error {error}.", (("cancel", "Cancel, keep what is there"),))
    match end.outcome:
        case Outcome.CANCELLED:
            return Notice("cancelled", f"Cancelled at t = {t}.", GO_ON, (("run", "Go on"),))
        case Outcome.DIVERGED:
            lead, text = _parts(end)
            return Notice("diverged", lead, text, (("retry", "Use a smaller step"), ("stable", "Last stable state")))
        case Outcome.BUDGET:
            lead, text = _parts(end)
            return Notice("error", lead, text, () if _resolved(trajectory) else (("longer", "Give it four times as long"),))
        case Outcome.FAILED:
            lead, text = _parts(end)
            return Notice("error", lead, text, (("run", "Start again"),))
    return Notice("none")


def _resolved(run: Trajectory) -> bool:
    """True where the residuals are roundings of the observed entries: then more time changes nothing."""
    observed = run.start.ground_truth[run.start.observed_mask].astype(float)
    least = (RESOLVED * float(np.finfo(run.start.ground_truth.dtype).eps)) ** 2
    return bool(observed.size) and run.snapshots[-1].loss <= least * float(np.square(observed).mean())


def _parts(end: End) -> tuple[str, str]:
    """What stands in bold, and the rest as a sentence; a message without parts stands in bold."""
    if not end.headline:
        return words.typeset(end.message), ""
    return f"{words.typeset(end.headline)}.", words.capital(words.typeset(end.detail))
