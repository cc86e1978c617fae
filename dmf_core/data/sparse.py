"""A matrix by its known entries: what reading a list gives, much smaller than the matrix where few entries are known."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """Every known entry once, row by row, in a row by columns."""

    rows: np.ndarray  # [n] int32
    columns: np.ndarray  # [n] int32
    values: np.ndarray  # [n] float64, none of them NaN
    shape: tuple[int, int]

    def dense(self) -> np.ndarray:  # [rows, columns] float64
        """The whole matrix, NaN where unknown."""
        matrix = np.full(self.shape, np.nan)
        matrix[self.rows, self.columns] = self.values
        return matrix

    def pieces(self, size: int) -> Iterator[np.ndarray]:
        """The known entries among each `size` entries of the whole matrix, counted row by row."""
        places = self.rows.astype(np.int64) * self.shape[1] + self.columns
        bounds = np.searchsorted(places, range(0, self.shape[0] * self.shape[1] + size, size))
        del places
        return (self.values[start:end] for start, end in pairwise(bounds))

    def empty(self) -> tuple[int, int]:
        """How many rows and how many columns have no known entry."""
        counts = (np.bincount(where, minlength=side) for where, side in zip((self.rows, self.columns), self.shape, strict=True))
        rows, columns = (int(np.count_nonzero(count == 0)) for count in counts)
        return rows, columns
