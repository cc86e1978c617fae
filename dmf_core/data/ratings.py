"""A list of known entries: `row column value`, one a line, as in MovieLens' u.data, ratings.dat and ratings.csv."""

import math
from array import array

import numpy as np

from dmf_core import limits
from dmf_core.data.text import Table
from dmf_core.errors import BadInput
from dmf_core.numerals import whole

NAMES = ("user", "item", "movie", "row", "column", "col", "rating", "value", "score")
SURE_LINES = 10  # a shorter list without a header could as well be a small matrix
MOST_FIELDS = 10  # a longer line is a row of a matrix
REPEATED = 0.01  # the share of pairs that may stand twice in a list of ratings


def is_ratings(table: Table) -> bool:
    """True for a list of row, column, value. Deterministic; looks at text and counts only.

    Yes, when there are double colons between; or the header names two of its first three columns as in `NAMES`;
    or there are more lines than a matrix can have rows, of 3 to 10 fields; or there are 10 lines or more, of
    three or four fields each, the first two whole numbers or words that come again while pairs of them hardly do.
    """
    if table.separator == "::":
        return True
    first = next(table.fields(MOST_FIELDS))
    names = [field.strip().strip('"').lower() for field in first[:3]]
    if len(names) == 3 and sum(any(part in name for part in NAMES) for name in names) >= 2:
        return True
    if len(table.lines) > limits.MAX_SIDE + 1:
        return 3 <= len(first) <= MOST_FIELDS
    rows = list(table.fields(4))
    if len(rows) < SURE_LINES or any(len(fields) not in (3, 4) for fields in rows):
        return False
    pairs = [(fields[0].strip(), fields[1].strip()) for fields in rows]
    if not all(_is_id(name) for pair in pairs for name in pair):
        return False
    repeated = len(pairs) - len(set(pairs))
    return repeated <= REPEATED * len(pairs) and all(len({pair[side] for pair in pairs}) < len(pairs) for side in (0, 1))


def read_ratings(table: Table) -> tuple[np.ndarray, str]:
    """The matrix [rows, columns], NaN where no rating stands, and how it was read. Raises BadInput.

    Ids become consecutive indices, sorted by number when all are numbers, else as text. A pair that stands twice
    takes its last value. Fields after the third are ignored.
    """
    row_ids: dict[str, int] = {}
    column_ids: dict[str, int] = {}
    rows, columns, values = array("l"), array("l"), array("d")
    header = False
    for i, fields in enumerate(table.fields(3)):
        value = _value(fields)
        if value is None:
            if i == 0 and len(fields) >= 3:
                header = True
                continue
            raise _bad_line(fields, table.numbers[i])
        row, column = fields[0].strip(), fields[1].strip()
        rows.append(row_ids.setdefault(row, len(row_ids)))
        columns.append(column_ids.setdefault(column, len(column_ids)))
        values.append(value)
        if len(row_ids) > limits.MAX_SIDE or len(column_ids) > limits.MAX_SIDE:
            raise _too_many("rows" if len(row_ids) > limits.MAX_SIDE else "columns")
    if not values:
        raise BadInput("The list of ratings has a header but no rating; give lines of row, column, value.")
    matrix = np.full((len(row_ids), len(column_ids)), np.nan)
    matrix[_order(row_ids)[np.asarray(rows)], _order(column_ids)[np.asarray(columns)]] = values  # the last one stays
    known = int((~np.isnan(matrix)).sum())
    return matrix, _words(table, header, matrix, known, len(values) - known)


def _words(table: Table, header: bool, matrix: np.ndarray, known: int, repeated: int) -> str:
    first = f"Read as a list of ratings with {table.separated} between{' and a header line' * header}: "
    words = first + f"{whole(known)} entries of a {matrix.shape[0]} x {matrix.shape[1]} matrix are known"
    return words + (f"; {whole(repeated)} pairs stood twice, the last value counts." if repeated else ".")


def _order(ids: dict[str, int]) -> np.ndarray:  # [n] int64
    """Where each id goes, by order of appearance."""
    names = list(ids)
    numbers = [_number(name) for name in names]
    if all(each is not None for each in numbers):
        ranked = sorted(range(len(names)), key=lambda i: (numbers[i], names[i]))
    else:
        ranked = sorted(range(len(names)), key=lambda i: names[i])
    places = np.empty(len(names), dtype=np.int64)
    places[ranked] = np.arange(len(names))
    return places


def _number(name: str) -> float | None:
    try:
        value = float(name)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _value(fields: list[str]) -> float | None:
    """The third field as a finite number, None when it is not one or an id is empty."""
    if len(fields) < 3 or not fields[0].strip() or not fields[1].strip():
        return None
    value = _number(fields[2])
    return None if value is None or "_" in fields[2] else value


def _is_id(name: str) -> bool:
    """A whole number or a word, not a decimal number and not nothing."""
    return bool(name) and (name.isdigit() or _number(name) is None)


def _bad_line(fields: list[str], where: int) -> BadInput:
    if len(fields) < 3:
        return BadInput(f"Line {where} has {len(fields)} fields; a rating needs three: row, column, value.")
    shown = repr(fields[2].strip()[:30])
    return BadInput(f"Line {where} has the value {shown}; a rating needs a row, a column and a finite number.")


def _too_many(side: str) -> BadInput:
    return BadInput(
        f"The ratings name more than {limits.MAX_SIDE} different {side}; at most {limits.MAX_SIDE} are possible: "
        "keep only those with the most ratings."
    )
