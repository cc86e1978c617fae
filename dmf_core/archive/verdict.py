"""Does an archive hold what its spec gives? Run it again, compare, and say what differs by how much.

Equal: the same bits in every array but the wall-clock times. Otherwise one of two yardsticks holds. When times,
losses or the last W have the same bits, this machine computes as the other did, and no other array may differ by
more than rounding (`ROUNDING` of its largest entry): more was changed by hand. When none has, another machine,
library or number of threads rounded differently, and the curves must agree as two accurate solutions do: see `bands`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from dmf_core import limits
from dmf_core.archive.bands import accurate
from dmf_core.archive.difference import Difference
from dmf_core.archive.members import (
    BOUNDS,
    CHECK,
    COLUMNS,
    INSIGHT,
    bounds_name,
    check_name,
    insight_name,
    spectrum_name,
    true_spectrum_name,
)
from dmf_core.archive.unpack import Archive
from dmf_core.explain import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory

ROUNDING = {"float32": 1e-5, "float64": 1e-9}
WALL_CLOCK = (Outcome.CANCELLED, Outcome.BUDGET, Outcome.FAILED)  # ends that the spec does not determine


class Word(Enum):
    """The verdict in a word."""

    EQUAL = "equal"
    WITHIN_TOLERANCE = "within tolerance"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Verdict:
    """What running it again showed. `differences` names every array whose bits differ, the worst first."""

    word: Word
    message: str  # a sentence with the numbers
    differences: tuple[Difference, ...]


def verify(archive: Archive) -> Verdict:
    """Runs it again and compares. For equal bits: the same machine, library and number of threads."""
    return compare(archive, run(again(archive), archive.inputs))


def again(archive: Archive) -> RunSpec:
    """The spec that gives the same trajectory, also of a run that was cut off: that one ends at the same iteration."""
    end = archive.trajectory.end
    changes: dict[str, object] = {"stop.seconds": limits.MAX_SECONDS}
    if end is None or end.outcome in WALL_CLOCK:
        changes["stop.iterations"] = max(1, _iterations(archive.trajectory))
    return archive.spec.replaced(changes)


def compare(archive: Archive, fresh: Trajectory) -> Verdict:
    """The verdict on an archive, given the trajectory of `again`."""
    old = archive.trajectory
    if _iterations(old) == 0 and (old.end is None or old.end.outcome in WALL_CLOCK):
        fresh = Trajectory(fresh.start, fresh.snapshots[:1], None)
        old = Trajectory(old.start, old.snapshots, None)
    if old.insight is not None and not old.insight.missing and fresh.insight is None:
        fresh = explained(fresh, again(archive), archive.inputs)
    if any(each.insight is not None and each.insight.missing for each in (old, fresh)):  # the clock decides who has one
        old, fresh = replace(old, insight=None), replace(fresh, insight=None)
    before, after = dict(_arrays(old)), dict(_arrays(fresh))
    unequal = [name for name in before if name not in after or not _same_bits(before[name], after[name])]
    ended = _ended(archive.trajectory, fresh)
    if not unequal and not ended:
        return Verdict(Word.EQUAL, f"Equal: run again, it gives the same bits in all {len(before)} arrays.", ())
    anchors = {"t", "loss", "end_to_end_last"} & set(before)
    if archive.spec.integrator.kind not in ("gradient_flow", "implicit_flow"):
        anchors.discard("t")  # the times of fixed steps are the same on every machine
    if anchors - set(unequal):
        allowed = ROUNDING[archive.spec.dtype]
        differences = [_difference(name, before[name], after.get(name), allowed) for name in unequal]
    else:
        differences = list(accurate(old, fresh))
    return _verdict(ended + differences)


def _verdict(differences: list[Difference]) -> Verdict:
    ordered = tuple(sorted(differences, key=lambda each: -each.excess))
    worst = ordered[0]
    if worst.excess > 1:
        return Verdict(Word.DIFFERENT, f"Different: run again, {worst.words}.", ordered)
    message = f"Within tolerance: not the same bits, but the largest difference is that {worst.words}; rounding explains it."
    return Verdict(Word.WITHIN_TOLERANCE, message, ordered)


def _arrays(trajectory: Trajectory) -> Iterator[tuple[str, np.ndarray]]:
    """Everything that the spec determines."""
    start, end = trajectory.start, trajectory.end
    yield from ((name, trajectory.column(name)) for name in COLUMNS if name != "seconds")
    yield "singular_values", trajectory.singular_values
    yield "pictures", trajectory.pictures
    yield from ((spectrum_name(key), trajectory.spectrum(key)) for key in trajectory.snapshots[0].spectra)
    yield from ((true_spectrum_name(key), values) for key, values in start.true_spectra.items())
    for key in trajectory.snapshots[0].measures:
        values = trajectory.measured(key)
        if values is not None:
            yield key, values
    if (insight := trajectory.insight) is not None:
        yield from ((insight_name(key), getattr(insight, key)) for key in INSIGHT)
        if insight.bounds is not None:
            yield from ((bounds_name(key), getattr(insight.bounds, key)) for key in BOUNDS)
        if insight.check is not None:
            yield from ((check_name(key), getattr(insight.check, key)) for key in CHECK)
    yield "ground_truth", start.ground_truth
    yield "observed_mask", start.observed_mask
    yield "end_to_end_first", start.end_to_end_first
    yield "picture_limit", np.array([start.picture_limit])
    yield from ((f"factors_first_{j}", factor) for j, factor in enumerate(start.factors_first, start=1))
    if start.true_singular_values is not None:
        yield "true_singular_values", start.true_singular_values
    if end is not None:
        yield "end_to_end_last", end.end_to_end_last
        if end.outcome not in WALL_CLOCK:
            yield "message", np.frombuffer(end.message.encode(), np.uint8)
            yield "counts", np.array([end.gradients, end.accepted, end.rejected])


def _same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def _difference(name: str, a: np.ndarray, b: np.ndarray | None, allowed: float) -> Difference:
    if b is None or a.shape != b.shape:
        return Difference(name, float("inf"), allowed, "in its length or shape")
    if a.dtype.kind == "u":
        return Difference(name, float("inf"), 0.0, "in its words")
    if a.dtype.kind == "b":
        return Difference(name, float((a != b).mean()), 0.0, "of its entries")
    if a.dtype == np.int8:
        return Difference(name, float(np.abs(a.astype(float) - b).max()), 1.0, "grey levels")
    if a.dtype.kind == "i":
        return Difference(name, float(np.abs(a - b).max()), 0.0, "in whole numbers")
    gap = np.abs(a.astype(float) - b)
    if (np.isnan(a) != np.isnan(b)).any():
        return Difference(name, float("inf"), allowed, "in what is unknown")
    largest = float(np.nanmax(np.abs(b))) or 1.0
    return Difference(name, float(np.nanmax(gap)) / largest, allowed, "of the largest")


def _ended(old: Trajectory, fresh: Trajectory) -> list[Difference]:
    """A different end is a difference, unless the clock decided it."""
    if old.end is None or fresh.end is None or old.end.outcome in WALL_CLOCK or old.end.outcome is fresh.end.outcome:
        return []
    return [Difference("outcome", float("inf"), 0.0, f"({old.end.outcome.value}, now {fresh.end.outcome.value})")]


def _iterations(trajectory: Trajectory) -> int:
    return trajectory.end.accepted if trajectory.end else trajectory.snapshots[-1].iteration
