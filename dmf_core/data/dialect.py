"""How a text is split into fields: the separator and the quotes.

Separators are sniffed by clevercsv. Of the 46 texts of tests/data/cases that have one, clevercsv 0.8 names the right separator
of all, DuckDB 2.0.1's sniff_csv of 43 (not of the three with blanks between), and DuckDB brings 69 MB. clevercsv takes the
commas of `1,5 2,5` for separators, so rows of numbers with decimal commas are tried here first. Where only one separator
occurs there is nothing to sniff.
"""

import io
import re
from collections import Counter
from dataclasses import replace
from itertools import islice

from dmf_core.data.cells import is_unknown, is_word
from dmf_core.data.options import DOUBLE_COLON
from dmf_core.data.rows import LINE, Quoting, TextRows, is_comment, unmatched
from dmf_core.data.ruled import BARRED, without_frame
from dmf_core.errors import BadInput
from dmf_core.formatting import whole

LIKELY = (",", ";", "\t", "|")
POSSIBLE = (*LIKELY, " ", "~", "^", ":")
HEAD = 20_000  # characters that are sniffed
DECIMALS = re.compile(r"\s*[+\u2212-]?(\d+|\d{1,3}([ \u00a0\u202f.'\u2019]\d{3})+)(,\d+)?([eE][+-]?\d+)?\s*")
QUOTED = re.compile(rb"(?:\A|[\r\n,;\t| ])[ ]*'[^'\r\n]*'[ ]*(?:[\r\n,;\t| ]|\Z)")  # a field in single quotes
COMMENT = re.compile(rb"(?:\A|[\r\n])(?:#|%|//)")
COMMENTS_ABOVE = 1000  # lines above the table, at most
SEP_LINE = re.compile(rb'\s*"?sep=(.|\\t)"?[;,\t]*\r?\n?$', re.IGNORECASE)


def split(content: bytes, encoding: str, separator: str | None) -> tuple[TextRows, list[str]]:
    """The rows of a text, and notes; `separator` None: sniffed. Raises BadInput."""
    first = re.split(rb"[\r\n]", content[:20], maxsplit=1)[0]
    skip = 0
    if match := SEP_LINE.match(first):
        skip, named = 1, match[1].decode(encoding)
        separator = separator or ("\t" if named == "\\t" else named)
    _refuse_long_lines(content, encoding)
    frame = without_frame(content, encoding) if separator in (None, "|") and not skip else None
    content = content if frame is None else frame[0]
    lines = _first_lines(content, encoding, skip)
    if not lines:
        raise BadInput("The file has no line with numbers; give a matrix, one row a line.")
    barred = separator in (None, "|") and frame is None and all(BARRED.fullmatch(line) for line in lines)
    if barred:
        content, separator = _without_bars(content), "|"
    bare_end = separator in (None, ",", " ", "\t") and _bare_end(lines)
    if bare_end:
        lines = [line.rstrip().removesuffix(";") for line in lines]
    if separator in (None, "\t") and all("\t\t" in line and "\t" not in line.replace("\t\t", "") for line in lines):
        content, separator = content.replace(b"\t\t", b"\t"), "\t"  # Jester's lists: two tabs between
    rows = TextRows(content, encoding, separator or _sniffed(lines), skip=skip, bare_end=bare_end)
    rows = replace(rows, quoting=_quoting(rows))
    rows, notes = _without_comments(rows)
    left_out = [frame[1]] if frame else ["The bars around every line were left out."] if barred else []
    quotes = ["Single quotes were taken as quotation marks."] if rows.quoting == "single" else []
    return rows, left_out + notes + quotes + _bad_quotes(rows)


def _without_bars(content: bytes) -> bytes:
    """The fields of a table of Markdown: no bars at the ends of its lines, and an empty line for its rule."""
    content = re.sub(rb"(?m)^[ \t]*\|[ \t|:-]*--[ \t|:-]*$", b"", content.replace(b"\r\n", b"\n"))
    return re.sub(rb"(?m)^[ \t]*\|(.*)\|[ \t]*$", rb"\1", content)


