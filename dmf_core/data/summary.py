"""What a matrix or tensor holds: its unit, and its rows and columns without a known entry."""

import math

import numpy as np

from dmf_core.data.sparse import SparseMatrix
from dmf_core.formatting import whole

PIECE = 1 << 17  # numbers that are looked at together, so that no copy of all is needed


def unit_of(array: np.ndarray | SparseMatrix) -> float:
    """The root mean square of the known entries, to the last bit the same for a matrix and its entries.

    0 where there is none, or no finite one.
    """
    if isinstance(array, SparseMatrix):
        parts = list(array.pieces(PIECE))
    else:
        flat = array.reshape(-1)
        parts = [flat[start : start + PIECE] for start in range(0, flat.size, PIECE)]
    finite = (part[np.isfinite(part)] for part in parts)
    largest = max((float(np.abs(part).max(initial=0.0)) for part in finite), default=0.0)
    if largest <= 0:
        return 0.0
    count, total = 0, 0.0
    for part in parts:
        known = part[np.isfinite(part)] / largest
        count, total = count + known.size, total + float(np.sum(known * known))
    return largest * math.sqrt(total / count)


def empty_note(matrix: np.ndarray | SparseMatrix) -> list[str]:
    """A note where rows or columns have no known entry; else empty."""
    counts = zip(matrix.empty() if isinstance(matrix, SparseMatrix) else _empty(matrix), ("row", "column"), strict=True)
    listed = [f"{whole(count)} {noun}{'s' * (count > 1)}" for count, noun in counts if count]
    have = "has" if len(listed) == 1 and listed[0].startswith("1 ") else "have"
    return [f"{' and '.join(listed)} {have} no known entry."] if listed else []


def _empty(matrix: np.ndarray) -> tuple[int, int]:
    """How many rows and how many columns have no known entry, counted row by row."""
    empty_rows, empty_columns = 0, np.ones(matrix.shape[1], dtype=bool)
    for row in matrix:
        unknown = np.isnan(row)
        empty_rows += bool(unknown.all())
        empty_columns &= unknown
    return empty_rows, int(empty_columns.sum())
