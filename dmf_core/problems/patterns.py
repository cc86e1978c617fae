"""Where observed entries may sit. Inside the pattern they are drawn uniformly."""

from functools import lru_cache
from typing import Literal

import numpy as np

Region = Literal["uniform", "disconnected", "block", "banded", "empty_row"]
Pattern = Literal[Region, "drawn"]  # drawn: exactly the entries of a mask, see dmf_core.painted_mask
BAND = 0.25  # half of the width of the band, as a share of the side


@lru_cache(maxsize=64)
def observable(pattern: Region, rows: int, columns: int) -> int:
    """The number of entries that a pattern allows to be observed."""
    return int(allowed(pattern, rows, columns).sum())


@lru_cache(maxsize=8)
def allowed(pattern: Region, rows: int, columns: int) -> np.ndarray:  # [rows, columns] bool
    """True where an entry may be observed.

    disconnected: two blocks that share no row and no column. block: all but the last quarter of rows and columns.
    banded: near the diagonal. empty_row: all but the first row.
    """
    i = (np.arange(rows)[:, None] + 0.5) / rows
    j = (np.arange(columns)[None, :] + 0.5) / columns
    match pattern:
        case "uniform":
            mask = np.ones((rows, columns), dtype=bool)
        case "disconnected":
            mask = (i < 0.5) == (j < 0.5)
        case "block":
            mask = (i < 0.5) | (j < 0.5)
        case "banded":
            mask = np.abs(i - j) <= BAND
        case "empty_row":
            mask = np.broadcast_to(np.arange(rows)[:, None] > 0, (rows, columns)).copy()
    mask.setflags(write=False)
    return mask
