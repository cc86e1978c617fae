"""The scene as a page of its own by Plotly: hover, zoom, and discs that play without a server."""

import numpy as np
import plotly.graph_objects as go

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.scene import Scene, scene
from ui.figures.scene.figure import figure
from ui.figures.theme import LIGHT

FRAMES = 120  # of the film at most; each makes the page larger


def dynamics(run: Trajectory, spec: RunSpec) -> go.Figure:
    """Singular values over time with the truth dashed, and one animation frame for each snapshot."""
    shown = scene(run, spec)
    chart = figure(shown)
    t = run.column("t")
    chart.add_trace(_discs(shown, t, 0))
    moving = len(chart.data) - 1
    chosen = np.unique(np.linspace(0, len(t) - 1, min(len(t), FRAMES)).round().astype(int))
    chart.frames = [go.Frame(name=f"{t[i]:.5g}", data=[_discs(shown, t, i)], traces=[moving]) for i in chosen]
    head = shown.names.head
    chart.update_layout(
        title={"text": f"{spec.model.title}: {head[0].lower()}{head[1:]}", "subtitle": {"text": _stamp(run, spec)}},
        yaxis={"title": {"component": "norm", "entry": "size"}.get(shown.names.noun, "singular value")},
        margin={"l": 56, "r": 24, "t": 72, "b": 48},
        updatemenus=[_play()],
        sliders=[_slider(chart.frames)],
    )
    return chart


def page(run: Trajectory, spec: RunSpec) -> str:
    """A page as one file: the library is inside, nothing is fetched."""
    return str(dynamics(run, spec).to_html(include_plotlyjs=True, full_html=True, auto_play=False))


def _discs(shown: Scene, t: np.ndarray, i: int) -> go.Scatter:
    values = shown.curves.at(i, log=False)[: shown.curves.named]
    colours = [LIGHT.line(mode) for mode in range(1, len(values) + 1)]
    return go.Scatter(
        x=np.full(len(values), t[i]), y=values, mode="markers", marker={"color": colours, "size": 11}, hoverinfo="skip"
    )


def _play() -> dict[str, object]:
    how = {"frame": {"duration": 80, "redraw": False}, "transition": {"duration": 0}, "fromcurrent": True}
    stop = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = [
        {"label": "Play", "method": "animate", "args": [None, how]},
        {"label": "Pause", "method": "animate", "args": [[None], stop]},
    ]
    return {"type": "buttons", "direction": "left", "x": 0, "y": -0.14, "xanchor": "left", "yanchor": "top", "buttons": buttons}


def _slider(frames: tuple[go.Frame, ...]) -> dict[str, object]:
    how = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    steps = [{"label": frame.name, "method": "animate", "args": [[frame.name], how]} for frame in frames]
    return {"x": 0.18, "len": 0.82, "y": -0.08, "currentvalue": {"prefix": "t = "}, "steps": steps}


def _stamp(run: Trajectory, spec: RunSpec) -> str:
    digest = run.start.digest
    return f"run {digest[:4]} {digest[4:8]} · seed {spec.seed}"
