"""Which moments of a run are recorded, and what is measured there.

Along the run the picture changes: W moves and turns, the error falls by orders of magnitude, and on a plateau the speed
falls and rises again. The sum of these changes is the `position`; snapshots are spread evenly over it. Measuring costs
more than a step, so samples wait unmeasured until a bundle is due: those that a growing run thins out were never measured.
"""

import math
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from dmf_core import limits
from dmf_core.interfaces import Step
from dmf_core.norms import norm
from dmf_core.prepare import Prepared
from dmf_core.recording.growth import GrowthRecord, needed
from dmf_core.recording.places import Places, Sample
from dmf_core.recording.plateaus import Plateau
from dmf_core.recording.second_thread import Ahead, useful
from dmf_core.recording.snapshots import Recorded, Recorder
from dmf_core.trajectory import Progress, Snapshot

LOG_WEIGHT = 0.02  # a factor e in error or speed counts as much as a move of W by this share of its final norm
BEND = 0.15  # a line over a stretch h of a curve misses it by h^2 |W''| / 8: the square root of a bend counts, times this
TURN = 0.04  # ... and on the first plateau the turning of W, by this much
FARTHEST = 0.05  # of its norm, final or present, that W may move between snapshots, while there is room; undivided steps: twice
BUNDLE_SECONDS = 0.25  # between two bundles of snapshots: how often a page that follows the run has something new


