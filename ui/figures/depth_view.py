"""K in the matrix's place of a picture or film: what depth does between the modes at one moment, as the player shows it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.births import grown
from ui.figures.theme import HALF, Theme
from ui.figures.theory.depth import MODES, caption, has_depths, relative
from ui.figures.words import THIN

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
LEAST = 1e-4  # shares below are "<0.01" %


@dataclass(frozen=True, eq=False)
class DepthView:
    """The picture of the preconditioner; it has the methods of `MatrixView`."""

    head: str
    caption: str
    known: np.ndarray  # [R, R] all True
    sigma: np.ndarray  # [T, R]
    depth: int
    ends: tuple[str, str] = ("0", f"100{THIN}%")

    def steps(self, f: float) -> np.ndarray:  # [R, R] int, 0 .. 2 * HALF
        return np.asarray(np.round(2 * HALF * self._shares(f)), dtype=np.int64)

    def scale(self, theme: Theme) -> np.ndarray:  # [2 * HALF + 1, 3] uint8
        """Cividis in both themes: dark is nothing, yellow the largest."""
        return np.round(255 * colormaps["cividis"](np.linspace(0, 1, 2 * HALF + 1))[:, :3]).astype(np.uint8)

    def marks(self, f: float) -> list[list[str]]:
        """The shares in percent, cell by cell."""
        return [["<0.01" if share < LEAST else words.number(100 * share, 2) for share in row] for row in self._shares(f)]

    def _shares(self, f: float) -> np.ndarray:
        """Between two snapshots the singular values are straight."""
        i = min(int(f), len(self.sigma) - 1)
        a, b = self.sigma[i], self.sigma[min(i + 1, len(self.sigma) - 1)]
        sigma = np.maximum(a + (b - a) * (f - i), 0.0)
        return relative(self.depth, sigma) if sigma.max() > 0 else np.zeros(self.known.shape)


def depth_view(run: Trajectory, spec: RunSpec) -> DepthView | None:
    """Of the learned modes; None for runs that K says nothing about."""
    if not has_depths(spec):
        return None
    depth = spec.model.degree(run.start.shape)
    values = np.nan_to_num(run.singular_values, posinf=1e30)
    modes = min(MODES, max(len(grown(run)), 2), values.shape[1])
    known = np.ones((modes, modes), dtype=bool)
    return DepthView("K, what depth does", caption(depth), known, values[:, :modes], depth)


def readable(colour: np.ndarray) -> str:
    """Black or white, whichever is easier to read on it: at least 4.58 to 1. Source: relative luminance of WCAG 2."""
    share = np.asarray(colour, dtype=np.float64) / 255
    linear = np.where(share <= 0.03928, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return "#000000" if float(linear @ LUMINANCE) > 0.179 else "#FFFFFF"


def modes_of(axes: Axes, shown: DepthView, frame: int | None, theme: Theme) -> None:
    """The numbers of the modes at two sides, and with a frame the shares inside."""
    for mode in range(1, len(shown.known) + 1):
        style: dict[str, Any] = {"color": theme.text(mode), "fontsize": 8, "fontweight": "bold", "ha": "center", "va": "center"}
        for x, y in ((-0.68, mode - 1.0), (mode - 1.0, -0.68)):
            axes.text(x, y, str(mode), **style)
    if frame is None:
        return
    colours = shown.scale(theme)[shown.steps(frame)]
    for r, row in enumerate(shown.marks(frame)):
        for c, text in enumerate(row):
            axes.text(c, r, text, color=readable(colours[r, c]), fontsize=8, ha="center", va="center")
