"""A map in the terms of Plotly: axes, lines, words. Colours are names of tokens, so that both themes have one figure.

The cells are painted by the page from their shares (`cells`): Plotly stretches that picture between the axes.
"""

from typing import Any

import numpy as np

from ui.figures import words
from ui.figures.map.line_names import LineName, line_names
from ui.figures.map.places import cell_value
from ui.figures.map.scene import MapScene
from ui.figures.scene.figure import FONT

Json = dict[str, Any]
CUT = (0.0, 0.225)  # of the height: the row at the cursor
CELLS = (0.325, 1.0)  # ... the map
THRESHOLD = 1.8  # width of the line in pixels
OTHER = 1.1  # ... of those of something else
EDGE = 4.6  # of its edge in the colour of the page


def figure(scene: MapScene) -> Json:
    """The map as a figure of Plotly: its data and its layout."""
    return {"data": _curves(scene) if scene.curves else _lines(scene), "layout": _layout(scene)}


def _layout(scene: MapScene) -> Json:
    columns = scene.grid.shape[1]
    ticks = scene.x_ticks()
    across = {
        "range": [-0.5, columns - 0.5],
        "tickvals": [at for at, _ in ticks],
        "ticktext": [text for _, text in ticks],
        "title": {"text": scene.x_title, "font": {"size": 12, "color": "ink3"}, "standoff": 6},
        **_bare(),
    }
    base = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": "ink3"},
        "showlegend": False,
        "hovermode": False,
        "dragmode": "select",
        "selectdirection": "any",
        "newselection": {"line": {"color": "ink", "width": 1, "dash": "dot"}},
        "xaxis": across,
        "yaxis": _measure_axis(scene, (0.0, 1.0) if scene.curves else CUT),
    }
    if scene.curves:
        return base | {"shapes": _threshold_line(scene)}
    across["anchor"] = "y"
    return base | {"yaxis2": _up_axis(scene), "shapes": _threshold_line(scene), "annotations": _names(scene)}


def _bare() -> Json:
    return {"showgrid": False, "zeroline": False, "ticks": "", "tickfont": {"size": 12, "color": "ink3"}, "fixedrange": True}


def _up_axis(scene: MapScene) -> Json:
    ticks = scene.y_ticks()
    return {
        "domain": list(CELLS),
        "range": [-0.5, scene.grid.shape[0] - 0.5],
        "tickvals": [at for at, _ in ticks],
        "ticktext": [text for _, text in ticks],
        "anchor": "x",
        **_bare(),
    }


def _measure_axis(scene: MapScene, domain: tuple[float, float]) -> Json:
    """The measure, on the scale of the colours."""
    scale = scene.scale
    low, high = (np.log10([scale.low, scale.high]) if scale.log else np.array([scale.low, scale.high])).tolist()
    room = 0.04 * (high - low)
    ticks = scale.ticks()
    return {
        "domain": list(domain),
        "type": "log" if scale.log else "linear",
        "range": [low - room, high + room],
        "tickvals": [at for at, _ in ticks],
        "ticktext": [text for _, text in ticks],
        **_bare(),
        "ticklabelstandoff": 13,  # the scale of colours stands between
        "showgrid": True,
        "gridcolor": "rule",
    }


def _lines(scene: MapScene) -> list[Json]:
    """On the map the degrees of freedom, and the threshold with its edge; below it a row, which the page fills in."""
    curves: list[Json] = []
    if len(scene.freedom) > 1:
        curves += [_line(scene.freedom, "bg", 3.2), _line(scene.freedom, "ink", 1.4, "6px,4px")]
    for other in scene.others:
        for line in scene.lines_of(other.grid):
            curves += [_line(line, "bg", EDGE - 1), _line(line, "ink", OTHER, "2px,3px" if other.dotted else "solid")]
    for line in scene.threshold_lines:
        curves.append(_line(line, "bg", EDGE))
    for line in scene.threshold_lines:
        curves.append(_line(line, "ink", THRESHOLD))
    return [*curves, *row_traces([], [], [], [])]


def _line(points: list[tuple[float, float]], colour: str, width: float, dash: str = "solid") -> Json:
    return {
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "xaxis": "x",
        "yaxis": "y2",
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"color": colour, "width": width, "dash": dash},
    }


def row_traces(x: list[int], middle: list[float], low: list[float], high: list[float]) -> list[Json]:
    """Lower end of the band, its upper end, the line: the last three traces of every map."""
    plain = {"xaxis": "x", "yaxis": "y", "mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "color": "ink"}}
    return [
        {"x": x, "y": low, **plain},
        {"x": x, "y": high, **plain, "fill": "tonexty", "fillcolor": "rule"},
        {
            "x": x,
            "y": middle,
            **plain,
            "mode": "lines+markers",
            "line": {"width": 1.8, "color": "ink"},
            "marker": {"size": 5, "color": "ink"},
        },
    ]


def _curves(scene: MapScene) -> list[Json]:
    at = np.flatnonzero(scene.grid.measured[0])
    middle, low, high = (each[0, at].tolist() for each in (scene.shown, *scene.band))
    return row_traces(at.tolist(), middle, low, high)


def _threshold_line(scene: MapScene) -> list[Json]:
    level = scene.field.threshold
    if level is None or (scene.scale.log and level <= 0) or scene.kind == "share":
        return []
    where = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": level, "y1": level}
    label = {"text": f"threshold {words.number(level)}", "textposition": "end", "padding": 1}
    return [{"type": "line", **where, "line": {"color": "ctl", "width": 1}, "label": label}]


def _names(scene: MapScene) -> list[Json]:
    """What the lines are called, along them: the page turns the words into the direction of the line."""
    return [_name(each) for each in line_names(scene)]


def _name(name: LineName) -> Json:
    x, y = name.line[name.at]
    return {
        "x": x,
        "y": y,
        "xref": "x",
        "yref": "y2",
        "text": name.text,
        "showarrow": False,
        "bgcolor": "bg",
        "opacity": 0.86,
        "borderpad": 1,
        "font": {"size": 12, "color": "ink"},
        "along": list(name.along),
        "side": name.side,
    }


def cells(scene: MapScene) -> Json:
    """Everything the page paints and reads out, cell by cell, row after row from below."""
    grid = scene.grid
    shares = np.nan_to_num(np.round(scene.shares * 255), nan=-1).astype(int)
    state = np.where(grid.refused, 3, np.where(grid.measured, 2, np.where(grid.known > 0, 1, 0)))
    marks = np.where(grid.failed == 0, 0, np.where(grid.measured, 1, 2))

    def listed(values: np.ndarray) -> list[list[float | None]]:
        return [[float(f"{each:.5g}") if np.isfinite(each) else None for each in row] for row in values]

    rows, columns = grid.shape
    return {
        "rows": rows,
        "columns": columns,
        "shares": shares.tolist(),
        "state": state.tolist(),  # 0 not measured yet, 1 without a number, 2 measured, 3 impossible settings
        "marks": marks.tolist(),  # 1: some seeds failed, 2: all did
        "middle": listed(scene.shown),
        "low": listed(scene.band[0]),
        "high": listed(scene.band[1]),
        "words": [[cell_value(grid, r, c) for c in range(columns)] for r in range(rows)],
        "across": [scene.at_column(c) for c in range(columns)],
        "up": [scene.at_row(r) for r in range(rows)],
    }
