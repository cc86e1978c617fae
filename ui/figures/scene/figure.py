"""A scene in the terms of Plotly: traces, axes, layout. Colours are names of tokens, so that both themes have one figure.

The page adds the numbers, which it has as arrays; `figure` adds them here, for a page of its own.
"""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from ui.figures.scene.comparison import DASHES, LETTERS, OVERLAID_WIDTH, ComparisonScene, overlaid_modes
from ui.figures.scene.curves import Heights
from ui.figures.scene.free_space import PLOTS
from ui.figures.scene.scene import Scene
from ui.figures.scene.strips import DrawnStrip
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.theme import COLOURED, LIGHT, Theme

Json = dict[str, Any]
FONT = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans Condensed", system-ui, '
    "sans-serif"
)
LEARNED, OTHER, REST = 2.2, 1.4, 1.2  # widths of curves in pixels
LINE, TRUTH_LINE = 1.8, 1.6  # of the lines of strips
NEAR = 8  # pixels from a curve within which the pointer is on it
DASHED = "8px,2px,2px,2px"  # of the modes whose colour is that of another one
READOUT = {  # what the pointer reads off the horizontal axis
    "time": "t = %{x:.4~r}",
    "iterations": "iteration %{x:.0f}",
    "error": "observed error %{x:.2~r}",
    "seconds": "%{x:.3~r} s",
    "events": "event %{x:.2~r}",
    "progress": "%{x:.1~%} of the run",
}


def layout() -> Json:
    """What every chart over time has in common."""
    font = {"family": FONT, "size": 13, "color": "ink"}
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": "ink3"},
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": NEAR,
        "dragmode": False,
        "hoverlabel": {"bgcolor": "bg", "bordercolor": "ctl", "align": "left", "font": font},
    }


def x_axis(axis: TimeAxis, width: float) -> Json:
    """Its words stand at the track below the charts; they are shown in the chart where that is enlarged."""
    log = axis.log or axis.name == "error"
    ends = [-axis.low, -axis.high] if axis.name == "error" else [axis.low, axis.high]
    return {
        "type": "log" if log else "linear",
        "range": ends,
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "ticks": "",
        "tickvals": [float(v) for v in quantity(axis, np.array([value for value, _ in axis.ticks(width)]))],
        "ticktext": [text for _, text in axis.ticks(width)],
    }


def quantity(axis: TimeAxis, column: np.ndarray) -> np.ndarray:
    """A column of an axis in the units of its quantity: on logarithmic axes Plotly takes the logarithm itself."""
    return np.asarray(10.0 ** (-column if axis.name == "error" else column) if axis.log or axis.name == "error" else column)


def y_axis(heights: Heights) -> Json:
    return {
        "type": "log" if heights.log else "linear",
        "range": [heights.low, heights.high],
        "tickvals": [float(value) for value, _ in heights.ticks],
        "ticktext": [text for _, text in heights.ticks],
    } | _vertical("outside")


def _vertical(ticks: str) -> Json:
    """Words end 8 pixels left of the axis: Plotly leaves 3 pixels behind ticks and less than one where there are none."""
    style = {"ticks": ticks, "ticklen": 4, "tickcolor": "ctl", "tickwidth": 1, "tickfont": {"size": 12, "color": "ink3"}}
    away = {"ticklabelstandoff": 1 if ticks else 7, "ticklabeloverflow": "allow"}
    return {"showgrid": False, "zeroline": False, **style, **away}


def shapes(scene: Scene, axis: TimeAxis, heights: Heights) -> list[Json]:
    """The level of the axis, a hairline below every birth, and a red line where a run diverged."""
    base = heights.level
    lines = [_line("ctl", 1, x0=0, x1=1, xref="paper", y0=base, y1=base)]
    for growth in scene.births:
        if growth.born is not None:
            at = float(quantity(axis, np.interp(growth.born, np.arange(len(axis.column)), axis.column)))
            top = float(scene.curves.at(growth.born, heights.log)[growth.mode - 1])
            lines.append(_line("rule", 1, x0=at, x1=at, y0=base, y1=top))
    if scene.diverged:
        at = float(quantity(axis, axis.column[-1:])[0])
        lines.append(_line("err", 2, x0=at, x1=at, yref="paper", y0=0, y1=1))
    return lines


def _line(colour: str, width: float, **place: Any) -> Json:
    return {"type": "line", "layer": "below", "line": {"color": colour, "width": width}, **place}


def traces(scene: Scene) -> list[Json]:
    """One for the modes beyond the named ones, then the named ones, the largest last and so on top. Without numbers."""
    named, learned, noun = scene.curves.named, scene.learned, scene.names.noun
    curves: list[Json] = []
    if scene.curves.rest.shape[1]:
        curves.append({"mode": 0, "line": {"color": "line-rest", "width": REST}, "hoverinfo": "skip"})
    for mode in range(named, 0, -1):
        line: Json = {"color": f"line{(mode - 1) % COLOURED + 1}", "width": LEARNED if mode <= learned else OTHER}
        if mode > COLOURED and mode <= learned:
            line["dash"] = DASHED
        sentence = f"<b>{noun} {mode}</b> %{{y:.4~r}} at READOUT{_end(scene, mode)}<extra></extra>"
        curves.append({"mode": mode, "line": line, "hovertemplate": sentence})
    return curves


