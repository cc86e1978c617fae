"""The sentence about a value that a setting cannot take: the value, what it can be, and an example."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
EXPECTED = {"float": "a number", "finite": "a number", "int": "a whole number"}  # by the first word of pydantic's type
OBJECTS = ("model", "dict", "dataclass")
HASH = "[0-9a-f]{64}"


def incompatibility(first: Mapping[str, Any], path: str, field: FieldInfo | None, options: Mapping[str, Any]) -> str:
    """One sentence about pydantic's error `first` at `path`. `options`: the kinds of a section, where it is about one."""
    context, kind, value = first.get("ctx", {}), first["type"], shown(first.get("input"))
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return f"There is no setting {path}; remove it or correct its name."
    if kind == "missing":
        return f"{path} is missing; give it a value."
    if kind.startswith("union_tag"):
        expected = context.get("expected_tags", ", ".join(options)).replace("'", "")
        return f"{path}.kind is {shown(context.get('tag', 'missing'))}; it must be one of {expected}."
    for bound, words in BOUNDS.items():
        if bound in context:
            return f"{path} is {value}; it must be {words} {context[bound]:.12g}."
    return f"{path} is {value}; it must be {_expected(kind, context, first, field)}."


def _expected(kind: str, context: Mapping[str, Any], first: Mapping[str, Any], field: FieldInfo | None) -> str:
    head = kind.partition("_")[0]
    if head == "literal":
        return str(context["expected"]).replace("'", "")
    if head == "bool":
        return "true or false"
    if head in OBJECTS:
        return "an object of its settings"
    if kind == "string_pattern_mismatch" and HASH in str(context.get("pattern")):
        return "a sha256, 64 digits from 0 to f"
    several = field is not None and "tuple" in str(field.annotation)
    if several and (head == "tuple" or isinstance(first["loc"][-1], int)):
        return "whole numbers" + _example(field)
    if head not in EXPECTED:
        return re.sub(r"^\w+ should (be |have )?", "", str(first["msg"]))
    return f"{EXPECTED[head]}{' or several' if several else ''}{_range(field)}{_example(field)}"


def _range(field: FieldInfo | None) -> str:
    """from 1 to 8; more than 0 and at most 10; nothing where there is no limit."""
    rules = field.metadata if field else ()
    bounds = {bound: getattr(each, bound) for each in rules for bound in BOUNDS if hasattr(each, bound)}
    if set(bounds) == {"ge", "le"}:
        return f" from {bounds['ge']:.12g} to {bounds['le']:.12g}"
    parts = [f"{words} {bounds[bound]:.12g}" for bound, words in BOUNDS.items() if bound in bounds]
    return f" of {' and '.join(parts)}" if parts else ""


def _example(field: FieldInfo | None) -> str:
    """The usual value, and whether there may be none."""
    if field is None:
        return ""
    usual = field.default
    if usual is None:
        return ", or empty"
    if isinstance(usual, bool) or not isinstance(usual, int | float | tuple):
        return ""
    text = ",".join(map(str, usual)) if isinstance(usual, tuple) else f"{usual:.12g}"
    return f", for example {text}{', or empty' if 'None' in str(field.annotation) else ''}"


def shown(value: Any) -> str:
    """A value inside a sentence: on one line, not too long, and no word of the programmer's."""
    text = "empty" if value is None else str(value).lower() if isinstance(value, bool) else value
    text = text if isinstance(text, str) else repr(text)
    text = text if len(text) <= 60 else text[:57] + "..."
    return one_line(text)


def one_line(text: str) -> str:
    """The text with a space for every mark that breaks a line, turns its direction, or cannot be seen."""
    return "".join(" " if unicodedata.category(mark)[0] == "C" or mark in "\u2028\u2029" else mark for mark in text)
