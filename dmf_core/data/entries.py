"""A list of known entries, `row column value`, with ids of any kind, into a matrix: repeats, unknown values, the largest part."""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmf_core import limits
from dmf_core.data.cells import LENIENT, Marks, Numbers, remedy, short
from dmf_core.data.largest import densest
from dmf_core.data.options import Repeats
from dmf_core.data.roles import Places
from dmf_core.data.rows import Rows, row_at
from dmf_core.data.sparse import SparseMatrix
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

SKIPPED = 0.01  # share of the lines that may have too few or too many fields and be left out
PIECE = 1 << 13  # codes that are renumbered together, so that no wider copy of all is needed
COUNTS = {"last": "the last value counts", "first": "the first value counts", "mean": "their mean counts"}
TIDY = re.compile(r"\d+\.0+")


class Ids(dict[str, int]):
    """A number for every id, in order of appearance."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


@dataclass(frozen=True, eq=False)
class Entries:
    """The entries of a list, in its order."""

    rows: np.ndarray  # [n] int, index into row_names
    columns: np.ndarray  # [n] int
    values: np.ndarray  # [n] float64, NaN where unknown
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Filled:
    """A matrix made of entries."""

    matrix: SparseMatrix
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    repeated: int  # entries that stood again
    dropped_rows: int
    dropped_columns: int
    notes: tuple[str, ...]


def marks_of(rows: Rows, column: int, first: int) -> Marks:
    """What the fields of one column say about decimal marks."""
    marks = Marks()
    for i, chunk in enumerate(rows.chunks()):
        marks.add({row[column] for row in (chunk[first:] if i == 0 else chunk) if column < len(row)})
    return marks


def collect(rows: Rows, places: Places, width: int, first: int, numbers: Numbers) -> tuple[Entries, list[str]]:
    """The entries from row `first` on, and notes on lines that were left out. Raises BadInput.

    Ids become consecutive indices, sorted by number when all are numbers, else as text.
    """
    row_ids, column_ids = Ids(), Ids()
    row_codes, column_codes, values = array("i"), array("i"), array("d")
    i, j = places.indices
    least = max(i, j, places.value) + 1
    count, skipped, first_skipped = 0, 0, 0
    for number, chunk in enumerate(rows.chunks()):
        body = chunk[first:] if number == 0 else chunk
        start = count + first
        count += len(body)
        lengths = set(map(len, body))
        if lengths and (min(lengths) < least or max(lengths) > width):
            bad = [k for k, row in enumerate(body) if len(row) < least or len(row) > width]
            first_skipped = first_skipped if skipped else start + bad[0]
            skipped += len(bad)
            body = [row for row in body if least <= len(row) <= width]
        if not body:
            continue
        row_names, column_names = [row[i].strip() for row in body], [row[j].strip() for row in body]
        if "" in row_names or "" in column_names:
            raise _bad_row(rows, start, chunk[first:] if number == 0 else chunk, places)
        try:
            values.extend(numbers.column([row[places.value] for row in body]))
        except ValueError:
            raise _bad_row(rows, start, chunk[first:] if number == 0 else chunk, places, numbers) from None
        row_codes.extend([row_ids[name] for name in row_names])
        column_codes.extend([column_ids[name] for name in column_names])
    notes = _skipped_note(rows, count, skipped, first_skipped, width, least)
    if not values:
        raise BadInput("The list has names in its first row but no entry; give lines of row, column, value.")
    rows_sorted, columns_sorted = (_by_sorted_ids(*each) for each in ((row_codes, row_ids), (column_codes, column_ids)))
    return Entries(rows_sorted[0], columns_sorted[0], np.frombuffer(values, np.float64), rows_sorted[1], columns_sorted[1]), notes


def fill(entries: Entries, duplicates: Repeats, largest: int | None) -> Filled:
    """The matrix of these entries. Raises BadInput when a side is over the limit and cannot be cut."""
    row_names, column_names = entries.row_names, entries.column_names
    shape = len(row_names), len(column_names)
    known = ~np.isnan(entries.values)
    whole_list = (entries.rows, entries.columns, entries.values)
    rows, columns, values = whole_list if known.all() else tuple(part[known] for part in whole_list)
    rows, columns, values, repeated = _once(rows, columns, values, shape[1], duplicates)
    notes = again_note(repeated, duplicates)
    cut = densest(rows, columns, shape, largest or limits.MAX_SIDE)
    if cut is not None:
        new_rows, new_columns = (_new_places(left, side) for left, side in zip((cut.rows, cut.columns), shape, strict=True))
        inside = (new_rows[rows] >= 0) & (new_columns[columns] >= 0)
        rows, columns, values = new_rows[rows[inside]], new_columns[columns[inside]], values[inside]
        notes.append(cut.note(*shape, len(values), len(inside)))
        row_names, column_names = (
            tuple(names[k] for k in ids) for names, ids in ((row_names, cut.rows), (column_names, cut.columns))
        )
    matrix = SparseMatrix(rows, columns, values, (len(row_names), len(column_names)))
    dropped = shape[0] - len(row_names), shape[1] - len(column_names)
    return Filled(matrix, row_names, column_names, repeated, *dropped, tuple(notes))


def _new_places(left: np.ndarray, side: int) -> np.ndarray:  # [side] int32
    """Where each row, or column, goes when only those in `left` are left; -1 for the others."""
    places = np.full(side, -1, dtype=np.int32)
    places[left] = np.arange(len(left))
    return places


def _by_sorted_ids(codes: "array[int]", ids: Ids) -> tuple[np.ndarray, tuple[str, ...]]:
    """The codes [n] int32, renumbered in place in the order of the sorted ids, and these; `ids` is emptied."""
    listed = list(ids)
    ids.clear()  # nearly half of what many different ids take
    places, names = sorted_ids(listed)
    renumbered = np.frombuffer(codes, np.int32)
    for start in range(0, len(renumbered), PIECE):
        renumbered[start : start + PIECE] = places[renumbered[start : start + PIECE]]
    return renumbered, names


def again_note(repeated: int, duplicates: Repeats, place: str = "row and column") -> list[str]:
    """What was done with entries that a list holds more than once; empty where none is."""
    if not repeated:
        return []
    subject = f"{whole(repeated)} entries repeat" if repeated > 1 else "1 entry repeats"
    return [f"{subject} the {place} of another one; {COUNTS[duplicates]}."]


def sorted_ids(names: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Where each id goes, [n] int32, and the ids in their new order. Ids such as 7.0 are written as 7."""
    numbers = _numbers(names)
    if numbers is not None:
        if all(TIDY.fullmatch(name) for name in names):
            names = [name.split(".")[0] for name in names]
        ranked = np.argsort(numbers, kind="stable")
        if (np.diff(numbers[ranked]) == 0).any():  # as 7 and 07
            ranked = np.array(sorted(range(len(names)), key=lambda k: (numbers[k], names[k])))
    else:
        ranked = np.array(sorted(range(len(names)), key=names.__getitem__))
    places = np.empty(len(names), dtype=np.int32)
    places[ranked] = np.arange(len(names))
    return places, tuple(names[k] for k in ranked)


