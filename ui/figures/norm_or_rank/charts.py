"""What moves as the start shrinks and the depth grows: four small charts over the initial scale."""

from collections.abc import Sequence
from html import escape

from dmf_core.baselines.comparison import Cell
from ui.figures.norm_or_rank.axis import LINE, Scale, label, line, spread, stacked, text
from ui.figures.theme import COLOURED
from ui.words import power

WIDTH, HEIGHT = 250, 210  # pixels of one chart
LEFT, RIGHT, TOP, BOTTOM = 38, 88, 26, 36  # pixels around the curves; right: names of the curves
PANELS = (  # measure, head, logarithmic
    ("entropy_rank", "effective rank (entropy)", True),
    ("nuclear_norm", "nuclear norm", False),
    ("frobenius_norm", "Frobenius norm", False),
    ("unobserved_error", "error on unseen entries", True),
    ("reconstruction_error", "distance to the truth", True),
)
MOST = 4  # charts: the first of the list that exist for these runs


def charts(cells: Sequence[Cell], least: dict[str, float | None], truth: dict[str, float | None]) -> str:
    """The panels that exist for these runs, side by side. `least` and `truth` are their levels, where known."""
    known = [panel for panel in PANELS if all(cell.measures.get(panel[0]) is not None for cell in cells)][:MOST]
    panels = "".join(_panel(cells, *panel, least.get(panel[0]), truth.get(panel[0])) for panel in known)
    return f'<div class="nr-grid">{panels}</div>'


def _panel(cells: Sequence[Cell], key: str, head: str, log: bool, least: float | None, truth: float | None) -> str:
    points_of_cells = [(cell.depth, cell.scale, cell.measures[key] or 0.0) for cell in cells]
    levels = [level for level in (least, truth) if level is not None and (level > 0 or not log)]
    values = [max(value, 1e-300) if log else value for _, _, value in points_of_cells]
    y = spread([*values, *levels], log, HEIGHT - BOTTOM, TOP)
    scales = sorted({scale for _, scale, _ in points_of_cells}, reverse=True)
    x = Scale(scales[0], scales[-1] if len(scales) > 1 else scales[0] / 10, LEFT + 8, WIDTH - RIGHT, True)
    parts = [text(0, 14, escape(head), "head"), line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT + 8, HEIGHT - BOTTOM, "axis")]
    parts += [text(LEFT - 6, y(tick) + 4, label(tick), anchor="end") for tick in y.ticks(4)]
    parts += [text(x(scale), HEIGHT - BOTTOM + 16, power(scale), anchor="middle") for scale in scales]
    parts.append(text(x(scales[0]) - 8, HEIGHT - 5, "initial scale"))
    names = []
    for level, kind, name in ((least, "level", "min. nuclear"), (truth, "true", "truth")):
        if level is not None and level in levels:
            parts.append(line(LEFT, y(level), WIDTH - RIGHT + 8, y(level), kind))
            names.append((y(level), name))
    depths = sorted({depth for depth, _, _ in points_of_cells})
    ends = []
    for depth in depths:
        points = sorted((x(scale), y(value)) for own, scale, value in points_of_cells if own == depth)
        parts.append(_curve(points, depth))
        ends.append((points[-1][1], depth))
    names += _together(ends)
    parts += [text(WIDTH - RIGHT + 12, height + 4, name, "word") for height, name in stacked(names, HEIGHT - BOTTOM)]
    sentence = escape(f"{head} by initial scale. " + "; ".join(_words(cells, key, depth) for depth in depths) + ".")
    return (
        f'<svg class="nr-chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{sentence}">{"".join(parts)}</svg>'
    )


def _curve(points: Sequence[tuple[float, float]], depth: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{1.4 + 0.4 * depth:.1f}" class="nr-dot"/>' for x, y in points)
    curve = f'<polyline points="{path}" class="nr-curve" style="stroke-width:{0.4 + 0.45 * depth:.2f}"/>'
    return f'<g class="nr-depth{(depth - 1) % COLOURED + 1}">{curve}{dots}</g>'


def _together(ends: Sequence[tuple[float, int]]) -> list[tuple[float, str]]:
    """A name for each depth; depths that end at the same height share one."""
    groups: list[tuple[float, list[int]]] = []
    for height, depth in sorted(ends):
        if groups and height - groups[-1][0] < LINE / 2:
            groups[-1][1].append(depth)
        else:
            groups.append((height, [depth]))
    return [(height, f"depth{'s' if len(own) > 1 else ''} {', '.join(map(str, sorted(own)))}") for height, own in groups]


def _words(cells: Sequence[Cell], key: str, depth: int) -> str:
    values = [(cell.scale, cell.measures[key] or 0.0) for cell in cells if cell.depth == depth]
    return f"depth {depth}: " + ", ".join(f"{value:.3g} at {scale:g}" for scale, value in sorted(values, reverse=True))
