"""Several rows of names above the numbers, or several columns of names left of them: made into one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dmf_core.data.cells import is_word, short, spoiled, whole_number
from dmf_core.data.guess import DATE
from dmf_core.data.layout import YEARS, Layout, counts_from, numeric
from dmf_core.data.options import ReadOptions
from dmf_core.data.rows import FIELDS, Row, Rows

MOST_ROWS = 5  # of names
MOST_ABOVE = 10  # lines of other things above them
UNITS = re.compile(r"\W*(units?|einheit(en)?|unit[ée]s?|unidad(es)?)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class HeadedRows:
    """Other rows whose first ones, `count` of them, are replaced by one row of names."""

    rows: Rows
    count: int
    names: tuple[str, ...]

    @property
    def separator(self) -> str | None:
        return self.rows.separator

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        yield [list(self.names)]
        left = self.count
        for chunk in self.rows.chunks(fields):
            body = chunk[left:]
            left = max(0, left - len(chunk))
            if body:
                yield body

    def place(self, row: int) -> str:
        return self.rows.place(row + self.count - 1)


@dataclass(frozen=True)
class LabelledRows:
    """Other rows whose first columns, `count` of them, are replaced by one of names: by the first of them, or by all, joined."""

    rows: Rows
    count: int
    joined: bool

    @property
    def separator(self) -> str | None:
        return self.rows.separator

    def chunks(self, fields: int = FIELDS) -> Iterator[list[Row]]:
        for chunk in self.rows.chunks(fields):
            yield [[_label(row, self.count, self.joined), *row[self.count :]] for row in chunk]

    def place(self, row: int) -> str:
        return self.rows.place(row)


def one_row_of_names(rows: Rows, sample: list[Row], options: ReadOptions) -> tuple[Rows, int, list[str]]:
    """The rows with one row of names, where several stand above the numbers, or lines of another width above these.

    Returns how many rows these were, 0 where nothing was changed, and notes.
    """
    if options.header is False or options.columns or options.kind not in ("auto", "table") or len(sample) < 4:
        return rows, 0, []
    width = Counter(map(len, sample)).most_common(1)[0][0]
    above = _above(sample, width)
    last = _last_of_names(sample, above, width)
    if last is None:
        return rows, 0, []
    heads = sample[above : last + 1]
    names = _joined(heads, [j for j in range(width) if numeric(sample[last + 1 :], j)])
    notes = []
    if above:
        which = f"{above} lines above the names were" if above > 1 else "1 line above the names was"
        notes.append(f"{which} left out, {short(' '.join(filter(None, sample[0])))} the first.")
    if len(heads) > 1:
        example = next(name for name in reversed(names) if name)
        notes.append(f"{len(heads)} rows name the columns together, the last one with a name as {short(example)}.")
    return HeadedRows(rows, last + 1, tuple(names)), last + 1, notes


def one_column_of_names(rows: Rows, plan: Layout, options: ReadOptions) -> tuple[Rows, list[str]]:
    """The rows of a table with one column of names, where several stand left of its numbers."""
    if options.index is False or plan.short_head:
        return rows, []
    counting = next((j for j in range(plan.width) if not _counts_rows(plan, j)), plan.width)
    if 2 <= counting < plan.width:
        return LabelledRows(rows, counting, False), [f"{counting} columns at the beginning only count the rows and are no data."]
    count = next((j for j in range(plan.width) if not _holds_words(plan.body, j)), plan.width)
    if count < 2:
        return rows, []
    if sum(numeric(plan.body, j) for j in range(count, plan.width)) < 2:
        return rows, []
    first, joined, total = set[str](), set[str](), 0
    for k, chunk in enumerate(rows.chunks()):
        for row in chunk[plan.first :] if k == 0 else chunk:
            first.add(row[0].strip())
            joined.add(_label(row, count, True))
            total += 1
    if len(first) < total and len(joined) < total:
        return rows, []
    fields = [name.strip() or f"column {j + 1}" for j, name in enumerate((plan.header or ("",) * plan.width)[:count])]
    if len(first) == total:
        left_out = ", ".join(short(name) for name in fields[1:])
        holds = "s hold words and were" if count > 2 else " holds words and was"
        note = f"The column{holds} left out: {left_out}; the first one names the rows."
    else:
        note = f"The first {count} columns name the rows together."
    return LabelledRows(rows, count, len(first) < total), [note]


def _counts_rows(plan: Layout, column: int) -> bool:
    """Whether a column without a name of its own counts from 0, as pandas writes an index again and again."""
    name = plan.header[column].strip() if plan.header else "column"
    counted = counts_from([whole_number(row[column]) for row in plan.body if column < len(row)])
    return (name in ("", "index", "level_0") or name.startswith("Unnamed:")) and counted == 0


def _label(row: Row, count: int, joined: bool) -> str:
    return ", ".join(field.strip() for field in row[:count]) if joined else row[0]


def _holds_words(body: Sequence[Row], column: int) -> bool:
    fields = [row[column] for row in body if column < len(row)]
    words = sum(is_word(field) and (not spoiled(field) or DATE.match(field.strip()) is not None) for field in fields)
    return len(fields) > 1 and words > 0.9 * len(fields)


def _above(sample: list[Row], width: int) -> int:
    """How many rows come before the first one of the usual width; 0 where these could be anything but notes."""
    shorter = next((k for k, row in enumerate(sample) if len(row) >= width - 1), 0)
    several = any(sum(bool(field.strip()) for field in row) > 1 for row in sample[:shorter])
    return shorter if several and shorter <= MOST_ABOVE else 0  # a title alone is refused: see layout


def _last_of_names(sample: list[Row], above: int, width: int) -> int | None:
    """The last row of several that name columns, or that stand above; None where they can be no names."""
    for last in range(min(above + MOST_ROWS - 1, len(sample) - 3), above - 1 if above else 0, -1):
        if last > above and not _may_name(sample[last]):
            continue
        numbers = [j for j in range(width) if numeric(sample[last + 1 :], j)]
        heads = sample[above : last + 1]
        whole = all(len(row) == width for row in heads)  # a shorter one may lack its first name or its last
        if whole and len(numbers) >= 2 and _are_names(heads, numbers) and _one_corner(heads, sample[last + 1 :]):
            return last
    return None


def _may_name(row: Row) -> bool:
    """Whether a row below another one has words to the right, or nothing there at all, as no row of numbers."""
    return any(map(is_word, row[1:])) or not any(field.strip() for field in row[1:])


def _are_names(heads: list[Row], numbers: list[int]) -> bool:
    """Whether these rows hold no number of the matrix, and the lowest has words above most of its columns of numbers."""
    above = [[row[j].strip() for j in numbers] for row in heads]
    if len(above) > 2 and not any(above[-1]) and is_word(heads[-1][0]):  # below, the name of the index, as pandas writes it
        above = above[:-1]
    lowest = [field for field in above[-1] if field]
    if len(above) == 1 and lowest and counts_from([whole_number(field) for field in lowest]) in YEARS:
        return is_word(heads[-1][0])
    higher = [field for fields in above[:-1] for field in fields if field]
    return (
        all(map(any, above))
        and all(map(is_word, lowest))
        and not any(row[0].strip() and not any(field.strip() for field in row[1:]) for row in heads[: len(above)])  # a title
        and 2 * len(lowest) >= len(numbers)
        and all(is_word(field) or whole_number(field) is not None for field in higher)
    )


def _one_corner(heads: list[Row], body: list[Row]) -> bool:
    """Whether, above named rows, the lower heads are no row whose entries are words: only one head begins with a word, or
    names stand again in the first, as those of groups do."""
    corners = [row[0].strip() for row in heads if row[0].strip() and not UNITS.fullmatch(row[0])]
    groups = [field.strip() for field in heads[0][1:] if field.strip()]
    return not _holds_words(body, 0) or len(corners) <= 1 or len(set(groups)) < len(groups)


def _joined(heads: list[Row], numbers: list[int]) -> list[str]:
    """One name for each column; the name of merged cells stands for all of them."""
    filled = []
    for row in heads:
        names = [field.strip() for field in row]
        if row is not heads[-1] and 2 * sum(bool(names[j]) for j in numbers) <= len(numbers):
            for j in numbers:
                names[j] = names[j] or (names[j - 1] if j - 1 in numbers else "")
        filled.append(names)
    return [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*filled, strict=True)]
