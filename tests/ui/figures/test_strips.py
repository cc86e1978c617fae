"""The strips of a picture: those of the player, on its scale, whichever two are chosen."""

from functools import cache
from typing import Any, get_args

import numpy as np
import pytest

from dmf_core.analysis.replay import explained
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.drawing import drawing
from ui.figures.film import film
from ui.figures.plot_options import PlotOptions
from ui.figures.scene.series import series
from ui.figures.scene.strips import MARGIN, STRIPS, chosen
from ui.figures.spectra import naming
from ui.figures.static import Composed, compose
from ui.figures.theme import DARK, LIGHT
from ui.figures.truth import levels
from ui.player.view import Strip

MATRIX = {
    "problem.rows": 20, "problem.columns": 16, "problem.rank": 2, "problem.observations": 200, "init.kind": "balanced",
    "stop.loss": 1e-3, "save.snapshots": 30,
}  # fmt: skip
TENSOR = {
    "problem.kind": "tensor_completion", "problem.shape": [5, 6, 7], "problem.rank": 2, "problem.observations": 150,
    "init.scale": 0.03, "stop.loss": 1e-3, "save.snapshots": 30,
}  # fmt: skip
HIDDEN = {"problem.kind": "razin_cohen", "stop.loss": 0.03}


@cache
def made(kind: str) -> tuple[Trajectory, RunSpec]:
    spec = RunSpec().replaced({"matrix": MATRIX, "tensor": TENSOR, "hidden": HIDDEN}[kind])
    trajectory = run(spec)
    return (explained(trajectory, spec) if kind == "matrix" else trajectory), spec


def composed(kind: str, **options: Any) -> Composed:
    trajectory, spec = made(kind)
    with drawing(spec.digest()):
        return compose(trajectory, spec, PlotOptions(**options))


def test_view_names_every_strip() -> None:
    assert get_args(Strip) == ("", *STRIPS)


@pytest.mark.parametrize(("kind", "of"), [(kind, "hidden" if kind in ("hidden", "determinant") else "matrix") for kind in STRIPS])
def test_chosen_strip_is_drawn_with_its_lines_names_and_values(kind: str, of: str) -> None:
    """Its curves are the measured columns on the scale of the strip, nothing below its lowest value."""
    trajectory, _ = made(of)
    known, about = series(trajectory), STRIPS[kind]
    figure = composed(of, frame=5, strips=("", kind), theme=DARK if kind == "norms" else LIGHT)
    upper, axes = figure.strips
    assert axes.get_title(loc="left") == about.name
    assert upper.get_title(loc="left") == STRIPS["hidden" if of == "hidden" else "error"].name
    curves = [np.asarray(line.get_ydata(), dtype=float) for line in axes.lines]
    words = " ".join(text.get_text() for text in axes.texts)
    low, high = axes.get_ylim()
    lowest = low + MARGIN * (high - low) / (1 + 2 * MARGIN)
    assert about.of(known)
    for line in about.of(known):
        values = known[line.key]
        assert values is not None
        column = about.column(values)
        expected = column if about.signed else np.maximum(np.log10(np.maximum(column, 1e-300)), lowest)
        assert low < expected.min() <= expected.max() < high
        past = [each for each in curves if len(each) == 6]
        assert any(np.allclose(each, expected[:6], rtol=0, atol=1e-9 * (high - low)) for each in past), line.key
        assert line.name in words
    dashed = [line for line in axes.lines if len(np.asarray(line.get_ydata())) == 6 and line.is_dashed()]
    assert len(dashed) == sum(line.truth_only for line in about.of(known))


def test_strips_that_nobody_chose_are_what_the_player_shows() -> None:
    known, hidden = series(made("matrix")[0]), series(made("hidden")[0])
    assert chosen(known, ("", ""), theory=False) == ("error", "entropy_rank")
    assert chosen(hidden, ("", ""), theory=False) == ("hidden", "determinant")
    assert chosen(known, ("", ""), theory=True) == ("alignment", "balance")
    assert chosen(known, ("loss", ""), theory=True) == ("loss", "balance")
    assert chosen(known, ("determinant", "norms"), theory=False) == ("error", "norms")  # a determinant needs a small square W
    assert chosen(series(made("tensor")[0]), ("balance", ""), theory=True) == ("error", "entropy_rank")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_picture_of_a_tensor_shows_the_chosen_spectrum(number: int) -> None:
    trajectory, _ = made("tensor")
    key, frame = trajectory.spectra[number], 8
    figure = composed("tensor", frame=frame, spectrum=key)
    assert figure.curves.get_title(loc="left") == f"{naming(key).head} over time"
    assert naming(key).head != naming(trajectory.spectra[0]).head
    heights = [bar.get_height() for bar in figure.spectrum.patches]
    assert heights == pytest.approx(trajectory.spectrum(key)[frame][: len(heights)])
    true = trajectory.start.true_spectra[key][0]
    assert f"true σ₁ = {true:.3g}" in [text.get_text() for text in figure.curves.texts]
    assert {text.get_text() for text in figure.curves.texts} >= {"value 1"}


def test_strips_of_a_tensor_do_not_change_with_the_spectrum() -> None:
    """The measures are of the main spectrum, and so is the level of their truth."""
    trajectory, spec = made("tensor")
    level = np.log10(levels(trajectory.start, spec.model.degree(trajectory.start.shape))["entropy_rank"])
    for key in trajectory.spectra:
        lines = composed("tensor", spectrum=key).strips[1].lines
        assert [list(line.get_ydata()) for line in lines if len(line.get_ydata()) == 2] == [[level, level]]


def test_dashed_norm_of_a_tensor_is_that_of_every_unfolding() -> None:
    """Frobenius norms do not change when cells are put in another order; norms of components tell another number."""
    trajectory, spec = made("tensor")
    size = levels(trajectory.start, spec.model.degree(trajectory.start.shape))["frobenius_norm"]
    for key in ("unfolding_1", "unfolding_2", "unfolding_3"):
        assert size == pytest.approx(np.linalg.norm(trajectory.start.true_spectra[key]), rel=1e-6)  # float32
    components = trajectory.start.true_singular_values
    assert components is not None
    assert abs(size / np.linalg.norm(components) - 1) > 1e-3


def test_film_of_a_tensor_shows_the_chosen_spectrum() -> None:
    trajectory, spec = made("tensor")
    made_of = film(trajectory, spec, PlotOptions(spectrum=trajectory.spectra[2], strips=("norms", "loss")), dpi=50)
    assert made_of.values(8.0) == pytest.approx(trajectory.spectrum(trajectory.spectra[2])[8])
    assert made_of.parts.curves.get_title(loc="left") == f"{naming(trajectory.spectra[2]).head} over time"
    assert [axes.get_title(loc="left") for axes in made_of.parts.strips] == ["norms of W", "training loss"]
