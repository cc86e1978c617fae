"""A small chart of curves: measured solid, predicted dashed, names at the right ends, a line at the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from ui.figures import words
from ui.figures.norm_or_rank.axis import LINE, Scale, label, line, spread, stacked, text

WIDTH, HEIGHT = 400, 226  # pixels
LEFT, RIGHT, TOP, BOTTOM = 52, 66, 16, 40  # pixels around the curves; right: names of the curves


QUIET = -1  # the colour of a curve that is not one of the named modes
DIGIT = 10  # pixels between two names side by side


@dataclass(frozen=True, eq=False)
class Curve:
    """NaN breaks it. `colour`: a mode from 1, 0 for ink, QUIET. Predicted curves are dashed, thin and ink."""

    name: str  # "" has no name of its own on the picture
    x: np.ndarray  # [P]
    y: np.ndarray  # [P]
    colour: int = 0
    predicted: bool = False
    strong: bool = False  # one of several predicted curves that matters most


@dataclass(frozen=True)
class Axes:
    """What the axes show."""

    x_label: str
    y_label: str
    x_log: bool = False
    y_log: bool = False
    cursor: float | None = None  # on the horizontal axis
    point: tuple[float, float] | None = None  # a disc
    x_range: tuple[float, float] | None = None
    at_peaks: bool = False  # names stand on the peaks, not at the right ends


def chart(title: str, curves: Sequence[Curve], axes: Axes) -> str:
    """SVG, or a sentence where there is nothing to draw."""
    known_curves = [(curve, *_known(curve, axes)) for curve in curves]
    values = np.concatenate([y for _, _, y in known_curves]) if known_curves else np.array([])
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return '<p class="th-none">There is nothing to draw here.</p>'
    low, high = axes.x_range or (min(np.nanmin(x) for _, x, _ in known_curves), max(np.nanmax(x) for _, x, _ in known_curves))
    x = Scale(float(low), float(high), LEFT, WIDTH - RIGHT, axes.x_log)
    y = spread([float(known.min()), float(known.max())], axes.y_log, HEIGHT - BOTTOM, TOP)
    parts = _frame(x, y, axes)
    names: list[tuple[float, str]] = []
    peaks: list[tuple[float, float]] = []
    for curve, along, height in known_curves:
        parts.append(_path(curve, along, height, x, y))
        last = np.flatnonzero(np.isfinite(height))
        if curve.name and len(last) and axes.at_peaks:
            top = int(np.nanargmax(height))
            kind = f"word th-text{_colour(curve)}"
            place = _place_of_words(x(float(along[top])), y(float(height[top])) - 5, peaks)
            parts.append(text(*place, escape(curve.name), kind, "middle"))
        elif curve.name and len(last):
            names.append((y(float(height[last[-1]])), curve.name))
    parts += [text(WIDTH - RIGHT + 6, height + 4, escape(name), "word") for height, name in stacked(names, HEIGHT - BOTTOM)]
    if axes.point is not None:
        parts.append(f'<circle cx="{x(axes.point[0]):.1f}" cy="{y(axes.point[1]):.1f}" r="5" class="th-point"/>')
    sentence = escape(f"{title}. {'; '.join(filter(None, (_description(curve, axes) for curve in curves)))}.")
    return (
        f'<svg class="th-chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{sentence}">'
        f"{''.join(parts)}</svg>"
    )


def _place_of_words(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The first place from here to the right where no other name stands; it is taken from now on."""
    while any(abs(x - left) < DIGIT and abs(y - height) < LINE for left, height in taken):
        x += DIGIT
    taken.append((x, y))
    return x, y


def _known(curve: Curve, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
    """What can be drawn on these axes; the rest is NaN."""
    keep = np.isfinite(curve.x) & np.isfinite(curve.y)
    keep &= (curve.x > 0) | (not axes.x_log)
    keep &= (curve.y > 0) | (not axes.y_log)
    return np.where(keep, curve.x, np.nan), np.where(keep, curve.y, np.nan)


def _frame(x: Scale, y: Scale, axes: Axes) -> list[str]:
    floor = HEIGHT - BOTTOM
    parts = [line(LEFT, floor, WIDTH - RIGHT, floor, "axis")]
    for tick in y.ticks(4):
        parts += [line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "rule"), text(LEFT - 6, y(tick) + 4, label(tick), anchor="end")]
    parts += [text(x(tick), floor + 16, label(tick), anchor="middle") for tick in x.ticks(4) if x.low <= tick <= x.high]
    parts += [text(WIDTH - RIGHT, HEIGHT - 6, escape(axes.x_label), anchor="end"), text(0, HEIGHT - 6, escape(axes.y_label))]
    if axes.cursor is not None:
        parts.append(line(x(axes.cursor), TOP, x(axes.cursor), floor, "cursor"))
    return parts


def _path(curve: Curve, along: np.ndarray, height: np.ndarray, x: Scale, y: Scale) -> str:
    finite = np.isfinite(height)
    steps, before = [], False
    for i in np.flatnonzero(finite | np.roll(finite, 1)):
        if finite[i]:
            steps.append(f"{'L' if before else 'M'}{x(float(along[i])):.1f} {y(float(height[i])):.1f}")
        before = bool(finite[i])
    kind = "th-predicted" if curve.predicted else f"th-line th-mode{_colour(curve)}"
    return f'<path d="{"".join(steps)}" class="{kind}{" th-strong" if curve.strong else ""}"/>'


def _colour(curve: Curve) -> str:
    if curve.colour > 0:
        return str((curve.colour - 1) % 6 + 1)
    return "-quiet" if curve.colour == QUIET else "-ink"


def _description(curve: Curve, axes: Axes) -> str:
    known = np.isfinite(curve.y)
    if not known.any():
        return ""
    top = int(np.nanargmax(curve.y))
    name = curve.name or ("predicted" if curve.predicted else axes.y_label)
    last = words.number(float(curve.y[known][-1]))
    return f"{name}: largest {words.number(float(curve.y[top]))} at {words.number(float(curve.x[top]))}, last {last}"
