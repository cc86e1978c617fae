"""A walk of an integrator until the run would end, or for so long: where it came by, and how fast."""

import math
import time
from collections.abc import Generator, Iterator

from dmf_core.errors import NoStep
from dmf_core.interfaces import Step, Trace
from dmf_core.norms import norm
from dmf_core.prepare import Prepared
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.sampling import Sampler
from dmf_core.spec import RunSpec

ALIVE_SECONDS = 0.1  # between two signs of life: whoever waits for the worker waits no longer


class Walk:
    """`pace`: seconds of processor time of one gradient, without those that snapshots take, in the latter half of the walk."""

    def __init__(self, spec: RunSpec, prepared: Prepared) -> None:
        self._stop, self._prepared = spec.stop, prepared
        self._plateau = Plateau(0)
        self._half = 0, 0.0  # gradients and seconds halfway
        self._trace: Trace
        self.pace = 0.0

    def follow(self, steps: Iterator[Step], allowed: float, sampler: Sampler | None = None) -> Generator[None, None, Trace]:
        """For `allowed` seconds at most, with signs of life. `sampler`: it is given every step, as in the run itself."""
        began, elsewhere, seconds, alive, previous = time.process_time(), 0.0, 0.0, 0.0, None
        try:
            for step in steps:
                if step is not previous:
                    self._add(previous, step)
                    if sampler is not None:
                        sampler.add_step(previous, step)
                        elsewhere += self._measured(sampler)
                    previous = step
                seconds = time.process_time() - began - elsewhere
                if seconds < allowed / 2:
                    self._half = self._prepared.field.gradients, seconds
                if self._over(step) or seconds > allowed:
                    break
                if seconds > alive + ALIVE_SECONDS:
                    alive = seconds
                    yield
            else:
                self._trace.ended = True  # nothing moves any more
        except NoStep:
            self._trace.ended = True  # the run ends there, too
        self._set_pace(seconds)
        return self._trace

    def _set_pace(self, seconds: float) -> None:
        gradients, before = self._half
        total = self._prepared.field.gradients
        if seconds - before < seconds / 4 or total <= gradients:  # it was too short to have a latter half
            gradients, before = 0, 0.0
        self.pace = max(seconds - before, 1e-9) / (total - gradients)

    def _add(self, previous: Step | None, step: Step) -> None:
        gradients = self._prepared.field.gradients
        if previous is None:
            self._trace = Trace([step.t], [0.0], [gradients], step)
            return
        trace = self._trace
        trace.t.append(step.t)
        trace.length.append(trace.length[-1] + norm(step.x - previous.x))
        trace.gradients.append(gradients)
        trace.last = step

    def _measured(self, sampler: Sampler) -> float:
        """Seconds that snapshots have taken just now; most often none was due."""
        began = time.process_time()
        for _ in sampler.bundle(self._plateau):
            pass
        return time.process_time() - began

    def _over(self, step: Step) -> bool:
        """Whether the run ends there, too."""
        enough, most = self._prepared.enough, self._stop.time
        over = (
            not math.isfinite(step.loss) or (enough is not None and step.loss <= enough) or (most is not None and step.t >= most)
        )
        self._trace.ended = over
        return over
