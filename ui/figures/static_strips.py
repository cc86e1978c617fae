"""One strip of a still picture, with the lines, names and scale of the player's."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from ui.figures import words
from ui.figures.look import Look
from ui.figures.static_axes import cursor, past_and_future, plain, truth
from ui.figures.strips import Strip
from ui.figures.theme import Theme
from ui.figures.time_axis import TimeAxis

MARGIN = 0.07  # of the height, above and below
GAP = 9.0  # points between the middles of two words
BESIDE = 5  # points from the cursor to its words
LATE = 0.72  # from here on the words stand left of the cursor
DOT = 3.2  # points
REACH = 0.22  # of the width: as far as words are long
OFFSETS = (7, -7, 15, -15, 24, -24, 33, -33)  # points from a dot to its words


def strip(
    axes: Axes,
    about: Strip,
    known: dict[str, np.ndarray | None],
    levels: dict[str, float],  # of the truth, by the keys of the columns
    rank: int | None,  # of the truth
    look: Look,
    axis: TimeAxis,
    frame: int,
    moving: bool,
) -> None:
    """The columns, each with its name and, where it stands still, its value; the level of the truth."""
    theme, x = look.theme, axis.places
    plain(axes, about.name, theme, small=True)
    lines = about.of(known)
    columns = [about.column(values) for line in lines if (values := known[line.key]) is not None]
    true = [levels[line.key] for line in lines if line.key in levels]
    a, b = about.ends(columns, true)
    margin = MARGIN * (b - a)
    axes.set_ylim(a - margin, b + margin)  # fixed over the run, also where the future is hidden
    _ticks(axes, about, a, b, rank if lines else None, theme)
    for level in true:
        axes.plot([0, 1], [_height(about, level, a)] * 2, **truth(theme))
    heights = [_height(about, values, a) for values in columns]
    for line, y in zip(lines, heights, strict=True):
        style: dict[str, Any] = {"color": theme.ink, "linewidth": 1.3}
        past_and_future(axes, x, y, frame, look, style | ({"dashes": (5, 3)} if line.truth_only else {}))
    if len(lines) == len(true) == 1:
        _level(axes, true[0], float(_height(about, true[0], a)), heights[0], theme)
    at = frame if moving else len(x) - 1
    said = [
        line.name + (f" {_amount(float(values[frame]))}" if moving else "") for line, values in zip(lines, columns, strict=True)
    ]
    _say(axes, x, at, heights, [float(_height(about, level, a)) for level in true], [text.strip() for text in said], theme)
    if moving:
        axes.plot([x[frame]] * len(lines), [y[frame] for y in heights], "o", ms=DOT, color=theme.ink, zorder=4, clip_on=False)
        cursor(axes, x, frame, theme)


def _height(about: Strip, values: Any, a: float) -> Any:
    """On the scale that is drawn: nothing lies below its lowest value."""
    return values if about.signed else np.maximum(np.log10(np.maximum(values, 1e-300)), a)


def _amount(value: float) -> str:
    return words.number(value, 3 if value >= 100 else 2)


def _ticks(axes: Axes, about: Strip, a: float, b: float, rank: int | None, theme: Theme) -> None:
    if about.signed:
        axes.axhline(0, color=theme.rule, linewidth=0.8, zorder=0)
        marks = [(float(v), words.number(float(v))) for v in MaxNLocator(3).tick_values(a, b) if a <= v <= b]
    elif about.counts:
        counts = [n for n in (1, rank, round(10**b)) if n and a - 0.05 <= np.log10(n) <= b + 0.05]
        marks = [(float(np.log10(n)), words.whole(n)) for n in counts]
    else:
        marks = _decades(a, b)
    kept: list[tuple[float, str]] = []
    for at, text in marks:  # the first ones are those that matter
        if all(abs(at - other) * _points(axes) >= GAP for other, _ in kept):
            kept.append((at, text))
    axes.set_yticks([at for at, _ in kept], [text for _, text in kept])
    axes.tick_params(axis="y", labelsize=7)  # 5·10⁻⁴ has room


def _decades(a: float, b: float) -> list[tuple[float, str]]:
    """Powers of ten, or 1, 2 and 5 of each where there are fewer than two."""
    tens = range(int(np.ceil(a - 1e-9)), int(np.floor(b + 1e-9)) + 1)
    if len(tens) > 1:
        every = -(-len(tens) // 4)
        return [(float(e), words.number(10.0**e, 1) if -2 <= e <= 3 else words.power(10.0**e)) for e in tens if e % every == 0]
    values = [m * 10.0**e for e in range(int(np.floor(a)), int(np.floor(b)) + 1) for m in (1, 2, 5)]
    return [(float(np.log10(v)), words.number(v)) for v in values if a - 1e-9 <= np.log10(v) <= b + 1e-9]


def _points(axes: Axes) -> float:
    """Points for one unit of the height."""
    low, high = axes.get_ylim()
    return float(axes.get_position().height * axes.figure.get_figheight() * 72 / (high - low))  # type: ignore[union-attr]


def _level(axes: Axes, value: float, y: float, line: np.ndarray, theme: Theme) -> None:
    """The truth's own value at the right end, where the line is not."""
    room = (y - axes.get_ylim()[0]) * _points(axes) >= GAP
    below = room and bool(line[-1] > y)
    axes.annotate(
        f"truth {_amount(value)}", (1, y), (-2, -2 if below else 2), textcoords="offset points", color=theme.ink2,
        fontsize=7.5, ha="right", va="top" if below else "bottom", path_effects=_halo(theme),
    )  # fmt: skip


