"""Whether a table whose names do not tell is a list of entries, a list of a tensor or a matrix: by counts, else by choice."""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dmf_core.data.cells import is_word, whole_number
from dmf_core.data.entries import Ids
from dmf_core.data.layout import Layout, counts_from, fractional, numeric
from dmf_core.data.reading import Ambiguous, Choice, printable
from dmf_core.data.roles import Places, names_value
from dmf_core.data.rows import Rows
from dmf_core.errors import BadInput
from dmf_core.formatting import with_article

MOST_FIELDS = 10  # a longer line is a row of a matrix
SURE_LINES = 10  # a shorter list could as well be a small matrix
LONG = 2001  # more rows than a matrix can have
UNIQUE = 0.85  # share of the pairs of a list of numbers that stand once, at least
SOME = 0.5  # ... where words or times say that it is no matrix
NEARLY = 0.95  # ... where the ids of one column come again VERY_OFTEN, and those of the other hardly
VERY_OFTEN = 3.0  # how often each id of that column stands on average
OFTEN = 2.0  # how often each id of a list stands on average
RUNS = 1.25  # runs of equal ids for each id, where the entries of an id stand together
SELDOM = 1.3  # below, the columns are no ids
PROFILED = 20_000  # lines that are counted; more would not change what they say
SHORTEST = 4  # lines of a list in order
DATE = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d?:\d\d")
STAMP = 10**8  # seconds since 1970, or dates such as 20051231


@dataclass(frozen=True)
class Pairs:
    """Counts of two columns taken as ids, over at most PROFILED lines of the file."""

    lines: int
    pairs: int  # different ones
    rows: int  # different ids
    columns: int
    ids: bool  # whole numbers from 0 or words, and none empty
    sorted: bool  # whole numbers in the first column that never fall
    dense: bool  # whole numbers without many gaps, from 0 or 1
    grouped: bool  # the entries of a row, or of a column, stand together

    @property
    def unique(self) -> float:
        return self.pairs / self.lines if self.lines else 0.0

    @property
    def one_often(self) -> float:
        """Lines for each distinct id, of the column that has fewer distinct ids."""
        return self.lines / max(1, min(self.rows, self.columns))

    @property
    def often(self) -> float:
        return min(self.lines / max(1, self.rows), self.lines / max(1, self.columns))


def guessed(rows: Rows, plan: Layout) -> Places | None:
    """The columns of a list of entries, None for a matrix. Raises Ambiguous, and BadInput for pairs without a value."""
    width, shift = plan.width, _index_first(plan)
    if not 2 <= width - shift <= MOST_FIELDS:
        return None
    if width - shift == 2:
        _refuse_pairs(rows, plan)
        return None
    values = _value_columns(plan, shift)
    if not values:
        return None
    pairs = profile(rows, plan.first, shift, shift + 1)
    if plan.header is not None:
        called = [j for j in values if names_value(plan.header[j]) and (len(values) == 1 or len(plan.header[j].strip()) > 1)]
        values = called if len(called) == 1 else values
    named_value = plan.header is not None and names_value(plan.header[values[0]])
    unnamed = plan.header is None or _counted(plan.header)
    if not unnamed and not named_value and plan.header and (width - shift > 4 or _numbered(plan.header[shift:])):
        return None
    tensor = _tensor(rows, plan, pairs, shift)
    if tensor is not None:
        return tensor
    likely = _likelihood(plan, pairs, shift, named_value, unnamed)
    if likely == "no":
        return None
    if len(values) > 1 and width - shift == 4:
        raise _which_value(plan, shift, values)
    if likely == "sure":
        return Places((shift, shift + 1), values[0])
    raise Ambiguous(
        f"Its {pairs.lines} lines of {width} fields could be both",
        Choice(f"the rows of {with_article(f'{pairs.lines} x {width}')} matrix", {"kind": "table"}),
        Choice(f"entries of {with_article(f'{pairs.rows} x {pairs.columns}')} matrix as row, column, value", {"kind": "list"}),
    )


