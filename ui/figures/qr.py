"""An address as a QR code, made here: dark on white with its quiet zone, also on a dark page."""

from itertools import groupby

import segno

QUIET = 4  # modules; ISO/IEC 18004 asks for four
ERROR = "m"  # 15 % may be unreadable; more is taken where it fits the same size


def modules(text: str) -> list[list[bool]] | None:
    """The rows of the code, True for dark, without the quiet zone. None: longer than a QR code can hold."""
    try:
        return [[bool(module) for module in row] for row in segno.make_qr(text, error=ERROR).matrix]
    except segno.DataOverflowError:
        return None


def qr_code(text: str) -> str | None:
    """An <svg> without a size of its own. Filled boxes: browsers draw segno's own thin lines askew when they are large."""
    rows = modules(text)
    if rows is None:
        return None
    side = len(rows) + 2 * QUIET
    boxes = "".join(_boxes(row, y + QUIET) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#FFFFFF" d="M0 0h{side}v{side}H0z"/><path fill="#000000" d="{boxes}"/></svg>'
    )


def _boxes(row: list[bool], y: int) -> str:
    """One box for every stretch of dark modules."""
    path, x = "", QUIET
    for dark, stretch in groupby(row):
        width = len(list(stretch))
        path += f"M{x} {y}h{width}v1h-{width}z" if dark else ""
        x += width
    return path
