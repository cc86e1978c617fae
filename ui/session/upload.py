"""A file of a visitor and its reading: what was decided, what the visitor decided, what is still open, or why it is refused."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dmf_core.data import Ambiguous, Choice, Reading, ReadOptions, form_of, options_from_text, read
from dmf_core.errors import BadInput

Form = Literal["text", "table", "array", "picture", ""]  # what the file is, which decides what can be chosen; "": refused
FORMS: dict[str, Form] = {
    "text": "text",
    "workbook": "table",
    "parquet": "table",
    "npy": "array",
    "npz": "array",
    "mat": "array",
    "image": "picture",
}
WHOLE = ("largest", "image_side")  # options that are whole numbers


@dataclass(frozen=True, eq=False)
class Candidate:
    """One of several likely readings of a file."""

    choice: Choice
    reading: Reading | None  # None where it needs a further choice, or fails
    problem: str = ""  # why there is none


@dataclass(frozen=True, eq=False)
class Upload:
    """A file with the choices of its visitor and what they give. One of `reading`, `candidates` and `refusal` is there."""

    name: str
    content: bytes = field(repr=False)
    form: Form
    choices: Mapping[str, str]  # the visitor's own, as options_from_text takes them
    preset: Mapping[str, str]  # the page's, under them
    seconds: float  # that reading took
    reading: Reading | None = None
    question: str = ""  # what is open where there are candidates
    candidates: tuple[Candidate, ...] = ()
    refusal: str = ""

    @property
    def options(self) -> dict[str, str]:
        """All choices, the visitor's over those of the page."""
        return {**self.preset, **self.choices}


def taken(name: str, content: bytes, choices: Mapping[str, str] = {}, preset: Mapping[str, str] = {}) -> Upload:
    """The file as these choices read it; never raises BadInput."""
    begun = time.perf_counter()
    form: Form = ""
    try:
        form = FORMS[form_of(name, content)]
        reading = read(content, name, options_of({**preset, **choices}))
    except Ambiguous as error:
        candidates = tuple(_candidate(name, content, {**preset, **choices}, choice) for choice in error.choices)
        return Upload(name, content, form, choices, preset, _since(begun), question=error.why, candidates=candidates)
    except BadInput as error:
        return Upload(name, content, form, choices, preset, _since(begun), refusal=str(error))
    return Upload(name, content, form, choices, preset, _since(begun), reading)


def changed(upload: Upload, changes: Mapping[str, str]) -> Upload:
    """The same file, read again with these choices; an empty one is left to the file."""
    choices = {name: value for name, value in {**upload.choices, **changes}.items() if value}
    if changes.get("kind") in ("table", "picture", "tensor"):
        choices.pop("columns", None)  # those of a list
    return taken(upload.name, upload.content, choices, upload.preset)


def guessed(upload: Upload) -> Upload:
    """The same file, read without any choice of the visitor."""
    return taken(upload.name, upload.content, {}, upload.preset)


def options_of(choices: Mapping[str, str]) -> ReadOptions:
    """The options of choices that are texts. Raises BadInput."""
    numbers: dict[str, int] = {}
    for name in WHOLE:
        text = choices.get(name, "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise BadInput(f"{text[:40]!r} is no whole number; give how many rows, columns or pixels are to be left.")
        if text:
            numbers[name] = int(text)
    texts = {name: text for name, text in choices.items() if name not in WHOLE}
    return options_from_text(
        kind=texts.get("kind", "auto"),
        columns=texts.get("columns"),
        header=texts.get("header"),
        index=texts.get("index"),
        separator=texts.get("separator"),
        decimal=texts.get("decimal"),
        unknown=texts.get("unknown"),
        duplicates=texts.get("duplicates", "last"),
        largest=numbers.get("largest"),
        part=texts.get("part"),
        image_side=numbers.get("image_side", 100),
    )


def _candidate(name: str, content: bytes, choices: Mapping[str, str], choice: Choice) -> Candidate:
    try:
        return Candidate(choice, read(content, name, options_of({**choices, **choice.options})))
    except Ambiguous as error:
        return Candidate(choice, None, f"{error.why}: this is asked next.")
    except BadInput as error:
        return Candidate(choice, None, str(error))


def _since(begun: float) -> float:
    return time.perf_counter() - begun
