"""The animation as a GIF: written frame after frame, so that one frame at a time is in memory."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import GifImagePlugin

from ui.export.source import Source, Tell
from ui.figures.film import film, image
from ui.figures.static import description

FRAMES = 120  # of the film; more make the file larger
STEP_MS = 100  # 120 of them: the axis is crossed in the 12 s of the player at speed 1
LAST_MS = 2500  # that the last frame stays before the film begins anew
SAME = 255  # the palette number that leaves a pixel as it was; palettes have 255 colours
COLOURS = 256  # of the one palette: the most that GIF has
PART = 255  # bytes of one block, at most


def gif(source: Source, tell: Tell) -> bytes:
    """120 frames that loop, at constant speed along the axis shown."""
    movie = film(source.run, source.spec, source.options)
    count = FRAMES if len(source.run.snapshots) > 1 else 1
    table = np.zeros((COLOURS, 3), np.uint8)
    table[: len(movie.colours.table)] = movie.colours.table
    stream = io.BytesIO()
    stream.write(b"GIF89a" + _two_bytes(*movie.size) + b"\xf7\x00\x00" + table.tobytes())  # one palette of 256 for all frames
    stream.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")  # for ever
    about = description(source.spec, source.view.model_dump_json()).encode()
    stream.write(b"!\xfe" + b"".join(_blocks(about)) + b"\x00")
    before: np.ndarray | None = None
    for number, frame in enumerate(movie.frames(count)):
        tell(number / count)
        part, left, top = _changed(before, frame)
        shown = image(part, movie.colours)
        duration = LAST_MS if number == count - 1 else STEP_MS
        for each in GifImagePlugin.getdata(shown, (left, top), duration=duration, disposal=1, transparency=SAME):
            stream.write(each)
        before = frame
    stream.write(b";")
    return stream.getvalue()


def _changed(before: np.ndarray | None, frame: np.ndarray) -> tuple[np.ndarray, int, int]:
    """The smallest part that holds all changes, what did not change in it left open; with its left and top."""
    if before is None:
        return frame, 0, 0
    other = before != frame
    if not other.any():
        return np.full((1, 1), SAME, np.uint8), 0, 0
    rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return np.where(other[part], frame[part], SAME).astype(np.uint8), int(columns[0]), int(rows[0])


def _two_bytes(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "little") for number in numbers)


def _blocks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PART):
        part = content[start : start + PART]
        yield bytes([len(part)]) + part
