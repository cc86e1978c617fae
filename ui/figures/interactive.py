"""The singular values as a Plotly figure: zoom, hover, and an animation that needs no server."""

import numpy as np
import plotly.graph_objects as go

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.scene.smooth import smooth
from ui.figures.spectra import naming, pictured
from ui.figures.words import clock

COLOURS = ("#0065A6", "#B84600", "#009E73", "#C266A2", "#C48700", "#3A9AD6")  # modes 1 to 6, then again, dashed
MODES = 12
FRAMES = 120


def dynamics(run: Trajectory, spec: RunSpec) -> go.Figure:
    """Singular values over time with the truth dashed, and one animation frame for each snapshot."""
    run = pictured(run, spec)
    t, values, names = run.column("t"), run.singular_values[:, :MODES], naming(run.start.main_spectrum)
    figure = go.Figure(_truth(run, t) + _curves(t, values, names.noun) + [_discs(t, values, 0)])
    moving = len(figure.data) - 1
    chosen = np.unique(np.linspace(0, len(t) - 1, min(len(t), FRAMES)).round().astype(int))
    figure.frames = [go.Frame(name=f"{t[i]:.5g}", data=[_discs(t, values, i)], traces=[moving]) for i in chosen]
    figure.update_layout(
        title={
            "text": f"{spec.model.title}: {names.head[0].lower()}{names.head[1:]}",
            "subtitle": {"text": _stamp(run, spec)},
        },
        xaxis={"title": f"{clock(spec)} t"},
        yaxis={"title": {"component": "norm", "entry": "size"}.get(names.noun, "singular value"), "rangemode": "tozero"},
        hovermode="x unified",
        showlegend=False,
        margin={"l": 56, "r": 24, "t": 72, "b": 48},
        updatemenus=[_play()],
        sliders=[_slider(figure.frames)],
    )
    return figure


def page(run: Trajectory, spec: RunSpec) -> str:
    """A page of its own that works from a memory stick: the library is inside, nothing is fetched."""
    return str(dynamics(run, spec).to_html(include_plotlyjs=True, full_html=True, auto_play=False))


def _curves(t: np.ndarray, values: np.ndarray, noun: str) -> list[go.Scatter]:
    frames, values = smooth(t, values)
    t = np.interp(frames, np.arange(len(t)), t)
    return [
        go.Scatter(
            x=t,
            y=values[:, k],
            name=f"{noun} {k + 1}",
            mode="lines",
            line={"color": COLOURS[k % 6], "width": 2.2, "dash": "solid" if k < 6 else "8px 2px 2px 2px"},
        )
        for k in range(values.shape[1])
    ]


def _truth(run: Trajectory, t: np.ndarray) -> list[go.Scatter]:
    true = run.start.true_singular_values
    if true is None:
        return []
    line = {"color": "#666E77", "width": 1.2, "dash": "5px 4px"}
    return [
        go.Scatter(x=[t[0], t[-1]], y=[value, value], name=f"true {k + 1}", mode="lines", line=line, hoverinfo="skip")
        for k, value in enumerate(true[:MODES])
        if value > 1e-5 * true[0]
    ]


def _discs(t: np.ndarray, values: np.ndarray, i: int) -> go.Scatter:
    colours = [COLOURS[k % 6] for k in range(values.shape[1])]
    return go.Scatter(
        x=np.full(values.shape[1], t[i]), y=values[i], mode="markers", marker={"color": colours, "size": 11}, hoverinfo="skip"
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
