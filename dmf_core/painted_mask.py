"""A painted mask as text: what a spec, a link and an archive hold of it. No torch, so that presets are instant."""

import base64
import binascii

import numpy as np

from dmf_core.errors import BadInput
from dmf_core.formatting import with_article

START = "m"  # no JSON value begins so: the text stays text in an address and on the command line


def to_text(mask: np.ndarray) -> str:  # [rows, columns] bool
    """The entries row after row, eight to a byte, in base64url. Not packed further: one mask has one text."""
    bits = np.packbits(np.ascontiguousarray(mask, dtype=bool))
    return START + base64.urlsafe_b64encode(bits.tobytes()).decode().rstrip("=")


def from_text(text: str, rows: int, columns: int) -> np.ndarray:  # [rows, columns] bool
    """The inverse of `to_text`. Raises BadInput when it is not the text of a mask of this size."""
    bits = _bits(text)
    if bits is None or len(bits) != -(-rows * columns // 8) * 8 or bits[rows * columns :].any():
        raise BadInput(
            f"problem.mask is not the text of {with_article(f'{rows} x {columns}')} mask; paint it on the page Observations, or "
            "give --mask FILE.csv on the command line."
        )
    return bits[: rows * columns].reshape(rows, columns).astype(bool)


def count(text: str) -> int:
    """How many entries are observed; 0 when this is not the text of a mask."""
    bits = _bits(text)
    return 0 if bits is None else int(bits.sum())


def stretched(mask: np.ndarray, rows: int, columns: int) -> np.ndarray:  # -> [rows, columns] bool
    """The same drawing at another size: every entry is that of the nearest place."""
    i, j = (((np.arange(new) + 0.5) * old / new).astype(int) for new, old in zip((rows, columns), mask.shape, strict=True))
    return mask[np.ix_(i, j)]


def from_table(given: np.ndarray) -> np.ndarray:  # [rows, columns] float64 -> bool
    """A mask given as zeros and ones. Raises BadInput."""
    if not np.isin(given, (0.0, 1.0)).all():
        raise BadInput("A mask is a table of 0 (unseen) and 1 (observed) without gaps; correct the file.")
    return given.astype(bool)


def _bits(text: str) -> np.ndarray | None:
    body = text.removeprefix(START)
    try:
        content = base64.b64decode(body + "=" * (-len(body) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if base64.urlsafe_b64encode(content).decode().rstrip("=") != body or not text.startswith(START):
        return None
    return np.unpackbits(np.frombuffer(content, dtype=np.uint8))
