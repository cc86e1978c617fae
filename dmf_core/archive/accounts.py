"""The account of given data in an archive from a stranger: every field of its own type, and true to the data."""

from typing import Any

import numpy as np

from dmf_core import limits
from dmf_core.data.reading import NAME_LENGTH, printable
from dmf_core.errors import BadInput

TEXTS = ("kind", "sentence")
NUMBERS = ("known", "dropped_rows", "dropped_columns")
TEXT_LENGTH = 2000  # characters of a sentence or note; an account with a longer one is refused
NOTES = 50  # notes of one reading; an account with more is refused


def account_of(value: dict[str, Any], data: np.ndarray) -> dict[str, Any]:
    """The account, if it is one of these data. Raises BadInput."""
    names = value.get("names")
    fits = (
        all(_is_text(value.get(key)) for key in TEXTS)
        and all(_is_count(value.get(key)) for key in NUMBERS)
        and value.get("shape") == list(data.shape)
        and value.get("known") == int((~np.isnan(data)).sum())
        and isinstance(value.get("notes"), list)
        and len(value["notes"]) <= NOTES
        and all(map(_is_text, value["notes"]))
        and isinstance(names, dict)
        and set(names) == {"rows", "columns"}
        and all(_are_names(names[side], data.shape[k]) for k, side in enumerate(("rows", "columns")))
    )
    if not fits:
        raise BadInput("The archive's data.json is not the account of its data; it was changed.")
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_LENGTH and printable(value) == value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < limits.UPLOAD_BYTES * 1000


def _are_names(value: Any, count: int) -> bool:
    if value is None:
        return True
    if not isinstance(value, list) or len(value) != count:
        return False
    return all(isinstance(name, str) and len(name) <= NAME_LENGTH and printable(name) == name for name in value)
