"""Below a tensor run: its baselines on the same entries, computed by the workers when requested."""

import math
from functools import partial

import streamlit as st

from dmf_core import limits
from dmf_core.baselines.comparison.tensor_jobs import inputs_of, row_of, work_of
from dmf_core.baselines.comparison.tensors import of_run, ways
from dmf_core.jobs import Job, WholeRun, WholeRuns
from dmf_core.trajectory import Trajectory
from ui.fields import in_labels
from ui.figures.baselines import baselines_table
from ui.figures.text.glossary import with_meanings
from ui.figures.words import whole
from ui.markup import markup
from ui.session.state import Session
from ui.watching import Remembered, Whole, button, under_way, watch

RUNS = "runs of baselines"  # in the session
ABOUT = (
    "The same observed entries completed without this training: zeros for what is unseen, alternating least squares, which is "
    "told the number of components, and the least mean nuclear norm of the unfoldings."
)


def baselines(session: Session, result: Job | Trajectory) -> None:
    """The button that computes the baselines, or their table."""
    run = result.trajectory if isinstance(result, Job) else result
    if run is None or run.end is None or not run.start.observed_mask.any():
        return
    markup(with_meanings(f'<div class="nr nr-second"><h2>What else could be tried</h2><p>{ABOUT}</p></div>'), "beside head")
    entries = math.prod(run.start.shape)
    if entries > limits.BASELINE_ENTRIES:
        st.caption(f"Not for {whole(entries)} entries: here it is done for up to {whole(limits.BASELINE_ENTRIES)}.")
        return
    work = Whole(RUNS, session.spec.digest(), partial(_runs, session, run))
    if not work.requested:
        button("Try them · some seconds", "try instead", work.start)
        return
    watch(work, partial(_draw, session, run, work))


def _runs(session: Session, run: Trajectory) -> WholeRuns[str]:
    runs = {key: WholeRun(session.spec, inputs_of(key, session.inputs, run), work_of(key)) for key in ways(session.spec, run)}
    return WholeRuns(runs, Remembered(), watcher=f"{session.watcher} baselines")


def _draw(session: Session, run: Trajectory, work: Whole) -> None:
    done, failures = work.runs.trajectories, list(work.runs.failures.values())
    if not work.ended:
        text = f"Trying them. {len(done)} of {work.runs.tally.total} done."
        under_way(text, "cancel baselines", work.stop, label="Cancel")
        return
    if failures:
        st.caption(f"They could not be tried. {in_labels(failures[0], session.spec)}")
        return
    rows = [row_of(key, session.spec, trajectory) for key, trajectory in done.items()]
    markup(f'<div class="nr">{baselines_table(of_run(rows, run))}</div>', "beside")