def gap_note(names: tuple[str, ...], kind: str) -> str:
    """A note where ids are whole numbers from 0 or 1 with gaps between them; else empty."""
    numbers = [int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 16]
    if len(numbers) < len(names) or numbers[0] > 1 or numbers[-1] - numbers[0] == len(numbers) - 1:
        return ""
    missing = next(i for i, number in enumerate(numbers) if number != numbers[0] + i) + numbers[0]
    return f"No entry names {kind} {missing}, so later ones move up: the ids are the names of the {kind}s."


def _once(
    rows: np.ndarray, columns: np.ndarray, values: np.ndarray, width: int, duplicates: Repeats
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Every pair once, row by row as a SparseMatrix has them, and how many stood again."""
    order = np.argsort(rows.astype(np.int64) * width + columns, kind="stable")  # of equal pairs the first one stays first
    rows, columns, values = rows[order].astype(np.int32), columns[order].astype(np.int32), values[order]
    del order
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    count = int(np.count_nonzero(begins))
    if count == len(rows):
        return rows, columns, values, 0
    ends = np.append(begins[1:], True)
    if duplicates == "mean":
        inverse = np.cumsum(begins) - 1
        return rows[begins], columns[begins], np.bincount(inverse, values) / np.bincount(inverse), len(rows) - count
    places = ends if duplicates == "last" else begins
    return rows[places], columns[places], values[places], len(rows) - count


def _numbers(names: Sequence[str]) -> np.ndarray | None:
    """The ids as numbers [n] float64, None where one is no finite number."""
    try:
        numbers = np.fromiter(map(float, names), np.float64, len(names))
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


def _skipped_note(rows: Rows, count: int, skipped: int, first: int, width: int, least: int) -> list[str]:
    if not skipped:
        return []
    fields = row_at(rows, first)
    if skipped > SKIPPED * count:
        short_of = "an entry needs three: row, column, value" if len(fields) < least else f"the others have {width}"
        raise BadInput(f"{rows.place(first)} has {len(fields)} fields; {short_of}.")
    return [f"{whole(skipped)} lines could not be split and were left out, {rows.place(first).lower()} the first."]


def _bad_row(rows: Rows, start: int, body: list[list[str]], places: Places, numbers: Numbers | None = None) -> BadInput:
    """A sentence about the first row that cannot be an entry."""
    i, j = places.indices
    for k, row in enumerate(body):
        if len(row) <= max(i, j, places.value):
            continue
        if not row[i].strip() or not row[j].strip():
            where = rows.place(start + k)
            return BadInput(f"{where} has no id; an entry needs a row, a column and a value.")
        if numbers is not None and not numbers.knows(row[places.value]):
            where, value = rows.place(start + k), row[places.value]
            hint = remedy(value) if any(each.knows(value) for each in LENIENT) or "%" in value else ""
            tail = hint or "an entry needs a row, a column and a finite number"
            return BadInput(f"{where} has the value {short(value)}{',' if hint else ';'} {tail}.")
    return BadInput("The list holds a line that is no entry; give lines of row, column, value.")
