"""The at most 256 colours of a film: those that must be exact, the scale of the matrix, the rest as it comes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from ui.figures.theme import Theme, blended, rgb

COLOURS = 255  # one number stays free for what does not change between two frames


@dataclass(frozen=True, eq=False)
class Palette:
    """A table of colours, and the nearest one of every colour."""

    table: np.ndarray  # [n, 3] uint8

    def number(self, colour: str) -> int:
        """Of a colour that is in the table, or of the nearest."""
        if colour not in self._indices:
            self._indices[colour] = int(np.argmin(np.abs(self.table.astype(np.int64) - rgb(colour)).sum(axis=1)))
        return self._indices[colour]

    def numbers(self, pixels: np.ndarray) -> np.ndarray:  # [h, w, 3] uint8 -> [h, w] uint8
        """The nearest colours, exact for those in the table (Pillow's own search rounds to five bits)."""
        red, green, blue = (pixels[..., i].astype(np.int32) for i in range(3))
        packed, where = np.unique((red << 16) | (green << 8) | blue, return_inverse=True)
        apart = np.stack([packed >> 16, (packed >> 8) & 255, packed & 255], axis=1)[:, None, :] - self._wide[None]
        return np.asarray((apart * apart).sum(axis=2).argmin(axis=1).astype(np.uint8)[where].reshape(pixels.shape[:2]))

    def pixels(self, numbers: np.ndarray) -> np.ndarray:  # [h, w] -> [h, w, 3] uint8
        return np.asarray(self.table.take(numbers, axis=0))

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {}

    @cached_property
    def _wide(self) -> np.ndarray:
        return self.table.astype(np.int32)


def palette(past: np.ndarray, future: np.ndarray, theme: Theme, steps: np.ndarray) -> Palette:
    """Colours for two drawn pictures [h, w, 3], discs and bars, and the steps [n, 3] of the matrix."""
    exact = [theme.page, theme.ink, theme.ink2, theme.ink3, theme.axis, theme.rule, theme.rest, *theme.lines, *theme.texts]
    exact += [blended(colour, theme.page, theme.future) for colour in (theme.ink, theme.rest, *theme.lines)]
    fixed = np.unique(np.concatenate([[rgb(colour) for colour in exact], steps]).astype(np.uint8), axis=0)
    both = Image.fromarray(np.concatenate([past, future]), "RGB")
    colours = both.quantize(COLOURS - len(fixed), method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette() or []
    rest = np.array(colours, dtype=np.uint8).reshape(-1, 3)
    return Palette(np.unique(np.concatenate([fixed, rest]), axis=0)[:COLOURS])
