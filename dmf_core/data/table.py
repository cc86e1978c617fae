"""A dense matrix as a table: one row a line, unknown entries empty or NaN, perhaps names above and on the left."""

from dataclasses import dataclass

import numpy as np

from dmf_core import limits
from dmf_core.data.cells import Marks, Numbers, is_word, remedy, short, spoiled
from dmf_core.data.largest import densest_of, known_count, part_of
from dmf_core.data.layout import Layout, has_index
from dmf_core.data.options import ReadOptions
from dmf_core.data.rows import Row, Rows
from dmf_core.data.sentinels import LIKELY, forget, unknown_values
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

COUNT_ROWS = 5  # a first column that counts the known entries of so many rows is no data


@dataclass(frozen=True, eq=False)
class Dense:
    """A matrix that was a table."""

    matrix: np.ndarray  # [rows, columns]
    index: bool
    decimal: str
    unknown: tuple[float, ...]
    row_names: tuple[str, ...] | None
    column_names: tuple[str, ...] | None
    dropped_rows: int
    dropped_columns: int
    notes: list[str]


def read_table(rows: Rows, plan: Layout, options: ReadOptions, marked: bool) -> Dense:
    """The matrix of a table. `marked`: some field may hold a comma. Raises BadInput, Ambiguous."""
    names, marks = _first_pass(rows, plan, marked)
    index, notes = has_index(names, plan, options)
    numbers = _numbers(marks, options)
    matrix = _matrix(rows, plan, len(names), index, numbers)
    column_names = None if plan.header is None else plan.header[index:]
    empty = _empty_at_end(rows, plan, matrix, column_names)
    if empty:
        matrix = matrix[:, :-empty]
        column_names = None if column_names is None else column_names[:-empty]
        note = "A separator at the end of every line was left out."
        notes.append(note if empty == 1 else f"{empty} empty columns without names at the end of every line were left out.")
    if not index and plan.header is None and _counts_known(matrix, options):
        matrix = matrix[:, 1:]
        notes.append("The first column counts the known entries of its row and was left out (--data-index no keeps it).")
    unknown, hints = unknown_values(matrix.ravel(), options.unknown)
    forget(matrix, unknown)
    row_names = tuple(names) if index else None
    dense = Dense(matrix, index, numbers_mark(numbers), unknown, row_names, column_names, 0, 0, [*notes, *hints])
    return _cut(dense, options)


def numbers_mark(numbers: Numbers) -> str:
    return "," if numbers.comma else "."


def _numbers(marks: Marks, options: ReadOptions) -> Numbers:
    if options.decimal is None:
        return marks.numbers()
    return Numbers(",", grouped=True) if options.decimal == "," else Numbers(".", grouped=True)


def _first_pass(rows: Rows, plan: Layout, marked: bool) -> tuple[list[str], Marks]:
    """The fields of the first column, and what the others say of decimal marks. Refuses rows of different widths."""
    names: list[str] = []
    marks = Marks()
    place = 0
    for chunk in rows.chunks():
        for k, row in enumerate(chunk):
            if len(row) != plan.width and not (place + k == 0 and plan.header is not None and len(row) == plan.width - 1):
                raise _ragged(rows, place + k, len(row), plan)
        body = chunk[plan.first :] if place == 0 else chunk
        names += [row[0].strip() for row in body]
        if marked:
            for row in body:
                marks.add(row)
        place += len(chunk)
    return names, marks


def _ragged(rows: Rows, place: int, fields: int, plan: Layout) -> BadInput:
    widths = (len(row) for chunk in rows.chunks() for row in chunk)
    usual = next((k for k, width in enumerate(widths) if width == plan.width), 0)
    where, first = rows.place(place), rows.place(usual)
    return BadInput(
        f"{where} has {whole(fields)} values, but {first.lower()} has {whole(plan.width)}; "
        "give every row the same number of values, with nothing or NaN where one is unknown."
    )


def _matrix(rows: Rows, plan: Layout, count: int, index: bool, numbers: Numbers) -> np.ndarray:  # [count, fields]
    matrix = np.empty((count, plan.width - index))
    place = 0
    for chunk in rows.chunks():
        for k, row in enumerate(chunk, start=place):
            if k >= plan.first:
                matrix[k - plan.first] = _row(row, index, numbers, rows, k, plan)
        place += len(chunk)
    return matrix


