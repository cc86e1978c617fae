"""Text into lines and fields, bounded before it is split."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from dmf_core import limits
from dmf_core.errors import BadInput
from dmf_core.numerals import whole

UNKNOWN = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "?"})  # in lower case: an entry that nobody knows
SEPARATORS = {"::": "double colons", "\t": "tabs", ";": "semicolons", ",": "commas", " ": "spaces"}  # first found wins


@dataclass(frozen=True)
class Table:
    """The lines of a text that are not empty, with their numbers in the file, and what stands between fields."""

    lines: list[str]
    numbers: list[int]  # counted from 1
    separator: str  # a key of SEPARATORS

    @property
    def separated(self) -> str:
        return SEPARATORS[self.separator]

    def fields(self, most: int) -> Iterator[list[str]]:
        """The fields of every line, at most `most` + 1 of them: one more shows that there are too many."""
        separator = None if self.separator == " " else self.separator
        for line, number in zip(self.lines, self.numbers, strict=True):
            if '"' in line and separator is not None:
                yield _quoted(line, separator, number)[: most + 1]
            else:
                yield line.split(separator, most + 1)[: most + 1]


def split(name: str, content: bytes) -> Table:
    """Lines and separator of a text. Lines that are empty or begin with # are left out. Raises BadInput."""
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    count = text.count("\n")
    if count > limits.MAX_SIDE**2:
        raise BadInput(f"The file has {whole(count)} lines; at most {whole(limits.MAX_SIDE**2)} can be read.")
    lines, numbers = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip(" ") and not line.startswith("#"):
            lines.append(line)
            numbers.append(number)
    if not lines:
        raise BadInput("The file has no line with numbers; give a matrix, one row a line.")
    return Table(lines, numbers, _separator(lines[0]))


def number(field: str, decimal_comma: bool = False) -> float:
    """A field as a number, NaN where unknown. Raises ValueError."""
    field = field.strip()
    if field.lower() in UNKNOWN:
        return float("nan")
    if "_" in field:  # a word for a person, a thousand for Python
        raise ValueError
    return float(field.replace(",", ".") if decimal_comma else field)


def _separator(line: str) -> str:
    return next((separator for separator in SEPARATORS if separator in line), ",")


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if any(code in text for code in CONTROL):
        if content[:2] == b"PK":
            raise BadInput("This is a zip file; open an exported run as a run, and unpack other ones first.")
        raise BadInput("The file is neither text, nor NPY, nor a picture that can be read; give CSV, NPY, ratings, PNG or JPEG.")
    return text


CONTROL = tuple(chr(code) for code in [*range(9), 14, 15, *range(16, 32), 127])


def _quoted(line: str, separator: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, strict=True)) if len(separator) == 1 else line.split(separator)
    except csv.Error as error:
        raise BadInput(f"Line {number} has quotes that do not match ({error}); close or remove them.") from None
