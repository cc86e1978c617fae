"""A picture as a matrix of grey values from 0 (black) to 1 (white)."""

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from dmf_core import limits
from dmf_core.data.reading import Account, Reading
from dmf_core.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")  # nothing that starts another program, as EPS does
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm")
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow turns colours into grey
DEEP_COLOURS = (b"\x10\x02", b"\x10\x04", b"\x10\x06")  # bit depth and colour type of a PNG that Pillow reduces
CAMERA_BITS = (8, 10, 12, 14)  # that cameras and scanners put into 16
MAGICS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")


def is_image(name: str, content: bytes) -> bool:
    """Whether a file is a picture, by its first bytes or the end of its name."""
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return webp or content.startswith(MAGICS) or name.lower().endswith(ENDINGS)


def read_picture(content: bytes, side: int) -> Reading:
    """Grey values [rows, columns], the longer side at most `side` pixels, and how it was read. Raises BadInput.

    Turned as its EXIF orientation says; transparent parts are white; only the first frame of a moving picture. Pictures of
    16 bits keep all of them; where they use only 8, 10, 12 or 14 of them, as cameras do, the largest of these is white.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked here, before any pixel is decoded
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_size(picture.size)
            frames = getattr(picture, "n_frames", 1)
            decoded, given = _decoded(picture, side)
    except BadInput:
        raise
    except Image.DecompressionBombError:
        raise _too_large("far too many pixels;") from None
    except Exception as error:  # decoders raise nearly everything on broken files
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        if "<_io.BytesIO" in reason:
            reason = "unknown format"
        raise BadInput(f"The picture cannot be read ({reason}); save it again as PNG or JPEG.") from None
    grey, notes = _grey(decoded, side)
    if content[:4] == b"\x89PNG" and content[24:26] in DEEP_COLOURS:
        notes.append("Its colours of 16 bits were read as colours of 8 bits.")
    if frames > 1:
        notes.append(f"Only the first of {frames} frames was read.")
    rows, columns = grey.shape
    reduced = "" if given == (columns, rows) else f", reduced from {given[0]} x {given[1]} pixels"
    sentence = f"Read as a {picture.format} picture{reduced}: {rows} x {columns} grey values from 0 to 1."
    return _reading(grey, sentence, notes)


def grey_of_array(array: np.ndarray) -> Reading:
    """The reading of an array [rows, columns] or [rows, columns, 3 or 4] as a picture. Raises BadInput."""
    if array.size == 0 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise BadInput(f"An array of shape {array.shape} is no picture; a picture has rows, columns and perhaps 3 colours.")
    with np.errstate(invalid="ignore"):  # a NaN of another kind
        values = array.astype(np.float64)
    top = 255.0 if array.dtype == np.uint8 else 65535.0 if array.dtype == np.uint16 else 1.0
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= top):
        raise BadInput(f"The values of a picture of type {array.dtype} go from 0 to {top:g}; rescale them.")
    values /= top
    if values.ndim == 3:
        values = values[:, :, 0] if values.shape[2] == 1 else values[:, :, :3] @ np.array(LUMA)
    sentence = f"Read as a picture in an array: {values.shape[0]} x {values.shape[1]} grey values from 0 to 1."
    return _reading(values, sentence, [])


def _reading(grey: np.ndarray, sentence: str, notes: list[str]) -> Reading:
    unit = float(np.sqrt(np.mean(grey**2)))
    return Reading(grey, Account("picture", sentence, grey.shape, int(grey.size), unit, notes=tuple(notes)))


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > limits.IMAGE_PIXELS:
        raise _too_large(f"{size[0]} x {size[1]} pixels;")


def _too_large(count: str) -> BadInput:
    million = limits.IMAGE_PIXELS // 10**6
    return BadInput(f"The picture has {count} at most {million} million can be read: make it smaller first.")


def _decoded(picture: "Image", side: int) -> tuple["Image", tuple[int, int]]:
    """The picture upright, as one of mode RGBA, of grey L, or of 16 bits and more; and its size (columns, rows) in the file."""
    from PIL import ImageOps

    given = picture.size
    picture.draft("L", (2 * side, 2 * side))  # JPEG: decode at a fraction of the size
    upright = ImageOps.exif_transpose(picture)
    if upright.size[::-1] == picture.size and upright.size != picture.size:
        given = given[::-1]
    if upright.mode.startswith("I") or upright.mode == "F":
        return upright, given
    transparent = "A" in upright.getbands() or "transparency" in upright.info
    return upright.convert("RGBA" if transparent else "L"), given


def _grey(picture: "Image", side: int) -> tuple[np.ndarray, list[str]]:
    """Grey values from 0 to 1 of a decoded picture, the longer side at most `side`; and notes. Raises BadInput."""
    from PIL import Image

    notes: list[str] = []
    if picture.mode == "RGBA":
        if np.asarray(picture.getchannel("A")).min() < 255:
            notes.append("Transparent places are shown on white.")
        flat = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("L")
    elif picture.mode == "L":
        flat = picture
    else:
        deep, notes = _deep(picture)
        flat = Image.fromarray(deep)
    share = min(1.0, side / max(flat.size))
    size = (max(1, round(flat.size[0] * share)), max(1, round(flat.size[1] * share)))
    small = flat if size == flat.size else flat.resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64) / (1 if flat.mode == "F" else 255), notes


def _deep(picture: "Image") -> tuple[np.ndarray, list[str]]:
    """Greys from 0 to 1 in float32 of a picture of 16 or 32 bits. Raises BadInput where no white is known."""
    values = np.asarray(picture, dtype=np.float64)
    if picture.mode == "F":
        if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
            raise BadInput(
                "The picture holds decimal numbers that do not lie from 0 to 1; save them as NPY, or the picture as PNG."
            )
        return values.astype(np.float32), []
    largest = int(values.max())
    if values.min() < 0 or largest > 65535:
        raise BadInput(f"The picture holds whole numbers up to {largest}; save them as NPY, or the picture as PNG of 16 bits.")
    bits = next((bits for bits in CAMERA_BITS if largest < 2**bits), 16)
    if bits == 16:
        return (values / 65535).astype(np.float32), []
    white = 2**bits - 1
    note = f"Of its 16 bits {bits} are in use (the largest value is {largest}), so white is {white}."
    return (values / white).astype(np.float32), [note]