def _bad_quotes(rows: TextRows) -> list[str]:
    """Says which lines are split without regard to their quotes, because these do not match."""
    if rows.quoting != "mended":
        return []
    bad = [number for number, line in rows.numbered_lines() if unmatched(line, rows.separator)]
    more = f" and of {whole(len(bad) - 1)} more" if len(bad) > 1 else ""
    return [f"The quotes of line {bad[0]}{more} do not match and were taken as letters."] if bad else []


def _without_comments(rows: TextRows) -> tuple[TextRows, list[str]]:
    """The rows with the names that a comment right above them gives, and how many other comments there are."""
    if COMMENT.search(rows.content) is None:
        return rows, []
    above, count = "", 0
    with io.TextIOWrapper(io.BytesIO(rows.content), rows.encoding, newline=None) as stream:
        lines = list(islice(stream, rows.skip, rows.skip + COMMENTS_ABOVE))
        for line in lines:
            if not line.isspace() and not is_comment(line):
                break
            above = line if is_comment(line) else above
        count = sum(map(is_comment, lines)) + sum(map(is_comment, stream))
    bare = re.sub(r"^(#|%|//)+[ ]*", "", above).strip("\n")
    first = next(rows.chunks(fields=1), [[]])[0]
    names = next(replace(rows, names=bare).chunks(fields=1), [[]])[0] if bare else []
    named = len(names) == len(first) >= 2 and all(is_word(name) for name in names[1:]) and (names[0] == "" or is_word(names[0]))
    if named and not any(is_word(field) for field in first[1:]):
        rows, count = replace(rows, names=bare), count - 1
    marks = f"{whole(count)} line{'s' * (count > 1)} that begin{'s' * (count == 1)} with #, % or // "
    return rows, [f"{marks}{'were' if count > 1 else 'was'} left out."] if count else []


def _refuse_long_lines(content: bytes, encoding: str) -> None:
    if len(content) > LINE:
        with io.TextIOWrapper(io.BytesIO(content), encoding, newline=None) as stream:
            longest = max(map(len, stream))
        if longest > LINE:
            raise BadInput(f"A line has {whole(longest)} characters; a matrix has one row a line, of at most {whole(LINE)}.")


def _first_lines(content: bytes, encoding: str, skip: int) -> list[str]:
    """Whole lines from the beginning, without comments and empty ones."""
    lines, size = [], 0
    for line in TextRows(content, encoding, ",", skip=skip).lines():
        lines.append(line.rstrip("\n"))
        size += len(line)
        if size > HEAD:
            break
    return lines


def _bare_end(lines: list[str]) -> bool:
    """Whether every line (but perhaps the last) ends with a semicolon and none has one elsewhere, as MATLAB writes rows."""
    ends = [line.rstrip().endswith(";") for line in lines]
    return all(ends[:-1]) and any(ends) and all(line.rstrip().removesuffix(";").count(";") == 0 for line in lines)


def _sniffed(lines: list[str]) -> str:
    """The most likely separator of these lines."""
    for mark in (";", "\t", "|", None):  # None: blanks
        alone = mark is not None or not any(other in line for other in (";", "\t", "|") for line in lines)
        if alone and _all_numbers([line.split(mark) for line in lines[:50]]):
            return mark or " "
    if _tabs_and_blanks(lines[:50]):
        return " "
    body = lines[1:] or lines
    if all(DOUBLE_COLON in line for line in body) and len({line.count(DOUBLE_COLON) for line in body}) == 1:
        return DOUBLE_COLON
    present = [mark for mark in LIKELY if any(mark in line for line in lines)]
    blanks = any(" " in line.strip() for line in lines)
    if len(present) == 1 and not blanks and not any('"' in line for line in lines):
        return present[0]
    if not present and not blanks:
        return next((mark for mark in POSSIBLE if all(mark in line for line in body)), ",")
    return _by_clevercsv(lines) or _by_counts(lines)


