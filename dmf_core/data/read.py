"""A file of the user into an array that a run can use, with the account of how it was read."""

from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dmf_core import limits
from dmf_core.data import arrays, blocks, images, literals, market, matlab, sheets
from dmf_core.data.arrays import Loaded
from dmf_core.data.containers import Container, container, unpacked
from dmf_core.data.decode import as_bytes
from dmf_core.data.dialect import split
from dmf_core.data.entries import Entries
from dmf_core.data.meaning import of_entries, of_rows
from dmf_core.data.meaning_of_arrays import of_array
from dmf_core.data.options import ReadOptions
from dmf_core.data.reading import Account, Ambiguous, Reading
from dmf_core.data.rows import Rows, TextRows
from dmf_core.data.sparse import SparseMatrix
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

MATRIX_MARKET = b"%%matrixmarket"
PART = 1 << 20  # bytes that are read at once


def read(source: bytes | Path, name: str = "", options: ReadOptions = ReadOptions()) -> Reading:
    """The array of a file and how it was read. Raises BadInput with one sentence; Ambiguous where two readings are likely.

    `name` helps only where the first bytes do not tell: .tns is a list of a tensor's entries.
    """
    if isinstance(source, Path):
        name = name or source.name
        try:
            with source.open("rb") as file:
                source = bounded(file, limits.UPLOAD_BYTES + 1)
        except OSError as error:
            raise BadInput(f"Cannot read {shown(name)}: {error.strerror}; check the name.") from None
    _check_size(name, source)
    name, content = unpacked(name, source)
    reading = _read(name, content, options)
    return _checked(reading)


def bounded(file: BinaryIO, most: int) -> bytes:
    """At most so many bytes, without room for all of them where the file is smaller."""
    parts, left = [], most
    while left > 0 and (part := file.read(min(left, PART))):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def form_of(name: str, content: bytes) -> Container:
    """What kind of file this is, unpacked where it is packed. Raises BadInput where it must not or cannot be read."""
    _check_size(name, content)
    return container(*unpacked(name, content))


