"""Films: the frames that were asked for, flat colours, a stamp in each, and an end when nobody wants the rest."""

import dataclasses
import io
import time

import numpy as np
import pytest
from PIL import Image

from dmf_core.inputs import Inputs
from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.export import Source, nothing
from ui.export.gif import FRAMES, LAST_MS, STEP_MS, gif
from ui.export.mp4 import LAST_SECONDS, RATE, SECONDS, mp4
from ui.export.task import Unwanted
from ui.figures.film import film
from ui.figures.plot_options import PlotOptions
from ui.figures.theme import DARK, LIGHT, rgb
from ui.player.view import View


@pytest.fixture(scope="module")
def made(source: Source) -> Image.Image:
    return Image.open(io.BytesIO(gif(dataclasses.replace(source, view=View()), nothing)))


def frame(image: Image.Image, number: int) -> np.ndarray:
    image.seek(number)
    return np.asarray(image.convert("RGB"))


def test_gif_has_its_frames_loops_and_names_the_run(made: Image.Image, source: Source) -> None:
    assert made.n_frames == FRAMES
    assert made.info["loop"] == 0
    assert source.spec.digest().encode() in made.info["comment"]
    durations = []
    for number in range(FRAMES):
        made.seek(number)
        durations.append(made.info["duration"])
    assert durations == [STEP_MS] * (FRAMES - 1) + [LAST_MS]


def test_gif_shows_the_frames_that_were_drawn(made: Image.Image, source: Source) -> None:
    """What is left open in a frame because it did not change is what was there before."""
    movie = film(source.run, source.spec, dataclasses.replace(source, view=View()).options)
    for number in (0, 1, 37, FRAMES - 1):
        expected = movie.colours.pixels(movie.frame(movie.moments(FRAMES)[number]))
        np.testing.assert_array_equal(frame(made, number), expected)


def test_gif_has_the_stamp_in_every_frame(made: Image.Image) -> None:
    first = frame(made, 0)
    corner = slice(-25, None), slice(-260, None)
    assert (first[corner] != 255).any()
    assert all((frame(made, number)[corner] == first[corner]).all() for number in (30, 60, FRAMES - 1))


def test_film_ends_with_bars_as_high_as_the_singular_values(source: Source) -> None:
    """The bar of mode 1 covers the share of the axis that its value has; one pixel for rounding at either end."""
    movie = film(source.run, source.spec, dataclasses.replace(source, view=View()).options)
    last = movie.colours.pixels(movie.frame(movie.moments(2)[1]))
    axes = movie.parts.spectrum
    column = last[:, round(axes.transData.transform((1.0, 0.0))[0])]
    pixels = int((column == rgb(LIGHT.line(1))).all(axis=1).sum())
    values = source.run.singular_values[-1]
    true = axes.transData.transform([(1, values[0]), (1, 0)])
    assert pixels == pytest.approx(true[0, 1] - true[1, 1], abs=5)  # the dash of the truth may cover three


@pytest.mark.parametrize(
    "changes",
    [
        {"axis": "events"},
        {"log_values": True},
        {"matrix": "residual"},
        {"matrix": "observed"},
        {"matrix": "K", "theory": True},
        {"future": False},
    ],
    ids=str,
)
def test_film_is_drawn_in_every_view(changes: dict[str, object], source: Source, own: Source) -> None:
    for each in (source, own):
        options = dataclasses.replace(each, view=View.model_validate(changes), theme="dark").options
        movie = film(each.run, each.spec, options)
        for number in movie.moments(3):
            assert (movie.colours.pixels(movie.frame(number)) == rgb(DARK.page)).all(axis=2).mean() > 0.3


def test_film_moves_at_constant_speed_along_its_axis(source: Source) -> None:
    movie = film(source.run, source.spec, dataclasses.replace(source, view=View(axis="events")).options)
    places = [movie.parts.axis.place(f) for f in movie.moments(11)]
    np.testing.assert_allclose(places, np.linspace(movie.parts.scene.opening(movie.parts.axis), 1, 11), atol=1e-9)


def test_less_than_a_tenth_of_the_film_of_the_first_run_waits() -> None:
    spec = preset_spec("fewer-entries")
    movie = film(run(spec), spec, PlotOptions(), dpi=50)
    top = movie.parts.curves.get_ylim()[1]
    still = [movie.values(f).max() < 0.02 * top for f in movie.moments(100)]  # 8 pixels of a plot of 400
    assert 0 < sum(still) < 10  # it begins before anything rises
    assert still == sorted(still, reverse=True)
    waits = movie.parts.axis.place(movie.parts.scene.rise)
    assert waits > 0.15  # of the time axis: more than that of every film was a wait


def test_gif_of_one_snapshot_is_one_frame(source: Source) -> None:
    alone = Trajectory(source.run.start, source.run.snapshots[:1], None)
    assert Image.open(io.BytesIO(gif(dataclasses.replace(source, run=alone), nothing))).n_frames == 1


def test_gif_stops_when_nobody_wants_the_rest(source: Source) -> None:
    shares: list[float] = []

    def tell(share: float) -> None:
        shares.append(share)
        if share > 0.1:
            raise Unwanted

    with pytest.raises(Unwanted):
        gif(source, tell)
    assert shares == sorted(shares)
    assert shares[-1] < 0.2


def test_gif_of_the_default_run_takes_less_than_five_seconds() -> None:
    """Of processor time, so that a busy machine does not matter; all of it is in this one thread."""
    spec = RunSpec()
    whole = run(spec)
    for _ in range(3):  # once, but for a machine that is busy beyond that
        began = time.thread_time()
        gif(Source(whole, spec, Inputs(), View()), nothing)
        if (took := time.thread_time() - began) < 5:
            break
    assert took < 5


def test_mp4_plays_as_long_as_the_player_and_names_the_run(source: Source) -> None:
    av = pytest.importorskip("av")
    container = av.open(io.BytesIO(mp4(source, nothing)))
    video = container.streams.video[0]
    assert video.frames == RATE * (SECONDS + LAST_SECONDS) - 1
    assert source.spec.digest() in container.metadata["comment"]
    pictures = [each.to_ndarray(format="rgb24") for each in container.decode(video=0)]
    movie = film(source.run, source.spec, source.options, 120)
    expected = movie.colours.pixels(movie.frame(movie.moments(RATE * SECONDS)[180]))
    assert np.abs(pictures[180].astype(int) - expected).mean() < 4  # H.264 halves the resolution of colour
