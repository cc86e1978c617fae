"""One time axis for several runs: what is equal in all of them at the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ui.figures.scene import ticks
from ui.figures.scene.free_space import width as written
from ui.figures.scene.scene import Scene
from ui.figures.scene.ticks import Tick
from ui.figures.scene.time_axis import TimeAxis

EQUAL = ("error", "time", "progress", "iterations")  # what can be equal at the cursor
DENSER = 1.7  # narrow columns need their marks closer than a single chart does
WIDTHS = (180, 280, 450, 700, 1000)  # pixels of an axis; a picture takes the marks of the largest that fits
GAP = 8  # pixels between the words of two marks


@dataclass(frozen=True, eq=False)
class CommonAxis:
    """The axes of several runs with the same ends; None for a run that has no picture yet."""

    whole: TimeAxis  # from end to end, of no run
    each: tuple[TimeAxis | None, ...]

    def ticks(self, width: float) -> list[Tick]:
        """(value of the column, words) on an axis so many pixels long; none touches the one before."""
        ticks: list[Tick] = []
        free = -np.inf
        for value, text in self.whole.ticks(DENSER * width):
            place = width * (value - self.whole.low) / (self.whole.high - self.whole.low)
            if place - written(text) / 2 >= free:
                free = place + written(text) / 2 + GAP
                ticks.append((value, text))
        return ticks

    def fitting(self, width: float) -> list[Tick]:
        """The marks that a picture has whose axis is so many pixels long, as places from 0 to 1."""
        low, high = self.whole.low, self.whole.high
        marks = self.ticks(max((each for each in WIDTHS if each <= width), default=WIDTHS[0]))
        return [((value - low) / (high - low), text) for value, text in marks]


def common_axis(scenes: Sequence[Scene | None], name: str) -> CommonAxis:
    """The axis of this name, one of EQUAL, that holds all runs; at least one run has a picture."""
    own = [None if scene is None else _axis(scene, name) for scene in scenes]
    present = [axis for axis in own if axis is not None]
    low = min(float(axis.column[0]) for axis in present)
    last = max(float(axis.column[-1]) for axis in present)
    high = last
    if name != "progress" and any(scene is not None and scene.run.end is None for scene in scenes):
        high = float(np.ceil(last + 0.5)) if name == "error" else low + ticks.beyond(last - low)
    high = high if high > low else low + 1.0
    labels = {axis.label for axis in present}
    label = labels.pop() if len(labels) == 1 else "time t"
    whole = TimeAxis(name, False, label, np.array([low, last]), low, high, high > last)
    return CommonAxis(whole, tuple(axis and replace(axis, low=low, high=high, open=high > axis.column[-1]) for axis in own))


def _axis(scene: Scene, name: str) -> TimeAxis:
    if name != "progress":
        return scene.axis(name, False)
    t = scene.run.column("t")
    column = t / t[-1] if t[-1] > 0 else t
    return TimeAxis(name, False, "share of each run", column, 0.0, 1.0, False)