def _likelihood(plan: Layout, pairs: Pairs, shift: int, named_value: bool, unnamed: bool) -> Literal["no", "perhaps", "sure"]:
    """Whether lines with these two columns first list entries.

    Words that come again, or times, no matrix has in these places. Otherwise ids come again OFTEN on average while pairs do
    not, and those of a row or a column stand together; a shorter or shuffled list could be a matrix.
    """
    words = [k for k in (0, 1) if not numeric(plan.body, shift + k)]
    timed = any(_is_time(plan, j) for j in range(shift + 2, plan.width))
    rows_again, columns_again = pairs.rows < pairs.lines, pairs.columns < pairs.lines
    if not pairs.ids or pairs.unique < (SOME if timed or words else UNIQUE):
        return "no"
    if (timed and (rows_again or columns_again)) or (rows_again and (1 in words or (words and columns_again))):
        return "sure"
    small = pairs.lines < SURE_LINES
    ordered = pairs.sorted and pairs.dense and pairs.lines >= SHORTEST
    if (small and not ordered) or (plan.width - shift > 4 and not named_value):
        return "no"
    if pairs.often < SELDOM:
        return "perhaps" if pairs.one_often >= VERY_OFTEN and pairs.unique >= NEARLY and not words else "no"
    if pairs.lines > LONG or (pairs.often >= OFTEN and not small and pairs.grouped and (unnamed or named_value)):
        return "sure"
    return "perhaps" if pairs.sorted or pairs.dense or pairs.one_often >= VERY_OFTEN or pairs.often >= OFTEN else "no"


def first_value(plan: Layout) -> int:
    """The column of the value in a list whose first two columns are row and column. Raises BadInput."""
    values = _value_columns(plan, 0)
    if plan.width < 3:
        raise BadInput(f"The lines have {plan.width} fields; a list of entries needs three: row, column, value.")
    third = [row[2] for row in plan.body if len(row) > 2]
    names = sum(map(is_word, third)) > len(third) / 2  # names of the items, perhaps: a wrong value is refused later
    return values[0] if values and (names or (_is_time(plan, 2) and third)) else 2


def profile(rows: Rows, first: int, i: int, j: int) -> Pairs:
    """Counts distinct ids and repeated pairs in two columns."""
    row_ids, column_ids = Ids(), Ids()
    row_codes, column_codes = array("i"), array("i")
    last, rising = -1, True
    for k, chunk in enumerate(rows.chunks()):
        body = [row for row in (chunk[first:] if k == 0 else chunk) if len(row) > j]
        if len(row_codes) >= PROFILED:
            break
        row_codes.extend([row_ids[row[i].strip()] for row in body])
        column_codes.extend([column_ids[row[j].strip()] for row in body])
        if rising:
            numbers = _whole_numbers([row[i] for row in body])
            rising = numbers is not None and [last, *numbers] == sorted([last, *numbers])
            last = numbers[-1] if numbers else last
    names = [*row_ids, *column_ids]
    ids = "" not in row_ids and "" not in column_ids and all(map(_is_id, names))
    compact = all(_compact([whole_number(name) for name in each]) for each in (row_ids, column_ids))
    in_rows, in_columns = np.frombuffer(row_codes, np.int32), np.frombuffer(column_codes, np.int32)
    flat = in_rows.astype(np.int64) * len(column_ids) + in_columns
    grouped = any(1 + np.count_nonzero(np.diff(codes)) <= RUNS * (codes.max(initial=0) + 1) for codes in (in_rows, in_columns))
    flat.sort()
    pairs = int(np.count_nonzero(np.diff(flat))) + 1 if len(flat) else 0
    return Pairs(len(flat), pairs, len(row_ids), len(column_ids), ids, rising, compact, bool(grouped))


def _whole_numbers(texts: list[str]) -> list[int] | None:
    """The fields as whole numbers; None where one is none."""
    try:
        return list(map(int, texts))
    except ValueError:
        numbers = [whole_number(text) for text in texts]
        whole_ones = [number for number in numbers if number is not None]
        return whole_ones if len(whole_ones) == len(numbers) else None


def _is_id(name: str) -> bool:
    """A whole number from 0 or a word, not a decimal number."""
    number = whole_number(name)
    return is_word(name) if number is None else number >= 0


def _compact(numbers: list[int | None]) -> bool:
    """Whole numbers from 0 or 1 of which at least two thirds occur."""
    if not numbers or any(number is None for number in numbers):
        return False
    values = [number for number in numbers if number is not None]
    return min(values) in (0, 1) and len(values) >= 2 / 3 * (max(values) - min(values) + 1)


