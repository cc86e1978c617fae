"""A map as a still picture, PNG, SVG or PDF, by matplotlib: the same scene as on the page."""

import io
import textwrap
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dmf_core import __version__
from ui.figures import words
from ui.figures.drawing import drawing
from ui.figures.map.line_names import LineName, line_names
from ui.figures.map.phrases import about, measured
from ui.figures.map.places import measure_shown
from ui.figures.map.scale import colour, colours
from ui.figures.map.scene import MapScene
from ui.figures.map.verdict import described, sentence, title
from ui.figures.static import DPI
from ui.figures.theme import Theme

SIZE = (9.0, 6.2)  # inches
FIELD = (0.085, 0.12, 0.76, 0.68)  # left, bottom, width, height of the map, in shares of the picture
BAR = (0.88, 0.12, 0.018, 0.68)  # the same of the colour scale beside it
LETTERS = 118  # of a line of the sentence
GAP = 0.75  # points between two cells
SMALL = 6.75  # points, the side of a cell that is not measured yet, at most ..
SMALL_SHARE = 0.5  # .. and of the shorter side of a cell
POINTS = 72  # of an inch


def still(scene: MapScene, name: str, theme: Theme, format: Literal["png", "svg", "pdf"] = "png") -> bytes:
    """`name`: the beginning of the digest of its plan, printed below."""
    stream = io.BytesIO()
    program = f"DMF Lab {__version__}"
    about_it: dict[str, Any] = {"Title": f"DMF Lab, map {name}"}
    if format == "pdf":
        about_it |= {"Subject": described(scene), "Creator": program, "Producer": program, "CreationDate": None, "ModDate": None}
    else:
        about_it["Description"] = described(scene)
        about_it |= {"Date": None, "Creator": program} if format == "svg" else {"Software": program}
    with drawing(name):
        figure = still_figure(scene, name, theme)
        FigureCanvasAgg(figure)
        figure.savefig(stream, format=format, dpi=DPI, metadata=about_it)
    return stream.getvalue()


def still_figure(scene: MapScene, name: str, theme: Theme) -> Figure:
    """The same as a figure of matplotlib."""
    figure = Figure(figsize=SIZE, facecolor=theme.page)
    figure.text(0.03, 0.945, title(scene), fontsize=13, fontweight="bold", color=theme.ink)
    lines = textwrap.wrap(sentence(scene), LETTERS)[:3]
    figure.text(0.03, 0.925, "\n".join(lines), va="top", color=theme.ink2, fontsize=8.5)
    axes = figure.add_axes(FIELD, facecolor=theme.page)
    _frame(axes, theme)
    ticks = scene.x_ticks()
    axes.set_xticks([at for at, _ in ticks], [text for _, text in ticks])
    axes.set_xlabel(scene.x_title, color=theme.ink3)
    (_draw_curves if scene.curves else _draw_cells)(axes, scene, theme)
    if not scene.curves:
        _draw_bar(figure, scene, theme)
    seeds = words.count(scene.grid.seeds, "seed")
    figure.text(
        0.03, 0.018, f"map {name[:4]} {name[4:8]} · {seeds} in each cell · DMF Lab {__version__}", color=theme.ink3, fontsize=7.5
    )
    return figure


def _frame(axes: Axes, theme: Theme) -> None:
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, colors=theme.ink3)


