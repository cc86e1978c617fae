"""Where the keys and tables of a TOML text stand: tomllib gives values without lines."""

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
QUOTES = ('"""', "'''", '"', "'")
HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")


def lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every key and table of a text that tomllib reads. Lists of tables are counted from 0."""
    places: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in _statements(text):
        header = HEADER.match(line)
        if header:
            table = _table(_parts(header[2]), header[1] == "[[", counts)
            places.setdefault(table, number)
        elif key := KEY.match(line):
            places.setdefault((*table, *_parts(key[1])), number)
    return places


def line_of(places: Mapping[Path, int], path: Path) -> int | None:
    """The line of what stands at a path, or of the nearest table around it; None: of the whole text."""
    return next((places[path[:length]] for length in range(len(path), 0, -1) if path[:length] in places), None)


def _table(names: list[str], repeated: bool, counts: dict[Path, int]) -> Path:
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        last = position == len(names) - 1
        if last and repeated:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(text: str) -> list[str]:
    return [part.strip("\"'") for part in PART.findall(text)]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every line that begins outside of strings and brackets."""
    open_quote, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not open_quote and depth == 0:
            yield number, line
        header = not open_quote and depth == 0 and HEADER.match(line)
        if not header:
            open_quote, depth = _after(line, open_quote, depth)


def _after(line: str, open_quote: str, depth: int) -> tuple[str, int]:
    """What is still open at the end of a line."""
    at = 0
    while at < len(line):
        if open_quote:
            if line[at] == "\\" and open_quote[0] == '"':
                at += 2
            elif line.startswith(open_quote, at):
                at += len(open_quote)
                open_quote = ""
            else:
                at += 1
            continue
        quote = next((quote for quote in QUOTES if line.startswith(quote, at)), "")
        if quote:
            open_quote, at = quote, at + len(quote)
            continue
        if line[at] == "#":
            break
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(line[at], 0)
        at += 1
    return (open_quote if len(open_quote) == 3 else ""), max(depth, 0)
