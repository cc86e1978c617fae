"""The theory over the curves of a picture: at the cursor the slope that the theorem gives, dashed, on the slope as it was."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.births import grown
from ui.figures.law import law
from ui.figures.plot_options import PlotOptions
from ui.figures.scene import Scene
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.theory.over_curves import overlay
from ui.figures.theory.readings import MOVES, Readings

MEASURED, PREDICTED = 20, 34  # points: half of their lengths


@dataclass(frozen=True)
class Slope:
    """The speed of a mode (from 1) at a snapshot, as measured and as the theorem predicts."""

    mode: int
    measured: float
    predicted: float


def in_words(run: Trajectory, spec: RunSpec) -> str:
    """What is dashed and how far it is off in this run, or why nothing is drawn."""
    words = overlay(run, spec, law(run, spec, run.end is not None)["missing"])
    return words["why"] or f"{words['mark']} {words['text']}"


def moving(run: Trajectory, spec: RunSpec, frame: int) -> list[Slope]:
    """The modes that move; none where no theorem speaks of the curves that are shown."""
    insight = run.insight
    if overlay(run, spec, law(run, spec)["missing"])["why"] or insight is None:
        return []
    rows = []
    predicted = Readings(run, spec).predicted
    for k in range(min(insight.sigma.shape[1], max(len(grown(run)), 1))):
        now, forecast = float(insight.measured[frame, k]), float(predicted[frame, k])
        if np.isfinite([now, forecast]).all() and abs(now) > MOVES * np.nanmax(np.abs(insight.measured[:, k])):
            rows.append(Slope(k + 1, now, forecast))
    return rows


def tangents(axes: Axes, scene: Scene, options: PlotOptions, axis: TimeAxis, frame: int) -> None:
    """On the axes of the curves, which are there already."""
    run, heights = scene.run, scene.heights(options.log_values)
    i = min(frame, len(run.snapshots) - 2)
    along = (axis.places[i + 1] - axis.places[i]) / (run.snapshots[i + 1].t - run.snapshots[i].t) if i >= 0 else 0.0
    if not along > 0:
        return  # the axis does not advance here, so a slope has no meaning
    box, theme, x = axes.get_position(), options.theme, float(axis.places[frame])
    wide, high = (72 * size for size in axes.figure.get_size_inches() * (box.width, box.height))  # type: ignore[union-attr]
    for slope in moving(run, scene.spec, frame):
        value = float(run.snapshots[frame].singular_values[slope.mode - 1])
        rise = 1 / (heights.high - heights.low) / (value * np.log(10) if heights.log else 1)  # share of the height per unit
        y = float(heights.share(value))
        pieces: tuple[tuple[float, int, dict[str, Any]], ...] = (
            (slope.measured, MEASURED, {"color": theme.line(slope.mode), "linewidth": 2.0}),
            (slope.predicted, PREDICTED, {"color": theme.ink, "linewidth": 1.4, "dashes": (4, 3)}),
        )
        for speed, half, style in pieces:
            right, up = along * wide, speed * rise * high
            share = half / float(np.hypot(right, up))
            dx, dy = share * right / wide, share * up / high
            axes.plot(
                [x - dx, x + dx], [y - dy, y + dy], transform=axes.transAxes, zorder=3.5, scaley=False, scalex=False, **style
            )
