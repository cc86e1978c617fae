"""Fewer points for a line of a picture: those left out lie on the straight line between their neighbours, as far as is seen."""

from typing import Any

import numpy as np

VISIBLE = 1e-3  # of the height of the panel: less than half a pixel of one that is 400 high
FEW = 40  # points; shorter lines stay as they are
DIGITS = 4  # of a coordinate


def thinned(panel: dict[str, Any]) -> dict[str, Any]:
    """A panel of a report with its lines thinned and rounded."""
    heights = [value for line in panel["lines"] for value in line["y"] if value is not None]
    return panel | {"lines": [_line(line, panel, heights) for line in panel["lines"]]}


def _line(line: dict[str, Any], panel: dict[str, Any], heights: list[float]) -> dict[str, Any]:
    columns = {name: line[name] for name in ("x", "y", "low", "high") if name in line}
    places = list(range(len(columns["x"])))
    if len(places) > FEW and all(value is not None for column in columns.values() for value in column):
        across, *up = (_plotted(np.array(column, float), panel, name) for name, column in columns.items())
        scale = np.ptp(_plotted(np.array(heights, float), panel, "y")) or 1.0
        if all(np.isfinite(each).all() for each in (across, *up)):
            places = _corners(across, np.stack(up) / scale)
    return line | {name: [_rounded(column[i]) for i in places] for name, column in columns.items()}


def _plotted(values: np.ndarray, panel: dict[str, Any], name: str) -> np.ndarray:
    """Where the axis puts them, up to its scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values) if panel["x_log" if name == "x" else "y_log"] else values


def _corners(x: np.ndarray, columns: np.ndarray) -> list[int]:  # [T], [k, T]
    """Ends, and what leaves the straight line between two that are kept (Ramer, Douglas, Peucker, over all columns at once)."""
    places, spans = {0, len(x) - 1}, [(0, len(x) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        width = x[last] - x[first]
        share = (x[first : last + 1] - x[first]) / width if width else np.zeros(last - first + 1)
        straight = columns[:, [first]] + (columns[:, [last]] - columns[:, [first]]) * share
        away = np.abs(columns[:, first : last + 1] - straight).max(axis=0)
        if away.max() > VISIBLE:
            middle = first + int(away.argmax())
            places.add(middle)
            spans += [(first, middle), (middle, last)]
    return sorted(places)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
