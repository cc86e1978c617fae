"""The small moving things of a film, smooth at their edges: discs with the number of their mode, and a line of words."""

from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ui.figures.film_palette import Palette
from ui.figures.static import LEFT
from ui.figures.theme import Theme, rgb

SMOOTH = 4  # discs are drawn so many times larger
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)


class Sprites:
    """Draws into arrays of palette numbers."""

    def __init__(self, colours: Palette, dpi: int, width: int) -> None:
        self._colours, self._dpi, self._width = colours, dpi, width
        self.disc_size = round(0.17 * dpi)
        self._ramps: dict[tuple[str, str], np.ndarray] = {}
        self._marks: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self._discs: dict[tuple[int, bool], tuple[np.ndarray, np.ndarray]] = {}

    def disc(self, canvas: np.ndarray, x: int, y: int, mode: int, chosen: bool, theme: Theme) -> None:
        """A disc with its centre at (x, y)."""
        if (mode, chosen) not in self._discs:
            self._discs[mode, chosen] = self._sprite(mode, chosen, theme)
        self._lay(canvas, x, y, *self._discs[mode, chosen])

    def mark(self, canvas: np.ndarray, x: int, y: int, text: str, ink: str) -> None:
        """A short text with its middle at (x, y)."""
        if (text, ink) not in self._marks:
            font = _font(False, round(8 * self._dpi / 72))
            mask = Image.new("L", (round(font.getlength(text)) + 2, round(1.4 * font.size)), 0)
            ImageDraw.Draw(mask).text((mask.width / 2, mask.height / 2), text, font=font, fill=255, anchor="mm")
            self._marks[text, ink] = np.asarray(Image.new("RGB", mask.size, ink), np.float64), np.asarray(mask, np.float64) / 255
        self._lay(canvas, x, y, *self._marks[text, ink])

    def _lay(self, canvas: np.ndarray, x: int, y: int, colour: np.ndarray, opacity: np.ndarray) -> None:
        height, width = opacity.shape
        top, left = y - height // 2, x - width // 2
        rows, columns = (
            slice(max(top, 0), min(top + height, len(canvas))),
            slice(max(left, 0), min(left + width, canvas.shape[1])),
        )
        cut = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
        under = self._colours.pixels(canvas[rows, columns]).astype(np.float64)
        mixed = under + (colour[cut] - under) * opacity[cut][..., None]
        canvas[rows, columns] = self._colours.numbers(mixed.round().astype(np.uint8))

    def words(self, canvas: np.ndarray, text: str, theme: Theme) -> None:
        """The line below the title."""
        size = round(8.5 * self._dpi / 72)
        left, base = round(LEFT[0] * self._width), round(len(canvas) * (1 - 0.915))
        strip = Image.new("L", (round(0.45 * self._width), round(1.5 * size)), 0)
        ImageDraw.Draw(strip).text((0, round(1.1 * size)), text, font=_font(False, size), fill=255, anchor="ls")
        top = base - round(1.1 * size)
        canvas[top : top + strip.height, left : left + strip.width] = self._shades(theme.ink2, theme.page).take(np.asarray(strip))

    def _shades(self, ink: str, page: str) -> np.ndarray:  # [256] palette numbers, from page to ink
        if (ink, page) not in self._ramps:
            share = np.linspace(0, 1, 256)[:, None]
            mixed = (rgb(page) + (rgb(ink) - rgb(page)) * share).round().astype(np.uint8)
            self._ramps[ink, page] = self._colours.numbers(mixed[None])[0]
        return self._ramps[ink, page]

    def _sprite(self, mode: int, chosen: bool, theme: Theme) -> tuple[np.ndarray, np.ndarray]:
        """Colour [s, s, 3] and opacity [s, s]."""
        side = (self.disc_size + 2) * SMOOTH
        ring = 0.02 * self._dpi * SMOOTH
        edge, face = (theme.text(mode), theme.text(mode)) if chosen else (theme.line(mode), theme.page)
        mask, disc = Image.new("L", (side, side), 0), Image.new("RGB", (side, side), edge)
        box = (SMOOTH, SMOOTH, side - 1 - SMOOTH, side - 1 - SMOOTH)
        ImageDraw.Draw(mask).ellipse(box, fill=255)
        pen = ImageDraw.Draw(disc)
        pen.ellipse((box[0] + ring, box[1] + ring, box[2] - ring, box[3] - ring), fill=face)
        font = _font(True, round(0.105 * self._dpi * SMOOTH))
        pen.text((side / 2, side / 2), str(mode), font=font, fill=theme.page if chosen else theme.ink, anchor="mm")
        small = side // SMOOTH, side // SMOOTH
        colour = np.asarray(disc.resize(small, Image.Resampling.BOX), dtype=np.float64)
        return colour, np.asarray(mask.resize(small, Image.Resampling.BOX), dtype=np.float64) / 255