def _say(axes: Axes, x: np.ndarray, at: int, lines: list[np.ndarray], true: list[float], said: list[str], theme: Theme) -> None:
    """The words of each line: behind its end, or beside the cursor, where no line and no other words are."""
    points, (low, high) = _points(axes), axes.get_ylim()
    last, left = at == len(x) - 1, at < len(x) - 1 and bool(x[at] > LATE)
    dots, top = [(float(y[at]) - low) * points for y in lines], (high - low) * points
    way = np.linspace(x[at], x[at] + (-REACH if left else REACH), 16)
    drawn = [np.interp(way, x, y) for y in lines] + [np.full(1, level) for level in true]
    places = _apart(dots, top) if last else _beside(dots, (np.concatenate(drawn) - low) * points if drawn else np.empty(0), top)
    for text, y, dot, place in zip(said, lines, dots, places, strict=True):
        axes.annotate(
            text, (x[at], y[at]), (-BESIDE if left else BESIDE, place - dot), textcoords="offset points", color=theme.ink2,
            fontsize=7.5, ha="right" if left else "left", va="center", annotation_clip=False, path_effects=_halo(theme), zorder=5,
        )  # fmt: skip


def _apart(dots: list[float], top: float) -> list[float]:
    """Each at its own height, but for the room that it needs; none above the strip."""
    places, below = [0.0] * len(dots), -np.inf
    for i in sorted(range(len(dots)), key=lambda i: dots[i]):
        places[i] = below = max(dots[i], below + GAP)
    return [place - max(0.0, below - top) for place in places]


def _beside(dots: list[float], drawn: np.ndarray, top: float) -> list[float]:
    """Near each dot the first place that is free; rather over a line than over words."""
    places: list[float] = []
    for i, dot in enumerate(dots):
        steps = OFFSETS if i == 0 else tuple(-step for step in OFFSETS)
        inside = [dot + step for step in steps if GAP / 2 <= dot + step <= top + 3]
        clear = [at for at in inside if all(abs(at - other) >= GAP for other in places)]
        free = [at for at in clear if not (np.abs(drawn - at) < GAP / 2).any()]
        places.append([*free, *clear, dot + steps[0]][0])
    return places


def _halo(theme: Theme) -> list[Any]:
    return [withStroke(linewidth=2.5, foreground=theme.page)]
