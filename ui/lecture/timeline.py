"""A run as far as the room needs it: times, events and births. Light: neither pictures nor pages are imported."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Moments:
    """A run that has ended, as far as the room needs it."""

    digest: str
    times: tuple[float, ...]  # flow time of every frame
    events: tuple[float, ...]  # frames at which something happens, rising, the last frame among them
    births: dict[int, float]  # mode -> flow time
    values: dict[int, tuple[float, ...]]  # of the largest modes at every frame, six digits

    @property
    def last(self) -> int:
        """The last frame."""
        return len(self.times) - 1

    def frame(self, t: float) -> float:
        """The fractional frame of a flow time."""
        return float(np.interp(t, self.times, np.arange(len(self.times))))

    def curve(self, mode: int, moments: Sequence[float]) -> tuple[float, ...]:
        """The value of a mode at these flow times. Raises KeyError."""
        return tuple(float(value) for value in np.interp(moments, self.times, self.values[mode]))

    def next_event(self, frame: float) -> float | None:
        return next((event for event in self.events if event > frame + 1e-3), None)

    def previous_event(self, frame: float) -> float | None:
        before = [event for event in (0.0, *self.events) if event < frame - 1e-3]
        return before[-1] if before else None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Moments":
        """The inverse of `as_dict`, also after JSON. Raises KeyError where an older version wrote it."""
        births = {int(mode): float(t) for mode, t in values["births"].items()}
        curves = {int(mode): tuple(column) for mode, column in values["values"].items()}
        return cls(values["digest"], tuple(values["times"]), tuple(values["events"]), births, curves)
