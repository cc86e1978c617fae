"""A run as one still picture, PNG or SVG, with the stamp that finds the run again. Pure: the same run, the same bytes.

Colours, strokes and order as in the player: solid is what training does, dashed is what only the truth knows.
"""

import io
import threading
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dmf_core import __version__
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.static_axes import INK, INK2, INK3, curves, errors, matrix, rank, spectrum, true_values

SIZE, DPI = (11.2, 6.2), 125  # inches; 1400 x 775 pixels
_DRAWING = threading.Lock()  # matplotlib's settings are global


def picture(trajectory: Trajectory, spec: RunSpec, format: Literal["png", "svg"] = "png", frame: int | None = None) -> bytes:
    """The run at a frame (None: the last). Curves, spectrum, matrix, errors and entropy rank; run, seed and version."""
    frame = len(trajectory.snapshots) - 1 if frame is None else int(np.clip(frame, 0, len(trajectory.snapshots) - 1))
    settings: Any = {"svg.hashsalt": spec.digest(), "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 8.5}
    stream = io.BytesIO()
    with _DRAWING, matplotlib.rc_context(settings):
        figure = _figure(trajectory, spec, frame)
        FigureCanvasAgg(figure)
        figure.savefig(stream, format=format, dpi=DPI, metadata=_metadata(spec, format))
    return stream.getvalue()


def _figure(trajectory: Trajectory, spec: RunSpec, frame: int) -> Figure:
    figure = Figure(figsize=SIZE, facecolor="white")
    snapshot = trajectory.snapshots[frame]
    figure.text(0.04, 0.945, _title(trajectory, spec), fontsize=13, fontweight="bold", color=INK)
    figure.text(0.04, 0.915, f"t = {snapshot.t:.4g}, observed error {snapshot.measures['observed_error']:.2g}", color=INK2)
    top = 1.08 * max(trajectory.singular_values.max(), np.max(true_values(trajectory), initial=0.0)) or 1.0
    above = figure.add_axes((0.04, 0.385, 0.46, 0.475))
    curves(above, trajectory, frame, top)
    spectrum(figure.add_axes((0.525, 0.385, 0.115, 0.475)), trajectory, frame, top)
    matrix(figure, trajectory, spec, frame)
    middle = figure.add_axes((0.04, 0.235, 0.46, 0.115), sharex=above)
    errors(middle, trajectory, frame)
    below = figure.add_axes((0.04, 0.10, 0.46, 0.10), sharex=above)
    rank(below, trajectory, frame)
    for axes in (above, middle):
        axes.tick_params(labelbottom=False, bottom=False)
    below.xaxis.set_major_locator(MaxNLocator(6))
    below.set_xlabel("flow time t" if spec.integrator.kind.endswith("flow") else "sum of the steps t", color=INK3, fontsize=8)
    figure.text(0.985, 0.02, stamp(spec), ha="right", color=INK3, fontsize=8)
    return figure


def stamp(spec: RunSpec) -> str:
    """Where the picture comes from."""
    digest = spec.digest()
    return f"run {digest[:4]} {digest[4:8]} · seed {spec.seed} · DMF Lab {__version__}"


def _title(trajectory: Trajectory, spec: RunSpec) -> str:
    rows, columns = trajectory.start.shape
    seen, problem = int(trajectory.start.observed_mask.sum()), spec.problem
    sensing = problem.kind == "matrix_sensing" or problem.kind == "commuting_sensing"
    count = f"{problem.observations if sensing else seen:,}".replace(",", "\u2009")
    rank = "" if problem.kind == "observed_data" or problem.kind == "razin_cohen" else f", rank {problem.rank}"
    return f"Depth {spec.model.depth}: {rows} × {columns}{rank}, {count} {'measurements' if sensing else 'observed entries'}"


def _metadata(spec: RunSpec, format: str) -> dict[str, str | None]:
    words = f"{stamp(spec)}; digest {spec.digest()}; spec {spec.to_json()}"
    about: dict[str, str | None] = {"Title": f"DMF Lab, run {spec.digest()[:8]}", "Description": words}
    program = f"DMF Lab {__version__}"
    return about | ({"Date": None, "Creator": program} if format == "svg" else {"Software": program})
