"""A dense matrix as text: one row a line; comma, semicolon, tab or space between; unknown entries empty or NaN."""

import math

import numpy as np

from dmf_core import limits
from dmf_core.data.text import Table, number
from dmf_core.errors import BadInput
from dmf_core.numerals import whole

INDEX_NAMES = frozenset({"", "index", "id", "row", "unnamed: 0"})  # in lower case: a first column that only counts


def read_table(table: Table) -> tuple[np.ndarray, str]:
    """The matrix [rows, columns] and how it was read. Raises BadInput.

    The first line is a header when it holds a word. The first column is an index when it holds words in every
    row, or when the header calls it so. With semicolons between, a comma is a decimal comma.
    """
    most = limits.MAX_SIDE + 1  # one more for an index
    rows = list(_bounded(table, most))
    comma = table.separator == ";" and not any("." in line for line in table.lines[:20])
    header = any(not _is_number(field, comma) for field in rows[0][1:]) or (
        not _is_number(rows[0][0], comma) and all(_is_number(row[0], comma) for row in rows[1:])
    )
    body, numbers = (rows[1:], table.numbers[1:]) if header else (rows, table.numbers)
    if not body:
        raise BadInput("The file has a header but no row of numbers; give at least two rows.")
    width = len(body[0])
    index = _has_index(rows[0] if header else None, body, width, comma)
    _refuse_ragged(rows, table, header, index)
    matrix = np.empty((len(body), width - index))
    for i, fields in enumerate(body):
        matrix[i] = _row(fields[index:], numbers[i], index, comma)
    known = int((~np.isnan(matrix)).sum())
    words = f"Read as a dense {len(body)} x {width - index} matrix with {table.separated} between"
    parts = ["a header line"] * header + ["an index column"] * index + ["decimal commas"] * (comma and _commas(table))
    words += f" and {' and '.join(parts)}" if parts else ""
    return matrix, f"{words}: {whole(known)} of {whole(matrix.size)} entries are known."


def _bounded(table: Table, most: int) -> list[list[str]]:
    if len(table.lines) > limits.MAX_SIDE + 1:
        raise BadInput(
            f"The file has {whole(len(table.lines))} rows; a matrix has at most {limits.MAX_SIDE} "
            "(for a list of row, column, value choose the kind ratings)."
        )
    rows = []
    for fields, where in zip(table.fields(most), table.numbers, strict=True):
        if len(fields) > most:
            raise BadInput(
                f"Line {where} has more than {limits.MAX_SIDE} values; a matrix has at most {limits.MAX_SIDE} columns."
            )
        rows.append(fields)
    return rows


def _has_index(header: list[str] | None, body: list[list[str]], width: int, comma: bool) -> bool:
    if width < 2:
        return False
    if header is not None and (len(header) == width - 1 or header[0].strip().lower() in INDEX_NAMES):
        return True
    return all(not _is_number(row[0], comma) for row in body)


def _refuse_ragged(rows: list[list[str]], table: Table, header: bool, index: bool) -> None:
    width = len(rows[1] if header else rows[0])
    for i, fields in enumerate(rows):
        short_header = header and i == 0 and index and len(fields) == width - 1
        if len(fields) != width and not short_header:
            first = table.numbers[1 if header else 0]
            raise BadInput(
                f"Line {table.numbers[i]} has {len(fields)} values, but line {first} has {width}; "
                "give every row the same number of values, with nothing or NaN where one is unknown."
            )


def _row(fields: list[str], where: int, index: bool, comma: bool) -> list[float]:
    try:
        if "_" not in "".join(fields):
            return list(map(float, fields))
    except ValueError:
        pass
    values = []
    for j, field in enumerate(fields):
        try:
            values.append(number(field, comma) if field else math.nan)
        except ValueError:
            raise BadInput(
                f"Line {where} holds {_short(field)} in column {j + 1 + index}, which is not a number; "
                "write numbers like -1.5, and nothing or NaN where one is unknown."
            ) from None
    return values


def _is_number(field: str, comma: bool) -> bool:
    try:
        number(field, comma)
    except ValueError:
        return False
    return True


def _commas(table: Table) -> bool:
    return any("," in line for line in table.lines)


def _short(field: str) -> str:
    clean = "".join(letter for letter in field.strip() if letter.isprintable())
    return repr(clean if len(clean) <= 30 else clean[:27] + "...")
