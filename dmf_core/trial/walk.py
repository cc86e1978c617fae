"""A walk of an integrator until the run would end, or for so long: where it came by, and how fast."""

import math
import time
from collections.abc import Generator, Iterator

from dmf_core.errors import NoStep
from dmf_core.interfaces import Step, Trace
from dmf_core.norms import norm
from dmf_core.prepare import Prepared
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.sampling import Sampler, log_ratio
from dmf_core.spec import RunSpec

ALIVE_SECONDS = 0.1  # between two signs of life: whoever waits for the worker waits no longer


class Walk:
    """`pace`: seconds of processor time of one gradient, without those that snapshots take, in the faster half of the walk.

    The first steps load what is loaded late, and now and then one step takes a tenth of a second more than all others do.
    """

    def __init__(self, spec: RunSpec, prepared: Prepared) -> None:
        self._stop, self._prepared = spec.stop, prepared
        self._plateau = Plateau(0)
        self._trace: Trace
        self._before = 0.0  # the loss of the step before the latest one
        self._previous: Step | None = None
        self._seconds = 0.0  # of processor time, of all calls of `follow`
        self._others = 0  # gradients of the field between two calls
        self._moments = [(0, 0.0)]  # gradients and seconds
        self.pace = 0.0

    def follow(self, steps: Iterator[Step], allowed: float, sampler: Sampler | None = None) -> Generator[None, None, Trace]:
        """For `allowed` seconds at most, with signs of life. `sampler`: it is given every step, as in the run itself.

        Called again with the same iterator it goes on from there.
        """
        if self._previous is not None:
            self._others = self._prepared.field.gradients - self._moments[-1][0]
        began, elsewhere, seconds, alive, before = time.process_time(), 0.0, 0.0, 0.0, self._seconds
        try:
            for step in steps:
                if step is not self._previous:
                    self._add(self._previous, step)
                    if sampler is not None:
                        sampler.add_step(self._previous, step)
                        elsewhere += self._measured(sampler)
                    self._previous = step
                seconds = time.process_time() - began - elsewhere
                self._seconds = before + seconds
                self._moments.append((self._gradients, self._seconds))
                if self._over(step) or seconds > allowed:
                    break
                if seconds > alive + ALIVE_SECONDS:
                    alive = seconds
                    yield
            else:
                self._trace.ended = True  # nothing moves any more
        except NoStep:
            self._trace.ended = True  # the run ends there, too
        self.pace = self._faster_half()
        return self._trace

    @property
    def _gradients(self) -> int:
        return self._prepared.field.gradients - self._others

    def _faster_half(self) -> float:
        total, seconds = self._moments[-1]
        gradients, before = next(each for each in self._moments if each[0] >= total / 2)
        paces = [seconds / total]
        if total - gradients >= total / 4:  # else one long step is most of the walk
            paces = [before / gradients, (seconds - before) / (total - gradients)]
        return max(1e-9, min(paces))

    def _add(self, previous: Step | None, step: Step) -> None:
        if previous is None:
            self._trace = Trace([step.t], [0.0], [self._gradients], step, step.loss)
            return
        trace = self._trace
        trace.t.append(step.t)
        trace.length.append(trace.length[-1] + norm(step.x - previous.x))
        trace.gradients.append(self._gradients)
        trace.last, trace.loss = step, step.loss

    def _measured(self, sampler: Sampler) -> float:
        """Seconds that snapshots have taken just now; most often none was due."""
        began = time.process_time()
        for _ in sampler.bundle(self._plateau):
            pass
        return time.process_time() - began

    def _over(self, step: Step) -> bool:
        """Whether the run ends there, too."""
        enough, most, trace = self._prepared.enough, self._stop.time, self._trace
        early, late = enough is not None and step.loss <= enough, most is not None and step.t >= most
        trace.ended = early or late or not math.isfinite(step.loss)
        if enough is not None and early and len(trace.t) > 1:
            fall = log_ratio(self._before, step.loss)
            self._cut(log_ratio(self._before, enough) / fall if fall else 1.0)
            trace.loss = enough
        elif most is not None and late and len(trace.t) > 1:
            self._cut((most - trace.t[-2]) / (trace.t[-1] - trace.t[-2]))
        self._before = step.loss
        return trace.ended

    def _cut(self, share: float) -> None:
        """Leaves this share of the last step, which a coarse walk takes far beyond the end."""
        for path in (self._trace.t, self._trace.length):
            path[-1] = path[-2] + share * (path[-1] - path[-2])
