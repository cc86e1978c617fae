"""The matrix of a picture or film: W, residual, truth, observed or K, as steps of its colour scale."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import picture, words
from ui.figures.captions import captions
from ui.figures.depth_view import DepthView, depth_view
from ui.figures.plot_options import PlotOptions
from ui.figures.theme import HALF, Theme, grey_scale

HEADS = {"W": "W", "residual": "W minus the truth", "truth": "Truth", "observed": "Observed entries"}


@dataclass(frozen=True, eq=False)
class MatrixView:
    """One choice of the matrix switch for one run."""

    head: str
    caption: str
    limit: float  # of the colour scale, fixed over the run
    known: np.ndarray  # [a, b] bool; elsewhere it is hatched
    moving: bool  # W and the residual change, the others do not
    _run: Trajectory
    _cells: Callable[[np.ndarray], np.ndarray]  # of a recorded picture, those that are shown
    _truth: np.ndarray | None  # subtracted from W (residual), or shown
    _greys: tuple[float, float] | None = None  # the values that are black and white, where the data are a picture

    @property
    def ends(self) -> tuple[str, str]:
        """The two ends of the colour scale, in words."""
        if self._greys is not None:
            return f"{words.number(self._greys[0], 3)} black", f"{words.number(self._greys[1], 3)} white"
        return f"\u2212{self.limit:.3g}", f"{self.limit:.3g}"

    def scale(self, theme: Theme) -> np.ndarray:  # [2 * HALF + 1, 3] uint8
        """The colours of the scale."""
        return theme.scale() if self._greys is None else grey_scale(*(value / self.limit for value in self._greys))

    def marks(self, f: float) -> list[list[str]]:
        """What is written into the cells: nothing."""
        return []

    def steps(self, f: float) -> np.ndarray:  # [a, b] int, 0 .. 2 * HALF, HALF is zero
        """What is shown at the nearest frame, as indices into `scale`."""
        frame = round(f)
        full = self._run.start.picture_limit
        if self.moving:
            W = self._cells(self._run.snapshots[frame].picture).astype(np.float64)
            values = W if self._truth is None else W - self._truth
        else:
            assert self._truth is not None
            values = self._truth
        return np.asarray(np.clip(np.round(values * HALF / 127 * full / self.limit), -HALF, HALF) + HALF, dtype=np.int64)


def matrix_view(run: Trajectory, spec: RunSpec, options: PlotOptions) -> MatrixView | DepthView:
    """The choice of the options, or W where this run does not have it."""
    if options.matrix == "K" and (depths := depth_view(run, spec)) is not None:
        return depths
    shown = "W" if options.matrix == "K" else options.matrix
    start = run.start
    given = picture.as_given(spec)
    shape = run.snapshots[0].picture.shape
    rows, columns = (np.arange(shape[0]), np.arange(shape[1])) if given else picture.order(start)
    grid = np.ix_(rows, columns)
    truth, observed = picture.quantised(start)[grid].astype(np.int16), picture.mask(start)[grid]
    truth, observed = (picture.part(each, start, options.part, options.slice) for each in (truth, observed))
    there = truth != picture.UNKNOWN
    if not there.any() or (shown == "observed" and not observed.any()):
        shown = "W"
    known = {"W": np.ones_like(there), "observed": there & observed}.get(shown, there)
    limit = start.picture_limit

    def cells(recorded: np.ndarray) -> np.ndarray:
        return picture.part(recorded[grid], start, options.part, options.slice)

    if shown == "residual":
        difference = max(int(np.abs(cells(each.picture) - truth)[there].max()) for each in run.snapshots)
        limit *= max(1, difference) / 127
    caption = captions(start, spec, bool(there.all()))[shown]
    if spec.model.tensor:
        caption += f" {picture.part_words(start, options.part, options.slice)}"
    elif given and shown == "W":
        caption = "Rows and columns as given; colours keep their meaning over the run."
    head = "Given entries" if shown == "truth" and not there.all() else HEADS[shown]
    moving = shown in ("W", "residual")
    subtracted = None if shown == "W" else np.where(there, truth, 0)
    greys = None if shown == "residual" else picture.greys(start, spec)
    return MatrixView(head, caption, limit, known, moving, run, cells, subtracted, greys)