def shown(name: str) -> str:
    """A file name without control characters, shortened for a sentence."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if letter.isprintable())
    return (clean if len(clean) <= 60 else clean[:57] + "...") or "The file"


def _check_size(name: str, content: bytes) -> None:
    if len(content) > limits.UPLOAD_BYTES:
        raise BadInput(
            f"{shown(name)} has {len(content) / 2**20:,.0f} MB; at most {limits.UPLOAD_BYTES >> 20} MB can be read: "
            "give a smaller matrix or only its known entries."
        )
    if not content:
        raise BadInput(f"{shown(name)} is empty; give a file with a matrix.")


def _read(name: str, content: bytes, options: ReadOptions) -> Reading:
    kind = container(name, content)
    if kind == "image" or (options.kind == "picture" and kind == "text"):
        return images.read_picture(content, options.image_side)
    if kind == "npy":
        return of_array(arrays.from_npy(content), options)
    if kind == "npz":
        return _of_loaded(arrays.from_npz(content, options.part), options)
    if kind == "mat":
        return _of_loaded(matlab.from_mat(content, options.part), options)
    if kind == "workbook":
        return _of_workbook(name, content, options)
    if kind == "parquet":
        return of_rows(sheets.from_parquet(content), name, options, "Parquet", [])
    return _read_text(name, content, options)


def _of_workbook(name: str, content: bytes, options: ReadOptions) -> Reading:
    rows, notes, part, parts = sheets.from_workbook(content, options.part)
    try:
        reading = of_rows(rows, name, options, "a sheet of Excel", notes)
    except Ambiguous:
        raise
    except BadInput as error:
        others = ", ".join(repr(each[:40]) for each in parts[:5] if each != part)
        if not others:
            raise
        chosen = f"this is the sheet {part[:40]!r}, and --data-part chooses another one: {others}"
        raise BadInput(f"{str(error).removesuffix('.')} ({chosen}).") from None
    return replace(reading, source=replace(reading.source, part=part, parts=tuple(parts)))


def _read_text(name: str, content: bytes, options: ReadOptions) -> Reading:
    text, encoding = as_bytes(content)
    count = text.count(b"\n")
    if count > limits.MAX_SIDE**2:
        raise BadInput(f"The file has {whole(count)} lines; at most {whole(limits.MAX_SIDE**2)} can be read.")
    if text[: len(MATRIX_MARKET)].lower() == MATRIX_MARKET:
        return _of_loaded(market.from_matrix_market(text, encoding), options)
    if literals.is_literal(text):
        return of_array(Loaded(literals.read_literal(text, encoding), "printed"), options)
    if blocks.is_blocks(text):
        rows: Rows = blocks.BlockRows(TextRows(text, encoding, ","))
        places = replace(options, kind="list", columns=("1", "2", "3"), header=False)
        return of_rows(rows, name, places, "blocks of the Netflix Prize", [])
    lines, notes = split(text, encoding, options.separator)
    return of_rows(lines, name, options, None, [*_encoding_note(encoding), *notes])


def _encoding_note(encoding: str) -> list[str]:
    """Says so where letters were taken from a Western code page, because the text is no UTF-8."""
    if encoding == "utf-8":
        return []
    called = "Windows-1252" if encoding == "cp1252" else "Latin-1"
    return [f"The text is not UTF-8 and was read as {called}; if names come out wrong, save it as UTF-8."]


def _of_loaded(loaded: Loaded, options: ReadOptions) -> Reading:
    reading = of_entries(loaded, options) if isinstance(loaded.value, Entries) else of_array(loaded, options)
    return replace(reading, source=replace(reading.source, part=loaded.part, parts=loaded.parts))


def _checked(reading: Reading) -> Reading:
    """The reading itself. Raises BadInput where a run could not use it."""
    values, account = reading.values, reading.account
    if len(account.shape) > 2:
        _check_tensor(reading.array)
    else:
        _check_matrix(values, account)
    return reading


def _check_matrix(matrix: np.ndarray | SparseMatrix, account: Account) -> None:
    rows, columns = matrix.shape
    if not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in (rows, columns)):
        places = {"the first row": account.header, "the first column": account.index}
        names = [place for place, named in places.items() if named]
        hint = f" ({' and '.join(names)} {'were' if len(names) > 1 else 'was'} read as names)" if names else ""
        do = (
            "a single row or column is no matrix"
            if min(rows, columns) < limits.MIN_SIDE
            else f"leave some out (--data-largest {limits.MAX_SIDE})"
        )
        raise BadInput(
            f"The matrix is {rows} x {columns}{hint}; both sides must be from {limits.MIN_SIDE} to {limits.MAX_SIDE}: {do}."
        )
    bad = _too_large(matrix)
    if bad is not None:
        row, column, value = bad
        raise BadInput(
            f"The entry in row {row + 1}, column {column + 1} is {value:g}; "
            f"entries must be finite and at most {limits.MAX_ENTRY:g} in size: leave unknown ones empty, rescale large ones."
        )
    if not account.known:
        raise BadInput("The matrix has no known entry; give at least one number.")


def _too_large(matrix: np.ndarray | SparseMatrix) -> tuple[int, int, float] | None:
    """Row, column and value of the first entry that is infinite or too large for a run."""
    if isinstance(matrix, SparseMatrix):
        bad = ~(np.abs(matrix.values) <= limits.MAX_ENTRY)
        if not bad.any():
            return None
        k = int(np.argmax(bad))
        return int(matrix.rows[k]), int(matrix.columns[k]), float(matrix.values[k])
    if np.fmax.reduce(matrix, axis=None) <= limits.MAX_ENTRY and np.fmin.reduce(matrix, axis=None) >= -limits.MAX_ENTRY:
        return None
    places = np.argwhere(np.abs(matrix) > limits.MAX_ENTRY)
    if not len(places):
        return None  # nothing is known
    row, column = (int(side) for side in places[0])
    return row, column, float(matrix[row, column])


def _check_tensor(tensor: np.ndarray) -> None:
    shape = " x ".join(str(side) for side in tensor.shape)
    if not all(limits.MIN_SIDE <= side <= limits.MAX_SIDE for side in tensor.shape) or tensor.size > limits.MAX_ENTRIES:
        raise BadInput(
            f"The tensor is {shape}; its sides must be from {limits.MIN_SIDE} to {limits.MAX_SIDE}, and its entries at most "
            f"{whole(limits.MAX_ENTRIES)}."
        )
    if not (np.isnan(tensor) | (np.abs(tensor) <= limits.MAX_ENTRY)).all():
        raise BadInput(
            f"The tensor has an entry that is infinite or larger than {limits.MAX_ENTRY:g}; leave it unknown, or rescale."
        )
    if np.isnan(tensor).all():
        raise BadInput("The tensor has no known entry; give at least one number.")
