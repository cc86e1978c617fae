"""What finished runs on this machine teach about estimates of cost: by how much they were off, in memory only."""

import math
import statistics
from collections import deque
from dataclasses import dataclass, replace
from threading import Lock

from dmf_core.cost import Cost
from dmf_core.spec import RunSpec

REMEMBERED = 400  # runs of all kinds
PRIOR = 1.0  # how many equal runs the estimate itself is worth
SURE = 2.0  # a run may take so many times its estimate after many runs like it; before, its method says how many
MANY = 5.0  # equal runs
SHORTEST = 0.05  # seconds; below, starting costs more than running
SPEEDS = 9  # of the latest runs: how fast the machine is now, with all else that it does
WIDTHS = (1.0, 1.5, 3.0)  # of what counts as alike: in ln gradients, ln seconds of one, ln scale
OTHER_MODEL, OTHER_DEPTH = 1.5, 1.0  # the same, of another model and of each layer more or less


@dataclass(frozen=True)
class FinishedRun:
    """What a finished run has shown about the cost of others."""

    spec: RunSpec
    at: tuple[float, float, float]  # see `_place`
    gradients: float  # ln of actual over estimated ones


class Experience:
    """Learns from finished runs. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: dict[str, tuple[int, float]] = {}  # gradients and seconds of the runs themselves, by digest
        self._runs: deque[FinishedRun] = deque(maxlen=REMEMBERED)
        self._speeds: deque[float] = deque(maxlen=SPEEDS)  # ln of actual over estimated seconds of one gradient

    def learn(self, spec: RunSpec, estimated: Cost, gradients: int, seconds: float) -> None:
        """A run that came to its end took so much; `estimated` is what `estimate` says of it. Once a run."""
        digest = spec.digest()
        with self._lock:
            if digest in self._taken:
                return
            self._taken = {} if len(self._taken) >= 10 * REMEMBERED else self._taken
            self._taken[digest] = gradients, seconds
            count = math.log(max(gradients, 1) / estimated.gradients)
            self._runs.append(FinishedRun(spec, _place(spec, estimated), count))
            if seconds >= SHORTEST:
                self._speeds.append(math.log(seconds / estimated.seconds) - count)

    def corrected(self, spec: RunSpec, estimated: Cost) -> Cost:
        """What this very run took before; else the estimate as runs like it were off, and as fast as the machine was lately.

        `most`: what it may take.
        """
        at, digest = _place(spec, estimated), spec.digest()
        with self._lock:
            taken = self._taken.get(digest)
            runs = [each for each in self._runs if each.spec.integrator.kind == spec.integrator.kind]
            speed = statistics.median(self._speeds) * len(self._speeds) / (len(self._speeds) + PRIOR) if self._speeds else 0.0
        if taken is not None:
            return replace(estimated, gradients=taken[0], seconds=taken[1], most=SURE * taken[1])
        weights = [_alike(spec, at, each) for each in runs]
        total = sum(weights)
        count = sum(weight * each.gradients for weight, each in zip(weights, runs, strict=True)) / (total + PRIOR)
        sure = min(1.0, total / MANY)
        seconds = estimated.seconds * math.exp(count + speed)
        gradients = max(1, round(estimated.gradients * math.exp(count)))
        spread = spec.integrator.spread ** (1 - sure) * SURE**sure
        return replace(estimated, gradients=gradients, seconds=seconds, most=spread * seconds)


def _place(spec: RunSpec, estimated: Cost) -> tuple[float, float, float]:
    """Where a run stands among others: ln gradients, ln seconds of one of them, ln scale of its start."""
    return math.log(estimated.gradients), math.log(estimated.seconds / estimated.gradients), math.log(spec.init.scale)


def _alike(spec: RunSpec, at: tuple[float, float, float], other: FinishedRun) -> float:
    """1 for runs that are alike, near 0 for those that have nothing to do with each other."""
    square = sum(((a - b) / width) ** 2 for a, b, width in zip(at, other.at, WIDTHS, strict=True))
    square += (OTHER_DEPTH * ((spec.model.layers or 1) - (other.spec.model.layers or 1))) ** 2
    square += 0.0 if spec.model.kind == other.spec.model.kind else OTHER_MODEL**2
    return math.exp(-square / 2)