def _tabs_and_blanks(lines: list[str]) -> bool:
    """Rows of numbers with tabs in some places and blanks in others, so that tabs alone leave two numbers in one field."""
    if not any("\t" in line for line in lines) or any(mark in line for line in lines for mark in ",;|"):
        return False
    rows = [line.split() for line in lines]
    numbers = all(len(row) == len(rows[0]) >= 2 and not any(map(is_word, row)) for row in rows)
    return numbers and any(is_word(field) for line in lines for field in line.split("\t"))


def _all_numbers(rows: list[list[str]]) -> bool:
    """Two or more numbers in every row, perhaps behind a name, some with a decimal comma; the first row may hold names."""
    width = len(rows[-1])
    body = rows[1:] if len(rows) > 1 else rows
    fields = [field for row in body for field in row[1:]]
    return (
        width >= 2
        and all(len(row) == width for row in body)
        and all(DECIMALS.fullmatch(field) or is_unknown(field) for field in fields)
        and all("," not in row[0] or DECIMALS.fullmatch(row[0]) for row in body)
        and (any("," in field for field in fields) or all(DECIMALS.fullmatch(row[0]) for row in rows))
    )


def _by_clevercsv(lines: list[str]) -> str | None:
    import clevercsv  # a third of a second, only where there is something to sniff

    try:
        dialect = clevercsv.Sniffer().sniff("\n".join(line[:2000] for line in lines)[:HEAD], delimiters=list(POSSIBLE))
    except (clevercsv.Error, ValueError, IndexError, RecursionError):
        return None
    return dialect.delimiter or None if dialect is not None else None


def _by_counts(lines: list[str]) -> str:
    """The candidate that splits most lines into the same number of fields, of those the one with the fewest words."""

    def rank(mark: str) -> tuple[float, float]:
        rows = [line.split() if mark == " " else line.split(mark) for line in lines[:200]]
        width, count = Counter(len(row) for row in rows).most_common(1)[0]
        if width < 2:
            return 0.0, 0.0
        fields = [field for row in rows for field in row]
        return count / len(rows), -sum(map(is_word, fields)) / len(fields)

    return max(POSSIBLE, key=rank)


def _quoting(rows: TextRows) -> Quoting:
    """The treatment of quotes with which all rows of the file have the same number of fields."""
    if b'"' not in rows.content:
        return "single" if _in_single_quotes(rows) else "none"
    modes: tuple[Quoting, ...] = ("doubled",) if b'\\"' not in rows.content else ("escaped", "doubled")
    literal = _widths(rows, "none") if rows.separator == "\t" else Counter()
    for mode in modes:
        widths = _widths(rows, mode)
        if widths and _even(widths):
            merged = sum(widths.values()) < sum(literal.values())
            return "none" if merged and _even(literal) else mode
    if _even(literal):
        return "none"
    return "mended" if rows.separator != " " else "doubled"


def _in_single_quotes(rows: TextRows) -> bool:
    """Whether fields stand in single quotes, every one that begins with such a mark, and lines then have one width."""
    if b"'" not in rows.content or rows.separator == DOUBLE_COLON:
        return False
    return QUOTED.search(rows.content) is not None and _even(_widths(rows, "single"))


def _even(widths: Counter[int]) -> bool:
    """Whether all rows have one width; the first may be shorter by one."""
    if not widths or max(widths) < 2:
        return False
    (width, _), *others = widths.most_common()
    return not others or (len(others) == 1 and others[0] == (width - 1, 1))


def _widths(rows: TextRows, quoting: Quoting) -> Counter[int]:
    """The number of rows for each number of fields; empty where quotes do not match."""
    widths: Counter[int] = Counter()
    again = replace(rows, quoting=quoting)
    try:
        for chunk in again.chunks():
            widths.update(map(len, chunk))
    except BadInput:
        return Counter()
    return widths
