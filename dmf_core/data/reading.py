"""What a file gave: the array, and the account of how it was read."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from dmf_core.data.sparse import SparseMatrix
from dmf_core.errors import BadInput

NAMES_IN_JSON = 10  # of rows and of columns that the short form of an account lists
SPACES = "\u00a0\u2009\u202f"
NAME_LENGTH = 200  # characters of a name that are left


@dataclass(frozen=True)
class Account:
    """How a file was read: every choice that was made, what was left out, and why."""

    kind: str  # table, list, tensor or picture
    sentence: str  # the whole of it in one sentence
    shape: tuple[int, ...]
    known: int  # entries
    unit: float  # root mean square of the known entries
    header: bool = False
    index: bool = False
    separator: str | None = None  # None where the file has none
    decimal: str | None = None
    unknown: tuple[float, ...] = ()  # numbers that were taken as unknown
    repeated: int = 0  # entries that stood more than once
    duplicates: str = "last"  # which of them counts
    dropped_rows: int = 0
    dropped_columns: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)  # of a list: which column is row, column and value
    row_names: tuple[str, ...] | None = None
    column_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()  # further sentences

    def as_json(self, names: int | None = NAMES_IN_JSON, held_out: int | None = None) -> dict[str, Any]:
        """A JSON object, with so many names of rows and columns (None: all of them).

        `held_out` is how many known entries a run does not train on; None where there is no run.
        """
        matrix = len(self.shape) == 2
        return {
            "kind": self.kind,
            "rows": self.shape[0] if matrix else None,
            "columns": self.shape[1] if matrix else None,
            "shape": list(self.shape),
            "known": self.known,
            "held_out": held_out,
            "header": self.header,
            "index": self.index,
            "separator": self.separator,
            "decimal": self.decimal,
            "unknown": list(self.unknown),
            "duplicates": {"pairs": self.repeated, "rule": self.duplicates},
            "dropped_rows": self.dropped_rows,
            "dropped_columns": self.dropped_columns,
            "fields": {role: printable(name) for role, name in self.fields.items()},
            "names": {"rows": _first(self.row_names, names), "columns": _first(self.column_names, names)},
            "unit": self.unit,
            "sentence": printable(self.sentence),
            "notes": [printable(note) for note in self.notes],
        }


def shortened(account: dict[str, Any], held_out: int | None = None) -> dict[str, Any]:
    """An account as JSON with the first names only, for `run --json`."""
    names = {side: None if listed is None else listed[:NAMES_IN_JSON] for side, listed in account["names"].items()}
    return account | {"names": names, "held_out": held_out}


def _first(names: tuple[str, ...] | None, most: int | None) -> list[str] | None:
    return None if names is None else [printable(name)[:NAME_LENGTH] for name in names[:most]]


def printable(text: str) -> str:
    """The text with a space for whatever a terminal or a page could take for a command."""
    return "".join(letter if letter.isprintable() or letter in SPACES else " " for letter in text)


@dataclass(frozen=True, eq=False)
class Source:
    """What the file itself holds, for somebody who wants to choose another reading."""

    lines: tuple[tuple[str, ...], ...] = ()  # the first rows, split into fields
    fields: tuple[str, ...] = ()  # names of the columns of the file, or column 1 ..
    heads: int = 0  # rows that are names, or stand above them
    part: str | None = None  # the sheet or array that was read
    parts: tuple[str, ...] = ()  # all of them, where there are several


@dataclass(frozen=True, eq=False)
class Reading:
    """An array that a run can use, and how it was read."""

    values: np.ndarray | SparseMatrix  # a list of entries stays one until `array` is needed
    account: Account
    source: Source = Source()

    @cached_property
    def array(self) -> np.ndarray:
        """[rows, columns], or the sides of a tensor; float64, NaN where unknown."""
        return self.values.dense() if isinstance(self.values, SparseMatrix) else self.values

    @property
    def words(self) -> str:
        """The sentence and the notes as one text."""
        return " ".join((self.account.sentence, *self.account.notes))


@dataclass(frozen=True)
class Choice:
    """One of several likely readings, and what chooses it."""

    reading: str  # "as a dense 12 x 3 matrix"
    options: Mapping[str, str]  # {"kind": "table"}, as options.options_from_text takes them

    @property
    def flags(self) -> str:
        """The same on the command line: --data-kind table."""
        return " ".join(f"--data-{name} {shlex.quote(printable(value))}" for name, value in self.options.items())


class Ambiguous(BadInput):
    """Several readings are about equally likely. Carries them as `choices`; the message is one sentence."""

    def __init__(self, why: str, *choices: Choice) -> None:
        self.why = why
        self.choices = choices
        options = ", or ".join(f"{each.reading} ({each.flags})" for each in choices)
        super().__init__(f"{why}: {options}; choose one.")
