"""Which row names the columns of a table, and whether the first column names its rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dmf_core.data.cells import LENIENT, is_unknown, is_word, short, whole_number
from dmf_core.data.options import ReadOptions
from dmf_core.data.reading import Ambiguous, Choice
from dmf_core.data.roles import is_index_name
from dmf_core.data.rows import Row, Rows
from dmf_core.errors import BadInput
from dmf_core.formatting import with_article

YEARS = range(1700, 2201)
SURE_NAMES = {0: 3, 1: 4}  # so many numbers that count on from 0 or 1 are names, above entries that are not whole
DOUBTFUL_NAMES = {0: 3, 1: 5}  # ... and may be names above whole numbers
IF_NAMES = "if it only names the rows, add --data-index yes"
CORNERED = 6  # so many whole numbers that rise, above and on the left of an empty corner, are names
STEPS = 3  # so many numbers in equal steps may be names
SHORT_INDEX = 3  # ... and of so many it is said
NO_INDEX = "--data-index no keeps it as data"
FAR = 100.0  # how many times larger than all other numbers the ids in a first column are
SURE_INDEX = 5  # so many rows that count on


@dataclass(frozen=True)
class Layout:
    """What the first rows of a table are: names of columns or data, and where the data begin."""

    width: int  # fields of a row
    header: tuple[str, ...] | None  # as many names as fields; "" first where the head is shorter by one
    short_head: bool  # the head has no name for the first column
    body: tuple[Row, ...]  # sample of the rows below
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> int:  # row of the first data
        return 0 if self.header is None else 1


def layout(rows: Rows, sample: list[Row], options: ReadOptions) -> Layout:
    """Header and width. Raises BadInput for a title above the table, Ambiguous where the first row could be both."""
    width = Counter(len(row) for row in (sample[1:] if len(sample) > 2 else sample)).most_common(1)[0][0]
    first, body = sample[0], sample[1:]
    _refuse_title(rows, first, body, width)
    trailing = len(first) == width - 1 and len(body) > 0 and all(row[-1].strip() == "" for row in body if len(row) == width)
    short_head = len(first) == width - 1 and len(body) > 0 and not trailing
    if trailing:
        first = [*first, ""]
    header = options.header
    if header is None:
        header = _short_head(first, body) if short_head else len(first) == width and _is_header(first, body, width)
    if not header:
        notes = (_counting_note(first, body) or _steps_note(first, body)) if options.header is None else ()
        return Layout(width, None, False, tuple(sample), notes)
    if len(first) not in (width, width - 1):
        raise BadInput(
            f"{rows.place(0)} has {len(first)} names, but the rows below have {width} fields; give every column one name."
        )
    names = tuple(name.strip() for name in first)
    names = ("", *names) if short_head else names
    return Layout(width, names, short_head, tuple(body))


def _counting_note(first: Row, body: list[Row]) -> tuple[str, ...]:
    """A note where the first row was taken as data although it counts from 0 or 1 and the rows below do not; else empty."""
    start = counts_from([whole_number(field) for field in first])
    if start not in (0, 1) or not body or _goes_on(body[0], start + len(first)) or len(body) < SHORT_INDEX:
        return ()
    return (f"The first row counts from {start}; if it only names the columns, add --data-header yes.",)


def _steps_note(first: Row, body: list[Row]) -> tuple[str, ...]:
    """A note where the first row, taken as data, is a word and then equal steps, and the next row is none or is lower."""
    if not is_word(first[0]) or not body or not _in_steps(first[1:]):
        return ()
    if _in_steps(body[0][1:]) and LENIENT[0][body[0][-1]] >= LENIENT[0][first[1]]:
        return ()
    return (f"The first row, {short(first[0])}, rises in equal steps; if it only names the columns, add --data-header yes.",)


def _in_steps(fields: Sequence[str]) -> bool:
    if len(fields) < STEPS or not _rises(fields):
        return False
    numbers = LENIENT[0].column(fields)
    step = (numbers[-1] - numbers[0]) / (len(numbers) - 1)
    return all(abs(number - numbers[0] - k * step) < step / 100 for k, number in enumerate(numbers))


def has_index(names: Sequence[str], table: Layout, options: ReadOptions) -> tuple[bool, list[str]]:
    """Whether the first column holds the names of the rows, and notes. Raises Ambiguous."""
    if table.width < 2:
        return False, []
    if options.index is not None:
        return options.index, []
    if table.short_head:
        return True, []
    distinct = len(set(names)) == len(names)
    head = None if table.header is None else table.header[0]
    words = sum(map(is_word, names))
    if words > len(names) / 2 or (head is not None and distinct and len(names) > 1 and is_index_name(head)):
        return True, []
    start = counts_from([whole_number(name) for name in names])
    if head is None and distinct and _far_above(names, table.body):
        return True, [f"The first column holds whole numbers far above all others, so it names the rows ({NO_INDEX})."]
    if start is None or (head is not None and not is_word(head)):
        if head is not None and is_word(head) and len(names) >= SURE_INDEX and _rises(names):
            return False, [f"The first column, {short(head)}, only rises; {IF_NAMES}."]
        return False, [f"Only the first column holds whole numbers alone; {IF_NAMES}."] if _alone_whole(names, table) else []
    decimals = fractional(row[1:] for row in table.body)
    years = start in YEARS and len(names) >= 3 and not _all_years(table.body, 1)
    if head is None and years:
        return True, []
    both = head is None and counts_from([whole_number(field) for field in table.body[0]]) == start
    if start not in (0, 1) or len(names) < SHORT_INDEX or both:
        return False, []
    if head is not None:
        return False, [f"The first column, {short(head)}, counts from {start}; {IF_NAMES}."]
    if len(names) < SURE_INDEX:
        return False, [f"The first column counts from {start}; {IF_NAMES}."]
    if decimals:
        return True, []
    if any(_mostly_words(table.body, j) for j in range(1, table.width)):
        return False, []  # what is wrong is said of these words
    size = with_article(f"{len(names)} x")
    raise Ambiguous(
        f"The first column counts from {start}",
        Choice(f"it names the rows of {size} {table.width - 1} matrix", {"index": "yes"}),
        Choice(f"it belongs to {size} {table.width} matrix", {"index": "no"}),
    )


def _mostly_words(body: Sequence[Row], column: int) -> bool:
    fields = [row[column] for row in body if column < len(row)]
    return sum(map(is_word, fields)) > len(fields) / 2


def _alone_whole(names: Sequence[str], table: Layout) -> bool:
    """Whether a first column without a name holds different whole numbers, and every other column others, too."""
    if table.header is not None or len(names) < SURE_INDEX or len(set(names)) < len(names) or None in map(whole_number, names):
        return False
    return all(fractional([row[j]] for row in table.body if j < len(row)) for j in range(1, table.width))


def _far_above(names: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether whole numbers in a first column are ids: all larger than every other number, and half of them FAR larger."""
    ids = [whole_number(name) for name in names]
    if len(ids) < SHORT_INDEX or any(number is None for number in ids):
        return False
    others = [abs(LENIENT[0][field]) for row in body for field in row[1:] if LENIENT[0].knows(field) and not is_unknown(field)]
    numbers = sorted(number for number in ids if number is not None)
    largest = max([0.1, *others])
    return bool(others) and numbers[0] > largest and numbers[len(numbers) // 2] > FAR * largest


def _rises(names: Sequence[str]) -> bool:
    try:
        numbers = LENIENT[0].column(names)
    except ValueError:
        return False
    return all(low < high for low, high in pairwise(numbers))


def _refuse_title(rows: Rows, first: Row, body: list[Row], width: int) -> None:
    filled = [field for field in first if field.strip()]
    alone = len(filled) == 1 and is_word(filled[0]) and first[0].strip() != "" and len(first) in (1, width)
    named_rows = width == 2 and len(first) == 1 and bool(body) and is_word(body[0][0])
    if alone and width >= 2 and body and not named_rows and (len(first) == 1 or width >= 3):
        raise BadInput(
            f"{rows.place(0)} holds {short(filled[0])} alone, as a title does, above rows of {width} fields; "
            "delete the lines above the table."
        )


def _short_head(first: Row, body: list[Row]) -> bool:
    """Whether a first row that is shorter by one holds names: words, numbers that count on, or any above named rows."""
    counted = counts_from([whole_number(name) for name in first]) in (0, 1, *YEARS)
    return counted or all(is_word(name) for name in first) or all(is_word(row[0]) for row in body if row)


def _is_header(first: Row, body: list[Row], width: int) -> bool:
    if not body:
        return all(is_word(name) for name in first)
    words = [j for j, name in enumerate(first) if is_word(name)]
    evidence = [j for j in words if numeric(body, j)]
    numbers = [name for name in first[1:] if not is_word(name) and not is_unknown(name)]
    if evidence:
        if evidence == [0] and numbers:
            return is_index_name(first[0]) and None not in map(whole_number, numbers)
        return len(words) >= len(numbers) and None not in map(whole_number, numbers)
    if words == [0] and not _years_above(first, body, 1):
        return (
            is_index_name(first[0])
            and len(numbers) == width - 1
            and ((_rises(numbers) and len(body) > 1) or len(set(map(whole_number, numbers)) - {None}) == len(numbers))
        )
    if words:
        return len(words) == len(first) or _years_above(first, body, len(words))
    return _counted_names(first, body, width)


def _whole_and_rising(names: Sequence[str]) -> bool:
    return None not in map(whole_number, names) and _rises(names)


def _years_above(first: Row, body: list[Row], words: int) -> bool:
    """Whether a first row holds so many words and then years that count on, above rows that begin with as many words."""
    years = [field for field in first[words:] if field.strip()]
    return (
        counts_from([whole_number(field) for field in years]) in YEARS
        and all(map(is_word, first[:words]))
        and all(is_word(field) for row in body for field in row[:words])
        and not _all_years(body, words)
    )


def _counted_names(first: Row, body: list[Row], width: int) -> bool:
    """Whether a first row without words names the columns by numbers that count on."""
    corner = first[0].strip() == ""
    names = first[1:] if corner else first
    start = counts_from([whole_number(name) for name in names])
    left = [row[0] for row in body if row]
    numbers = [LENIENT[0][name] for name in names if LENIENT[0].knows(name) and not is_unknown(name)]
    if corner and len(left) > 1 and all(map(is_word, left)) and len({*numbers}) == len(names):
        return True  # every row but this one has a name
    if corner and len(names) + len(left) >= CORNERED and _whole_and_rising(names) and _whole_and_rising(left):
        return True
    if start is None or len(body) < 2:
        return False
    if corner:
        named_rows = len(set(left)) == len(left) and all(whole_number(name) is not None or is_word(name) for name in left)
        if not named_rows or start not in (0, 1, *YEARS):
            return False
        if len(names) + len(left) >= CORNERED:
            return True
        raise _either("The first row and the first column could be names", len(body), width)
    if start in YEARS:
        return not _all_years(body, 0)
    both = counts_from([whole_number(name) for name in (first[0], *left)]) is not None  # a table of products, as 1 2 3, 2 4 6
    if start not in SURE_NAMES or _goes_on(body[0], start + len(names)) or both:
        return False
    if fractional(body) and len(names) >= SURE_NAMES[start]:
        return True
    if len(names) >= (DOUBTFUL_NAMES[start] if not fractional(body) else SURE_NAMES[start] - 1):
        raise _either(f"The first row counts from {start}", len(body), width)
    return False


def _goes_on(row: Row, start: int) -> bool:
    """Whether most fields of a row count on from `start`, as in 1 2 3, 4 5 6."""
    return sum(whole_number(field) == start + k for k, field in enumerate(row)) > len(row) / 2


def _either(why: str, below: int, width: int) -> Ambiguous:
    sides = f"{below} rows below it" if below < 200 else "the rows below it"
    return Ambiguous(
        why,
        Choice(f"it names {width} columns of {sides}", {"header": "yes"}),
        Choice("it is the first row of the matrix", {"header": "no"}),
    )


def numeric(body: Sequence[Row], column: int) -> bool:
    """Whether the fields of a column are numbers, nine of ten at least, and not all unknown."""
    fields = [row[column] for row in body if column < len(row)]
    words = sum(map(is_word, fields))
    return words <= len(fields) / 10 and any(not is_word(field) and not is_unknown(field) for field in fields)


def counts_from(numbers: Sequence[int | None]) -> int | None:
    """The first of two or more whole numbers that count on by one, else None."""
    start = numbers[0] if numbers else None
    if start is None or len(numbers) < 2 or any(number != start + k for k, number in enumerate(numbers)):
        return None
    return start


def fractional(body: Iterable[Row]) -> bool:
    """Whether some entry is a number that is not whole."""
    return any(whole_number(field) is None and not is_word(field) and not is_unknown(field) for row in body for field in row)


def _all_years(body: Sequence[Row], first: int) -> bool:
    return all(whole_number(field) in YEARS or is_unknown(field) for row in body for field in row[first:])
