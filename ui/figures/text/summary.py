"""A run in a few sentences, the numbers of its verdict first. Only what the numbers support is stated."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from dmf_core.analysis import accuracy
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory
from ui.figures import words
from ui.figures.births import Growth, at
from ui.figures.spectra import naming
from ui.figures.text.ranks import ended_at, too_few, unmoved
from ui.figures.text.verdict import FITTED, ZEROS, Judged, Verdict, judged, unseen_entries
from ui.figures.words import percent

NEAR_ZERO = 0.05  # of the largest final singular value
BEFORE = 0.25  # at a birth, the next mode is below this share of its own final value: one after another
APART = 0.01  # of the time of the later birth: births nearer to each other are one event to the eye
TOGETHER = 0.05  # of the time of the last birth: births within it are given as one time
WARNED = "△ "
LISTED = 6  # births at most that are listed one by one
ENDS = {Outcome.CANCELLED: "Cancelled", Outcome.DIVERGED: "Diverged", Outcome.BUDGET: "Out of time", Outcome.FAILED: "Failed"}


def sentences(trajectory: Trajectory, spec: RunSpec, grown: Sequence[Growth]) -> list[str]:
    """How far off it is, births and rank, what the data leave open; before all where it is less accurate than usual, that.

    A low window has room for the first sentence only.
    """
    complete = trajectory.end is not None and trajectory.end.outcome.done
    noun, ranks = naming(trajectory.start.main_spectrum).noun, judged(trajectory, spec)
    parts = [stopped(trajectory), error(trajectory, spec, ranks), fit(ranks), births(trajectory, grown, complete, noun)]
    if complete:
        parts += [ended_at(trajectory, spec, grown, ranks), too_few(trajectory, spec, ranks)]
    if complete and spec.model.separable:
        parts.append(unmoved(trajectory))
    warning = inaccurate(trajectory, spec)
    parts = [warning, *parts] if warning.startswith(WARNED) else [*parts, warning]
    return [part for part in parts if part]


def headline(trajectory: Trajectory, spec: RunSpec) -> tuple[str, str]:
    """The mark and the words of the verdict, for the place next to a title; both empty while the run grows."""
    if trajectory.end is None:
        return "", ""
    verdict = judged(trajectory, spec).verdict
    more = ENDS.get(trajectory.end.outcome, "")
    text = f"{verdict.words}: {more.lower()}" if more else verdict.words
    if trajectory.accuracy is not None and accuracy.wrong(trajectory.accuracy):
        return "△", f"{text}, but not accurate"
    return ("✕" if trajectory.end.outcome in (Outcome.DIVERGED, Outcome.FAILED) else verdict.mark), text


def before_the_end(trajectory: Trajectory, spec: RunSpec) -> str:
    """The words of the verdict while a picture shows an earlier moment: what was reached was reached at the end."""
    text = headline(trajectory, spec)[1]
    reached = text and judged(trajectory, spec).verdict not in (Verdict.NOT_FINISHED, Verdict.NOTHING)
    return f"At the end: {text[0].lower()}{text[1:]}" if reached else text


def story(trajectory: Trajectory, spec: RunSpec, grown: Sequence[Growth]) -> str:
    """Verdict and sentences in one text, for those who do not see the picture."""
    _, verdict = headline(trajectory, spec)
    return " ".join([f"{verdict}.", *sentences(trajectory, spec, grown)] if verdict else sentences(trajectory, spec, grown))


def stopped(trajectory: Trajectory) -> str:
    """Where a run was that did not come to its end."""
    end, t = trajectory.end, words.number(trajectory.snapshots[-1].t)
    if end is None:
        return f"So far, at t = {t}:"
    return f"{ENDS[end.outcome]} at t = {t}." if end.outcome in ENDS else ""


def error(trajectory: Trajectory, spec: RunSpec, judged: Judged) -> str:
    """How far off it is where training saw nothing."""
    start = trajectory.start
    if judged.error is not None and judged.share is not None:
        count = words.whole(int(unseen_entries(start).sum()))
        subject = f"The {count} held-out entries" if spec.problem.needs_data else "Unseen entries"
        if not np.isfinite(judged.error):
            return f"{subject}: the error is no longer a finite number."
        return f"{subject}: typical error {words.number(judged.error, 2)}, {compared_with_typical(judged.share)}."
    if judged.share is not None:
        measured = words.whole(spec.problem.count or 0)
        better = "" if judged.share <= ZEROS else "; zeros would do better"
        distance = f"{percent(judged.share)} of its size (Frobenius norm)"
        return f"Distance to the truth: {distance}, from {measured} measurements{better}."
    if not start.observed_mask.any():
        return ""
    observed_count = words.whole(int(start.observed_mask.sum()))
    left = int((~start.observed_mask).sum())
    if spec.problem.needs_data:
        subject = f"All {observed_count} known entries are used; none is kept for testing"
    elif left:
        subject = "The hidden entry has no true value" if left == 1 else "The unseen entries have no true values"
    else:
        subject = f"All {observed_count} entries are observed"
    observed = trajectory.snapshots[-1].measures["observed_error"]
    missed = "" if observed is None else f" Observed entries: typical error {words.number(float(np.sqrt(observed)), 2)}."
    return f"{subject}.{missed}"


def compared_with_typical(share: float) -> str:
    """An error beside the size of what it is an error of, and where zeros would do as well or better, that."""
    if not np.isfinite(share):
        return "though the true entries there are all zero"
    if share < 0.95:
        return f"{percent(share)} of a typical entry"
    if share <= ZEROS:
        return "about the size of a typical entry; zeros would do as well"
    times = f"{words.number(share, 2)} times a typical entry"
    return f"{times}; zeros would do better"


def fit(judged: Judged) -> str:
    """What is still missed of the observations, where that is much."""
    if not judged.fit > FITTED:
        return ""
    if not np.isfinite(judged.fit):
        return "The observations themselves are not matched."
    return f"The observations themselves are missed by {percent(judged.fit)} of their typical size."


def births(trajectory: Trajectory, grown: Sequence[Growth], complete: bool, noun: str = "mode") -> str:
    """How many modes were born, and when; nothing where the times are not known."""
    values, t = trajectory.singular_values, trajectory.column("t")
    born = sorted((g for g in grown if g.born is not None), key=lambda g: g.born or 0.0)
    if not born:
        return ""
    if not all(g.timed for g in born):
        return f"{words.capital(words.count(len(born), noun))} grew; the snapshots lie too far apart to say when."
    small = values[0, 0] < NEAR_ZERO * values[-1, 0]
    opening = "From a start near zero, " if small else ""
    opening += "" if complete else "so far " if small else "So far "
    times = [at(t, g.born or 0.0) for g in born]
    subject = words.count(len(born), noun)
    if len(born) == 1:
        return words.capital(f"{opening}one {noun} was born, at t = {words.number(times[0])}.")
    if times[-1] - times[0] <= TOGETHER * times[-1]:
        first, last = words.number(times[0]), words.number(times[-1])
        when = f"t = {first}" if first == last else f"t = {first} to {last}"
        return words.capital(f"{opening}{subject} were born nearly together, at {when}.")
    if len(born) > LISTED:
        return words.capital(f"{opening}{subject} were born between t = {words.number(times[0])} and {words.number(times[-1])}.")
    manner = "one after another, " if one_after_another(values, born, times) else ""
    return words.capital(f"{opening}{subject} were born {manner}at t = {words.listed([words.number(x) for x in times])}.")


def one_after_another(values: np.ndarray, born: Sequence[Growth], times: Sequence[float]) -> bool:
    """Whether each birth finds the next mode still small, and their times can be distinguished."""
    small = all(at(values[:, b.mode - 1], a.born or 0.0) < BEFORE * values[-1, b.mode - 1] for a, b in pairwise(born))
    return small and all(later - earlier > APART * later for earlier, later in pairwise(times))


def inaccurate(trajectory: Trajectory, spec: RunSpec) -> str:
    """A warning, where the run is known to be less accurate than usual; where that is not known, why."""
    known = trajectory.accuracy
    tolerance = spec.integrator.judged_tolerance
    if tolerance is None or (known is not None and accuracy.as_promised(known)):
        return ""
    if known is None:
        complete = trajectory.end is not None and trajectory.end.outcome.done
        if complete and (unknown := accuracy.unchecked(tolerance)):
            return f"{WARNED}{unknown}"
        return words.typeset(accuracy.why_unknown(spec, trajectory))
    return f"{WARNED}{words.typeset(accuracy.sentence(known, tolerance))}"
