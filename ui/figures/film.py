"""A run as frames of one size and one palette: the past and the future drawn once, what moves drawn anew.

A frame is an array of palette numbers, so that a colour is the same colour in every frame and nothing flickers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.depth_view import readable
from ui.figures.drawing import drawing
from ui.figures.film_palette import Palette, palette
from ui.figures.film_sprites import Sprites
from ui.figures.plot_options import PlotOptions, selected
from ui.figures.scene.discs import MOST, fanned
from ui.figures.static import Composed, compose, moment
from ui.figures.static_axes import BARS
from ui.figures.theme import NAMED

LEVELS = 96  # colours of the matrix


@dataclass(frozen=True, eq=False)
class Film:
    """What does not move, and the maps from numbers to pixels."""

    options: PlotOptions
    colours: Palette
    past: np.ndarray  # [height, width] palette numbers
    future: np.ndarray
    parts: Composed
    sprites: Sprites
    scale: np.ndarray  # [2 * HALF + 1, 3] colour of every step of the matrix
    cells: np.ndarray  # [2 * HALF + 1] its palette number

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, both even, as H.264 wants them."""
        return self.past.shape[1], self.past.shape[0]

    def moments(self, count: int) -> list[float]:
        """Fractional frames at constant speed along the shown axis, from shortly before the first rise to the last."""
        axis = self.parts.axis
        return [
            axis.frame(place) for place in np.linspace(self.parts.scene.opening(axis), axis.place(len(axis.column) - 1), count)
        ]

    def frames(self, count: int) -> Iterator[np.ndarray]:  # [height, width] uint8 palette numbers
        for f in self.moments(count):
            yield self.frame(f)

    def frame(self, f: float) -> np.ndarray:  # [height, width] uint8
        """The picture at a fractional frame."""
        parts, canvas = self.parts, self.future.copy()
        x = self._across(parts.curves, parts.axis.place(f))
        canvas[:, : x + 1] = self.past[:, : x + 1]
        right = self._box(parts.curves)[2] + self.sprites.disc_size
        canvas[:, right:] = self.past[:, right:]
        self._bars(canvas, f)
        self._matrix(canvas, f)
        self._cursor(canvas, x, f)
        self.sprites.words(canvas, moment(self.parts.scene, f), self.options.theme)
        return canvas

    def values(self, f: float) -> np.ndarray:  # [k]
        """Singular values between two snapshots, on the curves that are shown."""
        return self.parts.scene.curves.at(f, self.options.log_values)

    def _across(self, axes: Axes, value: float) -> int:
        return round(float(axes.transData.transform((value, axes.get_ylim()[0]))[0]))

    def _up(self, axes: Axes, value: float) -> int:
        """The row of a value; not above the picture, not below the axes."""
        low, high = axes.get_ylim()
        inside = min(max(value, low), high * 1.05)
        return round(self.size[1] - float(axes.transData.transform((1.0, inside))[1]))

    def _box(self, axes: Axes) -> tuple[int, int, int, int]:
        """left, top, right, bottom in pixels."""
        (x0, y0), (x1, y1) = axes.get_window_extent().get_points()
        return round(x0), round(self.size[1] - y1), round(x1), round(self.size[1] - y0)

    def _bars(self, canvas: np.ndarray, f: float) -> None:
        axes, page = self.parts.spectrum, self.colours.number(self.options.theme.page)
        values = self.values(f)[:BARS]
        floor = self._up(axes, 0.0) if not self.options.log_values else self._box(axes)[3]
        for mode, value in enumerate(values, start=1):
            left, right = self._across(axes, mode - 0.31), self._across(axes, mode + 0.31)
            bar = canvas[self._up(axes, float(value)) : floor, left:right]
            bar[bar == page] = self.colours.number(self.options.theme.line(mode))  # dashes of the truth stay on top

    def _matrix(self, canvas: np.ndarray, f: float) -> None:
        shown = self.parts.shown
        places = shown.steps(f)
        steps = self.cells[places]
        left, top, right, bottom = self._box(self.parts.matrix)
        rows = np.arange(bottom - top) * steps.shape[0] // max(bottom - top, 1)
        columns = np.arange(right - left) * steps.shape[1] // max(right - left, 1)
        grid = np.ix_(rows, columns)
        part = canvas[top:bottom, left:right]
        part[...] = steps[grid] if shown.known.all() else np.where(shown.known[grid], steps[grid], part)
        side = (right - left) / steps.shape[1]
        for r, row in enumerate(shown.marks(f)):
            for c, text in enumerate(row):
                ink = readable(self.scale[places[r, c]])
                self.sprites.mark(canvas, round(left + (c + 0.5) * side), round(top + (r + 0.5) * side), text, ink)

    def _cursor(self, canvas: np.ndarray, x: int, f: float) -> None:
        theme, axes = self.options.theme, self.parts.curves
        ink = self.colours.number(theme.ink)
        canvas[self._box(axes)[1] : self._box(self.parts.strips[1])[3], x] = ink
        values, chosen = self.values(f), selected(self.parts.scene, self.options, f)
        count = min(max(self.parts.scene.learned, 1), NAMED, len(values))
        size, least = self.sprites.disc_size, self._box(axes)[3] - self.sprites.disc_size // 2
        rows = [(mode, float(self._up(axes, float(values[mode - 1])))) for mode in range(1, count + 1)]
        most = min(MOST, 1 + max(x - self._box(axes)[0], 0) // size)  # none stands left of the axis
        discs = fanned([(mode, row) for mode, row in rows if row <= least], size, most)
        for mode, row, step in discs:
            canvas[round(row), max(x - step * size, 0) : x] = self.colours.number(theme.line(mode))
        for mode, row, step in reversed(discs):
            self.sprites.disc(canvas, x - step * size, round(row), mode, mode == chosen, theme)


def film(run: Trajectory, spec: RunSpec, options: PlotOptions, dpi: int = 100) -> Film:
    """Draws what does not move: takes as long as two still pictures."""
    last = replace(options, frame=len(run.snapshots) - 1)
    with drawing(spec.digest()):
        parts = compose(run, spec, last, moving=False)
        past = _rendered(parts, dpi)
        future = _rendered(compose(run, spec, replace(options, frame=0), moving=False), dpi)
    scale = parts.shown.scale(options.theme)
    colours = palette(past, future, options.theme, scale[np.linspace(0, len(scale) - 1, LEVELS).round().astype(int)])
    cells = colours.numbers(scale[None, :, :])[0]
    sprites = Sprites(colours, dpi, past.shape[1])
    return Film(
        options,
        colours,
        colours.numbers(past),
        colours.numbers(future),
        parts,
        sprites,
        scale,
        cells,
    )


def _rendered(parts: Composed, dpi: int) -> np.ndarray:  # [height, width, 3] uint8
    parts.figure.set_dpi(dpi)
    canvas: Any = FigureCanvasAgg(parts.figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return np.ascontiguousarray(pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2])


def image(frame: np.ndarray, colours: Palette) -> Image.Image:
    """A frame as an image of Pillow with a palette."""
    picture = Image.fromarray(frame, "P")
    picture.putpalette(colours.table.tobytes())
    return picture
