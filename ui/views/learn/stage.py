"""The player of a chapter: a picture made beforehand until its run is there, then the run; and the runs of its words."""

from functools import partial

from dmf_core.jobs import Job, State, WholeRun, WholeRuns
from dmf_core.trajectory import Trajectory
from ui.figures.notice import Notice, notice
from ui.markup import markup
from ui.player import player
from ui.services import learn, queue, shown
from ui.session.course.chapters import Chapter
from ui.session.course.visit import Visit
from ui.session.navigation import open_in_explore
from ui.views.learn.stills import still
from ui.watching import Jobs, Remembered, Whole, watch

KEY, WORDS = "player", "runs of words"  # in the session


def stage(visit: Visit, chapter: Chapter) -> None:
    """Draws the run of the chapter with the chosen value, and makes those that its words speak of."""
    main = WholeRun(visit.spec, chapter.inputs)
    job = queue().submit(main.spec, main.inputs, visit.watcher)
    Jobs({visit.watcher: job}).wait()
    words = Whole(WORDS, chapter.key, partial(_runs_of_words, visit, chapter))
    if not words.requested or (words.runs.ended and not words.runs.failures):  # the queue may hold them no longer
        words.start()
    watch(_Both(Jobs({visit.watcher: job}), words), partial(_draw, visit, chapter, job))


def _runs_of_words(visit: Visit, chapter: Chapter) -> WholeRuns[str]:
    return WholeRuns(chapter.needed, Remembered(any_end=True), watcher=f"{visit.watcher} words", any_end=True)


class _Both:
    """The run that is shown, and then those of the words."""

    def __init__(self, first: Jobs, then: Whole) -> None:
        self._first, self._then = first, then

    @property
    def ended(self) -> bool:
        return self._first.ended and self._then.ended

    def poll(self) -> None:
        self._first.poll()
        if self._first.ended:
            self._then.poll()


def _draw(visit: Visit, chapter: Chapter, job: Job) -> None:
    view = job.view
    if view.trajectory is None or not view.state.ended:
        before = None if visit.shown is None else queue().find(visit.shown.digest())
        data = None if before is None else shown(before.view, before.spec)
        if data is None or visit.shown is None or not _same(visit, chapter):
            markup(still(chapter), "still of the lesson")
            return
        player(data, KEY, Notice("stale", "The run for this value is on its way."), view=chapter.view)
        return
    learn(job.spec, job.trajectory)
    visit.shown = job.spec
    data = shown(view, job.spec)
    if data is not None:
        player(data, KEY, notice(view.trajectory).labelled(job.spec), view=chapter.view)


def _same(visit: Visit, chapter: Chapter) -> bool:
    """True when the run shown last is one of this chapter."""
    return visit.shown == chapter.spec or (visit.shown is not None and chapter.value_in(visit.shown) is not None)


def runs_of(chapter: Chapter) -> dict[str, Trajectory] | None:
    """The runs of the words by name, once all of them are there."""
    runs = {}
    for name, needed in chapter.needed.items():
        job = queue().find(needed.digest)
        run = None if job is None or job.state is not State.DONE else job.trajectory
        if run is None:
            return None
        runs[name] = run
    return runs


def open_run(visit: Visit, chapter: Chapter) -> None:
    """Leads to Explore with the run that is shown."""
    open_in_explore(visit.spec, chapter.inputs)
