"""The curves of a scene as matplotlib draws them: singular values over time, words, discs at the cursor."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from ui.figures.births import at
from ui.figures.plot_options import PlotOptions, selected
from ui.figures.scene import Scene
from ui.figures.scene.curves import Heights
from ui.figures.scene.discs import LOW, MOST, RADIUS, STEP, fanned
from ui.figures.scene.free_space import PLOTS
from ui.figures.scene.labels import Label
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.static_axes import PIXEL, cursor, past_and_future, plain, scaled, stroke, truth
from ui.figures.theme import NAMED, Theme


def curves(axes: Axes, scene: Scene, options: PlotOptions, axis: TimeAxis, frame: int, moving: bool) -> None:
    """`moving` False: without what a film draws anew in every frame."""
    theme, T = options.theme, len(axis.column)
    heights, curve_set = scene.heights(options.log_values), scene.curves
    plain(axes, f"{scene.names.head} over time", theme)
    axes.set_xlim(0, 1)
    scaled(axes, heights)
    floor = heights.ends[0]
    for growth in scene.births:
        if growth.born is not None and (options.future or growth.born <= frame):
            place, top = axis.place(growth.born), at(scene.run.singular_values[:, growth.mode - 1], growth.born)
            axes.plot([place, place], [floor, top], color=theme.rule, linewidth=0.7, zorder=0)
    for value in scene.true:
        axes.plot([0, 1], [value, value], **truth(theme))
    clipped = np.maximum(curve_set.values, floor) if heights.log else curve_set.values
    rest(axes, axis.places, np.maximum(curve_set.rest, floor) if heights.log else curve_set.rest, frame, options)
    chosen = selected(scene, options, frame) if moving else options.mode or 0
    places = np.interp(curve_set.frames, np.arange(T), axis.places)
    upto = int(np.searchsorted(curve_set.frames, frame))
    for mode in sorted(range(1, curve_set.named + 1), key=lambda mode: (mode == chosen, -mode)):
        past_and_future(axes, places, clipped[:, mode - 1], upto, options, stroke(theme, mode, mode == chosen))
    known = options.future or frame == T - 1
    for label in scene.labels(axis, heights, PLOTS["wide"])[0]:
        if known or label.role == "truth" or label.role == "waiting":
            write(axes, label, theme)
    if moving:
        cursor(axes, axis.places, frame, theme)
        if frame + 1 < T:
            discs(axes, scene, heights, float(axis.places[frame]), frame, chosen, theme)


def write(axes: Axes, label: Label, theme: Theme) -> None:
    name = label.role == "name"
    colour = theme.text(label.mode) if name else theme.ink2 if label.role == "truth" else theme.ink3
    offset = label.dx * PIXEL, -label.dy * PIXEL
    if label.tail:
        _text(axes, label, label.tail, offset, theme.ink2, theme, bold=False)
        offset = offset[0] - _long(label.tail), offset[1]
    _text(axes, label, label.text, offset, colour, theme, bold=name)


def _text(axes: Axes, label: Label, text: str, offset: tuple[float, float], colour: str, theme: Theme, bold: bool) -> None:
    axes.annotate(
        text, (label.x, label.y), offset, xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=8,
        color=colour, fontweight="bold" if bold else "normal", ha="right" if label.end else "left", va="center_baseline",
        path_effects=[withStroke(linewidth=3, foreground=theme.page)] if label.role == "name" else None, annotation_clip=False,
    )  # fmt: skip


def _long(text: str) -> float:
    """Points of a short text of 8 points: the mean letter of DejaVu Sans is 0.6 of its size wide."""
    return 0.6 * 8 * len(text)


def discs(axes: Axes, scene: Scene, heights: Heights, x: float, frame: float, chosen: int, theme: Theme) -> None:
    box = axes.get_position()
    inches = axes.figure.get_size_inches()  # type: ignore[union-attr]
    wide, high = (72 / PIXEL * size for size in inches * (box.width, box.height))
    values = scene.curves.at(frame, heights.log)
    count = min(max(scene.learned, 1), NAMED, len(values))
    rows = [(mode, high * (1 - float(heights.share(float(values[mode - 1]))))) for mode in range(1, count + 1)]
    most = min(MOST, 1 + int(max(x, 0.0) * wide / STEP))  # none stands left of the axis
    shown = fanned([(mode, row) for mode, row in rows if row >= -6 and (row <= high - LOW or mode == chosen)], most=most)
    for mode, _, step in reversed(shown):
        y, left = values[mode - 1], x - step * STEP / wide
        face, ring = (theme.text(mode), theme.text(mode)) if mode == chosen else (theme.page, theme.line(mode))
        axes.plot([left, x], [y, y], color=theme.line(mode), linewidth=1.1, zorder=4)
        axes.plot([left], [y], "o", ms=2 * RADIUS * PIXEL, mfc=face, mec=ring, mew=1.5, zorder=5, clip_on=False)
        axes.annotate(
            str(mode), (left, y), fontsize=7.5, fontweight="bold", ha="center", va="center_baseline", zorder=6,
            color=theme.page if mode == chosen else theme.ink, annotation_clip=False,
        )  # fmt: skip


def rest(axes: Axes, x: np.ndarray, values: np.ndarray, frame: int, options: PlotOptions) -> None:
    """Many curves as one broken line, which draws much faster."""
    if not values.shape[1]:
        return
    parts = [(slice(0, frame + 1), 1.0)] + ([(slice(frame, None), options.theme.future)] if options.future else [])
    for part, alpha in parts:
        gap = np.full((1, values.shape[1]), np.nan)
        y = np.concatenate([values[part], gap]).T.ravel()
        places = np.tile(np.append(x[part], np.nan), values.shape[1])
        axes.plot(places, y, **stroke(options.theme, NAMED + 1) | {"alpha": alpha})
