"""A run as a picture over time: curves, axes, strips and words of one spectrum."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Start, Trajectory
from ui.figures import words
from ui.figures.births import Growth, grown
from ui.figures.scene.birth_places import BirthPlaces
from ui.figures.scene.curves import Curves, Heights, curves, heights
from ui.figures.scene.free_space import Layout, Plot
from ui.figures.scene.labels import Label, Words, below, fixed, labels
from ui.figures.scene.opening import opening, rise
from ui.figures.scene.series import series
from ui.figures.scene.strips import STRIPS, DrawnStrip, strip_of
from ui.figures.scene.time_axis import LOGS, NAMES, TimeAxis, time_axis
from ui.figures.spectra import Naming, naming, pictured, seen_as
from ui.figures.truth import heading, levels, true_rank

TRUE_MODES = 12  # dashed lines at most


@dataclass(frozen=True, eq=False)
class Scene:
    """What a picture over time shows of a run; `run` has the chosen spectrum in its main place, `whole` its own one."""

    whole: Trajectory
    run: Trajectory
    spec: RunSpec
    grown: Sequence[Growth]  # the learned modes
    names: Naming
    true: np.ndarray  # the values that have a dashed line
    ends: float = 0.0  # a moment that the time axis of an unfinished run shows in any case
    _axes: dict[tuple[str, bool], TimeAxis] = field(default_factory=dict)

    @property
    def learned(self) -> int:
        return len(self.grown)

    @property
    def ended(self) -> bool:
        return self.run.end is not None and self.run.end.outcome.done

    @property
    def diverged(self) -> bool:
        return self.run.end is not None and self.run.end.outcome is Outcome.DIVERGED

    @property
    def births(self) -> list[Growth]:
        """The learned modes whose birth has a time."""
        return [growth for growth in self.grown if growth.born is not None and growth.timed]

    @cached_property
    def curves(self) -> Curves:
        """With the measured speeds of the modes, which are those of the spectrum that pictures show first."""
        own = self.run.start.main_spectrum == (self.spec.model.pictured or self.whole.start.main_spectrum)
        return curves(self.run, follow_speeds=own)

    def heights(self, log: bool) -> Heights:
        return heights(self.run, self.true, self.learned, log)

    def axis(self, name: str, log: bool) -> TimeAxis:
        """One of NAMES; of those in LOGS also the logarithm."""
        key = (name, log and name in LOGS)
        if key not in self._axes:
            self._axes[key] = time_axis(self.run, self.spec, self.births, *key, self.ends)
        return self._axes[key]

    @cached_property
    def rise(self) -> float:
        """The fractional frame at which the first curve rises to the eye."""
        return rise(self.curves, self.heights(False))

    def opening(self, axis: TimeAxis) -> float:
        """The place on this axis at which playing begins."""
        return opening(axis, self.rise)

    def axes(self) -> list[TimeAxis]:
        """All of them."""
        return [self.axis(name, log) for name in NAMES for log in ((False, True) if name in LOGS else (False,))]

    @cached_property
    def words(self) -> Words:
        complete, end = self.ended, self.run.end
        goals = heading(end.end_to_end_last, self.run.start, self.learned) if complete and end is not None else []
        total = self.run.singular_values.shape[1]
        return Words(self.names.noun, self.names.symbol, self.true, self.learned, total, goals, complete)

    def fate(self, mode: int) -> str:
        """Where a mode (from 1) ends, and which true value it heads for; "" while the run grows."""
        if not self.ended:
            return ""
        sentence = f"at the end {words.number(float(self.run.singular_values[-1, mode - 1]))}"
        goals = self.words.heading
        if not len(self.true) or not goals or mode > self.learned:
            return sentence
        to = goals[mode - 1]
        if not to or to > len(self.true):
            return f"{sentence}, heads for no single true {self.names.noun}"
        return f"{sentence}, heads for {self.names.symbol}{below(to)} = {fixed(float(self.true[to - 1]))}"

    def labels(self, axis: TimeAxis, scale: Heights, plot: Plot) -> tuple[list[Label], list[BirthPlaces]]:
        """Words and where they stand, in a plot of this size."""
        return self.labels_of([Layout(axis, scale, plot)])[0]

    def labels_of(self, layouts: Sequence[Layout]) -> list[tuple[list[Label], list[BirthPlaces]]]:
        """The same for many layouts, which takes less than one after another."""
        return labels(self.curves, layouts, self.births, self.words)

    @cached_property
    def columns(self) -> dict[str, np.ndarray | None]:
        """What the strips can show, by the keys of STRIPS' lines: measures are of the run's own spectrum."""
        return series(self.whole)

    def strip(self, kind: str) -> DrawnStrip:
        """One of STRIPS; without lines where the run has no numbers for it. Its measures, and those of the truth, are of the
        model's own spectrum, whichever has the main place."""
        start = self.whole.start
        start = seen_as(self.whole, next(iter(self.spec.model.spectra(start.shape)))).start
        return strip_of(STRIPS[kind], self.columns, levels(start, self.spec.model.degree(start.shape)), true_rank(start))


def scene(run: Trajectory, spec: RunSpec, spectrum: str = "", ends: float = 0.0) -> Scene:
    """Of the spectrum with this key; "": the main one. `ends`: see Scene."""
    shown = seen_as(pictured(run, spec), spectrum)
    return Scene(run, shown, spec, grown(shown), naming(shown.start.main_spectrum), true_values(shown), ends)


def true_values(run: Trajectory) -> np.ndarray:  # [at most TRUE_MODES]
    """Those above rounding."""
    return true_values_of(run.start)


def true_values_of(start: Start) -> np.ndarray:  # [at most TRUE_MODES]
    true = start.true_singular_values
    return np.empty(0) if true is None else np.asarray(true[: min(true_rank(start) or 0, TRUE_MODES)])