def _row(row: Row, index: bool, numbers: Numbers, rows: Rows, place: int, plan: Layout) -> list[float]:
    fields = row[index:] if index else row
    try:
        if not numbers.comma and "_" not in "".join(fields):
            return list(map(float, fields))
    except ValueError:
        pass
    values = []
    for j, text in enumerate(fields):
        try:
            values.append(numbers[text])
        except ValueError:
            raise _no_number(rows, plan, place, j + index, text) from None
    return values


def _no_number(rows: Rows, plan: Layout, place: int, column: int, text: str) -> BadInput:
    name = plan.header[column] if plan.header else ""
    where = f"column {column + 1}" + (f", {short(name)}" if name else "")
    words = sum(is_word(row[column]) for row in plan.body if column < len(row))
    whole_column = is_word(text) and len(plan.body) > 1 and words > 0.9 * len(plan.body) and not spoiled(text)
    why = "; the whole column holds words: leave it out" if whole_column else f", {remedy(text)}"
    if place == 0 and plan.header is None and is_word(text) and not whole_column:
        why += " (if the first row holds names, add --data-header yes)"
    return BadInput(f"{rows.place(place)} holds {short(text)} in {where}{why}.")


def _empty_at_end(rows: Rows, plan: Layout, matrix: np.ndarray, names: tuple[str, ...] | None) -> int:
    """How many columns at the end have no name and no field in any row, so that separators alone made them."""
    count = 0
    while count < matrix.shape[1] - 1 and not (names and names[-1 - count]) and np.isnan(matrix[:, -1 - count]).all():
        count += 1
    for chunk in rows.chunks() if count else ():
        for row in chunk:
            if len(row) == plan.width:
                count = next((k for k in range(count) if row[-1 - k].strip()), count)
    return count if count and known_count(matrix[:, :-count]) else 0


def _counts_known(matrix: np.ndarray, options: ReadOptions) -> bool:
    """As in Jester: the first number of every row is how many others are known, whatever number stands for unknown."""
    if len(matrix) < COUNT_ROWS or matrix.shape[1] < COUNT_ROWS or options.index is False:
        return False
    if options.unknown is None:
        return any(_counts(matrix, given) for given in ((), *((number,) for number in LIKELY)))
    return _counts(matrix, options.unknown)


def _counts(matrix: np.ndarray, unknown: tuple[float, ...]) -> bool:
    """Whether the first number of every row counts its others that are neither NaN nor one of these."""
    counts = set()
    for row in matrix:
        known = ~np.isnan(row[1:])
        for number in unknown:
            known &= row[1:] != number
        counts.add(int(known.sum()))
        if row[0] != known.sum():
            return False
    return len(counts) > 1


def _cut(dense: Dense, options: ReadOptions) -> Dense:
    """The densest part, where a side is over the limit or a smaller one was chosen."""
    rows, columns = dense.matrix.shape
    most = options.largest or limits.MAX_SIDE
    if max(rows, columns) <= most:
        return dense
    total = known_count(dense.matrix)
    if options.largest is None and total == dense.matrix.size:
        side = f"{whole(rows)} rows" if rows > most else f"{whole(columns)} columns"
        raise BadInput(
            f"The matrix has {side} and no unknown entry; at most {limits.MAX_SIDE} are possible: leave some out, or add "
            f"--data-largest {limits.MAX_SIDE} (a list of row, column, value is read with --data-kind list)."
        )
    cut = densest_of(dense.matrix, most)
    assert cut is not None  # a side is over the limit
    matrix = part_of(dense.matrix, cut)
    note = cut.note(rows, columns, known_count(matrix), total)
    return Dense(
        matrix,
        dense.index,
        dense.decimal,
        dense.unknown,
        None if dense.row_names is None else tuple(dense.row_names[k] for k in cut.rows),
        None if dense.column_names is None else tuple(dense.column_names[k] for k in cut.columns),
        rows - len(cut.rows),
        columns - len(cut.columns),
        [*dense.notes, note],
    )
