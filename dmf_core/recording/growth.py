"""When modes grow, of runs that keep few snapshots: their spectra at more moments, taken from the integrator's steps.

Snapshots of a run that keeps two lie far apart, and a line between them says nothing of a birth. The spectra alone are small
and cheap, so they are measured at up to MOMENTS moments of every such run; only the times of growth are kept.
"""

import time

import numpy as np
import torch

from dmf_core.integrators.interpolation import Way, points
from dmf_core.interfaces import Shape, Step
from dmf_core.measures.growth import growth_of
from dmf_core.measures.spectra import spectra
from dmf_core.prepare import Prepared
from dmf_core.recording.places import Places, Sample

MOMENTS = 60  # births of them are within 0.1 % of the time: tests/recording/test_growth.py; more snapshots need no record
LONGEST_SIDE = 400  # of W's shorter side: of larger ones, spectra cost as much as the run
AT_ONCE = 4  # moments measured together


def needed(snapshots: int, shape: Shape) -> bool:
    """Whether a run of so many snapshots of such a W keeps this record."""
    return snapshots < MOMENTS and min(shape) <= LONGEST_SIDE


class GrowthRecord:
    """The spectra of one run at moments that are spread evenly by position, like its snapshots."""

    def __init__(self, prepared: Prepared) -> None:
        self.places = Places(MOMENTS)
        self._prepared = prepared
        self._spectra: dict[int, tuple[float, dict[str, np.ndarray]]] = {}  # by serial number: t, spectra
        self._count = 0

    @property
    def waiting(self) -> int:
        """How many moments hold their steps in memory, not measured yet."""
        return sum(sample.way is not None for sample in self.places.samples)

    def take(self, position: float, a: Step, b: Step, share: float) -> None:
        """A moment on the way from a to b, if one is due there."""
        if not self.places.due(position):
            return
        self._count += 1
        gone = self.places.add(Sample(self._count, position, (a, b, share), 0, 0.0))
        if gone is not None:
            self._spectra.pop(gone.index, None)

    def measure(self, seconds: float = np.inf) -> bool:
        """Measures what waits, for about so long. True when nothing waits any more."""
        until = time.perf_counter() + seconds
        samples = [sample for sample in self.places.samples if sample.way is not None]
        for first in range(0, len(samples), AT_ONCE):
            self._measure(samples[first : first + AT_ONCE])
            if time.perf_counter() > until:
                return first + AT_ONCE >= len(samples)
        return True

    def times(self, last: Step) -> dict[str, np.ndarray]:  # each: [k, 3]
        """The times of growth of every spectrum, by its name: see `birth_times.growth_of`."""
        self.measure()
        known = [self._spectra[sample.index] for sample in self.places.samples]
        final = self._values([(last, last, 1.0)])[0]
        known = [each for each in known if each[0] < last.t] + [(last.t, final)]
        t = np.array([moment for moment, _ in known])
        lengths = self._prepared.field.factorization.spectra(self._prepared.problem.shape)
        curves = {name: np.stack([each[name][:length] for _, each in known]) for name, length in lengths.items()}
        return {name: growth_of(t, values) for name, values in curves.items()}

    def _measure(self, samples: list[Sample]) -> None:
        ways = [sample.way for sample in samples if sample.way is not None]
        for sample, (a, b, share), values in zip(samples, ways, self._values(ways), strict=True):
            sample.way = None
            self._spectra[sample.index] = b.t if share == 1 else a.t + share * (b.t - a.t), values

    def _values(self, ways: list[Way]) -> list[dict[str, np.ndarray]]:
        field = self._prepared.field
        steps, x = points(field, ways)
        W = torch.stack([field.W(step) for step in steps])
        measured = spectra(field.factorization, W, field.stacked(x))
        return [{name: values[i] for name, values in measured.items()} for i in range(len(ways))]
