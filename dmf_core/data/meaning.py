"""What rows of texts mean: a table, a list of entries, or a tensor; each becomes an array with its account."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dmf_core import limits
from dmf_core.data import guess, roles, tensors
from dmf_core.data.arrays import Loaded
from dmf_core.data.cells import Numbers, short
from dmf_core.data.entries import Entries, again_note, collect, fill, gap_note, marks_of
from dmf_core.data.heads import one_column_of_names, one_row_of_names
from dmf_core.data.largest import known_count
from dmf_core.data.layout import Layout, layout, numeric
from dmf_core.data.options import DOUBLE_COLON, SEPARATORS, ReadOptions
from dmf_core.data.reading import NAME_LENGTH, Account, Reading, Source, printable
from dmf_core.data.roles import Places
from dmf_core.data.rows import ChangedRows, Row, Rows, TextRows, head
from dmf_core.data.sentinels import forget, unknown_values
from dmf_core.data.summary import empty_note, unit_of
from dmf_core.data.table import read_table
from dmf_core.data.truths import NOTE, truth_columns, turned
from dmf_core.errors import BadInput
from dmf_core.formatting import whole, with_article

SAMPLE = 200  # rows that show how the others are meant
GROUPED_POINTS = re.compile(rb"(?<![\d.])\d{1,3}\.\d{3}\.\d{3}(?!\d)")  # 1.234.567
LEFT_OUT_SHOWN = 6  # columns of a list that are named
LINES_SHOWN, FIELDS_SHOWN = 6, 12  # of the file itself, as it was split


def of_rows(rows: Rows, name: str, options: ReadOptions, source: str | None, notes: list[str]) -> Reading:
    """The reading of a table of texts. Raises BadInput, Ambiguous."""
    given = head(rows, SAMPLE)
    rows, heads, above = one_row_of_names(rows, given, options)
    sample, notes = (head(rows, SAMPLE) if heads else given), [*notes, *above]
    letters = truth_columns(sample)
    if letters:
        numbered = [turned(row, letters) for row in sample]
        reading = _reading(ChangedRows(rows, lambda row: turned(row, letters)), numbered, name, options, source, [*notes, NOTE])
    else:
        reading = _reading(rows, sample, name, options, source, notes)
    width = max(map(len, sample))
    names = sample[0] if reading.account.header else []
    names = [""] * (width - len(names)) * (len(names) > 0) + names  # a short head has no name for the first column
    fields = tuple(printable(name).strip()[:NAME_LENGTH] or f"column {k + 1}" for k, name in enumerate(names or [""] * width))
    lines = tuple(tuple(printable(field)[:NAME_LENGTH] for field in row[:FIELDS_SHOWN]) for row in given[:LINES_SHOWN])
    return replace(reading, source=Source(lines, fields, heads or int(reading.account.header)))


def _reading(rows: Rows, sample: list[Row], name: str, options: ReadOptions, source: str | None, notes: list[str]) -> Reading:
    if not sample:
        raise BadInput("The file has no line with numbers; give a matrix, one row a line.")
    if options.kind == "picture":
        raise BadInput("This is a table, not a picture; choose the kind auto.")
    if options.kind in ("auto", "tensor"):
        tensor_head = tensors.head_of(sample)
        if tensor_head is not None:
            return of_tensor_list(rows, tensor_head, Places((), 0), options, notes)
    plan = layout(rows, sample, options)
    if not plan.body:
        aside = f" ({' '.join(notes).removesuffix('.')})" if notes else ""
        raise BadInput(
            f"The file has names in its first row, but no numbers and no entry of a list below{aside}; give at least two rows."
        )
    places = _places(rows, plan, name, options)
    if places is None:
        return _of_table(rows, plan, options, source, notes)
    if len(places.indices) > 2 or options.kind == "tensor":
        return of_tensor_list(rows, plan, places, options, notes)
    return _of_list(rows, plan, places, options, source, notes)


def _places(rows: Rows, plan: Layout, name: str, options: ReadOptions) -> Places | None:
    """The columns of a list of entries; None for a table."""
    names = list(plan.header) if plan.header else None
    if options.columns:
        return roles.by_choice(options, names, plan.width)
    if options.kind == "table":
        return None
    order = plan.width - 1
    if options.kind == "tensor" or (options.kind == "auto" and name.lower().endswith(".tns") and order >= 2):
        return Places(tuple(range(order)), order)
    if names:
        places = roles.by_names(names, [numeric(plan.body, j) for j in range(plan.width)])
        if places is not None:
            return places
    if options.kind == "list" or rows.separator == DOUBLE_COLON:
        return Places((0, 1), guess.first_value(plan))
    return guess.guessed(rows, plan)


def _of_table(rows: Rows, plan: Layout, options: ReadOptions, source: str | None, notes: list[str]) -> Reading:
    beginning = _beginning(rows, source)
    rows, left = one_column_of_names(rows, plan, options)
    if left:
        plan, notes = layout(rows, head(rows, SAMPLE), replace(options, header=plan.header is not None)), [*notes, *left]
    dense = read_table(rows, plan, options, _may_hold_commas(rows))
    described = _described(beginning, plan.header is not None, dense.index, dense.decimal == ",")
    height, width = dense.matrix.shape
    known = known_count(dense.matrix)
    size = f"{_counted(height, 'row')} and {_counted(width, 'column')}"
    sentence = f"Read as a table of {size}{described}: {whole(known)} of {whole(dense.matrix.size)} entries are known."
    account = Account(
        "table",
        sentence,
        dense.matrix.shape,
        known,
        unit_of(dense.matrix),
        header=plan.header is not None,
        index=dense.index,
        separator=rows.separator,
        decimal=dense.decimal,
        unknown=dense.unknown,
        duplicates=options.duplicates,
        dropped_rows=dense.dropped_rows,
        dropped_columns=dense.dropped_columns,
        row_names=dense.row_names,
        column_names=dense.column_names,
        notes=(*notes, *plan.notes, *dense.notes, *empty_note(dense.matrix)),
    )
    return Reading(dense.matrix, account)


def _of_list(rows: Rows, plan: Layout, places: Places, options: ReadOptions, source: str | None, notes: list[str]) -> Reading:
    numbers = _numbers(rows, places.value, plan.first, options)
    entries, left_out = collect(rows, places, plan.width, plan.first, numbers)
    fields = {
        role: _field(plan, column)
        for role, column in zip(("row", "column", "value"), (*places.indices, places.value), strict=True)
    }
    more = [*notes, *left_out]
    if places != Places((0, 1), 2):
        more.append("Row, column and value of an entry are " + ", ".join(fields.values()) + ".")
    more += _left_out_note(plan, places)
    described = _described(_beginning(rows, source), bool(plan.header), False, numbers.comma)
    return filled(
        entries,
        options,
        f"Read as a list of entries{described}",
        more,
        header=plan.header is not None,
        separator=rows.separator,
        decimal="," if numbers.comma else ".",
        fields=fields,
    )


def _left_out_note(plan: Layout, places: Places) -> list[str]:
    """A note that names the columns of a list that were not used; else empty."""
    others = [_field(plan, column) for column in range(plan.width) if column not in (*places.indices, places.value)]
    if not others:
        return []
    named = ", ".join(map(short, others[:LEFT_OUT_SHOWN])) if plan.header else ", ".join(others[:LEFT_OUT_SHOWN])
    more = f" and {len(others) - LEFT_OUT_SHOWN} more" if len(others) > LEFT_OUT_SHOWN else ""
    noun, verb = ("columns", "were") if len(others) > 1 else ("column", "was")
    return [f"The {noun} {named}{more} {verb} left out." if plan.header else f"Of the list, {named}{more} {verb} left out."]


def filled(
    entries: Entries,
    options: ReadOptions,
    beginning: str,
    notes: Sequence[str],
    header: bool = False,
    separator: str | None = None,
    decimal: str | None = None,
    fields: dict[str, str] | None = None,
) -> Reading:
    if not len(entries.values):
        raise BadInput("The list has no entry; give lines of row, column, value.")
    unknown, hints = unknown_values(entries.values, options.unknown)
    forget(entries.values, unknown)
    without = int(np.isnan(entries.values).sum())
    completed = fill(entries, options.duplicates, options.largest)
    known = len(completed.matrix.values)
    rows, columns = completed.matrix.shape
    gaps = [gap_note(entries.row_names, "row"), gap_note(entries.column_names, "column")] if not completed.dropped_rows else []
    which = "has no value: this entry is" if without == 1 else "have no value: these entries are"
    absent = [f"{whole(without)} line{'s' * (without > 1)} {which} unknown."] if without else []
    account = Account(
        "list",
        f"{beginning}: {whole(known)} entries of {with_article(f'{rows} x {columns}')} matrix are known.",
        completed.matrix.shape,
        known,
        unit_of(completed.matrix),
        header=header,
        separator=separator,
        decimal=decimal,
        unknown=unknown,
        repeated=completed.repeated,
        duplicates=options.duplicates,
        dropped_rows=completed.dropped_rows,
        dropped_columns=completed.dropped_columns,
        fields=fields or {},
        row_names=completed.row_names,
        column_names=completed.column_names,
        notes=(*notes, *absent, *completed.notes, *(gap for gap in gaps if gap), *empty_note(completed.matrix), *hints),
    )
    return Reading(completed.matrix, account)


def of_entries(loaded: Loaded, options: ReadOptions) -> Reading:
    """The reading of a sparse matrix. Raises BadInput."""
    assert isinstance(loaded.value, Entries)
    reading = filled(loaded.value, options, f"Read as the entries of a sparse matrix ({loaded.format})", loaded.notes)
    return reading


def of_tensor_list(rows: Rows, plan: Layout | tensors.Head, places: Places, options: ReadOptions, notes: list[str]) -> Reading:
    """The reading of the entries of a tensor, from these columns; with a head from all. Raises BadInput."""
    given = plan if isinstance(plan, tensors.Head) else None
    header = isinstance(plan, Layout) and plan.header is not None
    if given is not None and given.dense:
        tensor = tensors.read_dense(rows, given, Numbers())
        words, repeated, start = "the values", 0, None
    else:
        first = plan.lines if isinstance(plan, tensors.Head) else plan.first
        order = len(plan.shape) if isinstance(plan, tensors.Head) else len(places.indices)
        columns = (*places.indices, places.value)
        if isinstance(plan, Layout) and columns != tuple(range(plan.width)):
            rows = ChangedRows(rows, lambda row: [row[k] for k in columns if k < len(row)])
        numbers = _numbers(rows, order, first, options)
        least = limits.MIN_ORDER if options.kind == "tensor" and given is None else 2
        listed = tensors.read_list(rows, first, order, given, numbers, options.duplicates, least)
        tensor, repeated, start = listed.tensor, listed.repeated, listed.first
        words = "the entries"
    unknown, hints = unknown_values(tensor.ravel(), options.unknown)
    forget(tensor, unknown)
    known = int((~np.isnan(tensor)).sum())
    size = " x ".join(str(side) for side in tensor.shape)
    counted = "" if start is None else f", indices from {start}"
    kind = "tensor" if tensor.ndim > 2 else "matrix"
    again = again_note(repeated, options.duplicates, "indices")
    account = Account(
        "tensor" if tensor.ndim > 2 else "list",
        f"Read as {words} of {with_article(size)} {kind}{counted}: {whole(known)} of {whole(tensor.size)} entries are known.",
        tensor.shape,
        known,
        unit_of(tensor),
        header=header,
        separator=rows.separator,
        decimal=".",
        unknown=unknown,
        repeated=repeated,
        duplicates=options.duplicates,
        notes=(*notes, *again, *hints),
    )
    return Reading(tensor, account)


def _numbers(rows: Rows, column: int, first: int, options: ReadOptions) -> Numbers:
    """How the numbers of one column are written."""
    if options.decimal is not None:
        return Numbers("," if options.decimal == "," else ".", grouped=True)
    return marks_of(rows, column, first).numbers() if _may_hold_commas(rows) else Numbers()


def _may_hold_commas(rows: Rows) -> bool:
    """Whether a field may hold a decimal comma, or points that group thousands, which belong to decimal commas."""
    if not isinstance(rows, TextRows):
        return True
    if b"," in rows.content and (rows.separator != "," or rows.quoting != "none"):
        return True
    return GROUPED_POINTS.search(rows.content) is not None


def _beginning(rows: Rows, source: str | None) -> tuple[str, list[str]]:
    """Where the rows come from, and what stands between the fields of a text."""
    if source is not None:
        return f" from {source}", []
    mark = rows.separator or ""
    return "", [f"{SEPARATORS.get(mark, repr(mark))} between"]


def _described(beginning: tuple[str, list[str]], header: bool, index: bool, commas: bool) -> str:
    """ " with commas between, names in the first row and column": what the file looks like."""
    source, parts = beginning[0], list(beginning[1])
    places = ["row"] * header + ["column"] * index
    parts += [f"names in the first {' and '.join(places)}"] if places else []
    parts += ["decimal commas"] if commas else []
    if len(parts) > 1:
        parts = [", ".join(parts[:-1]) + f" and {parts[-1]}"]
    return f"{source} with {parts[0]}" if parts else source


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count > 1)}"


def _field(plan: Layout, column: int) -> str:
    name = plan.header[column].strip()[:40] if plan.header else ""
    return name or f"column {column + 1}"
