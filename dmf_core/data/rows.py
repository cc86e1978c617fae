"""Rows of fields from a text, a workbook or a table of arrays, in chunks of bounded size, as often as they are needed."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol

from dmf_core import limits
from dmf_core.data.cells import EXCEL_ERROR
from dmf_core.data.options import DOUBLE_COLON
from dmf_core.errors import BadInput

Row = list[str]
Quoting = Literal["none", "doubled", "escaped", "mended", "single"]  # mended: a line with bad quotes is split without them
INNER = "\x1f"  # stands for :: inside; no text holds it
FIELDS = 1_500  # of a chunk: a fifth of a MB of texts
LINE = 2 * limits.MAX_SIDE * 1000  # characters of one line
SUSPECT = frozenset("#%/ \t\n\x0b\x0c\xa0\u2003")  # how an empty line or a comment begins
COMMENTS = ("#", "%", "//")
EXCEL_AT_START = re.compile(rf"({EXCEL_ERROR.pattern})(\s*$|\s*[;,\t|\"]|\s+[-+\d.#])", re.IGNORECASE)


class Rows(Protocol):
    """A table of texts that can be gone through again and again."""

    @property
    def separator(self) -> str | None: ...

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]: ...

    def place(self, row: int) -> str:
        """Where this row stands in the file, fit to begin a sentence: Line 7."""
        ...


def head(rows: Rows, most: int) -> list[Row]:
    """The first `most` rows."""
    first: list[Row] = []
    for chunk in rows.chunks(fields=most):
        first += chunk[: most - len(first)]
        if len(first) >= most:
            break
    return first


def row_at(rows: Rows, place: int) -> Row:
    """The row of this number, counted from 0."""
    start = 0
    for chunk in rows.chunks():
        if place < start + len(chunk):
            return chunk[place - start]
        start += len(chunk)
    raise IndexError(place)


@dataclass(frozen=True)
class ListedRows:
    """Rows that are in memory already, of a source without lines."""

    listed: list[Row]
    noun: str = "Row"
    separator: str | None = None

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        if self.listed:
            size = max(1, fields // max(1, len(self.listed[0])))
            for start in range(0, len(self.listed), size):
                yield self.listed[start : start + size]

    def place(self, row: int) -> str:
        return f"{self.noun} {row + 1}"


@dataclass(frozen=True)
class ChangedRows:
    """Other rows, each of them changed."""

    rows: Rows
    change: Callable[[Row], Row]

    @property
    def separator(self) -> str | None:
        return self.rows.separator

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        for chunk in self.rows.chunks(fields):
            yield [self.change(row) for row in chunk]

    def place(self, row: int) -> str:
        return self.rows.place(row)


@dataclass(frozen=True)
class TextRows:
    """The lines of a text, split. Empty lines and comments are left out."""

    content: bytes
    encoding: str
    separator: str  # as in options.SEPARATORS, or any other character
    quoting: Quoting = "none"
    skip: int = 0  # lines before the first row
    bare_end: bool = False  # every line ends with a semicolon that separates nothing
    names: str = ""  # a comment above the first row that names the columns, as `# a,b,c`, without its mark

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        rows = filter(None, self._rows(self.lines()))
        try:
            first = next(rows, None)
            if first is None:
                return
            size = max(1, fields // max(1, len(first)))
            yield [first, *islice(rows, size - 1)]
            while chunk := list(islice(rows, size)):
                yield chunk
        except csv.Error as error:
            raise BadInput(f"The quotes of the file do not match ({error}); close or remove them.") from None

    def place(self, row: int) -> str:
        lines = self.numbered_lines()
        number = 0

        def numbered() -> Iterator[str]:
            nonlocal number
            for where, line in lines:
                number = where
                yield line

        try:
            for count, _ in enumerate(filter(None, self._rows(numbered()))):
                if count == row:
                    break
        except csv.Error:
            return f"Row {row + 1}"
        return f"Line {number}"

    def numbered_lines(self) -> Iterator[tuple[int, str]]:
        """The lines that are rows, with their numbers in the file."""
        if self.names:
            yield self.skip + 1, self.names
        with io.TextIOWrapper(io.BytesIO(self.content), self.encoding, newline=None) as stream:
            for number, line in enumerate(stream, start=1):
                if number > self.skip and not (line[0] in SUSPECT and self._leaves_out(line)):
                    yield number, line

    def lines(self) -> Iterator[str]:
        """The lines that are rows."""
        if self.names:
            yield self.names
        with io.TextIOWrapper(io.BytesIO(self.content), self.encoding, newline=None) as stream:
            for line in islice(stream, self.skip, None):
                if line[0] in SUSPECT and self._leaves_out(line):
                    continue
                yield line

    def _leaves_out(self, line: str) -> bool:
        """Whether a line is empty or a comment."""
        if line.isspace():
            return not (self.separator == "\t" and "\t" in line)
        return is_comment(line)

    def _rows(self, lines: Iterable[str]) -> Iterator[Row]:
        if self.bare_end:
            lines = (line.rstrip().removesuffix(";") for line in lines)
        if self.separator == " " and self.quoting == "none":
            return (line.split() for line in lines)
        quote = "'" if self.quoting == "single" else '"'
        if self.separator == " ":
            blank = (line.strip() for line in lines)
            return csv.reader(blank, delimiter=" ", quotechar=quote, skipinitialspace=True, strict=True)
        delimiter = self.separator
        if delimiter == DOUBLE_COLON:
            lines, delimiter = (line.replace(DOUBLE_COLON, INNER) for line in lines), INNER
        if self.quoting == "mended":
            return (_mended(line, delimiter) for line in lines)
        if self.quoting == "none":
            return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
        if self.quoting == "escaped":
            return csv.reader(lines, delimiter=delimiter, doublequote=False, escapechar="\\", strict=True)
        return csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=True, strict=True)


def is_comment(line: str) -> bool:
    """Whether a line is a comment, and not one that begins with an error of Excel."""
    return line.startswith(COMMENTS) and EXCEL_AT_START.match(line) is None


def unmatched(line: str, delimiter: str) -> bool:
    """Whether the quotes of a line do not match."""
    return '"' in line and _parsed(line, INNER if delimiter == DOUBLE_COLON else delimiter) is None


def _parsed(line: str, delimiter: str) -> Row | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _mended(line: str, delimiter: str) -> Row:
    fields = _parsed(line, delimiter)
    return [field.strip().strip('"') for field in line.rstrip("\n").split(delimiter)] if fields is None else fields
