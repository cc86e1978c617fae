"""A run as one still picture, PNG, SVG or PDF, with the stamp that finds the run again. Pure: same run, same bytes.

Colours, strokes and order as in the player: solid is what training does, dashed lines are values of the truth.
"""

import io
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dmf_core import __version__
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures import words
from ui.figures.births import titles
from ui.figures.depth_view import DepthView, modes_of
from ui.figures.drawing import drawing
from ui.figures.matrix_view import MatrixView, matrix_view
from ui.figures.plot_options import PlotOptions
from ui.figures.scene import Scene, scene
from ui.figures.scene.strips import chosen
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.static_axes import PIXEL, spectrum
from ui.figures.static_curves import curves
from ui.figures.static_strips import strip
from ui.figures.static_theory import in_words, tangents
from ui.figures.text.summary import headline
from ui.figures.theme import HALF, Theme, rgb

SIZE, DPI = (11.2, 6.2), 125  # inches; 1400 x 775 pixels
LEFT = (0.04, 0.46)  # of the curves and strips: left edge, width
MATRIX = (0.665, 0.30, 0.32, 0.56)  # left, bottom, width, height of W, in shares of the picture


def picture(
    run: Trajectory,
    spec: RunSpec,
    format: Literal["png", "svg", "pdf"] = "png",
    options: PlotOptions = PlotOptions(),
    view: str = "{}",
) -> bytes:
    """The picture of a run with these options. `view` is stored in the metadata, with the spec."""
    stream = io.BytesIO()
    with drawing(spec.digest()):
        figure = compose(run, spec, options).figure
        FigureCanvasAgg(figure)
        figure.savefig(stream, format=format, dpi=DPI, metadata=_metadata(spec, format, view))
    return stream.getvalue()


@dataclass(frozen=True)
class Composed:
    """A drawn figure and where its parts are, for a film."""

    scene: Scene
    figure: Figure
    curves: Axes
    strips: tuple[Axes, Axes]
    spectrum: Axes
    matrix: Axes
    axis: TimeAxis
    shown: MatrixView | DepthView


def compose(run: Trajectory, spec: RunSpec, options: PlotOptions, moving: bool = True) -> Composed:
    """Everything of a picture; with `moving` False, without what a film draws anew in every frame."""
    shown = scene(run, spec, options.spectrum)
    frame, theme = options.frame_of(run), options.theme
    figure = Figure(figsize=SIZE, facecolor=theme.page)
    axis, matrix = shown.axis(options.axis, options.log_time), matrix_view(shown.run, spec, options)
    figure.text(LEFT[0], 0.945, _title(run, spec), fontsize=13, fontweight="bold", color=theme.ink)
    if moving and options.future:
        mark, verdict = headline(run, spec)
        figure.text(0.985, 0.945, f"{mark} {verdict}".strip(), ha="right", fontsize=11, fontweight="bold", color=theme.mark(mark))
    if moving:
        figure.text(LEFT[0], 0.915, moment(shown, frame), color=theme.ink2)
    above = figure.add_axes((LEFT[0], 0.385, LEFT[1], 0.475))
    middle = figure.add_axes((LEFT[0], 0.235, LEFT[1], 0.115), sharex=above)
    below = figure.add_axes((LEFT[0], 0.10, LEFT[1], 0.10), sharex=above)
    curves(above, shown, options, axis, frame, moving)
    if options.theory and moving and shown.run.start.main_spectrum == (spec.model.pictured or run.start.main_spectrum):
        tangents(above, shown, options, axis, frame)
        lines = textwrap.wrap(in_words(run, spec), 150)
        at = 0.018 if len(lines) == 1 else 0.004
        figure.text(LEFT[0], at, "\n".join(lines), va="bottom", color=theme.ink3, fontsize=7.2)
    for axes, kind in zip((middle, below), chosen(shown.columns, options.strips, options.theory), strict=True):
        strip(axes, shown.strip(kind), options, axis, frame, moving)
    for axes in (above, middle):
        axes.tick_params(labelbottom=False, bottom=False)
    marks = axis.marks(72 / PIXEL * SIZE[0] * LEFT[1])
    below.set_xticks([place for place, _ in marks], [text for _, text in marks])
    below.set_xlabel(axis.label, color=theme.ink3, fontsize=8)
    spectrum_axes = figure.add_axes((0.525, 0.385, 0.115, 0.475))
    spectrum(spectrum_axes, shown, options, frame, bars=moving)
    heat = _matrix(figure, matrix, frame if moving else None, theme)
    figure.text(0.985, 0.02, stamp(spec), ha="right", color=theme.ink3, fontsize=8)
    return Composed(shown, figure, above, (middle, below), spectrum_axes, heat, axis, matrix)


