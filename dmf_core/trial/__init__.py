"""What a run will cost, measured instead of guessed: its own first steps, and a coarse walk to its end from the same start.

How many steps a run takes depends on the random truth, observations and start, and no formula in sizes and scales knows these.
Each half of a trial takes a tenth of a second, or a tenth of what the run is expected to take, whichever is more;
where that was not enough to see a long run's end, one of them goes on.
"""

import math
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import torch

from dmf_core import limits
from dmf_core.cost import Cost, estimate
from dmf_core.errors import BadInput
from dmf_core.inputs import Inputs
from dmf_core.interfaces import Step, Trace
from dmf_core.prepare import Prepared, prepare, shape_of, typical_entry
from dmf_core.recording.sampling import Sampler
from dmf_core.recording.snapshots import Recorder
from dmf_core.spec import RunSpec
from dmf_core.trial.walk import Walk

TRIALS = "dmf_core.trial:trials"  # MODULE:FUNCTION, for a batch of a worker
LEAST, SHARE, MOST = 0.1, 0.1, 5.0  # processor seconds of each half of a trial: at least, of the estimate, at most
LONG, MORE = 0.5, 2.5  # seconds: of a run that is expected to take more, both walks may go on for so long at most
SURE = 2.0  # a run may take so many times what a sure trial says; of an unsure one its method says how many
BEYOND = 1.5  # times the gradients of a walk that did not come to the end: no run is believed to take less


@dataclass(frozen=True)
class Trial:
    """What a trial says of a run."""

    digest: str
    cost: Cost  # its seconds are those of a processor
    sure: bool  # the run, or a coarse walk that tells about it, came to its end
    seconds: float  # of processor time that the trial took


def trials(specs: Sequence[RunSpec], inputs: Inputs) -> Generator[Trial | None, None, None]:
    """A trial of each run that can be prepared; None is a sign of life."""
    for spec in specs:
        try:
            yield (yield from _tried(spec, inputs))
        except BadInput:
            yield None


def trial(spec: RunSpec, inputs: Inputs = Inputs()) -> Trial:
    """One at once. Raises BadInput as `prepare` does."""
    walk = _tried(spec, inputs)
    while True:
        try:
            next(walk)
        except StopIteration as end:
            result: Trial = end.value
            return result


@torch.inference_mode()
def _tried(spec: RunSpec, inputs: Inputs) -> Generator[None, None, Trial]:
    began = time.process_time()
    guess = estimate(spec, shape_of(spec, inputs), typical_entry(spec, inputs))
    allowed = min(MOST, max(LEAST, SHARE * guess.seconds))
    prepared = prepare(spec, inputs)
    preparing = time.process_time() - began
    sampler = Sampler(spec.save.snapshots, prepared, spec.integrator.continuous, time.perf_counter())
    walk = Walk(spec, prepared)
    steps = spec.integrator.walk(prepared.field, prepared.x)
    begun = yield from walk.follow(steps, allowed, sampler)
    coarse = _Coarse(spec, prepared)
    gradients, sure = yield from coarse.gradients(begun, allowed)
    expected = walk.pace * (gradients if sure else max(BEYOND * gradients, _corrected(spec, inputs, begun)))
    if not begun.ended and expected > LONG:  # worth a closer look: a walk that stopped short of the end goes on
        if sure:
            begun = yield from walk.follow(steps, min(MORE, SHARE * expected), sampler)
        gradients, sure = yield from coarse.gradients(begun, 0.0 if sure else min(MORE, expected))
    if not sure:
        gradients = max(BEYOND * gradients, _corrected(spec, inputs, begun))
    if spec.stop.iterations is not None and not spec.integrator.several:
        gradients = min(gradients, spec.stop.iterations)
    snapshots = min(spec.save.snapshots, gradients) * _snapshot_seconds(prepared)
    given = max(0.0, spec.stop.seconds - preparing - snapshots) / walk.pace  # a run is given no more time
    gradients = max(begun.gradients[-1], min(gradients, given))
    seconds = preparing + gradients * walk.pace + snapshots
    cost = Cost(round(gradients), seconds, guess.bytes, seconds * (SURE if sure else spec.integrator.spread))
    return Trial(spec.digest(), cost, sure, time.process_time() - began)


class _Coarse:
    """The coarse walk of a run, which goes on where it stopped short of the end."""

    def __init__(self, spec: RunSpec, prepared: Prepared) -> None:
        self._integrator, self._field = spec.integrator, prepared.field
        self._walk, self._x = Walk(spec, prepared), prepared.x
        self._steps: Iterator[Step] | None = None
        self._trace: Trace | None = None

    def gradients(self, begun: Trace, allowed: float) -> Generator[None, None, tuple[float, bool]]:
        """(gradients of the run, whether that is sure): by its first steps or this walk. Unsure ones it takes at least."""
        known = begun.gradients[-1]
        if begun.ended:
            return known, True
        self._steps = self._steps or self._integrator.coarse(self._field, self._x)
        if self._steps is None:
            return known, False
        if self._trace is None or not (self._trace.ended or allowed == 0):
            self._trace = yield from self._walk.follow(self._steps, allowed)
        foreseen = self._integrator.foreseen(self._field, begun, self._trace)
        sure = foreseen is not None and self._trace.ended and math.isfinite(self._trace.last.loss)
        return max(known, foreseen or 0.0), sure


def _corrected(spec: RunSpec, inputs: Inputs, begun: Trace) -> float:
    """Gradients by the formula, with half of the logarithm by which it was off for the first steps.

    Measured on 31 runs of the gradient flow: within a factor of two for 27, without the correction for 24.
    """
    shape, entry = shape_of(spec, inputs), typical_entry(spec, inputs)
    loss = min(max(begun.last.loss, limits.MIN_LOSS), limits.MAX_LOSS)
    first = estimate(spec.replaced({"stop.loss": loss, "stop.relative_loss": None}), shape, entry).gradients
    return estimate(spec, shape, entry).gradients * math.sqrt(begun.gradients[-1] / first)


def _snapshot_seconds(prepared: Prepared) -> float:
    """Processor time of one snapshot, in the bundles that runs measure. The second try counts: the first one loads things."""
    recorder, field = Recorder(prepared), prepared.field
    start = field.step(0.0, 0, 0, prepared.x, field(prepared.x))
    for _ in range(2):
        began = time.process_time()
        recorder.record([(start, start, 1.0)] * recorder.at_once)
        seconds = (time.process_time() - began) / recorder.at_once
    return seconds
