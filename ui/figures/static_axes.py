"""What the parts of a still picture share, and its smallest: the spectrum."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from ui.figures.plot_options import PlotOptions, selected
from ui.figures.scene import Scene
from ui.figures.scene.curves import HUGE, Heights
from ui.figures.theme import NAMED, Theme

BARS = 8  # singular values of the spectrum
PIXEL = 2 / 3  # points: 12 pixels of the page are 8 points of a picture


def stroke(theme: Theme, mode: int, chosen: bool = False) -> dict[str, Any]:
    """How a mode (from 1) is drawn: colours repeat with dashes, then rest."""
    if mode > NAMED:
        return {"color": theme.rest, "linewidth": 0.8}
    style: dict[str, Any] = {"color": theme.line(mode), "linewidth": 2.8 if chosen else 1.7}
    return style | ({"dashes": (8, 2, 2, 2)} if mode > len(theme.lines) else {})


def truth(theme: Theme) -> dict[str, Any]:
    """Values of the truth are dashed."""
    return {"color": theme.ink, "linewidth": 0.9, "dashes": (5, 4), "alpha": 0.62}


def past_and_future(axes: Axes, x: np.ndarray, y: np.ndarray, upto: int, options: PlotOptions, style: dict[str, Any]) -> None:
    """The past, until this point, in full, the future faint, or not at all where it is hidden."""
    axes.plot(x[: upto + 1], y[: upto + 1], **style)
    if options.future and upto + 1 < len(x):
        axes.plot(x[upto:], y[upto:], **style | {"alpha": options.theme.future})


def cursor(axes: Axes, x: np.ndarray, frame: int, theme: Theme) -> None:
    if frame + 1 < len(x):
        axes.axvline(x[frame], color=theme.ink, linewidth=1.1, zorder=3)


def plain(axes: Axes, head: str, theme: Theme, small: bool = False) -> None:
    """Axes without a frame, with a heading and hairlines."""
    weight, size, color = ("normal", 7.5, theme.ink3) if small else ("bold", 9, theme.ink)
    axes.set_title(head, loc="left", fontsize=size, fontweight=weight, color=color, pad=3 if small else 6)
    axes.set_facecolor("none")
    for side in axes.spines.values():
        side.set_visible(False)
    axes.spines["bottom"].set(visible=True, color=theme.rule if small else theme.axis, linewidth=0.8)
    axes.tick_params(colors=theme.ink3, labelsize=8, length=3, width=0.6, color=theme.axis)
    axes.minorticks_off()


def scaled(axes: Axes, heights: Heights) -> None:
    """The vertical scale of the singular values."""
    if heights.log:
        axes.set_yscale("log")
    axes.set_ylim(*heights.ends)
    axes.set_yticks([value for value, _ in heights.ticks], [text for _, text in heights.ticks])
    axes.yaxis.set_minor_locator(NullLocator())


def spectrum(axes: Axes, scene: Scene, options: PlotOptions, frame: int, bars: bool) -> None:
    """Bars on the height scale of the curves."""
    theme, true, heights = options.theme, scene.true[:BARS], scene.heights(options.log_values)
    plain(axes, "Now and the truth" if len(true) else "Now", theme)
    values = scene.run.snapshots[frame].singular_values[:BARS]
    modes = range(1, len(values) + 1)
    scaled(axes, heights)
    if bars:
        low = axes.get_ylim()[0] if options.log_values else 0.0
        height = np.clip(np.nan_to_num(values, posinf=HUGE), low, None) - low
        axes.bar(modes, height, 0.62, bottom=low, color=[theme.line(mode) for mode in modes])
    for mode, value in enumerate(true, start=1):
        axes.plot([mode - 0.48, mode + 0.48], [value, value], color=theme.ink, linewidth=1.2, dashes=(2.5, 1))
    axes.set_xlim(0.3, BARS + 0.7)
    axes.set_xticks(modes)
    axes.tick_params(left=False, labelleft=False, bottom=False)
    chosen = selected(scene, options, frame)
    if bars and 0 < chosen <= len(values):
        label = axes.get_xticklabels()[chosen - 1]
        label.set(color=theme.text(chosen), fontweight="bold")
