"""How a still picture or a film shows its run: the view of the player with every default filled in, and the colours."""

from dataclasses import dataclass

import numpy as np

from dmf_core.trajectory import Trajectory
from ui.figures.scene import Scene
from ui.figures.theme import LIGHT, Theme


@dataclass(frozen=True)
class PlotOptions:
    """The moment and the view. `frame` None: the last one; `mode` None: the one that is growing, 0: none."""

    frame: int | None = None
    axis: str = "time"  # time, iterations, error, seconds, events
    log_time: bool = False
    log_values: bool = False
    matrix: str = "W"  # W, residual, truth, observed, K
    mode: int | None = None
    future: bool = True
    part: str = ""  # of a tensor: slice (also ""), unfolding-1 ..
    slice: int = 0
    spectrum: str = ""  # of a tensor: the key of the one whose curves are shown; "": the main one
    strips: tuple[str, str] = ("", "")  # keys of ui.figures.scene.strips; "": what the run is about
    theory: bool = False
    theme: Theme = LIGHT

    def frame_of(self, run: Trajectory) -> int:
        """A frame that the run has."""
        last = len(run.snapshots) - 1
        return last if self.frame is None else int(np.clip(self.frame, 0, last))


def selected(scene: Scene, options: PlotOptions, frame: float) -> int:
    """The mode drawn thicker, from 1; 0: none."""
    if options.mode is not None:
        return options.mode
    growing = [g.mode for g in scene.grown if g.starts <= frame and (g.arrives is None or frame < g.arrives)]
    return growing[-1] if growing else 0
