"""The page Observations: the mask to paint, its graph, its numbers, and what they leave open."""

from functools import lru_cache, partial
from typing import get_args

import streamlit as st

from dmf_core.cost import Cost
from dmf_core.jobs import Job
from dmf_core.problems.matrix_completion import MatrixCompletion
from dmf_core.problems.patterns import Pattern
from dmf_core.theory.recoverable import Reading, reading
from dmf_core.trajectory import Trajectory
from ui.controls.echo import Echo
from ui.controls.press import press
from ui.controls.requested_run import requested_job
from ui.fields import field, in_labels
from ui.figures.observations.graph import graph, single
from ui.figures.observations.text import decided, split, table, title, warning
from ui.figures.text.glossary import with_meanings
from ui.markup import markup
from ui.session.fitting import fitting
from ui.session.navigation import page_of
from ui.session.options import option
from ui.session.painted_mask import drawable, painted
from ui.session.state import Session
from ui.views.observations.editor import editor
from ui.watching import Jobs, watch
from ui.words import whole

PATTERN = Echo("pattern")
MARKS = {"lost": "△", "held": "✓", "unknown": "△"}


def observations(session: Session, cost: Cost | None) -> None:
    """The whole page, below the message."""
    problem = session.spec.problem
    if not isinstance(problem, MatrixCompletion):
        _other_kind(session)
        return
    reading = read(problem, session.spec.seed)
    mark, sentence = warning(reading)
    page = f'<div class="nr"><h1>{title(reading)}</h1><p class="ob-{mark}"><b>{MARKS[mark]}</b> {sentence}</p></div>'
    markup(with_meanings(page, OWN), "observations head")
    learned = st.container()  # filled last: nothing on the page waits for the run
    left, right = st.columns(2, gap="medium")
    with left:
        _mask(session, problem, reading)
    with right:
        few = "one line for each observed entry" if single(reading) else "a band for each component: too many entries for lines"
        markup(
            f'<div class="nr ob"><h2>Graph of the observations</h2>{graph(reading)}<p class="nr-proof">Rows and columns are '
            f"points, {few}. Where no chain of lines connects a row and a column, no observation relates them.</p>"
            f'{table(reading)}<p class="nr-proof">{decided(reading)}</p></div>',
            "observations graph",
        )
    with learned:
        _run(session, reading, cost)


OWN = {"component": "Rows and columns that chains of observed entries tie together."}


@lru_cache(maxsize=64)
def read(problem: MatrixCompletion, seed: int) -> Reading:
    """The reading of the entries that this problem observes."""
    return reading(problem.observed(seed), problem.rank)


def _other_kind(session: Session) -> None:
    problem = session.spec.problem
    name = option("problem.kind", problem.kind)
    why = "Your own matrix comes with its entries." if problem.needs_data else f"This run is of another kind: {name}."
    markup(
        f'<div class="nr"><h1>Where the observations sit</h1><p>{why} Here the observed entries of a drawn matrix can be '
        "chosen; start from a picture of the gallery, or choose matrix completion under Advanced.</p></div>",
        "observations head",
    )


def _mask(session: Session, problem: MatrixCompletion, reading: Reading) -> None:
    key, patterns = "observations problem.pattern", get_args(Pattern)  # the sidebar has one, too
    PATTERN.follow(key, problem.pattern)
    st.selectbox(
        field("problem.pattern").label,
        patterns,
        index=patterns.index(problem.pattern),
        key=key,
        format_func=lambda pattern: option("problem.pattern", pattern),
        on_change=PATTERN.chosen(key, lambda pattern: session.change(fitting(session.spec, {"problem.pattern": pattern}))),
        help="Entries are drawn at random inside the pattern; your first stroke makes it painted by hand, from what is there.",
    )
    PATTERN.end()
    if problem.replacement:
        st.caption(
            f"{whole(problem.observations)} draws with replacement: training counts an entry as often as it was drawn; what is "
            "free depends only on which entries are seen. Once painted, every entry counts once."
        )
    if drawable(problem):
        editor(reading, lambda text: session.change(painted(text)))
    else:
        st.caption(
            f"{problem.rows} × {problem.columns} is too large to paint; patterns are painted by hand up to 100 × 100. "
            "Choose a pattern, or a smaller matrix under Advanced."
        )
    if press("Run this in Explore", "run in explore", type="primary"):
        st.switch_page(page_of(session.spec))


def _run(session: Session, reading: Reading, cost: Cost | None) -> None:
    """Draws what the run learned at free and at other entries, as soon as it has ended."""
    opened = session.opened[1] if session.opened is not None and session.opened[0] == session.spec.digest() else None
    job = None if opened is not None or cost is None else requested_job(session, session.spec.digest(), cost)
    if opened is not None:
        _learned(opened, reading)
    elif job is not None:
        work = Jobs({session.watcher: job})
        work.wait()
        watch(work, partial(_draw, job, reading))
    else:
        _write("The run takes longer and waits for Run.")


def _draw(job: Job, reading: Reading) -> None:
    view = job.view
    if view.state.ended and view.trajectory is not None:
        _learned(view.trajectory, reading)
    elif view.error is not None:
        _write(f"The run failed. {in_labels(view.error, job.spec)}")
    else:
        _write(in_labels(view.message, job.spec) if view.state.ended else "The run is under way.")


def _learned(run: Trajectory, reading: Reading) -> None:
    done = run.end is not None and run.end.outcome.done
    _write(split(run, reading) if done else "The run did not reach its end.")


def _write(text: str) -> None:
    markup(f'<div class="nr"><p>{text}</p></div>', "observations learned")