def overlaid_traces(comparison: ComparisonScene, i: int) -> list[Json]:
    """The curves of run `i` among those of the others: the colour says the mode, the dash the run. Without numbers."""
    scene = comparison.scenes[i]
    if scene is None:
        return []
    curves: list[Json] = []
    for mode in range(overlaid_modes(scene), 0, -1):
        line: Json = {"color": f"line{mode}", "width": OVERLAID_WIDTH}
        if DASHES[i]:
            line["dash"] = ",".join(f"{length}px" for length in DASHES[i])
        sentence = f"<b>{LETTERS[i]}: {scene.names.noun} {mode}</b> %{{y:.4~r}} at READOUT{_end(scene, mode)}<extra></extra>"
        curves.append({"mode": mode, "line": line, "hovertemplate": sentence})
    return curves


def _end(scene: Scene, mode: int) -> str:
    """What is true of the mode wherever the pointer is."""
    return f"<br>{text}" if (text := scene.fate(mode)) else ""


def strip_axis(strip: DrawnStrip, pixels: float) -> Json:
    log = not strip.about.signed
    marks = strip.ticks(pixels)
    return {
        "type": "log" if log else "linear",
        "range": list(strip.ends),
        "tickvals": [10.0**at if log else at for at, _ in marks],
        "ticktext": [text for _, text in marks],
    } | _vertical("")


def strip_traces(strip: DrawnStrip) -> list[Json]:
    curves = []
    for each in strip.lines:
        line: Json = {"color": "ink", "width": TRUTH_LINE if each.about.truth_only else LINE}
        if each.about.truth_only:
            line["dash"] = "5px,3px"
        name = each.about.name or strip.about.name
        curves.append({"line": line, "hovertemplate": f"{name} %{{y:.3~r}} at READOUT<extra></extra>"})
    return curves


def coloured(value: Any, theme: Theme) -> Any:
    """With the colours of a theme in the place of their names."""
    if isinstance(value, dict):
        return {key: coloured(each, theme) for key, each in value.items()}
    if isinstance(value, list):
        return [coloured(each, theme) for each in value]
    return theme.tokens.get(value, value) if isinstance(value, str) else value


def figure(scene: Scene, name: str = "time", log_time: bool = False, log_values: bool = False, theme: Theme = LIGHT) -> go.Figure:
    """The curves with the dashed lines of the truth, everything inside."""
    axis, heights = scene.axis(name, log_time), scene.heights(log_values)
    plot = PLOTS["wide"]
    x = x_axis(axis, plot.width) | {"showticklabels": True, "title": {"text": axis.label}}
    charts = []
    for trace, (frames, y) in zip(traces(scene), numbers(scene), strict=True):
        across = quantity(axis, np.interp(frames, np.arange(len(axis.column)), axis.column))
        style = {key: value for key, value in trace.items() if key in ("line", "hoverinfo", "hovertemplate")}
        if "hovertemplate" in style:
            style["hovertemplate"] = style["hovertemplate"].replace("READOUT", READOUT[name])
        name_of = {"name": f"{scene.names.noun} {trace['mode']}"} if trace["mode"] else {}
        charts.append(go.Scatter(x=across, y=np.maximum(y, heights.ends[0]), mode="lines", **coloured(style, theme), **name_of))
    dashes = [_line("ink", 1.2, x0=0, x1=1, xref="paper", y0=float(v), y1=float(v)) for v in scene.true]
    for each in dashes:
        each["line"]["dash"], each["opacity"] = "5px,4px", 0.62
    figure_layout = layout() | {"xaxis": x, "yaxis": y_axis(heights), "shapes": [*shapes(scene, axis, heights), *dashes]}
    return go.Figure(
        charts, coloured(figure_layout, theme) | {"dragmode": "zoom", "plot_bgcolor": theme.page, "paper_bgcolor": theme.page}
    )


def numbers(scene: Scene) -> list[tuple[np.ndarray, np.ndarray]]:
    """(fractional frames, values) of the traces; gaps in one line part the modes beyond the named ones."""
    curves, T = scene.curves, len(scene.run.snapshots)
    arrays: list[tuple[np.ndarray, np.ndarray]] = []
    if curves.rest.shape[1]:
        gap = np.full((1, curves.rest.shape[1]), np.nan)
        frames = np.tile(np.append(np.arange(T, dtype=np.float64), np.nan), curves.rest.shape[1])
        arrays.append((frames, np.concatenate([curves.rest, gap]).T.ravel()))
    return arrays + [(curves.frames, curves.values[:, k]) for k in reversed(range(curves.named))]
