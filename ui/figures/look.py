"""How a still picture or a film shows its run: the view of the player, with nothing left open, and the colours."""

from dataclasses import dataclass

import numpy as np

from dmf_core.trajectory import Outcome, Trajectory
from ui.figures.births import Growth, growths
from ui.figures.theme import LIGHT, Theme

TRUE_VISIBLE = 1e-3  # of the largest: smaller true values have no line of their own
TRUE_LINES = 12
DECADES = 9  # of the logarithmic scale of singular values, at most


@dataclass(frozen=True)
class Look:
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
    strips: tuple[str, str] = ("", "")  # keys of ui.figures.strips; "": what the run is about
    theory: bool = False
    theme: Theme = LIGHT

    def frame_of(self, run: Trajectory) -> int:
        """A frame that the run has."""
        last = len(run.snapshots) - 1
        return last if self.frame is None else int(np.clip(self.frame, 0, last))


def grown(run: Trajectory) -> list[Growth]:
    """The learned modes; none of a diverged run, whose last values mean nothing."""
    if run.end is not None and run.end.outcome is Outcome.DIVERGED:
        return []
    return growths(run.singular_values, run.end is not None and run.end.outcome.done, run.column("t"))


def selected(run: Trajectory, look: Look, frame: float) -> int:
    """The mode drawn thicker, from 1; 0: none."""
    if look.mode is not None:
        return look.mode
    growing = [g.mode for g in grown(run) if g.starts <= frame and (g.arrives is None or frame < g.arrives)]
    return growing[-1] if growing else 0


def true_values(run: Trajectory) -> np.ndarray:  # [at most TRUE_LINES]
    true = run.start.true_singular_values
    return np.empty(0) if true is None else true[:TRUE_LINES][true[:TRUE_LINES] > TRUE_VISIBLE * true[0]]


def heights(run: Trajectory, look: Look) -> tuple[float, float]:
    """The least and the largest singular value of the vertical scale."""
    values, true = np.nan_to_num(run.singular_values, posinf=1e30), true_values(run)
    top = float(values.max())
    known = float(true.max(initial=0.0))
    if known and run.end is not None and run.end.outcome is Outcome.DIVERGED:
        top = min(top, 1.04 * known)  # curves leave the frame
    if not look.log_values:
        top = 1.08 * max(top, known) or 1.0
        return -0.01 * top, top
    top = 2 * max(top, known) or 1.0
    learned = values[:, : max(len(grown(run)), 1)]
    least = float(learned[learned > 0].min(initial=top))
    return float(min(max(least / 2, top / 10**DECADES), top / 10)), top


def fanned(places: list[tuple[int, float]], gap: float, most: int = 4) -> list[tuple[int, float, int]]:
    """Discs (mode, height) that would cover each other go to the left: (mode, height, how many steps)."""
    placed: list[tuple[int, float, int]] = []
    for mode, height in places:
        taken = {step for _, other, step in placed if abs(other - height) < gap}
        step = next((step for step in range(most) if step not in taken), None)
        if step is not None:
            placed.append((mode, height, step))
    return placed
