"""What an array of a file means: a matrix, a tensor, a picture, or a list of entries in its columns."""

from dataclasses import replace

import numpy as np

from dmf_core import limits
from dmf_core.data import guess, roles
from dmf_core.data.arrays import Loaded
from dmf_core.data.entries import Entries
from dmf_core.data.images import grey_of_array
from dmf_core.data.largest import densest_of, known_count, part_of
from dmf_core.data.layout import Layout
from dmf_core.data.meaning import LINES_SHOWN, SAMPLE, filled, of_rows, of_tensor_list
from dmf_core.data.options import ReadOptions
from dmf_core.data.reading import Account, Reading, Source
from dmf_core.data.roles import Places
from dmf_core.data.rows import ListedRows, Row
from dmf_core.data.sentinels import forget, unknown_values
from dmf_core.data.summary import empty_note, unit_of
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

TRIPLES = range(3, guess.MOST_FIELDS + 1)  # columns of an array that may list entries


def of_array(loaded: Loaded, options: ReadOptions) -> Reading:
    """The reading of an array of numbers, or of a structured one. Raises BadInput, Ambiguous."""
    array = loaded.value
    assert isinstance(array, np.ndarray)
    source = "array" if loaded.format == "printed" else f"{loaded.format} file"
    if array.dtype.names:
        return of_rows(_structured(array), "", options, f"an array of {loaded.format}", list(loaded.notes))
    if array.dtype.kind not in "fiub":
        raise BadInput(f"The {source} holds values of type {array.dtype}; give real numbers, for example float64.")
    if options.kind == "picture":
        return grey_of_array(array)
    notes = list(loaded.notes)
    sides = [side for side in array.shape if side != 1]
    if array.ndim > 2 and len(sides) >= 2 and len(sides) < array.ndim:
        notes.append(f"Sides of 1 were left out of {' x '.join(map(str, array.shape))}.")
        array = array.reshape(sides)
    if not 2 <= array.ndim <= limits.MAX_ORDER:
        dimensions = "1 dimension" if array.ndim == 1 else f"{array.ndim} dimensions"
        raise BadInput(
            f"The {source} holds an array of {dimensions}, {array.shape}; a matrix has 2, "
            f"a tensor here up to {limits.MAX_ORDER}: reshape it."
        )
    if options.kind == "table" and array.ndim > 2:
        raise BadInput(f"The {source} holds an array of {array.ndim} dimensions; a matrix has 2: choose the kind tensor or auto.")
    if options.kind == "list" and array.ndim > 2:
        raise BadInput(f"The {source} holds an array of {array.ndim} dimensions; a list of entries has 2: choose the kind auto.")
    with np.errstate(over="ignore", invalid="ignore"):  # a NaN of another kind
        values = array.astype(np.float64)
    if array.ndim == 2 and _may_list(values, options):
        reading = _of_columns(values, loaded, options, notes)
        if reading is not None:
            lines = tuple(map(tuple, _as_texts(values[:LINES_SHOWN])))
            return replace(reading, source=Source(lines, tuple(f"column {k + 1}" for k in range(values.shape[1]))))
    return _of_values(values, loaded, array, options, notes)


