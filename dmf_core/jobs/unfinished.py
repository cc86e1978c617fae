"""The End of a run that could not send one itself."""

from dataclasses import replace

import numpy as np

from dmf_core.trajectory import End, Outcome, Progress, Trajectory


def with_end(trajectory: Trajectory | None, outcome: Outcome, message: str) -> Trajectory | None:
    """The known part of the run, with an End. Its last W is NaN, because it is unknown."""
    if trajectory is None:
        return None
    last = trajectory.snapshots[-1]
    end = End(
        outcome=outcome,
        message=message,
        seconds=last.seconds,
        gradients=last.gradients,
        accepted=last.iteration,
        rejected=0,
        end_to_end_last=np.full(trajectory.start.shape, np.nan),
    )
    return replace(trajectory, end=end)


def lost(why: str, progress: Progress | None) -> str:
    """What to say when the worker died in the middle of a run."""
    return (
        f"The worker stopped unexpectedly ({why}){_where(progress)}, often because memory ran out; "
        "run it again, or choose a smaller matrix or fewer snapshots."
    )


def killed(progress: Progress | None) -> str:
    """What to say when the worker had to be killed to obey a cancel."""
    return f"Cancelled{_where(progress)}; run it again to see the rest."


UNWATCHED = "Not started, because nobody waited for it any more; run it again."
CLOSED = "Not started, because DMF Lab was closed; run it again."
WITHDRAWN = "Cancelled before it began; run it again to see it."
REPLACED = "Not started, because another run was asked for; run it again."


def no_workers(why: str) -> str:
    """What to say when no worker process comes to life."""
    return (
        f"No worker process could be started ({why}); the log has its last words. "
        "Free some memory or correct the installation, then run it again."
    )


def _where(progress: Progress | None) -> str:
    return f" at t = {progress.t:.4g}, with a training error of {progress.loss:.3g}" if progress else ""
