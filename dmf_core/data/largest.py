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
        """What was left out, with numbers."""
        return (
            f"The whole is {whole(rows)} x {whole(columns)}; the {len(self.rows)} rows and {len(self.columns)} columns with the "
            f"most known entries are left, {whole(left)} of {whole(known)} entries (--data-largest N for fewer)."
        )


def densest(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int], most: int) -> Cut | None:
    """The `most` columns and then the `most` rows with the most known entries; of equal ones the first. None: all fit."""
    if max(shape) <= most:
        return None
    left_columns = _fullest(columns, shape[1], most)
    inside = np.isin(columns, left_columns)
    return Cut(_fullest(rows[inside], shape[0], most), left_columns)


def _fullest(places: np.ndarray, length: int, most: int) -> np.ndarray:
    counts = np.bincount(places, minlength=length)
    return np.sort(np.argsort(-counts, kind="stable")[:most])


def places_of(known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of every known entry of a mask [rows, columns]."""
    rows, columns = np.nonzero(known)
    return rows, columns
