"""The curves of a comparison as matplotlib draws them: one run on the common scales, or all of them in one chart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ui.figures.plot_options import PlotOptions
from ui.figures.scene.common_axis import CommonAxis
from ui.figures.scene.comparison import (
    DASHES,
    LETTERS,
    OVERLAID_DISC,
    OVERLAID_PLOTS,
    OVERLAID_WIDTH,
    PLOTS,
    ComparisonScene,
    kind_of,
    overlaid_modes,
)
from ui.figures.scene.curves import Heights
from ui.figures.scene.discs import LOW, spread
from ui.figures.scene.scene import Scene
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.static_axes import PIXEL, plain, scaled, stroke, truth
from ui.figures.static_curves import discs, rest, write
from ui.figures.theme import LIGHT

OPTIONS = PlotOptions()


def column(
    axes: Axes, comparison: ComparisonScene, i: int, axis: CommonAxis, heights: Heights, head: str, frame: float | None = None
) -> None:
    """Run `i`, with its discs at a fractional frame, without one at its end."""
    scene, own = comparison.scenes[i], axis.each[i]
    width, height = _pixels(axes)
    _frame(axes, axis, heights, head, width)
    if scene is None or own is None:
        return
    for value in scene.true:
        axes.plot([0, 1], [value, value], **truth(LIGHT))
    floor = heights.ends[0]
    values, others = (np.maximum(each, floor) if heights.log else each for each in (scene.curves.values, scene.curves.rest))
    rest(axes, own.places, others, len(own.column) - 1, OPTIONS)
    places = _places(scene, own)
    for mode in range(scene.curves.named, 0, -1):
        axes.plot(places, values[:, mode - 1], **stroke(LIGHT, mode))
    for label in comparison.labels(i, axis, heights, PLOTS[kind_of(PLOTS, width, height)]):
        write(axes, label, LIGHT)
    frame = len(own.column) - 1 if frame is None else frame
    discs(axes, scene, heights, own.place(frame), frame, 0, LIGHT)


def overlaid(
    axes: Axes, comparison: ComparisonScene, axis: CommonAxis, heights: Heights, frames: Sequence[float] | None = None
) -> None:
    """All runs, each with a dash and a letter of its own; discs at a fractional frame of each, without `frames` at its end."""
    width, height = _pixels(axes)
    _frame(axes, axis, heights, "", width)
    for value in comparison.overlaid_truth:
        axes.plot([0, 1], [value, value], **truth(LIGHT))
    floor = heights.ends[0]
    present = [
        (i, scene, own)
        for i, (scene, own) in enumerate(zip(comparison.scenes, axis.each, strict=True))
        if scene and own is not None
    ]
    for i, scene, own in reversed(present):
        for mode in range(overlaid_modes(scene), 0, -1):
            values = np.maximum(scene.curves.values[:, mode - 1], floor) if heights.log else scene.curves.values[:, mode - 1]
            axes.plot(_places(scene, own), values, color=LIGHT.line(mode), **run_stroke(i))
    for label in comparison.overlaid_labels(axis, heights, OVERLAID_PLOTS[kind_of(OVERLAID_PLOTS, width, height)]):
        write(axes, label, LIGHT)
    places: list[tuple[float, float]] = []
    for i, scene, own in present:
        frame = len(own.column) - 1 if frames is None else frames[i]
        places += _overlaid_discs(axes, scene, heights, LETTERS[i], own.place(frame), frame, places)


def run_stroke(i: int) -> dict[str, Any]:
    """How the curves of run `i` are drawn among those of others."""
    width = OVERLAID_WIDTH * PIXEL
    return {"linewidth": width} | ({"dashes": [each / OVERLAID_WIDTH for each in DASHES[i]]} if DASHES[i] else {})


def _overlaid_discs(
    axes: Axes, scene: Scene, heights: Heights, letter: str, place: float, frame: float, places: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Discs with the number of the mode and the letter of the run, clear of those of other runs. Returns theirs, in pixels."""
    width, height = _pixels(axes)
    values = scene.curves.at(frame, heights.log)
    rows = [(mode, height * (1 - float(heights.share(float(values[mode - 1]))))) for mode in range(1, overlaid_modes(scene) + 1)]
    rows = [(mode, y) for mode, y in rows if -6 <= y <= height - LOW]
    x = place * width
    discs = []
    for (mode, y), at in zip(rows, spread([(x, y) for _, y in rows], places, OVERLAID_DISC), strict=True):
        if at is None:
            continue
        discs.append((at, y))
        value = values[mode - 1]
        axes.plot([at / width, place], [value, value], color=LIGHT.line(mode), linewidth=1.1, zorder=4)
        axes.plot(
            [at / width], [value], "o", ms=2 * OVERLAID_DISC * PIXEL, mfc=LIGHT.page, mec=LIGHT.line(mode), mew=1.5, zorder=5,
            clip_on=False,
        )  # fmt: skip
        axes.annotate(
            f"{mode}{letter}", (at / width, value), fontsize=7, fontweight="bold", ha="center", va="center_baseline", zorder=6,
            color=LIGHT.ink, annotation_clip=False,
        )  # fmt: skip
    return discs


def _frame(axes: Axes, axis: CommonAxis, heights: Heights, head: str, width: float) -> None:
    plain(axes, head, LIGHT)
    axes.set_xlim(0, 1)
    scaled(axes, heights)
    marks = axis.fitting(width)
    axes.set_xticks([place for place, _ in marks], [text for _, text in marks])


def _places(scene: Scene, own: TimeAxis) -> np.ndarray:  # [S]
    return np.asarray(np.interp(scene.curves.frames, np.arange(len(own.column)), own.places))


def _pixels(axes: Axes) -> tuple[float, float]:
    """Width and height in pixels of the page."""
    box = axes.get_position()
    wide, high = axes.figure.get_size_inches() * (box.width, box.height)  # type: ignore[union-attr]
    return 72 / PIXEL * float(wide), 72 / PIXEL * float(high)
