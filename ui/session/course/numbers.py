"""The numbers that the words of the course hold, each computed from the arrays of the run that it is about."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.births import at, grown

Measure = Callable[[Trajectory], float]


@dataclass(frozen=True)
class Number:
    """A number of a chapter's run: how it is measured and how it is written."""

    of: Measure
    written: Callable[[float], str]


def _end(key: str) -> Measure:
    """A measure at the end of the run."""
    return lambda run: float(run.snapshots[-1].measures[key] or 0.0)


def _root(key: str) -> Measure:
    """Of a mean square at the end, its root: the typical error."""
    return lambda run: float(np.sqrt(run.snapshots[-1].measures[key] or 0.0))


def births(run: Trajectory) -> dict[int, float]:
    """The time of birth by mode, of all modes that were born."""
    t = run.column("t")
    return {growth.mode: at(t, growth.born) for growth in grown(run) if growth.born is not None}


def _true(run: Trajectory) -> np.ndarray:
    """The true singular values that are not zero."""
    values = run.start.true_singular_values
    return np.empty(0) if values is None else values[values > 1e-6 * values[0]]


def _rank(run: Trajectory) -> int:
    return len(_true(run))


def _born(which: Callable[[list[float]], float]) -> Measure:
    """Of the times at which the modes of the truth were born."""
    return lambda run: which([time for mode, time in births(run).items() if mode <= _rank(run)])


def _growth(frames: Callable[[Trajectory], tuple[float, float]]) -> Measure:
    def took(run: Trajectory) -> float:
        t = run.column("t")
        first, last = (at(t, frame) for frame in frames(run))
        return last - first

    return took


def _others(run: Trajectory) -> float:
    """The largest that a singular value beyond the rank of the truth ever was, as a share of the largest of all."""
    values = run.singular_values
    return float(values[:, _rank(run) :].max() / values.max())


def _typical(run: Trajectory) -> float:
    """Of the true entries that training does not see: the error of zeros."""
    return float(np.sqrt(np.mean(np.square(run.start.ground_truth[~run.start.observed_mask], dtype=float))))


def _flat(run: Trajectory) -> float:
    """Of the true entries that training does not see, how far they lie from their mean: the error of one grey for all."""
    return float(np.std(run.start.ground_truth[~run.start.observed_mask], dtype=float))


def _strong(run: Trajectory) -> float:
    """The share of the sum of squares of the truth that its ten largest modes hold."""
    squares = np.square(_true(run))
    return float(squares[:10].sum() / squares.sum())


def _corner(run: Trajectory) -> float:
    return float("nan") if run.end is None else float(run.end.end_to_end_last[0, 0])


def _freedom(run: Trajectory) -> float:
    """Degrees of freedom of a matrix of this size and the rank of the truth: r (m + n - r)."""
    m, n = run.start.shape
    return float(_rank(run) * (m + n - _rank(run)))


def _rounded_up(value: float) -> float:
    """To two significant digits, never down: "below" it must be true."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / unit) * unit


def _two(value: float) -> str:
    return words.number(value, 2)


def _time(value: float) -> str:
    return words.whole(round(value))


NUMBERS: dict[str, Number] = {
    "entries": Number(lambda run: run.start.ground_truth.size, _time),
    "observed": Number(lambda run: float(run.start.observed_mask.sum()), _time),
    "hidden": Number(lambda run: float((~run.start.observed_mask).sum()), _time),
    "freedom": Number(_freedom, _time),
    "rank": Number(_rank, _time),
    "largest": Number(lambda run: float(_true(run)[0]), _two),
    "smallest": Number(lambda run: float(_true(run)[-1]), _two),
    "typical": Number(_typical, _two),
    "flat": Number(_flat, _two),
    "sides": Number(lambda run: float(min(run.start.shape)), _time),
    "strong": Number(_strong, words.percent),
    "modes": Number(lambda run: len(grown(run)), _time),
    "more": Number(lambda run: len(grown(run)) - _rank(run), _time),
    "rest": Number(lambda run: run.singular_values.shape[1] - _rank(run), _time),
    "others": Number(_others, words.percent),
    "below": Number(_others, lambda share: words.percent(_rounded_up(share))),
    "first": Number(_born(min), _time),
    "third": Number(lambda run: births(run)[3], _time),
    "last": Number(_born(max), _time),
    "span": Number(_born(lambda times: max(times) - min(times)), _time),
    "unseen at 5": Number(lambda run: at(run.column("t"), grown(run)[4].starts), _time),
    "rise of 1": Number(_growth(lambda run: (grown(run)[0].starts, grown(run)[0].arrives or 0.0)), _time),
    "error": Number(_root("observed_error"), _two),
    "unseen": Number(_root("unobserved_error"), _two),
    "effective": Number(_end("entropy_rank"), _two),
    "nuclear": Number(_end("nuclear_norm"), _time),
    "frobenius": Number(_end("frobenius_norm"), _time),
    "corner": Number(_corner, _two),
}
_NAME = re.compile(r"\{(\w+)\.([\w ]+)\}")


def number(name: str, runs: Mapping[str, Trajectory]) -> float:
    """The number with a name like `start.modes`."""
    run, _, measure = name.partition(".")
    return NUMBERS[measure].of(runs[run])


def written(name: str, runs: Mapping[str, Trajectory]) -> str:
    """The number as text."""
    if name.endswith(".births"):
        return words.listed([_time(time) for time in sorted(births(runs[name.removesuffix(".births")]).values())])
    return NUMBERS[name.partition(".")[2]].written(number(name, runs))


def filled(text: str, runs: Mapping[str, Trajectory]) -> str:
    """A text whose {run.number} are replaced by what these runs say. Raises KeyError for a run that is not among them."""
    return _NAME.sub(lambda match: written(f"{match[1]}.{match[2]}", runs), text)


def named(text: str) -> set[str]:
    """The names of all numbers in a text."""
    return {f"{run}.{measure}" for run, measure in _NAME.findall(text)}
