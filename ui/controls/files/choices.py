"""The choices that make a reading: which of them a file has, what each is now, and what else it can be."""

from collections.abc import Sequence
from dataclasses import dataclass

from dmf_core import limits
from dmf_core.data import Reading, choosable, sheets_of
from dmf_core.data.options import NAMED, SEPARATORS
from ui.figures.files.flags import KINDS, LABELS
from ui.session.upload import Upload

WORDS = {
    **{"yes": "yes", "no": "no", "none": "none", "": "auto"},
    **{"last": "the last counts", "first": "the first counts", "mean": "their mean counts"},
    **{"point": "point .", "comma": "comma ,"},
}
SEPARATED = {
    "comma": "comma ,",
    "semicolon": "semicolon ;",
    "tab": "tab",
    "pipe": "pipe |",
    "space": "space",
    "::": "double colon ::",
}
UNKNOWN = ("none", "0", "99", "-1", "0,99")
SIDES = ("50", "100", "200", "500", "1000")
PIXELS = ("50", "100", "200", "300", "500")
ROLES = {"row": "Rows from", "column": "Columns from", "value": "Values from"}


@dataclass(frozen=True)
class Control:
    """One choice: its option, what it is now, and what else it can be."""

    option: str  # as options_from_text names it; row, column and value make up `columns`
    label: str
    values: tuple[str, ...]
    value: str
    yours: bool  # the visitor chose it
    free: bool = False  # other values can be typed
    words: tuple[tuple[str, str], ...] = ()  # what a value is called

    def shown(self, value: str) -> str:
        return dict(self.words).get(value, value)


def controls(upload: Upload) -> list[Control]:
    """The choices that apply to this file as it is read now; those that could mend it where it is refused."""
    if upload.form == "":
        return []
    if upload.form == "picture":
        size = upload.choices.get("image_side", "100")
        return [_control(upload, "image_side", "Longer side", PIXELS, size, free=True)]
    reading = upload.reading
    if reading is None:
        return [_kind(upload), *_sheets(upload), *_of_text(upload, None, None)]
    parts = [_kind(upload), *_parts(upload, reading)]
    if reading.account.kind == "list" and len(reading.source.fields) >= 3:
        parts += _columns(upload, reading)
    if upload.form in ("text", "table") and reading.source.fields:
        parts += _of_text(upload, reading, reading.account.kind)
    return parts + _of_values(upload, reading)


def chosen(upload: Upload, option: str, value: str) -> dict[str, str]:
    """The change that a control makes: the options that `ui.session.upload.changed` takes.

    A column that another role has is exchanged with it, so that rows and columns can be swapped.
    """
    if option not in ROLES:
        return {option: value.strip() if option != "separator" else value}
    assert upload.reading is not None  # there is no such control otherwise
    places = [str(_place(upload.reading, role) + 1) for role in ROLES]
    role = list(ROLES).index(option)
    if value in places:
        places[places.index(value)] = places[role]
    places[role] = value
    return {"columns": ",".join(choosable(upload.reading.source.fields, int(place) - 1) for place in places)}


def _control(
    upload: Upload,
    option: str,
    label: str,
    values: Sequence[str],
    value: str,
    free: bool = False,
    words: dict[str, str] = WORDS,
) -> Control:
    listed = tuple(values) if value in values else (*values, value)
    return Control(option, label, listed, value, option in upload.choices, free, tuple(words.items()))


def _kind(upload: Upload) -> Control:
    now = upload.reading.account.kind if upload.reading else upload.choices.get("kind", "auto")
    kinds = ["table", "list", "tensor", "picture"] if upload.form == "array" else ["table", "list", "tensor"]
    return _control(upload, "kind", LABELS["kind"], kinds, now, words=KINDS)


def _parts(upload: Upload, reading: Reading) -> list[Control]:
    source = reading.source
    if len(source.parts) < 2:
        return []
    label = "Sheet" if upload.form == "table" else "Array"
    return [_control(upload, "part", label, source.parts, source.part or "", words={})]


def _sheets(upload: Upload) -> list[Control]:
    """The sheets of a workbook whose first one cannot be read."""
    names = sheets_of(upload.content) if upload.form == "table" and upload.content.startswith(b"PK") else ()
    return [_control(upload, "part", "Sheet", names, upload.choices.get("part", names[0]), words={})] if len(names) > 1 else []


def _place(reading: Reading, role: str) -> int:
    """The column of the file that gives the rows, columns or values of a list."""
    name, fields = reading.account.fields.get(role, ""), reading.source.fields
    at = [k for k, field in enumerate(fields) if field.strip()[:40] == name]
    return at[0] if at else list(ROLES).index(role)


def _columns(upload: Upload, reading: Reading) -> list[Control]:
    fields = reading.source.fields
    values = tuple(str(k + 1) for k in range(len(fields)))
    words = tuple(zip(values, fields, strict=True))
    yours = "columns" in upload.choices
    return [Control(role, label, values, str(_place(reading, role) + 1), yours, False, words) for role, label in ROLES.items()]


def _of_text(upload: Upload, reading: Reading | None, kind: str | None) -> list[Control]:
    """How the lines of a text or a sheet are meant; of a refused one everything that may mend it."""
    account = None if reading is None else reading.account

    def now(option: str, guess: str) -> str:
        return guess if account is not None else upload.choices.get(option, "")

    yes_or_no = ("yes", "no") if account else ("", "yes", "no")
    header = now("header", "yes" if account and account.header else "no")
    parts = [_control(upload, "header", LABELS["header"], yes_or_no, header)]
    if kind in ("table", None):
        index = now("index", "yes" if account and account.index else "no")
        parts.append(_control(upload, "index", LABELS["index"], yes_or_no, index))
    if upload.form == "text" and (account is None or account.separator in SEPARATORS):
        named = {mark: name for name, mark in NAMED.items() if name in SEPARATED} | {"::": "::"}
        mark = now("separator", named.get(account.separator or "", "") if account else "")
        marks = tuple(SEPARATED) if account else ("", *SEPARATED)
        parts.append(_control(upload, "separator", LABELS["separator"], marks, mark, free=True, words={**WORDS, **SEPARATED}))
    decimal = now("decimal", "comma" if account and account.decimal == "," else "point")
    parts.append(
        _control(upload, "decimal", LABELS["decimal"], ("point", "comma") if account else ("", "point", "comma"), decimal)
    )
    return parts


def _of_values(upload: Upload, reading: Reading) -> list[Control]:
    """What the numbers mean: which stand for unknown, which of two counts, how much of them is left."""
    account = reading.account
    parts = []
    if account.kind != "picture":
        unknown = upload.choices.get("unknown") or ",".join(f"{each:g}" for each in account.unknown) or "none"
        parts.append(_control(upload, "unknown", LABELS["unknown"], UNKNOWN, unknown, free=True))
    if account.kind == "list" or (account.kind == "tensor" and reading.source.fields):
        parts.append(_control(upload, "duplicates", LABELS["duplicates"], ("last", "first", "mean"), account.duplicates))
    if account.kind in ("table", "list"):
        cut = account.dropped_rows or account.dropped_columns
        largest = upload.choices.get("largest") or (str(limits.MAX_SIDE) if cut else "")
        words = {"": "all", str(limits.MAX_SIDE): f"{limits.MAX_SIDE}, the limit"}
        sides = SIDES if cut and "largest" not in upload.choices else ("", *SIDES)
        parts.append(_control(upload, "largest", LABELS["largest"], sides, largest, free=True, words=words))
    return parts
