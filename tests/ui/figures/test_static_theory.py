"""The theory in a still picture: the drawn slopes are those of the theorem and of the run, or it says why there are none."""

import dataclasses
from functools import cache

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from dmf_core.analysis.replay import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.drawing import drawing
from ui.figures.law import ABSENT
from ui.figures.plot_options import PlotOptions
from ui.figures.static import Composed, compose
from ui.figures.theme import LIGHT

SMALL = {"problem.rows": 20, "problem.columns": 16, "problem.rank": 2, "problem.observations": 200, "stop.loss": 1e-3}


@cache
def made(kind: str = "flow") -> tuple[Trajectory, RunSpec]:
    kinds = {"flow": {"init.kind": "balanced"}, "adam": {"integrator.kind": "adam", "init.scale": 0.1, "stop.iterations": 60}}
    spec = RunSpec().replaced(SMALL | kinds[kind])
    return explained(run(spec), spec), spec


def composed(trajectory: Trajectory, spec: RunSpec, **options: object) -> Composed:
    with drawing(spec.digest()):
        return compose(trajectory, spec, PlotOptions(theory=True, **options))  # type: ignore[arg-type]


def pieces(axes: Axes) -> list[Line2D]:
    """The tangents: the only lines that are placed in shares of both sides."""
    return [line for line in axes.lines if line.get_transform() is axes.transAxes]


def growing(trajectory: Trajectory) -> int:
    """The frame at which the first mode grows fastest."""
    assert trajectory.insight is not None
    return int(np.nanargmax(trajectory.insight.measured[:, 0]))


@pytest.mark.parametrize("log", [False, True])
def test_dashed_tangent_has_the_slope_of_theorem_3(log: bool) -> None:
    """d sigma / dt = N sigma^(2 - 2/N) <-dL/dW, u v^T>, Arora et al. 2019, read off the drawn line in the units of its axes."""
    trajectory, spec = made()
    frame, insight = growing(trajectory), trajectory.insight
    assert insight is not None
    figure = composed(trajectory, spec, frame=frame, log_values=log)
    axes, N = figure.curves, spec.model.depth
    dashed = [line for line in pieces(axes) if line.get_color() == LIGHT.ink]
    assert dashed
    assert all(line.is_dashed() for line in dashed)
    (x0, x1), (y0, y1) = dashed[0].get_data()
    low, top = axes.get_ylim()
    sigma = insight.sigma[frame, 0]
    rise = sigma * np.log(top / low) if log else top - low  # of a singular value over the whole height, at this one
    t = trajectory.column("t")
    slope = (y1 - y0) * rise / ((x1 - x0) * (t[-1] - t[0]))
    assert slope == pytest.approx(N * sigma ** (2 - 2 / N) * insight.pull[frame, 0], rel=1e-6)
    middle = low * (top / low) ** ((y0 + y1) / 2) if log else low + (top - low) * (y0 + y1) / 2
    assert middle == pytest.approx(sigma, rel=1e-4)  # it lies on the curve; float32 values


def test_solid_tangent_has_the_slope_of_the_run() -> None:
    """Where the curve bends one way only, its slope at a snapshot lies between the chords to both neighbours."""
    trajectory, spec = made()
    t, sigma, checked = trajectory.column("t"), trajectory.singular_values[:, 0], 0
    chords = np.diff(sigma) / np.diff(t)
    for frame in range(2, len(t) - 2):
        around = chords[frame - 2 : frame + 2]
        if not ((np.diff(around) > 0).all() or (np.diff(around) < 0).all()) or around.max() < 0.1 * chords.max():
            continue
        axes = composed(trajectory, spec, frame=frame).curves
        solid = [line for line in pieces(axes) if line.get_color() == LIGHT.line(1)]
        (x0, x1), (y0, y1) = solid[0].get_data()
        low, top = axes.get_ylim()
        slope = (y1 - y0) * (top - low) / ((x1 - x0) * (t[-1] - t[0]))
        assert chords[frame - 1 : frame + 1].min() <= slope <= chords[frame - 1 : frame + 1].max()
        checked += 1
        if checked == 4:
            break
    assert checked


def test_picture_with_the_theory_names_its_source_or_why_there_is_none() -> None:
    trajectory, spec = made()
    bare = dataclasses.replace(trajectory, insight=None)
    for run_, of, words in ((trajectory, spec, "Arora et al. 2019, Theorem 3"), (bare, spec, ABSENT), (*made("adam"), "Adam")):
        figure = composed(run_, of, frame=growing(trajectory) if run_ is trajectory else 5)
        assert words in " ".join(text.get_text() for text in figure.figure.texts).replace("\n", " ")
        assert bool(pieces(figure.curves)) == (run_ is trajectory)


def test_picture_without_the_theory_has_no_tangents() -> None:
    trajectory, spec = made()
    with drawing(spec.digest()):
        figure = compose(trajectory, spec, PlotOptions(frame=growing(trajectory)))
    assert pieces(figure.curves) == []
    assert "Theorem 3" not in " ".join(text.get_text() for text in figure.figure.texts)
