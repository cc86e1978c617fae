"""The choices of how a file is read, as the page labels them, also where a sentence of the command line names its flags."""

import re

LABELS = {  # option -> its control
    "kind": "Kind",
    "header": "Names in first row",
    "index": "Names in first column",
    "separator": "Separator",
    "decimal": "Decimal mark",
    "unknown": "Stands for unknown",
    "duplicates": "Of repeated entries",
    "largest": "Largest side",
}
KINDS = {"table": "table", "list": "list of entries", "tensor": "tensor", "picture": "picture", "auto": "auto"}
_NUMBER = r"-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?"
_FLAG = re.compile(
    rf"(?P<add>\badd )?--data-(?P<option>{'|'.join(LABELS)})\b"
    rf"(?:[ =](?P<value>(?:yes|no|none|point or comma|N|{'|'.join(KINDS)})\b|{_NUMBER}))?"
)
# A refused file has no controls for its columns.
_COLUMNS = re.compile(r"\bname (another column|it) with --data-columns row,column,value")


def in_controls(sentence: str) -> str:
    """ "add --data-index yes" as "choose “Names in first column: yes”".

    What no control can do is said as what can be done in the file.
    """
    part = "Sheet" if "sheet" in sentence else "Array"
    renamed = _COLUMNS.sub(r"call \1 “value” in the file's first row", sentence)
    return _FLAG.sub(_control, renamed).replace("--data-part", f"“{part}”")


def _control(match: re.Match[str]) -> str:
    value = KINDS.get(match["value"] or "", match["value"])
    text = LABELS[match["option"]] + ("" if value in (None, "N") else f": {value}")
    return f"{'choose ' if match['add'] else ''}“{text}”"
