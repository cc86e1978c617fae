"""A tensor as a list of its known entries, `i j k value`; FROSTT's files and those of the Tensor Toolbox with a head."""

import math
from dataclasses import dataclass

import numpy as np

from dmf_core import limits
from dmf_core.data.cells import Numbers, whole_number
from dmf_core.data.options import Repeats
from dmf_core.data.rows import Row, Rows
from dmf_core.errors import BadInput
from dmf_core.formatting import whole, with_article

INDEX = 10**8  # no index is larger
HEADS = ("sptensor", "tensor", "ktensor", "ttensor", "matrix", "sptenmat", "tenmat")


@dataclass(frozen=True)
class Head:
    """What the lines before the entries say."""

    shape: tuple[int, ...]
    lines: int  # rows of the head
    entries: int | None
    dense: bool = False  # values alone, the first index fastest


@dataclass(frozen=True, eq=False)
class Listed:
    """A tensor that was a list."""

    tensor: np.ndarray
    first: int  # index of the first entry, 0 or 1
    repeated: int


def head_of(sample: list[Row]) -> Head | None:
    """The head of a file of the Tensor Toolbox, or of extended FROSTT. Raises BadInput for kinds that hold no entries."""
    name = sample[0][0].strip().lower() if len(sample[0]) == 1 else ""
    if name in HEADS:
        if name not in ("sptensor", "tensor", "matrix"):
            raise BadInput(f"The file holds a {name} of the Tensor Toolbox; give its full array, or its entries as an sptensor.")
        numbers = [[whole_number(field) for field in row] for row in sample[1:4]]
        shape = _sides(numbers[1]) if len(numbers) > 1 else None
        if shape is None or numbers[0] != [len(shape)]:
            raise BadInput(f"The head of the {name} is not complete; its second line is the order, its third the sides.")
        if name != "sptensor":
            return Head(shape, 3, None, dense=True)
        entries = numbers[2][0] if len(numbers) > 2 and len(numbers[2]) == 1 else None
        return Head(shape, 4 if entries is not None else 3, entries)
    if len(sample) > 2 and len(sample[0]) == 2:
        order, entries = (whole_number(field) for field in sample[0])
        shape = _sides([whole_number(field) for field in sample[1]])
        if order and entries and shape and len(shape) == order and len(sample[2]) == order + 1 != 2:
            return Head(shape, 2, entries)
    return None


def read_list(
    rows: Rows, first: int, order: int, head: Head | None, numbers: Numbers, duplicates: Repeats, least: int = 2
) -> Listed:
    """The tensor of at least `least` sides whose entries stand from row `first` on, NaN where none stands. Raises BadInput.

    Without a head, indices count from 0 where one of them is 0, else from 1, and the largest of every side is its length.
    """
    if not least <= order <= limits.MAX_ORDER:
        raise BadInput(
            f"{rows.place(first)} has {order + 1} fields; a list of a tensor's entries has {limits.MIN_ORDER} to "
            f"{limits.MAX_ORDER} indices and a value in every line, like: 2 5 1 0.25."
        )
    places, values = _entries(rows, first, order, numbers)
    if head is not None and head.entries is not None and head.entries != len(values):
        raise BadInput(
            f"The head says {whole(head.entries)} entries, but {whole(len(values))} are there; the file is not complete."
        )
    start = 0 if not len(places) or places.min() == 0 else 1
    shape = head.shape if head is not None else tuple(int(side) for side in places.max(axis=0) + 1 - start)
    size = " x ".join(str(side) for side in shape)
    if head is not None and (places.max(axis=0) - start >= np.array(shape)).any():
        raise BadInput(f"The head says {size}, but an entry has a larger index; correct the head or the entry.")
    if math.prod(shape) > limits.MAX_ENTRIES:
        raise BadInput(
            f"The list describes {with_article(size)} tensor; at most {whole(limits.MAX_ENTRIES)} entries "
            "fit, unknown ones included."
        )
    flat = np.asarray(np.ravel_multi_index(tuple((places - start).T), shape))
    tensor = np.full(math.prod(shape), np.nan)
    distinct, where, inverse = np.unique(flat, return_index=True, return_inverse=True)
    if duplicates == "mean":
        tensor[distinct] = np.bincount(inverse, values) / np.bincount(inverse)
    elif duplicates == "first":
        tensor[distinct] = values[where]
    else:
        tensor[flat] = values
    return Listed(tensor.reshape(shape), start, len(flat) - len(distinct))


def read_dense(rows: Rows, head: Head, numbers: Numbers) -> np.ndarray:
    """A tensor written value after value, the first index fastest. Raises BadInput."""
    texts = [field for k, row in _from(rows, head.lines) for field in row]
    if math.prod(head.shape) != len(texts):
        raise BadInput(
            f"The head says {' x '.join(map(str, head.shape))}, but {whole(len(texts))} values follow; correct the head."
        )
    try:
        return np.array(numbers.column(texts)).reshape(head.shape, order="F")
    except ValueError:
        word = next(text for text in texts if not numbers.knows(text))
        raise BadInput(f"The values of the tensor hold {word[:30]!r}, which is not a number; correct it.") from None


def _from(rows: Rows, first: int) -> list[tuple[int, Row]]:
    listed = []
    place = 0
    for chunk in rows.chunks():
        listed += [(place + k, row) for k, row in enumerate(chunk) if place + k >= first]
        place += len(chunk)
    return listed


def _entries(rows: Rows, first: int, order: int, numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Indices [n, order] and values [n]."""
    places: list[np.ndarray] = []
    values: list[np.ndarray] = []
    start = 0
    for chunk in rows.chunks():
        body = chunk[max(0, first - start) :]
        if body:
            parsed = [_entry(row, order, numbers) for row in body]
            if None in parsed:
                k = parsed.index(None)
                where, line = rows.place(start + len(chunk) - len(body) + k), " ".join(body[k])
                must = (
                    "leave the note at its end out"
                    if "#" in line
                    else f"it must hold {order} whole numbers, the indices, and a value"
                )
                raise BadInput(f"{where} is {line[:60]!r}; {must}.")
            places.append(np.array([entry[0] for entry in parsed if entry is not None], np.int64).reshape(len(body), order))
            values.append(np.array([entry[1] for entry in parsed if entry is not None]))
        start += len(chunk)
    if not places:
        raise BadInput("The list has no entry; give lines of indices and a value, like: 2 5 1 0.25.")
    return np.concatenate(places), np.concatenate(values)


def _entry(row: Row, order: int, numbers: Numbers) -> tuple[list[int], float] | None:
    if len(row) != order + 1:
        return None
    indices = [whole_number(field) for field in row[:-1]]
    if any(index is None or not 0 <= index < INDEX for index in indices) or not numbers.knows(row[-1]):
        return None
    return [index for index in indices if index is not None], numbers[row[-1]]


def _sides(numbers: list[int | None]) -> tuple[int, ...] | None:
    sides = tuple(number for number in numbers if number is not None and 0 < number < INDEX)
    return sides if len(sides) == len(numbers) and 2 <= len(sides) <= limits.MAX_ORDER else None
