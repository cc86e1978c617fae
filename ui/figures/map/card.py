"""A map as a small picture for a card: inline SVG, coloured by the page in both themes."""

from html import escape

import numpy as np

from ui.figures.map.scale import colours
from ui.figures.map.scene import Line, MapScene
from ui.figures.map.verdict import described
from ui.figures.thumbnail import HEIGHT, WIDTH

LEVELS = 16  # colours
EDGE = 4  # pixels around the cells


def card(scene: MapScene, name: str, digest: str) -> str:
    """An <svg> with the digest of the plan and the map in words; cells of one colour are one path."""
    rows, columns = scene.grid.shape
    wide, tall = (WIDTH - 2 * EDGE) / columns, (HEIGHT - 2 * EDGE) / rows
    paths: dict[int, list[str]] = {}
    for row in range(rows):
        column = 0
        while column < columns:
            level = _level(scene, row, column)
            last = column
            while last + 1 < columns and _level(scene, row, last + 1) == level:
                last += 1
            if level is not None:
                x, y = EDGE + column * wide, HEIGHT - EDGE - (row + 1) * tall
                width = (last - column + 1) * wide
                paths.setdefault(level, []).append(f"M{x:.1f} {y:.1f}h{width:.1f}v{tall:.1f}h-{width:.1f}z")
            column = last + 1
    parts = [f'<path class="k{level}" d="{"".join(each)}"/>' for level, each in sorted(paths.items())]

    def line(points: Line, kind: str) -> str:
        places = " ".join(f"{EDGE + (x + 0.5) * wide:.1f},{HEIGHT - EDGE - (y + 0.5) * tall:.1f}" for x, y in points)
        return f'<polyline class="{kind}" points="{places}" fill="none"/>'

    if len(scene.freedom) > 1:
        parts.append(line(scene.freedom, "map-free"))
    for other in scene.others:
        parts += [line(each, "map-least" if other.dotted else "map-other") for each in scene.lines_of(other.grid)]
    for each in scene.threshold_lines:
        parts += [line(each, "map-edge"), line(each, "map-level")]
    words = escape(described(scene), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dmf-thumb dmf-map-card" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{words}" data-map="{name}" data-digest="{digest}">{"".join(parts)}</svg>\n'
    )


def _level(scene: MapScene, row: int, column: int) -> int | None:
    if not scene.grid.measured[row, column]:
        return None
    return min(LEVELS - 1, int(float(scene.shares[row, column]) * LEVELS))


def style_sheet() -> str:
    """The colours of the cells and lines of cards."""
    places = np.linspace(0, len(colours("light")) - 1, LEVELS).round().astype(int)
    pairs = [(colours("light")[i], colours("dark")[i]) for i in places]
    cells = " ".join(f".dmf-map-card .k{i} {{ fill: light-dark({a}, {b}); }}" for i, (a, b) in enumerate(pairs))
    lines = (
        ".dmf-map-card .map-edge { stroke: light-dark(#FFFFFF, #14171A); stroke-width: 4; } "
        ".dmf-map-card .map-level { stroke: light-dark(#1B1F24, #ECEEF0); stroke-width: 1.8; } "
        ".dmf-map-card .map-other { stroke: light-dark(#1B1F24, #ECEEF0); stroke-width: 1; } "
        ".dmf-map-card .map-least { stroke: light-dark(#1B1F24, #ECEEF0); stroke-width: 1.4; stroke-dasharray: 1.5 3; } "
        ".dmf-map-card .map-free { stroke: light-dark(#1B1F24, #ECEEF0); stroke-width: 1.2; stroke-dasharray: 5 4; }"
    )
    return f"{cells}\n{lines}"
