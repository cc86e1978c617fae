"""Columns of R's short truth values, T and F, as 1 and 0. (TRUE and FALSE are numbers anywhere: see cells.)"""

from collections.abc import Sequence

from dmf_core.data.cells import is_unknown
from dmf_core.data.rows import Row

LETTERS = {"T": "1", "F": "0"}
NOTE = "T and F were taken as 1 and 0, as R writes TRUE and FALSE for short."


def truth_columns(sample: Sequence[Row]) -> tuple[int, ...]:
    """The columns that hold nothing but T, F and unknown entries below the first row, where both letters occur; else none.

    A column of F alone may mean female, one of T alone a temperature or a treatment.
    """
    body = sample[1:]
    width = max(map(len, sample), default=0)
    if len(body) < 2:
        return ()
    columns, letters = [], set()
    for j in range(width):
        fields = {row[j].strip() for row in body if j < len(row)}
        known_letters = fields & LETTERS.keys()
        if known_letters and all(field in LETTERS or is_unknown(field) for field in fields):
            columns.append(j)
            letters |= known_letters
    return tuple(columns) if len(letters) == len(LETTERS) else ()


def turned(row: Row, columns: tuple[int, ...]) -> Row:
    """The row with numbers for its letters; a first row that names its columns keeps the names, unless they are T and F."""
    turned_row = list(row)
    for j in columns:
        if j < len(row):
            turned_row[j] = LETTERS.get(row[j].strip(), row[j])
    return turned_row