def _of_columns(values: np.ndarray, loaded: Loaded, options: ReadOptions, notes: list[str]) -> Reading | None:
    """The reading of an array [n, 3 or more] that lists entries; None where it is a matrix. Raises BadInput, Ambiguous."""
    width = values.shape[1]
    some = ListedRows(_as_texts(values[: guess.PROFILED]))
    plan = Layout(width, None, False, tuple(some.listed[:SAMPLE]))
    if options.columns:
        places = roles.by_choice(options, None, width)
    elif options.kind == "list":
        places = Places((0, 1), guess.first_value(plan))
    else:
        likely = guess.guessed(some, plan)
        if likely is None:
            return None
        places = likely
    if len(places.indices) > 2:
        return of_tensor_list(ListedRows(_as_texts(values)), plan, places, options, notes)
    i, j = places.indices
    if np.isnan(values[:, [i, j]]).any():
        raise BadInput("The array lists entries without a row or a column; give whole numbers for both.")
    (row_ids, rows), (column_ids, columns) = (np.unique(values[:, k], return_inverse=True) for k in (i, j))
    names = (tuple(text[0] for text in _as_texts(ids[:, None])) for ids in (row_ids, column_ids))
    entries = Entries(rows, columns, values[:, places.value].copy(), *names)
    if places != Places((0, 1), 2):
        notes.append(f"Row, column and value of an entry are columns {i + 1}, {j + 1}, {places.value + 1}.")
    fields = {role: f"column {k + 1}" for role, k in (("row", i), ("column", j), ("value", places.value))}
    return filled(entries, options, f"Read as a list of entries from an array ({loaded.format})", notes, fields=fields)


def _of_values(values: np.ndarray, loaded: Loaded, array: np.ndarray, options: ReadOptions, notes: list[str]) -> Reading:
    unknown, hints = unknown_values(values.ravel(), options.unknown)
    forget(values, unknown)
    if values.ndim == 3 and (
        (values.shape[2] in (3, 4) and array.dtype == np.uint8) or (values.shape[2] == 3 and _in_unit(values))
    ):
        notes.append("If it is a colour picture, --data-kind picture makes grey values of it.")
    dropped = (0, 0)
    cut = densest_of(values, options.largest) if values.ndim == 2 and options.largest is not None else None
    if cut is not None:
        rows, columns = values.shape
        total = known_count(values)
        values = part_of(values, cut)
        notes.append(cut.note(rows, columns, known_count(values), total))
        dropped = rows - values.shape[0], columns - values.shape[1]
    count = int((~np.isnan(values)).sum())
    size = " x ".join(str(side) for side in values.shape)
    noun = "matrix" if values.ndim == 2 else "tensor"
    sentence = f"Read as a {noun} of {size} entries ({loaded.format}): {whole(count)} of {whole(values.size)} entries are known."
    account = Account(
        "table" if values.ndim == 2 else "tensor",
        sentence,
        values.shape,
        count,
        unit_of(values),
        unknown=unknown,
        dropped_rows=dropped[0],
        dropped_columns=dropped[1],
        notes=(*notes, *(empty_note(values) if values.ndim == 2 else []), *hints),
    )
    return Reading(values, account)


def _in_unit(values: np.ndarray) -> bool:
    return bool(np.all((values >= 0) & (values <= 1)))


def _may_list(values: np.ndarray, options: ReadOptions) -> bool:
    """Whether an array could hold row, column and value in its columns."""
    if options.kind == "list" or (options.columns and options.kind == "auto"):
        return bool(values.shape[1] >= 3)
    if options.kind != "auto" or values.shape[1] not in TRIPLES or len(values) < 4:
        return False
    ids = values[:, :2]
    return bool(np.all(np.isfinite(ids) & (ids >= 0) & (ids == np.floor(ids)) & (ids < guess.STAMP)))


def _as_texts(values: np.ndarray) -> list[Row]:
    return [[str(int(each)) if each.is_integer() and abs(each) < 1e15 else repr(each) for each in row] for row in values.tolist()]


def _structured(array: np.ndarray) -> ListedRows:
    names = array.dtype.names or ()
    if array.ndim != 1 or any(array.dtype[name].kind not in "fiubUSMm" or array.dtype[name].shape for name in names):
        raise BadInput("The structured array has fields that are no numbers or names; give a list of row, column, value.")
    columns = []
    for name in names:
        column = array[name]
        texts = (
            _as_texts(column.astype(np.float64)[:, None])
            if column.dtype.kind in "fiub"
            else [[_decoded(each)] for each in column]
        )
        columns.append([text[0] for text in texts])
    return ListedRows([list(names), *map(list, zip(*columns, strict=True))])


def _decoded(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
