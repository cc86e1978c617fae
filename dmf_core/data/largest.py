"""The part of a matrix that is left where a side is over the limit: the rows and columns with the most known entries."""

from dataclasses import dataclass

import numpy as np

from dmf_core.formatting import whole


@dataclass(frozen=True, eq=False)
class Cut:
    """The rows and columns that are left."""

    rows: np.ndarray  # rising
    columns: np.ndarray

    def note(self, rows: int, columns: int, left: int, known: int) -> str:
        """A sentence with the numbers of rows, columns and entries that were left out."""
        return (
            f"The whole is {whole(rows)} x {whole(columns)}; the {len(self.rows)} rows and {len(self.columns)} columns with the "
            f"most known entries are left, {whole(left)} of {whole(known)} entries (--data-largest N for fewer)."
        )


def densest(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int], most: int) -> Cut | None:
    """The `most` columns and then the `most` rows with the most known entries; of equal ones the first. None: all fit."""
    if max(shape) <= most:
        return None
    left_columns = _fullest(columns, shape[1], most)
    inside = np.zeros(shape[1], dtype=bool)
    inside[left_columns] = True
    return Cut(_fullest(rows[inside[columns]], shape[0], most), left_columns)


def known_count(matrix: np.ndarray) -> int:
    """How many entries are not NaN, counted row by row, so that no mask of the whole is needed."""
    return sum(len(row) - int(np.count_nonzero(np.isnan(row))) for row in matrix)


def densest_of(matrix: np.ndarray, most: int) -> Cut | None:
    """`densest` for a dense matrix [rows, columns], NaN where unknown; makes no list of its known entries."""
    if max(matrix.shape) <= most:
        return None
    counts = np.zeros(matrix.shape[1], dtype=np.int64)
    for row in matrix:
        counts += ~np.isnan(row)
    left_columns = _most(counts, most)
    return Cut(_most(np.array([np.count_nonzero(~np.isnan(row[left_columns])) for row in matrix]), most), left_columns)


def part_of(matrix: np.ndarray, cut: Cut) -> np.ndarray:
    """The rows and columns that are left; they are moved within `matrix`, which must not be used any more."""
    flat, width = matrix.reshape(-1), len(cut.columns)
    for k, row in enumerate(cut.rows):
        flat[k * width : (k + 1) * width] = matrix[row, cut.columns]
    return flat[: len(cut.rows) * width].reshape(len(cut.rows), width)


def _fullest(places: np.ndarray, length: int, most: int) -> np.ndarray:
    return _most(np.bincount(places, minlength=length), most)


def _most(counts: np.ndarray, most: int) -> np.ndarray:
    return np.sort(np.argsort(-counts, kind="stable")[:most])
