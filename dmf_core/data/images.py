"""A picture as a matrix of grey values from 0 (black) to 1 (white)."""

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from dmf_core import limits
from dmf_core.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")  # nothing that starts another program, as EPS does
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm")
MAGICS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")


def is_image(name: str, content: bytes) -> bool:
    """True by the first bytes or the file's ending."""
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return webp or content.startswith(MAGICS) or name.lower().endswith(ENDINGS)


def read_image(content: bytes, side: int) -> tuple[np.ndarray, str]:
    """Grey values [rows, columns], the longer side at most `side` pixels, and how it was read. Raises BadInput.

    Turned as its EXIF orientation says; transparent parts are white; only the first frame of a moving picture.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked here, before any pixel is decoded
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_size(picture.size)
            grey, given = _grey(picture, side)
    except BadInput:
        raise
    except Image.DecompressionBombError:
        raise _too_large("far too many pixels;") from None
    except Exception as error:  # decoders raise nearly everything on broken files
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        if "<_io.BytesIO" in reason:
            reason = "unknown format"
        raise BadInput(f"The picture cannot be read ({reason}); save it again as PNG or JPEG.") from None
    rows, columns = grey.shape
    reduced = "" if given == (columns, rows) else f", reduced from {given[0]} x {given[1]} pixels"
    return grey, f"Read as a {picture.format} picture{reduced}: {rows} x {columns} grey values from 0 to 1."


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > limits.IMAGE_PIXELS:
        raise _too_large(f"{size[0]} x {size[1]} pixels;")


def _too_large(count: str) -> BadInput:
    million = limits.IMAGE_PIXELS // 10**6
    return BadInput(f"The picture has {count} at most {million} million can be read: make it smaller first.")


def _grey(picture: "Image", side: int) -> tuple[np.ndarray, tuple[int, int]]:
    """Grey values and the size (columns, rows) before the reduction."""
    from PIL import Image, ImageOps

    given = picture.size
    picture.draft("L", (2 * side, 2 * side))  # JPEG: decode at a fraction of the size
    upright = ImageOps.exif_transpose(picture)
    if upright.size[::-1] == picture.size and upright.size != picture.size:
        given = given[::-1]
    if upright.mode.startswith("I"):  # 16 bits
        flat = Image.fromarray((np.asarray(upright, dtype=np.float64) / 257).clip(0, 255).round().astype(np.uint8))
    elif upright.mode == "F":
        raise BadInput("The picture holds decimal numbers without a known white; save them as NPY, or the picture as PNG.")
    elif "A" in upright.getbands() or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        flat = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("L")
    else:
        flat = upright.convert("L")
    share = min(1.0, side / max(flat.size))
    size = (max(1, round(flat.size[0] * share)), max(1, round(flat.size[1] * share)))
    small = flat if size == flat.size else flat.resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64) / 255, given
