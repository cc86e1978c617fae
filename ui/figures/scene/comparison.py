"""Two to four runs as one picture over time: on common scales, side by side or overlaid."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ui.figures.scene.common_axis import CommonAxis, common_axis
from ui.figures.scene.curves import Heights, heights, widest
from ui.figures.scene.free_space import AvoidedCurves, Plot
from ui.figures.scene.labels import MOST_AVOIDED, Label, labels_of_truth_in_comparison
from ui.figures.scene.scene import Scene
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.theme import COLOURED

LETTERS = ("a", "b", "c", "d")  # of the runs, where they are overlaid
DASHES = ((), (9, 3), (2, 3), (9, 3, 2, 3))  # of their curves: pixels drawn and left out
OVERLAID_MODES = COLOURED  # the dash says the run, so only modes with a colour of their own are drawn
OVERLAID_WIDTH = 2.2  # pixels
OVERLAID_DISC = 10.0  # radius in pixels of a disc with a number and a letter
TALL = 236  # pixels: plots that are lower take the words of the low ones
PLOTS = {  # the smallest plots of the Compare page in pixels, of each kind
    "wide": Plot(360, TALL),
    "wide low": Plot(360, 150),
    "narrow": Plot(175, TALL, short=True),
    "narrow low": Plot(175, 150, short=True),
}
OVERLAID_PLOTS = {
    "wide": Plot(560, TALL),
    "wide low": Plot(560, 180),
    "narrow": Plot(290, TALL, short=True),
    "narrow low": Plot(290, 150, short=True),
}


def kind_of(plots: Mapping[str, Plot], width: float, height: float) -> str:
    """The plot whose words fit into one of this size."""
    across = "wide" if width >= plots["wide"].width else "narrow"
    return across if height >= TALL else f"{across} low"


@dataclass(frozen=True, eq=False)
class ComparisonScene:
    """The scenes of the runs, None for one without a picture. Every other part is on scales that all of them share."""

    scenes: tuple[Scene | None, ...]
    _axes: dict[str, CommonAxis] = field(default_factory=dict)

    @cached_property
    def there(self) -> list[Scene]:
        """The runs that have a picture."""
        return [scene for scene in self.scenes if scene is not None]

    def axis(self, name: str) -> CommonAxis:
        """One of ui.figures.scene.common_axis.EQUAL."""
        if name not in self._axes:
            self._axes[name] = common_axis(self.scenes, name)
        return self._axes[name]

    def heights(self, log: bool) -> Heights:
        scales = [scene.heights(log) for scene in self.there]
        return widest(scales) if scales else heights(None, np.empty(0), 0, log)

    @cached_property
    def one_truth(self) -> bool:
        """True where the dashed lines are the same in all runs."""
        known = [scene.true for scene in self.there if len(scene.true)]
        return all(np.array_equal(true, known[0]) for true in known)

    @cached_property
    def names_truth(self) -> tuple[bool, ...]:
        """Whether the dashed lines have names in the picture of a run: only in the first one where all have the same."""
        known = [scene is not None and len(scene.true) > 0 for scene in self.scenes]
        first = known.index(True) if True in known else -1
        return tuple(there and (i == first or not self.one_truth) for i, there in enumerate(known))

    def labels(self, i: int, axis: CommonAxis, scale: Heights, plot: Plot) -> list[Label]:
        """Names of the dashed lines in the picture of run `i`, clear of its curves."""
        scene, own = self.scenes[i], axis.each[i]
        if scene is None or own is None or not self.names_truth[i]:
            return []
        return labels_of_truth_in_comparison(
            [_curves_to_avoid(scene, own, min(max(scene.learned, 1) + 1, MOST_AVOIDED))], scale, scene.words, plot
        )

    @cached_property
    def overlaid_truth(self) -> np.ndarray:
        """The dashed lines below overlaid curves: none where the runs have different ones."""
        known = [scene.true for scene in self.there if len(scene.true)]
        return known[0] if known and self.one_truth else np.empty(0)

    def overlaid_labels(self, axis: CommonAxis, scale: Heights, plot: Plot) -> list[Label]:
        """The same names, clear of the curves of all runs."""
        if not len(self.overlaid_truth):
            return []
        pairs = zip(self.scenes, axis.each, strict=True)
        crowded = [
            _curves_to_avoid(scene, own, overlaid_modes(scene)) for scene, own in pairs if scene is not None and own is not None
        ]
        named = next(scene for scene in self.there if len(scene.true))
        return labels_of_truth_in_comparison(crowded, scale, replace(named.words, true=self.overlaid_truth), plot)


def overlaid_modes(scene: Scene) -> int:
    """How many modes of a run are drawn where the runs are overlaid."""
    return min(max(scene.learned, 1), OVERLAID_MODES, scene.curves.named)


def _curves_to_avoid(scene: Scene, axis: TimeAxis, most: int) -> AvoidedCurves:
    return scene.curves, axis, min(most, scene.curves.named + scene.curves.rest.shape[1])
