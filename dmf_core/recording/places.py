"""Evenly spread moments of a run, at most so many, however long it becomes."""

import math
from dataclasses import dataclass

from dmf_core.integrators.interpolation import Way

FIRST_SPACING = 2.4  # divided by the number of moments: then straight lines between them miss the curves by about 1 %


@dataclass(eq=False)
class Sample:
    """A recorded moment on the way between two steps. It drops both steps once it was handed out."""

    index: int
    position: float
    way: Way | None
    gradients: int
    seconds: float


class Places:
    """At most `limit` samples, spread evenly by position: memory is bounded however long the run.

    When all are taken, the sample between the two closest neighbours goes; the first and the latest stay. This looks
    at positions only, so the same steps leave the same samples, whenever they are handed out.
    """

    def __init__(self, limit: int) -> None:  # >= 1
        self._limit = limit
        self.samples: list[Sample] = []
        self.position = 0.0  # of the latest step

    def spacing(self, position: float) -> float:
        """How far apart samples should be on a line of this length."""
        return max(FIRST_SPACING, position) / self._limit

    def due(self, position: float) -> bool:
        return not self.samples or position - self.samples[-1].position >= self.spacing(position)

    def add(self, sample: Sample) -> Sample | None:
        """Keeps the sample; returns the one that had to go, if any."""
        self.samples.append(sample)
        if len(self.samples) <= self._limit:
            return None
        inner = range(1, len(self.samples) - 1) or range(1, 2)
        at = [each.position for each in self.samples] + [math.inf]
        return self.samples.pop(min(inner, key=lambda i: at[i + 1] - at[i - 1]))
