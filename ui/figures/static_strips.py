"""One strip of a scene as matplotlib draws it: lines, the level of the truth, names where no line is."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from ui.figures import words
from ui.figures.plot_options import PlotOptions
from ui.figures.scene.strips import DrawnStrip
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.static_axes import PIXEL, cursor, past_and_future, plain, truth
from ui.figures.theme import Theme

GAP = 9.0  # points between the middles of two words
CLEARANCE = 5  # points from the cursor to its words
LATE = 0.72  # from here on the words stand left of the cursor
DOT = 3.2  # points
REACH = 0.22  # of the width: as far as words are long
OFFSETS = (7, -7, 15, -15, 24, -24, 33, -33)  # points from a dot to its words


def strip(axes: Axes, shown: DrawnStrip, options: PlotOptions, axis: TimeAxis, frame: int, moving: bool) -> None:
    """The columns, each with its name and, where it stands still, its value; the level of the truth."""
    theme, x = options.theme, axis.places
    plain(axes, shown.about.name, theme, small=True)
    axes.set_ylim(*shown.ends)  # fixed over the run, also where the future is hidden
    if shown.about.signed:
        axes.axhline(0, color=theme.rule, linewidth=0.8, zorder=0)
    marks = shown.ticks(_points(axes) * (shown.high - shown.low) / PIXEL)
    axes.set_yticks([at for at, _ in marks], [text for _, text in marks])
    axes.tick_params(axis="y", labelsize=7)  # 5·10⁻⁴ has room
    true = [float(shown.height(line.level)) for line in shown.lines if line.level is not None]
    for level in true:
        axes.plot([0, 1], [level, level], **truth(theme))
    heights = [line.heights for line in shown.lines]
    for line in shown.lines:
        style: dict[str, Any] = {"color": theme.ink, "linewidth": 1.3}
        past_and_future(axes, x, line.heights, frame, options, style | ({"dashes": (5, 3)} if line.about.truth_only else {}))
    if shown.truth is not None:
        _level(axes, *shown.truth, float(shown.height(shown.truth[0])), theme)
    at = frame if moving else len(x) - 1
    sentences = [line.about.name + (f" {_amount(float(line.values[frame]))}" if moving else "") for line in shown.lines]
    _say(axes, x, at, heights, true, [text.strip() for text in sentences], theme)
    if moving:
        axes.plot([x[frame]] * len(heights), [y[frame] for y in heights], "o", ms=DOT, color=theme.ink, zorder=4, clip_on=False)
        cursor(axes, x, frame, theme)


def _amount(value: float) -> str:
    return words.number(value, 3 if value >= 100 else 2)


def _points(axes: Axes) -> float:
    """Points for one unit of the height."""
    low, high = axes.get_ylim()
    return float(axes.get_position().height * axes.figure.get_figheight() * 72 / (high - low))  # type: ignore[union-attr]


def _level(axes: Axes, _: float, text: str, below: bool, y: float, theme: Theme) -> None:
    """The truth's own value at the right end, where the line is not."""
    axes.annotate(
        text, (1, y), (-2, -2 if below else 2), textcoords="offset points", color=theme.ink2,
        fontsize=7.5, ha="right", va="top" if below else "bottom", path_effects=_halo(theme),
    )  # fmt: skip


def _say(axes: Axes, x: np.ndarray, at: int, lines: list[np.ndarray], true: list[float], texts: list[str], theme: Theme) -> None:
    """The name of each line: behind its end, or at the cursor, where no line and no other name is."""
    points, (low, high) = _points(axes), axes.get_ylim()
    last, left = at == len(x) - 1, at < len(x) - 1 and bool(x[at] > LATE)
    dots, top = [(float(y[at]) - low) * points for y in lines], (high - low) * points
    way = np.linspace(x[at], x[at] + (-REACH if left else REACH), 16)
    levels = [np.interp(way, x, y) for y in lines] + [np.full(1, level) for level in true]
    places = (
        _apart(dots, top)
        if last
        else _heights_of_words(dots, (np.concatenate(levels) - low) * points if levels else np.empty(0), top)
    )
    for text, y, dot, place in zip(texts, lines, dots, places, strict=True):
        axes.annotate(
            text, (x[at], y[at]), (-CLEARANCE if left else CLEARANCE, place - dot), textcoords="offset points", color=theme.ink2,
            fontsize=7.5, ha="right" if left else "left", va="center", annotation_clip=False, path_effects=_halo(theme), zorder=5,
        )  # fmt: skip


def _apart(dots: list[float], top: float) -> list[float]:
    """Each at its own height, but for the room that it needs; none above the strip."""
    places, below = [0.0] * len(dots), -np.inf
    for i in sorted(range(len(dots)), key=lambda i: dots[i]):
        places[i] = below = max(dots[i], below + GAP)
    return [place - max(0.0, below - top) for place in places]


def _heights_of_words(dots: list[float], levels: np.ndarray, top: float) -> list[float]:
    """Near each dot the first place that is free; rather over a line than over words."""
    places: list[float] = []
    for i, dot in enumerate(dots):
        steps = OFFSETS if i == 0 else tuple(-step for step in OFFSETS)
        inside = [dot + step for step in steps if GAP / 2 <= dot + step <= top + 3]
        clear = [at for at in inside if all(abs(at - other) >= GAP for other in places)]
        free = [at for at in clear if not (np.abs(levels - at) < GAP / 2).any()]
        places.append([*free, *clear, dot + steps[0]][0])
    return places


def _halo(theme: Theme) -> list[Any]:
    return [withStroke(linewidth=2.5, foreground=theme.page)]
