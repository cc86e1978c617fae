"""Tables of Excel (.xlsx, by calamine) and Parquet (by pyarrow) as rows of texts, bounded before they are read."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dmf_core import limits
from dmf_core.data.rows import FIELDS, ListedRows, Row
from dmf_core.data.zips import UNREADABLE
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

UNPACKED = 3 * limits.UPLOAD_BYTES  # of a workbook
WIDEST = 50_000  # columns of a Parquet file
CELLS = 20_000_000  # of a sheet, empty ones included
TURNED = 30_000  # fields of a Parquet file that are turned into texts together: about 2 MB
CELL = re.compile(rb'<c[^>]{0,80}? r="([A-Z]{1,3})(\d{1,7})"')
ROW = re.compile(rb'<row[^>]{0,80}? r="(\d{1,7})"')


def from_workbook(content: bytes, part: str | None) -> tuple[ListedRows, list[str], str, list[str]]:
    """The rows of a sheet, the first one if none is named; notes; its name, and those of all sheets. Raises BadInput."""
    _check_workbook(content)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if part is not None and part not in names:
            raise BadInput(f"There is no sheet {part[:40]!r}; the workbook has {', '.join(names[:10])}.")
        name = part or next((each for each in names if book.get_sheet_by_name(each).height), names[0] if names else "")
        rows = book.get_sheet_by_name(name).to_python()
    except BadInput:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of calamine is no Exception
        kind = CalamineError.__name__ if isinstance(error, CalamineError) else type(error).__name__
        reason = " ".join(str(error).split())[:80] or kind
        raise BadInput(f"The workbook cannot be read ({reason}); save it again as .xlsx, or as CSV.") from None
    listed = [[_text(cell) for cell in row] for row in rows]
    listed = [row for row in listed if any(row)]
    if not listed:
        raise BadInput(f"The sheet {name[:40]!r} of the workbook is empty; name another one with --data-part.")
    others = [each for each in names if each != name]
    notes = [f"The sheet {name[:40]!r} was read, not {', '.join(repr(each[:40]) for each in others[:5])}."] if others else []
    return ListedRows(listed), notes, name, names


def sheets_of(content: bytes) -> tuple[str, ...]:
    """The names of the sheets of a workbook; none where it cannot be read. Raises nothing."""
    try:
        _, _, _, names = from_workbook(content, None)
    except BadInput:
        return ()
    return tuple(names)


@dataclass(frozen=True, eq=False)
class ColumnRows:
    """The rows of columns of pyarrow, turned into texts a few at a time."""

    names: Row
    columns: list[Any]  # chunked arrays of equal length
    separator: str | None = None

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        import pyarrow as pa
        import pyarrow.compute as pc

        yield [self.names]
        wide = max(1, len(self.columns))
        together, size = max(1, TURNED // wide), max(1, fields // wide)
        for start in range(0, len(self.columns[0]) if self.columns else 0, together):
            parts = [pc.cast(column.slice(start, together), pa.string()).to_pylist() for column in self.columns]
            rows = [["" if field is None else field for field in row] for row in zip(*parts, strict=True)]
            yield from (rows[k : k + size] for k in range(0, len(rows), size))

    def place(self, row: int) -> str:
        return f"Row {row + 1}"


def from_parquet(content: bytes) -> ColumnRows:
    """The rows of a Parquet file, with the names of its columns first; the index of pandas first of all. Raises BadInput."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        count, width = file.metadata.num_rows, len(file.schema_arrow.names)
        if count * width > CELLS or width > WIDEST:
            raise BadInput(f"The Parquet file has {whole(count)} x {whole(width)} fields; at most {whole(CELLS)} can be read.")
        table = file.read()
        index = {name for name in (file.schema_arrow.pandas_metadata or {}).get("index_columns", ()) if isinstance(name, str)}
        names = sorted(table.column_names, key=lambda name: name not in index)
        columns = []
        for name in names:
            column = table.column(name)
            if pa.types.is_dictionary(column.type):
                column = column.cast(column.type.value_type)
            pc.cast(column.slice(0, 1), pa.string())  # refuses what is neither number nor text
            columns.append(column)
    except BadInput:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, NotImplementedError) as error:
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise BadInput(f"The Parquet file cannot be read ({reason}); write columns of numbers and texts.") from None
    head = ["" if name.startswith("__index_level_") else name for name in names]
    return ColumnRows(head, columns)


def _check_workbook(content: bytes) -> None:
    """Refuses what unpacks to too much, or has cells so far out that the sheet would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > UNPACKED:
                raise BadInput(f"The workbook unpacks to more than {UNPACKED >> 20} MB; save the sheet as CSV.")
            for info in archive.infolist():
                if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                    with archive.open(info) as member:
                        _check_sheet(member.read(UNPACKED + 1))
    except BadInput:
        raise
    except UNREADABLE:
        raise BadInput("The workbook is damaged or not complete; save it again as .xlsx, or as CSV.") from None


def _check_sheet(xml: bytes) -> None:
    columns = {match[1] for match in CELL.finditer(xml)}
    last_row = max((int(match[1]) for match in ROW.finditer(xml)), default=0)
    last_row = max(last_row, max((int(match[2]) for match in CELL.finditer(xml)), default=0))
    last_column = max((_column(name) for name in columns), default=1)
    if last_row * last_column > CELLS:
        raise BadInput(
            f"A sheet of the workbook reaches to row {whole(last_row)} and column {whole(last_column)}; delete what stands "
            "far from the table, or save the table as CSV."
        )


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _text(cell: Any) -> str:
    """A cell as a CSV file would hold it."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
