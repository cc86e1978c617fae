"""Whether an archive holds what its spec gives: runs it again, compares every number, and states each difference.

1. Where the fresh run has the same bits, the archive must have all of them: `identical`.
2. From there on another machine, library or number of threads rounded differently. How far each number may then be
   off is measured, by runs from starts that are one rounding away: `rounding`.
3. After the first snapshots where these runs themselves no longer take the same steps, accurate solutions are
   compared: `bands`.
4. What the archive says twice must agree, whatever ran again: `contradictions`. Else it is damaged.

Wall-clock times cannot be reproduced; only that they rise is checked.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from dmf_core import limits
from dmf_core.analysis.accuracy import assessed, outline
from dmf_core.analysis.replay import explained, returned
from dmf_core.archive.accuracies import accuracies_apart
from dmf_core.archive.bands import accurate
from dmf_core.archive.contents import Part, contents, rule_of
from dmf_core.archive.contradictions import contradictions
from dmf_core.archive.difference import Difference, differing
from dmf_core.archive.identical import changed_by_hand, identical_rows, same_bits
from dmf_core.archive.rounding import allowances, common_rows, rounded_starts
from dmf_core.archive.unpack import Archive
from dmf_core.inputs import Inputs
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory

WALL_CLOCK = (Outcome.CANCELLED, Outcome.BUDGET, Outcome.FAILED)  # ends that the spec does not determine
UNCHECKED = "Wall-clock times cannot be had again: only that they rise is checked."
NOT_ESTIMATED = "How accurate it is was not estimated again."
PARTED = (
    "After snapshot {} rounding alone leads to other steps: there curves are compared as those of accurate solutions, "
    "and the theory is not compared."
)
UNFINISHED_STEP = 4  # times the gradients of the longest step so far: what a step that was cut off may have used


class Word(Enum):
    """The verdict in a word."""

    EQUAL = "equal"
    WITHIN_TOLERANCE = "within tolerance"
    DIFFERENT = "different"
    DAMAGED = "damaged"

    @property
    def fine(self) -> bool:
        """True when the archive holds what its spec gives."""
        return self in (Word.EQUAL, Word.WITHIN_TOLERANCE)


@dataclass(frozen=True)
class Verdict:
    """What running it again showed. `differences` names every array that differs, at its worst element, the worst first."""

    word: Word
    message: str  # a sentence with the numbers
    differences: tuple[Difference, ...]


def verify(archive: Archive) -> Verdict:
    """Runs it again and compares. For equal bits: the same machine, library and number of threads."""
    fresh = assessed_alike(archive, run(again(archive), archive.inputs))
    verdict = decided(archive, fresh)
    if verdict is not None:
        return verdict
    return compare(archive, fresh, [run(*each) for each in rounded(archive, fresh)])


def again(archive: Archive) -> RunSpec:
    """The spec that gives the same trajectory, also of a run that was cut off: that one ends at the same iteration."""
    changes: dict[str, object] = {"stop.seconds": limits.MAX_SECONDS}
    if _cut_off(archive.trajectory):
        changes["stop.iterations"] = max(1, _iterations(archive.trajectory))
    return archive.spec.replaced(changes)


def assessed_alike(archive: Archive, fresh: Trajectory) -> Trajectory:
    """The trajectory of `again` with an estimate of its accuracy, where the archive holds one: walks a second time for it."""
    if archive.trajectory.accuracy is None:
        return fresh
    return replace(fresh, accuracy=returned(assessed(again(archive), archive.inputs, outline(fresh), bounded=False)))


def rounded(archive: Archive, fresh: Trajectory) -> list[tuple[RunSpec, Inputs]]:
    """The runs that show what rounding does, where `decided` does not decide."""
    return rounded_starts(again(archive), archive.inputs, fresh)


def decided(archive: Archive, fresh: Trajectory) -> Verdict | None:
    """The verdict where bits decide it, given the trajectory of `again`. None: run `rounded` too, and `compare`.

    The accuracy of the archive is compared where the trajectory has one: see `assessed_alike`.
    """
    unchecked, estimated = _unchecked(archive, fresh), fresh.accuracy
    cut = _unfinished_step(archive, fresh)
    old, fresh = _comparable(archive, fresh)
    before, after = contents(old), contents(fresh)
    unequal = [name for name, values in before.items() if not same_bits(values, after.get(name))]
    rows = identical_rows(old, fresh)
    whole = rows == len(old.snapshots) == len(fresh.snapshots)
    wrong = [*_ended(archive.trajectory, fresh), *_misshapen(before, after), *(cut if whole else [])]
    wrong += [each for each in changed_by_hand(before, after, rows, whole) if each.excess > 1]
    if archive.trajectory.accuracy is not None and estimated is not None and whole and not unequal:
        wrong += accuracies_apart(archive.trajectory.accuracy, estimated, same_bits=True)
    if wrong:
        return _verdict(wrong)
    if unequal:
        return None
    damage = contradictions(archive.trajectory, archive.spec)
    if damage:
        return _damaged(damage)
    return Verdict(Word.EQUAL, f"Equal: run again, it gives the same bits in all {len(before)} arrays. {unchecked}", ())


def compare(archive: Archive, fresh: Trajectory, rounded: Sequence[Trajectory]) -> Verdict:
    """The verdict on an archive whose bits are others, given the trajectories of `again` and `rounded_starts`."""
    cut, unchecked, estimated = _unfinished_step(archive, fresh), _unchecked(archive, fresh), fresh.accuracy
    old, fresh = _comparable(archive, fresh)
    others = [_like(archive, fresh, number, each) for number, each in enumerate(rounded)]
    if any(each.insight is None or each.insight.missing for each in (fresh, *others)):
        old, fresh, *others = (replace(each, insight=None) for each in (old, fresh, *others))
    rows = common_rows(fresh, others)
    parted = rows < len(fresh.snapshots)
    before, after, allowed = contents(old), contents(fresh), allowances(fresh, others, rows)
    differences = [*_ended(archive.trajectory, fresh), *_misshapen(before, after), *([] if parted else cut)]
    if _words(old) not in [_words(each) for each in (fresh, *others)]:
        differences.append(Difference("message", math.inf, 0.0, "in its words"))
    if not parted and len(old.snapshots) != len(fresh.snapshots):
        differences.append(Difference("index", math.inf, 0.0, "in the number of snapshots"))
    for name, values in before.items():
        part = rule_of(name).part
        if name in after and name != "message" and not same_bits(values, after[name]) and not (parted and part is Part.END):
            differences += _element(name, values, after[name], allowed[name], rows if part.rows else None)
    if parted:
        differences += accurate(old, fresh, others, rows)
    if archive.trajectory.accuracy is not None and estimated is not None:
        differences += accuracies_apart(archive.trajectory.accuracy, estimated, same_bits=False)
    verdict = _verdict(differences, f" {PARTED.format(rows)}" if parted else "", unchecked)
    damage = contradictions(archive.trajectory, archive.spec)
    return _damaged(damage) if damage and verdict.word.fine else verdict


def _element(name: str, a: np.ndarray, b: np.ndarray, allowed: np.ndarray, rows: int | None) -> list[Difference]:
    if rows is not None:
        a, b = a[:rows], b[:rows]
    if a.shape != b.shape:
        return [Difference(name, math.inf, 0.0, "in its length or shape")]
    return [differing(name, a, b, allowed)]


def _unchecked(archive: Archive, fresh: Trajectory) -> str:
    """What running it again does not show, as sentences."""
    estimated = archive.trajectory.accuracy is None or fresh.accuracy is not None
    return UNCHECKED if estimated else f"{UNCHECKED} {NOT_ESTIMATED}"


def _verdict(differences: list[Difference], after: str = "", unchecked: str = UNCHECKED) -> Verdict:
    ordered = tuple(sorted((each for each in differences if each.amount > 0), key=lambda each: (-each.excess, -each.amount)))
    if ordered and ordered[0].excess > 1:
        return Verdict(Word.DIFFERENT, f"Different: run again, {ordered[0].words}.", ordered)
    most = f"the largest difference is that {ordered[0].words}; rounding explains it" if ordered else "no number differs"
    return Verdict(Word.WITHIN_TOLERANCE, f"Within tolerance: not the same bits, but {most}.{after} {unchecked}", ordered)


def _damaged(damage: list[Difference]) -> Verdict:
    ordered = tuple(sorted(damage, key=lambda each: (-each.excess, -each.amount)))
    return Verdict(Word.DAMAGED, f"Damaged: the archive contradicts itself, {ordered[0].words}.", ordered)


def _comparable(archive: Archive, fresh: Trajectory) -> tuple[Trajectory, Trajectory]:
    """Both trajectories without what depends on the clock: how far a run came, its message, and whether it has a theory."""
    old = archive.trajectory
    fresh = _as_far(fresh, old)
    if old.end is not None and _cut_off(old):
        old = replace(old, end=replace(old.end, message="", gradients=0) if _iterations(old) else None)
    if old.insight is None or old.insight.missing:
        return replace(old, insight=None), replace(fresh, insight=None)
    if fresh.insight is None:
        fresh = explained(fresh, again(archive), archive.inputs)
    missing = fresh.insight is None or bool(fresh.insight.missing)
    return (replace(old, insight=None), replace(fresh, insight=None)) if missing else (old, fresh)


def _like(archive: Archive, fresh: Trajectory, number: int, rounded: Trajectory) -> Trajectory:
    """A rounded run with theory exactly where the fresh run has theory, up to the end of the archive."""
    if fresh.insight is not None and rounded.insight is None:
        rounded = explained(rounded, *rounded_starts(again(archive), archive.inputs, fresh)[number])
    return _as_far(rounded if fresh.insight is not None else replace(rounded, insight=None), archive.trajectory)


def _as_far(fresh: Trajectory, old: Trajectory) -> Trajectory:
    """The fresh run up to where a run came that was cut off."""
    if not _cut_off(old):
        return fresh
    if old.end is None or _iterations(old) == 0:
        last = old.snapshots[-1].index
        shown = tuple(each for each in fresh.snapshots if each.index <= last)
        return Trajectory(fresh.start, shown or fresh.snapshots[:1], None)
    return replace(fresh, end=replace(fresh.end, message="", gradients=0)) if fresh.end is not None else fresh


def _misshapen(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> Iterator[Difference]:
    """Arrays that the fresh run does not have, or not of this type and shape."""
    for name, a in before.items():
        b, rows = after.get(name), rule_of(name).part.rows
        if name == "message":  # of any length; compared by its words
            continue
        if b is None or a.dtype != b.dtype or (a.shape[1:] != b.shape[1:] if rows else a.shape != b.shape):
            yield Difference(name, math.inf, 0.0, "in its type or shape")


def _ended(old: Trajectory, fresh: Trajectory) -> list[Difference]:
    """A different end is a difference, unless the clock decided it."""
    if old.end is None or fresh.end is None or _cut_off(old) or old.end.outcome is fresh.end.outcome:
        return []
    return [Difference("outcome", math.inf, 0.0, f"({old.end.outcome.value}, now {fresh.end.outcome.value})")]


def _unfinished_step(archive: Archive, fresh: Trajectory) -> list[Difference]:
    """Gradients of a run that was cut off: those of its last step, and of one more that was not finished."""
    old = archive.trajectory
    if old.end is None or fresh.end is None or not _cut_off(old) or _iterations(old) == 0:
        return []
    gradients, iteration = fresh.column("gradients"), fresh.column("iteration")
    longest = float(np.max(np.diff(gradients) / np.maximum(np.diff(iteration), 1), initial=1.0))
    most = UNFINISHED_STEP * longest if archive.spec.integrator.continuous else 0.0
    more = old.end.gradients - fresh.end.gradients
    return [] if 0 <= more <= most else [Difference("counts", abs(more), most if more > 0 else 0.0, "gradients")]


def _words(run: Trajectory) -> str:
    """The last sentence without its numbers: those are printed to a few digits, and `contradictions` looks at them."""
    return re.sub(r"[-+]?\d[\d.]*(e[-+]?\d+)?", "#", run.end.message) if run.end is not None else ""


def _cut_off(trajectory: Trajectory) -> bool:
    return trajectory.end is None or trajectory.end.outcome in WALL_CLOCK


def _iterations(trajectory: Trajectory) -> int:
    return trajectory.end.accepted if trajectory.end else trajectory.snapshots[-1].iteration
