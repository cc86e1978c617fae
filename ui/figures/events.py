"""The events of a run, read off its numbers and put into words: births, plateaus, and how it ended."""

from collections import deque
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from dmf_core.trajectory import Outcome, Trajectory
from ui.figures import words
from ui.figures.births import Growth, at

FLAT = 0.05  # on a plateau the observed error changes by less than this share
LASTING = 0.05  # of the time in which the modes are learned: what is shorter is no plateau
APART = 0.01  # of the same time: flat pieces nearer to each other are one slow fall, of which the longest is kept
TOGETHER = 0.003  # of the same time: modes born within it are one event
GRID = 1000  # moments looked at between the snapshots
ENDS = {Outcome.CONVERGED: "converged", Outcome.AT_REST: "at rest", Outcome.DIVERGED: "diverged"}


@dataclass(frozen=True)
class Event:
    """Something that happens at one moment, or from a moment on."""

    kind: str  # "born", "plateau" or the word of the outcome
    mode: int  # 0: of no single mode
    frame: float
    t: float
    words: str
    until: float | None = None  # the frame at which a plateau ends


def events(run: Trajectory, grown: Sequence[Growth], noun: str = "mode") -> list[Event]:
    """In the order of time. Plateaus are told only of runs that have ended: what is still flat has no end yet."""
    t = run.column("t")
    happenings = births(t, grown, noun)
    if run.end is None:
        return sorted(happenings, key=lambda event: event.frame)
    outcome = run.end.outcome
    error = run.measured("observed_error")
    if outcome is not Outcome.DIVERGED and error is not None:
        happenings += [_plateau(t, *interval) for interval in plateaus(t, error, _learning(t, grown))]
    if outcome in ENDS:
        when = words.number(float(t[-1]))
        happenings.append(Event(outcome.value, 0, len(t) - 1.0, float(t[-1]), f"{ENDS[outcome]}, t = {when}"))
    return sorted(happenings, key=lambda event: event.frame)


def births(t: np.ndarray, grown: Sequence[Growth], noun: str = "mode") -> list[Event]:  # [T]
    """In the order of time. Modes born at nearly the same time make one event."""
    groups: list[list[Growth]] = []
    near = TOGETHER * _learning(t, grown)
    for g in sorted((g for g in grown if g.born is not None and g.timed), key=lambda g: g.born or 0.0):
        if groups and at(t, g.born or 0.0) - at(t, groups[-1][0].born or 0.0) <= near:
            groups[-1].append(g)
        else:
            groups.append([g])
    return [_birth(t, group, noun) for group in groups]


def as_lists(events: Sequence[Event]) -> list[list[object]]:
    """For JSON: kind, mode, frame, t, words, until."""
    return [[round(x, 4) if isinstance(x, float) and i != 3 else x for i, x in enumerate(astuple(event))] for event in events]


def plateaus(t: np.ndarray, error: np.ndarray, span: float) -> list[tuple[float, float]]:  # [T], [T]
    """The intervals of flow time on which the error stays within FLAT for at least LASTING of `span`."""
    if len(t) < 2 or not span > 0:
        return []
    moments = np.union1d(t, np.linspace(t[0], t[0] + span, GRID))
    logarithm = np.interp(moments, t, np.log(np.maximum(error, 1e-300)))
    chosen: list[tuple[float, float]] = []
    for begin, end in sorted(_flat(moments, logarithm), key=lambda pair: pair[0] - pair[1]):
        if end - begin < LASTING * span:
            break
        if all(end < a - APART * span or begin > b + APART * span for a, b in chosen):
            chosen.append((begin, end))
    return sorted(chosen)


def _flat(moments: np.ndarray, logarithm: np.ndarray) -> list[tuple[float, float]]:
    """Every longest interval on which the logarithm varies by at most -log(1 - FLAT)."""
    most, first = -np.log(1 - FLAT), 0
    high: deque[int] = deque()
    low: deque[int] = deque()
    values: list[tuple[float, float]] = []
    for i, value in enumerate(logarithm):
        while high and logarithm[high[-1]] <= value:
            high.pop()
        while low and logarithm[low[-1]] >= value:
            low.pop()
        high.append(i)
        low.append(i)
        if logarithm[high[0]] - logarithm[low[0]] > most:
            values.append((float(moments[first]), float(moments[i - 1])))
        while logarithm[high[0]] - logarithm[low[0]] > most:
            first += 1
            while high[0] < first:
                high.popleft()
            while low[0] < first:
                low.popleft()
    return [*values, (float(moments[first]), float(moments[-1]))]


def _learning(t: np.ndarray, grown: Sequence[Growth]) -> float:
    """From the start to the arrival of the last mode; the whole run when none arrived after the start."""
    last = max((g.arrives for g in grown if g.arrives is not None), default=0.0)
    return float((at(t, last) if last > 0 else t[-1]) - t[0])


def _birth(t: np.ndarray, group: Sequence[Growth], noun: str) -> Event:
    modes, frame = sorted(g.mode for g in group), group[0].born or 0.0
    when = at(t, frame)
    return Event("born", modes[0], frame, when, f"{words.modes(modes, noun)} born, t = {words.number(when)}")


def _plateau(t: np.ndarray, begin: float, end: float) -> Event:
    a, b = np.interp([begin, end], t, np.arange(len(t)))
    return Event("plateau", 0, float(a), begin, f"plateau, t = {words.number(begin)} to {words.number(end)}", float(b))