def stamp(spec: RunSpec) -> str:
    """Where the picture comes from."""
    digest = spec.digest()
    return f"run {digest[:4]} {digest[4:8]} · seed {spec.seed} · DMF Lab {__version__}"


def moment(scene: Scene, f: float) -> str:
    """The line below the title: t, what happens, the error; between two snapshots as the player has it."""
    run, noun = scene.run, scene.names.noun
    changes = titles(scene.grown, len(run.snapshots), scene.spec.model.title, scene.ended, noun)
    text_now = [text for first, text in changes if first <= f + 1e-9][-1]
    i = int(f)
    a, b = run.snapshots[i], run.snapshots[min(i + 1, len(run.snapshots) - 1)]
    parts = [f"t = {words.number(a.t + (b.t - a.t) * (f - i))}", text_now.partition(": ")[2] if scene.grown else ""]
    before, after = (each.measures["observed_error"] or 0.0 for each in (a, b))
    if 0 < before < np.inf and 0 < after < np.inf:
        parts.append(f"observed error {words.number(before ** (i + 1 - f) * after ** (f - i), 2)}")
    return " · ".join(part for part in parts if part)


def _matrix(figure: Figure, shown: MatrixView | DepthView, frame: int | None, theme: Theme) -> Axes:
    axes = figure.add_axes(MATRIX)
    pad = 22 if isinstance(shown, DepthView) else 6  # above the numbers of the modes
    axes.set_title(shown.head, loc="left", fontsize=9, fontweight="bold", color=theme.ink, pad=pad)
    rows, columns = shown.known.shape
    colours = shown.scale(theme)
    scale = np.concatenate([colours, np.full((2 * HALF + 1, 1), 255, np.uint8)], axis=1)
    cells = np.zeros((rows, columns, 4), np.uint8)
    if frame is not None:
        cells = scale[shown.steps(frame)]
        cells[~shown.known] = (*rgb(theme.page).astype(np.uint8), 0)  # a viewer that smooths blends with the page
    axes.imshow(cells, interpolation="nearest", aspect="equal", zorder=2)
    if not shown.known.all():
        hatched: dict[str, Any] = {"facecolor": "none", "edgecolor": theme.rule, "hatch": "//////", "linewidth": 0.0}
        axes.fill_between([-0.5, columns - 0.5], -0.5, rows - 0.5, zorder=1, **hatched)
    axes.set_anchor("N")
    axes.set_axis_off()
    if isinstance(shown, DepthView):
        modes_of(axes, shown, frame, theme)
    ramp = figure.add_axes((0.745, 0.245, 0.16, 0.014))
    ramp.imshow(colours[None, :, :], aspect="auto")
    ramp.set_axis_off()
    figure.text(0.74, 0.246, shown.ends[0], ha="right", color=theme.ink3, fontsize=8)
    figure.text(0.91, 0.246, shown.ends[1], color=theme.ink3, fontsize=8)
    figure.text(0.825, 0.215, textwrap.fill(shown.caption, 56), ha="center", va="top", color=theme.ink3, fontsize=8)
    return axes


def _title(run: Trajectory, spec: RunSpec) -> str:
    observed_count, problem = int(run.start.observed_mask.sum()), spec.problem
    count = words.whole((problem.count or 0) if problem.measured else observed_count)
    true = "" if problem.truth_rank is None else f", {words.truth(problem)}"
    noun = "measurements" if problem.measured else "observed entries"
    return f"{spec.model.title}: {words.sides(run.start.shape)}{true}, {count} {noun}"


def description(spec: RunSpec, view: str) -> str:
    """What the metadata of every picture and film say; `ui.export.origin` reads it."""
    return f"{stamp(spec)}; digest {spec.digest()}; view {view}; spec {spec.to_json()}"


def _metadata(spec: RunSpec, format: str, view: str) -> Mapping[str, str | None]:
    return metadata(f"DMF Lab, run {spec.digest()[:8]}", description(spec, view), format)


def metadata(title: str, about: str, format: str) -> Mapping[str, str | None]:
    """Of a PNG, an SVG or a PDF, without the time: the same picture has the same bytes."""
    program = f"DMF Lab {__version__}"
    if format == "pdf":
        dates = {"CreationDate": None, "ModDate": None}
        return {"Title": title, "Subject": about, "Creator": program, "Producer": program} | dates
    author: dict[str, str | None] = {"Date": None, "Creator": program} if format == "svg" else {"Software": program}
    return {"Title": title, "Description": about} | author