class Sampler:
    """Chooses and measures the snapshots of one run."""

    def __init__(self, snapshots: int, prepared: Prepared, continuous: bool, began: float) -> None:
        self._places = Places(snapshots - 1)  # one is left for the last
        self._growth = GrowthRecord(prepared) if needed(snapshots, prepared.problem.shape) else None
        self._prepared = prepared
        self._continuous = continuous
        self._began = self._bundled = began
        self.speed = self._size = 0.0  # of the latest step: |velocity|, |W|
        self._chord: tuple[Tensor, float] | None = None  # the mean velocity of W over the latest step, and its length
        self._count = 0
        self._waiting = 0
        self._dropped: list[int] = []
        self._latest: Step
        self._handed: Step | None = None  # the latest step whose very point was handed out
        self._recorder = Recorder(prepared)
        self._ahead = Ahead(self._recorder) if useful(prepared) else None
        point = 2 * prepared.x.nbytes + prepared.start.end_to_end_first.nbytes  # x, velocity and W
        self._each = (2 if self._ahead is None else 3) * point  # bytes of a moment that waits: both steps, and what lies between

    def add_step(self, a: Step | None, b: Step) -> None:
        """Takes what is due on the way from a to b; a: that of the call before."""
        self._latest = b
        speed, size = norm(b.velocity), norm(b.prediction)
        if a is None:
            self.speed, self._size = speed, size
            if self._growth is not None:
                self._growth.take(0.0, b, b, 1.0)
            return self._take(0.0, b, b, 1.0)
        scale = self._prepared.field.scale
        chord = b.prediction - a.prediction
        moved = norm(chord) / scale
        far = moved / max(1.0, size / scale)  # W may outgrow the data
        change = self._bent(chord, b.t - a.t, moved) + TURN * self._turned(a, b, size)
        change += LOG_WEIGHT * (log_ratio(a.loss, b.loss) + min(1.0, log_ratio(self.speed, speed)))
        self.speed, self._size = speed, size
        for position, share in self._due(self._places, far, change):
            self._take(position, a, b, share)
        if self._growth is not None:
            for position, share in self._due(self._growth.places, far, change):
                self._growth.take(position, a, b, share)

    def _due(self, places: Places, far: float, change: float) -> Iterator[tuple[float, float]]:
        """(position, share of the latest step) of the moments to be looked at. Moves the position to the end of the step."""
        first = places.position
        if self._continuous:
            change = max(change, far / FARTHEST * places.spacing(first + change))
        end = first + change
        parts = max(1, int(change / places.spacing(end))) if self._continuous else 1
        places.position = end
        yield from ((first + change * part / parts, part / parts) for part in range(1, parts + 1))

    def _bent(self, chord: Tensor, h: float, moved: float) -> float:
        """How far W moved, or less where it moved straight: lines between snapshots miss nothing there.

        `chord` [*d]: what W moved in the time h; overwritten.
        """
        if not self._continuous or h <= 0:
            return moved
        chord /= h
        last, self._chord = self._chord, (chord, h)
        if last is None:
            return moved
        bend = norm(chord - last[0]) * (h + last[1]) / 2 / self._prepared.field.scale
        return min(moved, BEND * math.sqrt(bend))

    def _turned(self, a: Step, b: Step, size: float) -> float:
        """How far the direction of W moved while W is small: on the first plateau the spectrum takes shape, unseen."""
        small = 1 - max(self._size, size) / self._prepared.field.scale
        if small <= 0 or not min(self._size, size) > 0:
            return 0.0
        cosine = float(torch.dot(a.prediction.view(-1), b.prediction.view(-1) / size)) / self._size
        return small * math.sqrt(max(0.0, 2 - 2 * cosine))

    def bundle(self, plateau: Plateau) -> Iterator[Snapshot | Progress]:
        """The measured samples and a sign of life, when enough time has passed or enough memory is taken."""
        now = time.perf_counter()
        if now - self._bundled > BUNDLE_SECONDS or self._waiting_bytes() > limits.PENDING_BYTES:
            yield from self.waiting(plateau)
            yield self._progress(plateau)

    def waiting(self, plateau: Plateau) -> Iterator[Snapshot | Progress]:
        """Every sample that waits, measured."""
        samples = [sample for sample in self._places.samples if sample.way is not None]
        for _ in () if self._ahead is None else self._ahead.share():
            if time.perf_counter() - self._bundled > 2 * BUNDLE_SECONDS:
                yield self._progress(plateau)
        for first in range(0, len(samples), self._recorder.at_once):
            yield from self._measured(samples[first : first + self._recorder.at_once])
            if time.perf_counter() - self._bundled > 2 * BUNDLE_SECONDS:
                yield self._progress(plateau)
        while self._growth is not None and not self._growth.measure(BUNDLE_SECONDS):
            yield self._progress(plateau)
        self._waiting = 0
        self.close()  # what is left there belongs to moments that have been dropped

    def close(self) -> None:
        """Nothing more is measured."""
        if self._ahead is not None:
            self._ahead.close()

    def growth(self, last: Step) -> dict[str, np.ndarray]:
        """See `End.growth`; `last`: the last step of the run."""
        return {} if self._growth is None else self._growth.times(last)

    def last(self, step: Step) -> Iterator[Snapshot]:
        """The last step, unless it was handed out before."""
        if self._handed is not step:
            yield from self._measured([self._sample(self._places.position, step, step, 1.0)])

    def _progress(self, plateau: Plateau) -> Progress:
        self._bundled = time.perf_counter()
        step, gradients = self._latest, self._prepared.field.gradients
        return Progress(step.t, step.iteration, gradients, self._bundled - self._began, step.loss, plateau.words())

    def dropped(self) -> tuple[int, ...]:
        """Samples that were handed out and have been removed since the last call."""
        dropped, self._dropped = tuple(self._dropped), []
        return dropped

    def _take(self, position: float, a: Step, b: Step, share: float) -> None:
        if not self._places.due(position):
            return
        self._waiting += 1
        gone = self._places.add(self._sample(position, a, b, share))
        if gone is not None and gone.way is None:
            self._dropped.append(gone.index)
        if self._ahead is not None and gone is None:  # a long run thins its moments out: then they are measured late
            self._ahead.add(self._places.samples[-1])

    def _sample(self, position: float, a: Step, b: Step, share: float) -> Sample:
        self._count += 1
        seconds = time.perf_counter() - self._began
        return Sample(self._count, position, (a, b, share), self._prepared.field.gradients, seconds)

    def _waiting_bytes(self) -> int:
        return self._each * (self._waiting + (0 if self._growth is None else self._growth.waiting))

    def _measured(self, samples: list[Sample]) -> Iterator[Snapshot]:
        assert samples[-1].way is not None  # they wait
        _, step, share = samples[-1].way
        self._handed = step if share == 1 else None
        for sample, moment in zip(samples, self._recorded(samples), strict=True):
            sample.way = None
            yield Snapshot(
                index=sample.index,
                dropped=self.dropped(),
                position=sample.position,
                t=moment.step.t,
                iteration=moment.step.iteration,
                gradients=sample.gradients,
                seconds=sample.seconds,
                loss=moment.step.loss,
                singular_values=moment.singular_values,
                measures=moment.measures,
                picture=moment.picture,
                spectra=moment.spectra,
            )

    def _recorded(self, samples: list[Sample]) -> list[Recorded]:
        second = self._ahead
        ahead = {sample.index: second.take(sample) for sample in samples if second is not None and sample in second}
        ways = [sample.way for sample in samples if sample.way is not None and sample.index not in ahead]
        rest = iter(self._recorder.record(ways) if ways else [])
        return [ahead[sample.index] if sample.index in ahead else next(rest) for sample in samples]


def log_ratio(a: float, b: float) -> float:
    """|ln(a / b)|, 0 where one of them is 0; also where a / b is below or above the range of floats."""
    if not (a > 0 and b > 0):
        return 0.0
    ratio = a / b
    return abs(math.log(ratio) if 0 < ratio < math.inf else math.log(a) - math.log(b))
