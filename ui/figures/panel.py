"""A panel of a reproduction as SVG. Pure: the same panel and palette, the same bytes.

Measured is solid with its band, predicted is dashed, published are open rings, what another machine measured are crosses; every
line but those carries its name at its end.
"""

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from dmf_core.reproductions.framework.reproduction import Line, Panel
from ui.figures import words
from ui.figures.drawing import drawing
from ui.figures.scene.ticks import decade
from ui.figures.theme import THEMES
from ui.figures.theme import Theme as Colours
from ui.figures.typeset import typeset

Theme = Literal["light", "dark"]
SIZES = ((5.6, 3.6), (4.1, 3.4))  # inches: of a wide page, and of a phone
LEFT, GUTTER, LETTER = 0.8, 0.16, 0.074  # inches: left of the axes, before a name, an average letter of it
GAP = 0.062  # of the height: between names
CROSSES = 14  # about so many of a line that another machine measured
LABELS, MANY = 5, 20  # steps between the labels of an axis; whole numbers over fewer than these are depths, not iterations


def panel_svgs(panel: Panel, theme: Theme = "light") -> list[str]:
    """The panel, on the colour of the page, in each of the `SIZES`: one figure, whose places are shares of its sides."""
    palette = THEMES[theme]
    with drawing(panel.title, letters=9):
        figure = Figure(facecolor=palette.page)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        _frame(axes, panel, palette)
        for line in panel.lines:
            _draw(axes, line, palette)
        _tidy(axes, panel)
        if panel.x_falls:
            axes.invert_xaxis()
        _names(axes, panel.lines, palette)
        return [_saved(figure, axes, panel, width, height) for width, height in SIZES]


def _saved(figure: Figure, axes: Axes, panel: Panel, width: float, height: float) -> str:
    figure.set_size_inches(width, height)
    axes.set_position((LEFT / width, 0.15, _room(panel, width), 0.74))
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "DMF Lab", "Title": panel.title})
    return stream.getvalue()


def overlaid_panels(recorded: Sequence[Panel], local: Sequence[Panel]) -> list[Panel]:
    """The recorded panels, and in each what was measured here, as crosses."""
    local_panels = {panel.title: panel for panel in local}
    return [
        replace(panel, lines=[*panel.lines, *_repeated(local_panels[panel.title])]) if panel.title in local_panels else panel
        for panel in recorded
    ]


def _repeated(panel: Panel) -> list[Line]:
    measured = (line for line in panel.lines if line.role == "measured")
    return [Line(f"{line.label} on this machine", line.x, line.y, role="repeated", colour=line.colour) for line in measured]


def panels_html(panels: Sequence[Panel], theme: Theme) -> str:
    """All of them in a grid, each in two sizes, and in words for those who do not see it."""
    return f'<div class="dmf-panels">{"".join(_picture(panel, theme) for panel in panels)}</div>'


def _picture(panel: Panel, theme: Theme) -> str:
    wide, narrow = (base64.b64encode(svg.encode()).decode() for svg in panel_svgs(panel, theme))
    source = "data:image/svg+xml;base64,"
    return (
        f'<picture><source media="(max-width: 640px)" srcset="{source}{narrow}">'
        f'<img src="{source}{wide}" alt="{escape(in_words(panel))}"></picture>'
    )


def in_words(panel: Panel) -> str:
    """What is drawn, with both ends of every line."""
    sentences = []
    for line in panel.lines:
        known = np.isfinite(line.x) & np.isfinite(line.y)
        if known.any():
            order = np.argsort(-line.x[known] if panel.x_falls else line.x[known], kind="stable")
            first, last = (words.number(float(line.y[known][order[i]])) for i in (0, -1))
            sentences.append(f"{typeset(line.label)} from {first} to {last}")
    return f"{typeset(panel.title)}: {panel.y_label} against {panel.x_label}. {'; '.join(sentences)}."


def _room(panel: Panel, width: float) -> float:
    """Of the width in inches, for the axes: what the longest name leaves, within limits."""
    longest = max((len(typeset(line.label)) for line in panel.lines), default=0)
    return min(0.8, max(0.45, (width - LEFT - GUTTER - longest * LETTER) / width))


def _frame(axes: Axes, panel: Panel, palette: Colours) -> None:
    axes.set_facecolor(palette.page)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(palette.rule)
    axes.tick_params(colors=palette.ink3, which="both", labelsize=8.5)
    axes.set_title(typeset(panel.title), loc="left", y=1.0, fontsize=10.5, fontweight="bold", color=palette.ink)
    axes.set_xlabel(panel.x_label, color=palette.ink3)
    axes.set_ylabel(panel.y_label, color=palette.ink3)
    axes.set_xscale("log" if panel.x_log else "linear")
    axes.set_yscale("log" if panel.y_log else "linear")


