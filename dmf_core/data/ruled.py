"""Tables framed by lines of dashes, as databases, Markdown and Org print them: their fields without the frame."""

import re

BOX = {
    **dict.fromkeys(map(ord, "│║┃┆┊"), "|"),
    **dict.fromkeys(map(ord, "─═━┄┈"), "-"),
    **dict.fromkeys(map(ord, "┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╭╮╰╯╞╪╡╟╫╢"), "+"),
}
RULE = re.compile(r"[-+|=: \t]*(--|==)[-+|=: \t]*")
PLAIN_RULE = re.compile(r"\s*-{3,}([ \t]+-{3,})+\s*")  # SQL Server's, without bars
BARRED = re.compile(r"\s*\|.*\|\s*")
FOOTER = re.compile(r"\s*\(?\d+ rows?( affected| in set.*)?\)?\.?\s*", re.IGNORECASE)  # (3 rows)
FIRST = 4000  # characters that show whether there is a frame


def without_frame(content: bytes, encoding: str) -> tuple[bytes, str] | None:
    """The text with bars or blanks between its fields alone, and what was left out; None where there is no frame."""
    beginning = _lines(content[:FIRST].decode(encoding, errors="ignore"))[:3]
    at = next((k for k, line in enumerate(beginning) if _is_rule(line)), None)
    if at is None or at > 1 or (at == 0 and "+" not in beginning[0]):
        return None
    lines = _lines(content.decode(encoding))
    body = [line for line in lines if not _is_rule(line)]
    rows = [line for line in body if not FOOTER.fullmatch(line)]
    if all(BARRED.fullmatch(line) for line in rows):
        rows = [line.strip()[1:-1] for line in rows]
    note = "The lines that frame the table were left out"
    if len(rows) < len(body):
        note += f", and {body[-1].strip()[:40]!r} below it"
    return "\n".join(rows).encode(encoding, errors="replace") + b"\n", f"{note}."


def _lines(text: str) -> list[str]:
    return [line for line in text.translate(BOX).splitlines() if line.strip()]


def _is_rule(line: str) -> bool:
    """Whether a line is part of a frame, and not a row of fields that are all unknown, as -- -- --."""
    if RULE.fullmatch(line) is None or any(len(part) == 1 for part in re.split(r"[+|: \t]+", line)):
        return False
    return "+" in line or "|" in line or PLAIN_RULE.fullmatch(line) is not None
