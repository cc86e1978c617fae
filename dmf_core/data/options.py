"""What a person can say about how a file is to be read. Everything left out is decided by the file itself."""

import math
from dataclasses import dataclass
from typing import Literal, cast

from dmf_core import limits
from dmf_core.errors import BadInput

Kind = Literal["auto", "table", "list", "tensor", "picture"]
KINDS: tuple[Kind, ...] = ("auto", "table", "list", "tensor", "picture")
ALSO: dict[str, Kind] = {"matrix": "table", "ratings": "list", "image": "picture"}  # other words for the same kinds
Repeats = Literal["last", "first", "mean"]
REPEATS: tuple[Repeats, ...] = ("last", "first", "mean")
DOUBLE_COLON = "::"
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", " ": "spaces", DOUBLE_COLON: "double colons"}
NAMED = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " ", "blank": " "}
DECIMALS = {"point": ".", ".": ".", "comma": ",", ",": ","}
MOST_UNKNOWN = 20  # values that may stand for unknown


@dataclass(frozen=True)
class ReadOptions:
    """The choices that make a reading. None and "auto": decided by the file. Raises BadInput where a choice is impossible."""

    kind: str = "auto"  # one of KINDS or ALSO
    columns: tuple[str, ...] = ()  # of a list: row, column and value, by their names or their numbers from 1
    header: bool | None = None  # names in the first row
    index: bool | None = None  # names in the first column
    separator: str | None = None  # what stands between two fields
    decimal: str | None = None  # "." or ","
    unknown: tuple[float, ...] | None = None  # numbers that stand for unknown; () for none
    duplicates: Repeats = "last"  # which value of a pair counts that stands more than once
    largest: int | None = None  # rows and columns that are left, those with the most known entries
    part: str | None = None  # the sheet of a workbook, or the array of a file that holds several
    image_side: int = 100  # the longer side of a picture in pixels, once reduced

    def __post_init__(self) -> None:
        if self.kind not in KINDS and self.kind not in ALSO:
            raise BadInput(f"The kind of data is {self.kind[:40]}; it must be one of {', '.join((*KINDS, *ALSO))}.")
        object.__setattr__(self, "kind", ALSO.get(self.kind, self.kind))
        if self.columns and not (3 <= len(self.columns) <= limits.MAX_ORDER + 1 and all(self.columns)):
            raise BadInput(
                f"The columns are {','.join(self.columns)[:60]}; name row, column and value, for example user,item,rating "
                "(or by number: 1,2,3)."
            )
        if self.columns and self.kind in ("table", "picture"):
            raise BadInput(
                f"The columns {','.join(self.columns)[:40]} are those of a list, but the kind is {self.kind}; leave one out."
            )
        if self.separator is not None and len(self.separator) != 1 and self.separator != DOUBLE_COLON:
            raise BadInput(f"The separator is {self.separator[:20]!r}; give one character, or one of {', '.join(NAMED)}, '::'.")
        if self.decimal not in (None, ".", ","):
            raise BadInput(f"The decimal mark is {self.decimal!r}; choose point or comma.")
        if self.decimal is not None and self.decimal == self.separator == ".":
            raise BadInput("The point cannot be both the decimal mark and the separator; choose another separator.")
        if self.unknown is not None and len(self.unknown) > MOST_UNKNOWN:
            raise BadInput(f"{len(self.unknown)} values stand for unknown; at most {MOST_UNKNOWN} can.")
        if self.duplicates not in REPEATS:
            raise BadInput(f"Of pairs that stand twice {str(self.duplicates)[:20]} is to count; choose last, first or mean.")
        if self.largest is not None and not limits.MIN_SIDE <= self.largest <= limits.MAX_SIDE:
            raise BadInput(f"The largest side is {self.largest}; choose from {limits.MIN_SIDE} to {limits.MAX_SIDE}.")
        if not limits.MIN_SIDE <= self.image_side <= limits.MAX_SIDE:
            raise BadInput(f"The image side is {self.image_side}; choose from {limits.MIN_SIDE} to {limits.MAX_SIDE} pixels.")


def options_from_text(
    kind: str = "auto",
    columns: str | None = None,
    header: str | None = None,
    index: str | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    unknown: str | None = None,
    duplicates: str = "last",
    largest: int | None = None,
    part: str | None = None,
    image_side: int = 100,
) -> ReadOptions:
    """The options as they are typed. Raises BadInput."""
    return ReadOptions(
        kind=kind,
        columns=tuple(name.strip() for name in columns.split(",")) if columns else (),
        header=_yes_or_no("header", header),
        index=_yes_or_no("index", index),
        separator=None if separator in (None, "auto") else NAMED.get(str(separator), separator),
        decimal=None if decimal in (None, "auto") else DECIMALS.get(str(decimal), decimal),
        unknown=_numbers(unknown),
        duplicates=cast(Repeats, duplicates),
        largest=largest,
        part=part,
        image_side=image_side,
    )


def _yes_or_no(name: str, text: str | None) -> bool | None:
    if text not in (None, "auto", "yes", "no"):
        raise BadInput(f"--data-{name} is {text[:20] if text else text}; choose yes, no or auto.")
    return None if text in (None, "auto") else text == "yes"


def _numbers(text: str | None) -> tuple[float, ...] | None:
    if text in (None, "auto"):
        return None
    if text in ("", "none"):
        return ()
    try:
        numbers = tuple(float(each) for each in str(text).split(","))
    except ValueError:
        numbers = (math.nan,)
    if not all(math.isfinite(number) for number in numbers):
        raise BadInput(f"--data-unknown is {str(text)[:40]}; give numbers with commas between, for example 0,99, or none.")
    return numbers