def _tidy(axes: Axes, panel: Panel) -> None:
    """Few labels, none between powers of ten where there are two of them to read from; depths are whole numbers."""
    depths = all(np.array_equal(line.x, np.rint(line.x)) and np.ptp(line.x) < MANY for line in panel.lines if line.x.size)
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        if axis.get_scale() == "log":
            axis.set_major_formatter(lambda value, _: decade(round(math.log10(value))))  # it has powers of ten alone
        if axis.get_scale() == "log" and math.floor(math.log10(high)) > math.ceil(math.log10(low)):
            axis.set_minor_formatter(NullFormatter())
        elif axis.get_scale() == "log" and high > 10 * low:
            axis.set_minor_locator(LogLocator(subs=(2.0, 5.0)))
        elif axis.get_scale() == "linear":
            axis.set_major_locator(MaxNLocator(LABELS, integer=depths and axis is axes.xaxis))
            axis.set_major_formatter(lambda value, _: words.number(value, 4))


def _colour(line: Line, palette: Colours, text: bool = False) -> str:
    if line.role == "predicted":
        return palette.ink2 if text else palette.ink
    colours = palette.texts if text else palette.lines
    return colours[line.colour % len(colours)]


def _draw(axes: Axes, line: Line, palette: Colours) -> None:
    colour = _colour(line, palette)
    if line.role == "predicted":
        axes.plot(line.x, line.y, color=colour, linewidth=1.0, dashes=(5, 4), alpha=0.7, zorder=3)
        return
    if line.role == "published":
        rings: dict[str, Any] = {"marker": "o", "markersize": 6, "markerfacecolor": "none", "linestyle": "none"}
        axes.plot(line.x, line.y, color=colour, clip_on=False, zorder=4, **rings)
        return
    if line.role == "repeated":
        step = max(1, len(line.x) // CROSSES)
        crosses: dict[str, Any] = {"marker": "x", "markersize": 6, "markeredgewidth": 1.4, "linestyle": "none"}
        axes.plot(line.x[::step], line.y[::step], color=palette.ink, zorder=5, **crosses)
        return
    points = "o" if len(line.x) <= 12 else ""
    style: dict[str, Any] = {"dashes": (8, 2, 2, 2)} if line.colour >= len(palette.lines) else {}
    axes.plot(line.x, line.y, color=colour, linewidth=1.8, marker=points, markersize=4, **style)
    if line.low is not None and line.high is not None:
        axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.2, linewidth=0)


def _names(axes: Axes, lines: Sequence[Line], palette: Colours) -> None:
    """Each name beside the right end of its line; names that would overlap are pushed apart, with a thread to their line."""
    limits = axes.get_xlim()  # from here on both axes know their limits, and `transData` holds
    forward = 1 if limits[1] > limits[0] else -1
    ends = []
    for line in lines:
        known = np.isfinite(line.y) & np.isfinite(line.x)
        if known.any() and line.role != "repeated":
            last = int(np.argmax(np.where(known, forward * line.x, -np.inf)))
            place = axes.transAxes.inverted().transform(axes.transData.transform((line.x[last], line.y[last])))
            ends.append((float(place[1]), float(place[0]), line))
    ends.sort(key=lambda end: end[0])
    heights = _apart([min(1.0, max(0.0, end[0])) for end in ends])
    for (y, x, line), height in zip(ends, heights, strict=True):
        colour = _colour(line, palette, text=True)
        axes.plot([x, 1.025], [y, height], transform=axes.transAxes, color=colour, linewidth=0.6, alpha=0.6, clip_on=False)
        axes.text(1.035, height, typeset(line.label), transform=axes.transAxes, color=colour, va="center", fontsize=8.5)
    axes.set_xlim(limits)


def _apart(heights: list[float]) -> list[float]:
    """Rising heights with at least a gap between them, inside the axes as far as there is room."""
    values: list[float] = []
    for height in heights:
        values.append(max(height, values[-1] + GAP) if values else height)
    over = values[-1] - 1.02 if values else 0.0
    if over > 0:  # down again, from the top
        ceiling = 1.02
        for i in reversed(range(len(values))):
            values[i] = min(values[i], ceiling)
            ceiling = values[i] - GAP
    return values
