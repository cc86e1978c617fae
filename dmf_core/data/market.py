"""Matrix Market: coordinates `row column value`, or all values one after the other, column by column.

Read here and not by scipy.io.mmread, because that ended the whole process (segmentation fault, SciPy 1.17.1) on a damaged file.
**Source**: Boisvert, Pozo and Remington, The Matrix Market exchange formats, NISTIR 5935 (1996).
"""

import re
from array import array

import numpy as np

from dmf_core.data.arrays import MOST_SIDE, UNLISTED, Loaded
from dmf_core.data.entries import Entries
from dmf_core.data.rows import TextRows
from dmf_core.errors import BadInput
from dmf_core.formatting import whole, with_article

HEAD = re.compile(rb"%%MatrixMarket\s+matrix\s+(\w+)\s+([\w-]+)\s+([\w-]+)", re.IGNORECASE)
NUMBERS = ("real", "integer", "double", "unsigned-integer")
SYMMETRIES = {"general": 0.0, "symmetric": 1.0, "skew-symmetric": -1.0}  # factor of the entry at the mirrored place


def from_matrix_market(content: bytes, encoding: str) -> Loaded:
    """The matrix, or the entries of a sparse one. Raises BadInput."""
    match = HEAD.match(content)
    form, field, symmetry = (part.decode().lower() for part in match.groups()) if match else ("", "", "")
    if form not in ("coordinate", "array") or symmetry not in (*SYMMETRIES, "hermitian"):
        raise BadInput("The first line of the Matrix Market file is not complete; write it as scipy.io.mmwrite does.")
    if field not in NUMBERS or symmetry == "hermitian":
        without = "lists places without values" if field == "pattern" else f"holds {field} values"
        raise BadInput(f"The Matrix Market file {without}; give real ones.")
    numbers = _numbers(content, encoding)
    if form == "coordinate":
        return _coordinates(numbers, SYMMETRIES[symmetry])
    return _array(numbers, SYMMETRIES[symmetry])


def _numbers(content: bytes, encoding: str) -> np.ndarray:
    """All numbers of the file in order, those of the size first."""
    numbers = array("d")
    rows = TextRows(content, encoding, " ")
    place = 0
    for chunk in rows.chunks():
        for k, row in enumerate(chunk):
            try:
                numbers.extend(map(float, row))
            except ValueError:
                raise BadInput(
                    f"{rows.place(place + k)} of the Matrix Market file is not a row of numbers; correct it."
                ) from None
        place += len(chunk)
    return np.frombuffer(numbers, np.float64)


def _sides(numbers: np.ndarray, count: int) -> list[int]:
    sizes = numbers[:count]
    if len(sizes) < count or not all(0 < size <= MOST_SIDE and size == int(size) for size in sizes):
        raise BadInput("The Matrix Market file does not say how many rows, columns and entries it has; correct its size line.")
    return [int(size) for size in sizes]


def _coordinates(numbers: np.ndarray, mirrored: float) -> Loaded:
    rows, columns, count = _sides(numbers, 3)
    body = numbers[3:]
    if len(body) != 3 * count:
        raise BadInput(
            f"The Matrix Market file says {whole(count)} entries, but {len(body) / 3:.6g} lines of row, column, value follow; "
            "it is not complete."
        )
    triples = body.reshape(count, 3)
    i, j = triples[:, 0], triples[:, 1]
    inside = (i >= 1) & (i <= rows) & (j >= 1) & (j <= columns) & (i == np.floor(i)) & (j == np.floor(j))
    if not inside.all():
        bad = int(np.argmin(inside))
        place = f"row {i[bad]:g}, column {j[bad]:g}"
        raise BadInput(f"Entry {bad + 1} of the Matrix Market file stands in {place}, outside of {rows} x {columns}; correct it.")
    at, across, values = i.astype(np.int64) - 1, j.astype(np.int64) - 1, triples[:, 2].copy()
    if mirrored:
        if rows != columns:
            raise _not_square(rows, columns)
        off = at != across
        at, across = np.concatenate([at, across[off]]), np.concatenate([across, at[off]])
        values = np.concatenate([values, mirrored * values[off]])
    names = tuple(map(str, range(1, rows + 1))), tuple(map(str, range(1, columns + 1)))
    return Loaded(Entries(at, across, values, *names), "Matrix Market", (UNLISTED,))


def _array(numbers: np.ndarray, mirrored: float) -> Loaded:
    rows, columns = _sides(numbers, 2)
    body = numbers[2:]
    if not mirrored:
        needed = rows * columns
    elif rows != columns:
        raise _not_square(rows, columns)
    else:
        needed = rows * (rows + 1) // 2 if mirrored > 0 else rows * (rows - 1) // 2
    if len(body) != needed:
        raise BadInput(f"The Matrix Market file needs {whole(needed)} values, but {whole(len(body))} follow; it is not complete.")
    if not mirrored:
        return Loaded(body.reshape((rows, columns), order="F").copy(), "Matrix Market")
    matrix = np.zeros((rows, columns))
    j, i = np.triu_indices(rows, 0 if mirrored > 0 else 1)  # the lower triangle, column by column
    matrix[j, i] = mirrored * body
    matrix[i, j] = body
    return Loaded(matrix, "Matrix Market")


def _not_square(rows: int, columns: int) -> BadInput:
    return BadInput(f"The Matrix Market file calls {with_article(f'{rows} x {columns}')} matrix symmetric; only a square one is.")
