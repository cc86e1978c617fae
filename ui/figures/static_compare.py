"""A comparison as one still picture, PNG, SVG or PDF: the curves on common scales, the matrices and numbers at the end."""

import io
import textwrap
from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dmf_core import __version__
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.drawing import drawing
from ui.figures.picture import greys, order, part
from ui.figures.scene import scene
from ui.figures.scene.comparison import LETTERS, ComparisonScene
from ui.figures.static import DPI, metadata
from ui.figures.static_compared_curves import column, overlaid, run_stroke
from ui.figures.theme import HALF, LIGHT, grey_scale
from ui.figures.words import number

Named = tuple[str, RunSpec, Trajectory]  # what a column is called, and its run
HEIGHT, WIDTH = 5.2, 11.2  # inches
LINE = 168  # letters of a line of the summary
NUMBERS = ("entropy_rank", "observed_error", "unobserved_error")
WORDS = {"entropy_rank": "rank (entropy)", "observed_error": "observed error", "unobserved_error": "unseen error"}


def compared(
    title: str,
    sentences: Sequence[str],
    runs: Sequence[Named],
    format: Literal["png", "svg", "pdf"] = "png",
    at: str = "time",
    over: bool = False,
) -> bytes:
    """The runs at their ends. `at`: the axis that they share, one of EQUAL; `over`: all of them in one chart."""
    digests = ", ".join(spec.digest() for _, spec, _ in runs)
    about = f"{' '.join(sentences)} runs {digests}"
    stream = io.BytesIO()
    with drawing(digests):
        figure = _figure(title, sentences, runs, at, over)
        FigureCanvasAgg(figure)
        figure.savefig(stream, format=format, dpi=DPI, metadata=metadata(title, about, format))
    return stream.getvalue()


def _figure(title: str, sentences: Sequence[str], runs: Sequence[Named], at: str, over: bool) -> Figure:
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    figure.text(0.03, 0.94, title, fontsize=13, fontweight="bold", color=LIGHT.ink)
    lines = [line for sentence in sentences for line in textwrap.wrap(sentence, LINE)]
    figure.text(0.03, 0.915, "\n".join(lines), color=LIGHT.ink2, va="top", fontsize=8)
    shown = ComparisonScene(tuple(scene(run, spec) for _, spec, run in runs))
    axis, heights = shown.axis(at), shown.heights(False)
    limit = max(run.start.picture_limit for _, _, run in runs)
    wide = (0.95 + 0.03) / len(runs)
    if over:
        overlaid(figure.add_axes((0.045, 0.47, 0.925, 0.32)), shown, axis, heights)
    for i, (name, spec, run) in enumerate(runs):
        left = 0.045 + i * wide
        if over:
            _sample(figure, left, i, name)
        else:
            column(figure.add_axes((left, 0.45, wide - 0.055, 0.34)), shown, i, axis, heights, name)
        _matrix(figure.add_axes((left, 0.06, 0.26 * HEIGHT / WIDTH, 0.26)), run, spec, limit)
        _numbers(figure, left + 0.26 * HEIGHT / WIDTH + 0.012, run)
    figure.axes[0].set_xlabel(f"{axis.whole.label}; dashed: the truth", color=LIGHT.ink3, fontsize=8)
    stamps = ", ".join(f"{spec.digest()[:4]} {spec.digest()[4:8]}" for _, spec, _ in runs)
    figure.text(0.985, 0.015, f"runs {stamps} · DMF Lab {__version__}", ha="right", color=LIGHT.ink3, fontsize=8)
    return figure


def _sample(figure: Figure, left: float, i: int, name: str) -> None:
    """The name of a run with its letter and its dash."""
    figure.text(left, 0.345, f"{LETTERS[i]}  {name}", fontsize=9, fontweight="bold", color=LIGHT.ink)
    x = [left - 0.035, left - 0.006]
    figure.add_artist(Line2D(x, [0.352, 0.352], color=LIGHT.ink, **run_stroke(i)))


def _matrix(axes: Axes, run: Trajectory, spec: RunSpec, limit: float) -> None:
    shown = run.snapshots[-1].picture / 127.0 * run.start.picture_limit / limit
    if spec.model.tensor:
        shown = part(shown, run.start, "slice", 0)
    elif not spec.problem.needs_data:
        rows, columns = order(run.start)
        shown = shown[rows][:, columns]
    steps = np.clip(np.round(shown * HALF), -HALF, HALF).astype(np.int64) + HALF
    black_white = greys(run.start, spec)
    scale = LIGHT.scale() if black_white is None else grey_scale(*(value / limit for value in black_white))
    axes.imshow(scale[steps], interpolation="nearest")
    axes.set_anchor("NW")
    axes.set_axis_off()


def _numbers(figure: Figure, left: float, run: Trajectory) -> None:
    last = run.snapshots[-1]
    pairs = [(WORDS[key], last.measures[key]) for key in NUMBERS]
    lines = [f"{words}\n{number(value, 3 if 'rank' in words else 2)}" for words, value in pairs if value is not None]
    figure.text(
        left, 0.32, "\n".join([*lines, f"at t\n{number(last.t)}"]), color=LIGHT.ink2, fontsize=7.5, va="top", linespacing=1.35
    )
