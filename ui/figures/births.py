"""When modes are born: read off the singular values of a run, as far as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from dmf_core.measures.growth import BORN, LEARNED, birth_is_resolved, crossing
from dmf_core.trajectory import Outcome, Start, Trajectory
from ui.figures import words

STARTS, ARRIVES = 0.1, 0.9  # of the mode's own final value
GROWN = 2.0  # times its own start: until then a mode of an unfinished run has not begun
SMALL = 0.05  # see `_floor`
SETTLED_FRAMES, SETTLED_CHANGE = 8, 0.1  # a mode of an unfinished run counts once it has stopped growing


@dataclass(frozen=True)
class Growth:
    """One learned mode. Frames are fractional; None: not yet, or it was so from the start."""

    mode: int  # from 1
    starts: float
    born: float | None
    arrives: float | None
    timed: bool = True  # False: the snapshots lie too far apart to tell the time of its birth


def growths(
    singular_values: np.ndarray,  # [T, k]
    complete: bool,
    t: np.ndarray,  # [T]
    times: np.ndarray | None = None,  # [k, 3] when each starts, is born, arrives, where that is known better: see End.growth
) -> list[Growth]:
    """The learned modes, the largest first."""
    final = singular_values[-1]
    there = final > LEARNED * final[0]
    if not complete:  # near the start all of them are alike
        there &= np.logical_and.accumulate(final > GROWN * singular_values[0])
    modes = range(int(there.sum()))
    if times is None:
        return [_growth(i + 1, singular_values[:, i], complete, t) for i in modes]
    return [_recorded(i + 1, times[i], t) for i in modes]


_GROWN: WeakKeyDictionary[Trajectory, list[Growth]] = WeakKeyDictionary()  # scene, sentences and headline of a picture share them


def grown(run: Trajectory) -> list[Growth]:
    """The learned modes; none of a diverged run, whose last values mean nothing, and none of a W that is still near zero."""
    growths_of_run = _GROWN.get(run)
    if growths_of_run is None:
        growths_of_run = _GROWN[run] = _grown(run)
    return growths_of_run


def _grown(run: Trajectory) -> list[Growth]:
    if run.end is not None and run.end.outcome is Outcome.DIVERGED:
        return []
    values, complete = run.singular_values, run.end is not None and run.end.outcome.done
    if not values[-1, 0] > _floor(run.start, values.shape[1]):
        return []
    times = run.end.growth.get(run.start.main_spectrum) if complete and run.end is not None else None
    return growths(values, complete, run.column("t"), times)


def _floor(start: Start, count: int) -> float:
    """What the largest of so many values must exceed before any mode counts as grown.

    SMALL of what each of them would be if all were equal and W had the size of the truth, as far as it is known.
    """
    known = np.isfinite(start.ground_truth)
    where = start.observed_mask & known if start.observed_mask.any() else known
    if not where.any():
        return 0.0
    entry = float(np.sqrt(np.mean(np.square(start.ground_truth[where], dtype=np.float64))))
    return SMALL * entry * float(np.sqrt(start.ground_truth.size / count))


def _growth(mode: int, values: np.ndarray, complete: bool, t: np.ndarray) -> Growth:  # [T] both
    starts = frame_of(t, values, STARTS * values[-1])
    if not complete and not _settled(values):
        return Growth(mode, starts or 0.0, None, None)
    arrives = frame_of(t, values, ARRIVES * values[-1])
    born = frame_of(t, values, BORN * values[-1])
    return Growth(mode, starts or 0.0, born, arrives or 0.0, born is None or birth_is_resolved(t, values, at(t, born)))


def _recorded(mode: int, times: np.ndarray, t: np.ndarray) -> Growth:  # [3], [T]
    frames = np.interp(np.abs(times), t, np.arange(len(t)))
    starts, born, arrives = (None if np.isnan(when) else float(f) for when, f in zip(times, frames, strict=True))
    return Growth(mode, starts or 0.0, born, arrives or 0.0, not times[1] < 0)


def _settled(values: np.ndarray) -> bool:
    if len(values) <= SETTLED_FRAMES:
        return False
    return bool(abs(values[-1] - values[-1 - SETTLED_FRAMES]) <= SETTLED_CHANGE * values[-1])


def frame_of(t: np.ndarray, values: np.ndarray, level: float) -> float | None:  # both [T]
    """The frame, between two snapshots, at which values first reach level from below."""
    when = crossing(t, values, level)
    return None if when is None else float(np.interp(when, t, np.arange(len(t))))


def at(column: np.ndarray, frame: float) -> float:  # [T]
    """A column at a fractional frame."""
    return float(np.interp(frame, np.arange(len(column)), column))


def titles(grown: Sequence[Growth], frames: int, head: str, complete: bool, noun: str = "mode") -> list[tuple[float, str]]:
    """The live title: (from which frame on, words) for every change of it. `head`: the model, as it begins."""
    changes: list[tuple[float, str]] = []
    for frame in turns(grown, frames):
        text = f"{head}: {_title(grown, frame, complete, noun)}"
        if not changes or changes[-1][1] != text:
            changes.append((frame, text))
    return changes


def turns(grown: Sequence[Growth], frames: int) -> list[float]:
    """The start, and the frames at which a mode starts or ends to grow: between two snapshots as well as at one."""
    frames_of_change = {0.0} | {g.starts for g in grown} | {g.arrives for g in grown if g.arrives is not None}
    return sorted(frame for frame in frames_of_change if frame <= frames - 1)


def _title(grown: Sequence[Growth], frame: float, complete: bool, noun: str) -> str:
    growing = [g.mode for g in grown if g.starts <= frame and (g.arrives is None or frame < g.arrives)]
    arrived = [g.mode for g in grown if g.arrives is not None and frame >= g.arrives]
    if growing:
        return f"{words.modes(growing, noun)} {'is' if len(growing) == 1 else 'are'} growing"
    if not arrived:
        return _none(grown, noun)
    if complete and len(arrived) == len(grown):
        kind = "born" if all(g.born is not None for g in grown) else "at the end"
        return f"{words.count(len(arrived), noun)} {kind}"
    return f"{words.modes(arrived, noun)} {'has' if len(arrived) == 1 else 'have'} arrived"


def live(grown: Sequence[Growth], frames: int, complete: bool, noun: str = "mode") -> list[tuple[float, str, str]]:
    """The live sentence: (from which frame on, what has happened, what is still to come) for every change of it.

    What is to come is known only of a complete run, and is "" when nothing is.
    """
    changes: list[tuple[float, str, str]] = []
    for frame in turns(grown, frames):
        now = _now(grown, frame, complete, noun)
        if not changes or changes[-1][1:] != now:
            changes.append((frame, *now))
    return changes


def _now(grown: Sequence[Growth], frame: float, complete: bool, noun: str) -> tuple[str, str]:
    arrived = [g.mode for g in grown if g.arrives is not None and frame >= g.arrives]
    growing = [g.mode for g in grown if g.starts <= frame and g.mode not in arrived]
    waiting = [g.mode for g in grown if g.starts > frame] if complete else []
    sentences = []
    if arrived and complete and len(arrived) == len(grown):
        sentences.append(
            f"all {words.count(len(arrived), noun)} have arrived" if len(arrived) > 1 else f"the one {noun} has arrived"
        )
    elif arrived:
        sentences.append(f"{words.count(len(arrived), noun)} {'has' if len(arrived) == 1 else 'have'} arrived")
    if growing:
        sentences.append(f"{words.modes(growing, noun)} {'grows' if len(growing) == 1 else 'grow'}")
    waits = f"{words.modes(waiting, noun)} still {'waits' if len(waiting) == 1 else 'wait'}" if waiting else ""
    return words.capital(", ".join(sentences) or _none(grown, noun)), waits if sentences else ""


def _none(grown: Sequence[Growth], noun: str) -> str:
    return f"all {words.plural(noun)} are still small" if grown else f"no {noun} has grown yet"