def _draw_cells(axes: Axes, scene: MapScene, theme: Theme) -> None:
    rows, columns = scene.grid.shape
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(-0.5, rows - 0.5)
    sides = np.array([SIZE[0] * FIELD[2] / columns, SIZE[1] * FIELD[3] / rows]) * POINTS  # of a cell, in points
    full, small = 1 - GAP / sides, min(SMALL, SMALL_SHARE * sides.min()) / sides  # in cells
    for row in range(rows):
        for column in range(columns):
            share, measured_ = scene.shares[row, column], scene.grid.measured[row, column]
            if scene.grid.refused[row, column] or np.isnan(share):
                continue
            wide, tall = full if measured_ else small
            corner = (column - wide / 2, row - tall / 2)
            axes.add_patch(Rectangle(corner, wide, tall, color=colour(float(share), theme.name), linewidth=0))
            if scene.grid.failed[row, column]:
                mark = "^" if measured_ else "x"
                axes.plot(column, row, mark, color=theme.ink if measured_ else theme.error, fillstyle="none", markersize=6)
    if len(scene.freedom) > 1:
        x, y = np.array(scene.freedom).T
        axes.plot(x, y, color=theme.ink, linewidth=1.1, dashes=(5, 3))
    for other in scene.others:
        for line in scene.lines_of(other.grid):
            x, y = np.array(line).T
            axes.plot(x, y, color=theme.page, linewidth=2.8)
            axes.plot(x, y, color=theme.ink, linewidth=1.0, linestyle=":" if other.dotted else "-")
    for line in scene.threshold_lines:
        x, y = np.array(line).T
        axes.plot(x, y, color=theme.page, linewidth=3.6)
        axes.plot(x, y, color=theme.ink, linewidth=1.5)
    for name in line_names(scene):
        _name(axes, name, theme)
    ticks = scene.y_ticks()
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
    axes.set_ylabel(scene.y_title, color=theme.ink3)


def _name(axes: Axes, name: LineName, theme: Theme) -> None:
    """Beside its point of the line."""
    aside, place = (-6, "right") if name.side > 0 else (6, "left")
    box = {"facecolor": theme.page, "edgecolor": "none", "pad": 1.5, "alpha": 0.86}
    point = name.line[name.at]
    axes.annotate(
        name.text, point, (aside, 0), textcoords="offset points", ha=place, va="top", color=theme.ink, fontsize=8, bbox=box
    )


def _draw_curves(axes: Axes, scene: MapScene, theme: Theme) -> None:
    grid = scene.grid
    at = np.flatnonzero(grid.measured[0])
    middle, low, high = (each[0, at] for each in (scene.shown, *scene.band))
    axes.fill_between(at, low, high, color=theme.rule, linewidth=0)
    axes.plot(at, middle, "o-", color=theme.ink, linewidth=1.5, markersize=3)
    axes.set_xlim(-0.5, grid.shape[1] - 0.5)
    if scene.scale.log:
        axes.set_yscale("log")
    axes.minorticks_off()
    ticks = scene.scale.ticks()
    axes.set_yticks([value for value, _ in ticks], [text for _, text in ticks])
    axes.set_ylabel(measure_shown(scene), color=theme.ink3)
    if scene.field.threshold is not None and scene.kind != "share":
        axes.axhline(scene.field.threshold, color=theme.axis, linewidth=0.8)
        end, text = (grid.shape[1] - 0.5, scene.field.threshold), f"threshold {words.number(scene.field.threshold)}"
        axes.annotate(text, end, ha="right", va="bottom", color=theme.ink3, fontsize=8)


def _draw_bar(figure: Figure, scene: MapScene, theme: Theme) -> None:
    """The colour scale, with its unit and whether it is logarithmic."""
    axes = figure.add_axes(BAR)
    _frame(axes, theme)
    palette = np.array([[int(each[i : i + 2], 16) for i in (1, 3, 5)] for each in colours(theme.name)], dtype=np.uint8)
    axes.imshow(palette[:, None, :], origin="lower", aspect="auto", extent=(0, 1, 0, 1))
    ticks = [(float(scene.scale.share(np.array(value))), text) for value, text in scene.scale.ticks()]
    axes.yaxis.tick_right()
    axes.set_xticks([])
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
    shown = {"median": "median", "worst": "worst seed", "share": "share of seeds below the threshold"}[scene.kind]
    kind = "logarithmic" if scene.scale.log else "linear"
    axes.set_ylabel(f"{measured(scene.field.measure)}, {shown}, {kind}", color=theme.ink3, fontsize=8, rotation=270, labelpad=14)
    axes.yaxis.set_label_position("right")
    if unit := about(scene.field.measure):
        figure.text(0.985, 0.018, unit, ha="right", color=theme.ink3, fontsize=7.5)
