"""Runs beside each other as one still picture, PNG or SVG: same scales, and the numbers at the moment that was asked for."""

import io
import textwrap
from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dmf_core import __version__
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.picture import order, part
from ui.figures.scene.scene import true_values
from ui.figures.static import DPI, drawing
from ui.figures.static_axes import plain, stroke, truth
from ui.figures.theme import HALF, LIGHT, NAMED
from ui.figures.words import clock, number

Named = tuple[str, RunSpec, Trajectory]  # what a column is called, and its run
HEIGHT, WIDTH = 5.2, 11.2  # inches
LETTERS = 168  # of a line of the summary
NUMBERS = ("entropy_rank", "observed_error", "unobserved_error")
WORDS = {"entropy_rank": "rank (entropy)", "observed_error": "observed error", "unobserved_error": "unseen error"}


def compared(title: str, sentences: Sequence[str], runs: Sequence[Named], format: Literal["png", "svg"] = "png") -> bytes:
    """The runs at their ends, over one axis of time."""
    digests = ", ".join(spec.digest() for _, spec, _ in runs)
    about: dict[str, str | None] = {"Title": title, "Description": f"{' '.join(sentences)} runs {digests}"}
    program = f"DMF Lab {__version__}"
    about |= {"Date": None, "Creator": program} if format == "svg" else {"Software": program}
    stream = io.BytesIO()
    with drawing(digests):
        figure = _figure(title, sentences, runs)
        FigureCanvasAgg(figure)
        figure.savefig(stream, format=format, dpi=DPI, metadata=about)
    return stream.getvalue()


def _figure(title: str, sentences: Sequence[str], runs: Sequence[Named]) -> Figure:
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    figure.text(0.03, 0.94, title, fontsize=13, fontweight="bold", color=LIGHT.ink)
    lines = [line for sentence in sentences for line in textwrap.wrap(sentence, LETTERS)]
    figure.text(0.03, 0.915, "\n".join(lines), color=LIGHT.ink2, va="top", fontsize=8)
    top = 1.08 * max(max(run.singular_values.max(), np.max(true_values(run), initial=0.0)) for _, _, run in runs) or 1.0
    end = max(run.snapshots[-1].t for _, _, run in runs) or 1.0
    limit = max(run.start.picture_limit for _, _, run in runs)
    wide = (0.95 + 0.03) / len(runs)
    for i, (name, spec, run) in enumerate(runs):
        left = 0.045 + i * wide
        axes = figure.add_axes((left, 0.45, wide - 0.055, 0.34))
        _curves(axes, name, run, end, top)
        if i == 0:
            axes.set_xlabel(f"{clocks(runs)}; dashed: the truth", color=LIGHT.ink3, fontsize=8)
        _matrix(figure.add_axes((left, 0.06, 0.26 * HEIGHT / WIDTH, 0.26)), run, spec, limit)
        _numbers(figure, left + 0.26 * HEIGHT / WIDTH + 0.012, run)
    stamps = ", ".join(f"{spec.digest()[:4]} {spec.digest()[4:8]}" for _, spec, _ in runs)
    figure.text(0.985, 0.015, f"runs {stamps} · DMF Lab {__version__}", ha="right", color=LIGHT.ink3, fontsize=8)
    return figure


def clocks(runs: Sequence[Named]) -> str:
    """What t is in all of these runs, or only its name."""
    said = {clock(spec) for _, spec, _ in runs}
    return f"{said.pop()} t" if len(said) == 1 else "time t"


def _curves(axes: Axes, name: str, run: Trajectory, end: float, top: float) -> None:
    """Singular values over time, the number of each mode at its end where there is room."""
    t, values = run.column("t"), run.singular_values
    plain(axes, name, LIGHT)
    axes.set(xlim=(0, 1.06 * end), ylim=(-0.01 * top, top))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    for true in true_values(run):
        axes.plot([0, 1.06 * end], [true, true], **truth(LIGHT))
    for r in reversed(range(values.shape[1])):
        axes.plot(t, values[:, r], **stroke(LIGHT, r + 1))
    taken: list[float] = []
    for r in range(min(NAMED, values.shape[1])):
        height = float(values[-1, r])
        if height > 0.04 * top and all(abs(height - other) > 0.06 * top for other in taken):
            taken.append(height)
            colour = LIGHT.text(r + 1)
            axes.annotate(
                str(r + 1), (t[-1], height), (4, 0), textcoords="offset points", va="center", fontsize=8, fontweight="bold",
                color=colour, annotation_clip=False,
            )  # fmt: skip


def _matrix(axes: Axes, run: Trajectory, spec: RunSpec, limit: float) -> None:
    shown = run.snapshots[-1].picture / 127.0 * run.start.picture_limit / limit
    if spec.model.tensor:
        shown = part(shown, run.start, "slice", 0)
    elif not spec.problem.needs_data:
        rows, columns = order(run.start)
        shown = shown[rows][:, columns]
    steps = np.clip(np.round(shown * HALF), -HALF, HALF).astype(np.int64) + HALF
    axes.imshow(LIGHT.scale()[steps], interpolation="nearest")
    axes.set_anchor("NW")
    axes.set_axis_off()


def _numbers(figure: Figure, left: float, run: Trajectory) -> None:
    last = run.snapshots[-1]
    found = [(WORDS[key], last.measures[key]) for key in NUMBERS]
    lines = [f"{words}\n{number(value, 3 if 'rank' in words else 2)}" for words, value in found if value is not None]
    figure.text(
        left, 0.32, "\n".join([*lines, f"at t\n{number(last.t)}"]), color=LIGHT.ink2, fontsize=7.5, va="top", linespacing=1.35
    )
