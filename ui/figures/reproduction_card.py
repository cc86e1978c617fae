"""The picture of a reproduction on its card: the first panels of its recorded result, without words. Inline SVG. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ui.figures.theme import LIGHT

WIDTH, HEIGHT, GAP = 246, 96, 12  # pixels, of the picture and between its panels
MOST = 3  # panels on a card
COLOURS = 6  # then they repeat
MARGIN = 4  # around the curves: room for the ring of a published value


def sketch(panels: Sequence[Mapping[str, Any]]) -> str:
    """An <svg> of at most MOST panels of a report beside each other; the words of the card stand below it."""
    shown = panels[:MOST]
    wide = (WIDTH - GAP * (len(shown) - 1)) / max(1, len(shown))
    parts = [part for i, panel in enumerate(shown) for part in _panel(panel, i * (wide + GAP), wide)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dmf-thumb" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" '
        f'fill="none">{"".join(parts)}</svg>'
    )


def _panel(panel: Mapping[str, Any], left: float, wide: float) -> Iterable[str]:
    lines = [(line, _points(panel, line)) for line in panel["lines"]]
    known = [point for _, points in lines for point in points]
    yield f'<path class="rest" stroke="{LIGHT.rest}" d="M{left:.1f} {HEIGHT - 0.5}h{wide:.1f}"/>'
    if not known:
        return
    (low_x, high_x), (low_y, high_y) = ((min(each), max(each)) for each in zip(*known, strict=True))
    for line, points in lines:
        shares = [((x - low_x) / (high_x - low_x or 1), (y - low_y) / (high_y - low_y or 1)) for x, y in points]
        across, high = wide - 2 * MARGIN, HEIGHT - 2 * MARGIN
        places = [(left + MARGIN + (1 - x if panel["x_falls"] else x) * across, HEIGHT - MARGIN - y * high) for x, y in shares]
        yield _line(line, places)


def _line(line: Mapping[str, Any], places: Sequence[tuple[float, float]]) -> str:
    mode = int(line["colour"]) % COLOURS + 1
    style = f'class="m{mode}" stroke="{LIGHT.line(mode)}"'
    if line["role"] == "published":
        return "".join(f'<circle {style} cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    if line["role"] == "predicted":
        style = f'class="truth" stroke="{LIGHT.ink}" stroke-opacity=".5" stroke-dasharray="4 3"'
    return f'<polyline {style} stroke-width="{1.6 if line["role"] == "measured" else 1}" points="{points}"/>'


def _points(panel: Mapping[str, Any], line: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Where the axes put what is known of a line, up to their scale."""
    pairs = zip(_scaled(line["x"], panel["x_log"]), _scaled(line["y"], panel["y_log"]), strict=True)
    return [(x, y) for x, y in pairs if x is not None and y is not None]


def _scaled(values: Iterable[float | None], log: bool) -> list[float | None]:
    return [None if value is None or (log and value <= 0) else math.log10(value) if log else value for value in values]