def _index_first(plan: Layout) -> int:
    """1 where the first column only counts the lines of a list of five columns or four."""
    if plan.width < 4 or len(plan.body) < SURE_LINES:
        return 0
    start = counts_from([whole_number(row[0]) for row in plan.body if row])
    return 1 if start in (0, 1) and (plan.header is None or plan.header[0] in ("", "index", "Unnamed: 0")) else 0


def _numbered(names: Sequence[str]) -> bool:
    """Names that differ in their numbers alone, as item1, item2, or that are numbers."""
    stems = {re.sub(r"\d+", "", name.strip()) for name in names}
    return len(stems) == 1 and all(re.search(r"\d", name) for name in names)


def _counted(names: Sequence[str]) -> bool:
    """Names that only count from 0, as pandas gives to columns without names."""
    return counts_from([whole_number(name) for name in names]) == 0


def _value_columns(plan: Layout, shift: int) -> list[int]:
    """The columns after the ids that hold numbers, but no times."""
    return [j for j in range(shift + 2, plan.width) if numeric(plan.body, j) and not _is_time(plan, j)]


def _is_time(plan: Layout, column: int) -> bool:
    fields = [row[column] for row in plan.body if column < len(row)]
    if fields and all(DATE.match(field.strip()) for field in fields):
        return True
    return all((number := whole_number(field)) is not None and number >= STAMP for field in fields)


def _tensor(rows: Rows, plan: Layout, pairs: Pairs, shift: int) -> Places | None:
    """The list of a tensor: whole numbers but in the last column, repeated pairs, every tuple of indices once, in order.

    Raises Ambiguous where they do not stand in order but the values are not whole, as no index is.
    """
    order = plan.width - 1 - shift
    if not 3 <= order <= 6 or pairs.unique >= UNIQUE or pairs.lines < SURE_LINES or _is_time(plan, plan.width - 1):
        return None
    if not numeric(plan.body, plan.width - 1):
        return None
    tuples: set[int] = set()
    last: tuple[int, ...] = ()
    rising, count = True, 0
    for k, chunk in enumerate(rows.chunks()):
        for row in chunk[plan.first :] if k == 0 else chunk:
            numbers = tuple(number for field in row[shift:-1] if (number := whole_number(field)) is not None)
            if len(numbers) < order or not all(0 <= number < STAMP for number in numbers):
                return None
            tuples.add(hash(numbers))
            rising, last, count = rising and numbers > last, numbers, count + 1
    if len(tuples) < count:
        return None
    if not rising:
        if not fractional(row[-1:] for row in plan.body):
            return None
        raise Ambiguous(
            f"Its {count} lines of {plan.width} fields could be both",
            Choice("the rows of a matrix", {"kind": "table"}),
            Choice(f"entries of a tensor with {order} sides", {"kind": "tensor"}),
        )
    return Places(tuple(range(shift, plan.width - 1)), plan.width - 1)


def _which_value(plan: Layout, shift: int, values: list[int]) -> Ambiguous:
    columns = f"{shift + 1},{shift + 2}"
    names = [plan.header[j].strip()[:40] if plan.header else f"column {j + 1}" for j in values]
    return Ambiguous(
        "Several columns could be the value of an entry",
        *(
            Choice(f"the value is {printable(name)}", {"columns": f"{columns},{j + 1}"})
            for name, j in zip(names, values, strict=True)
        ),
        Choice("a list of the entries of a tensor", {"kind": "tensor"}),
        Choice("the rows of a matrix", {"kind": "table"}),
    )


def _refuse_pairs(rows: Rows, plan: Layout) -> None:
    pairs = profile(rows, plan.first, 0, 1)
    words = any(not numeric(plan.body, k) for k in (0, 1))
    if pairs.lines >= SURE_LINES and pairs.ids and pairs.unique >= UNIQUE and pairs.often >= OFTEN and (pairs.grouped or words):
        raise BadInput(
            f"The file holds {pairs.lines} pairs without a value; a list needs row, column and value in every line (or read it "
            "as a matrix of two columns with --data-kind table)."
        )
