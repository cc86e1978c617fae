"""A tensor as a list of its known entries: `i j k value`, one a line, of as many indices as it has sides."""

import math

import numpy as np

from dmf_core import limits
from dmf_core.data.text import Table, number
from dmf_core.errors import BadInput
from dmf_core.numerals import whole


def read_tensor(table: Table) -> tuple[np.ndarray, str]:
    """The tensor, NaN where no entry stands, and how it was read. Raises BadInput.

    Indices count from 0 where one of them is 0, else from 1; the largest of every mode are the sides. A first line of
    words is a header. No entry may stand twice.
    """
    most = limits.MAX_ORDER + 1
    rows = list(table.fields(most))
    numbers = table.numbers
    if _entry(rows[0]) is None and len(rows) > 1 and not any(field.strip().isdecimal() for field in rows[0]):
        rows, numbers = rows[1:], numbers[1:]
    order = len(rows[0]) - 1
    if not limits.MIN_ORDER <= order <= limits.MAX_ORDER:
        raise BadInput(
            f"Line {numbers[0]} has {order + 1} fields; a list of a tensor's entries has {limits.MIN_ORDER} to "
            f"{limits.MAX_ORDER} indices and a value in every line, like: 2 5 1 0.25."
        )
    places, values = np.empty((len(rows), order), np.int64), np.empty(len(rows))
    for i, fields in enumerate(rows):
        entry = _entry(fields)
        if entry is None or len(fields) != order + 1:
            raise BadInput(
                f"Line {numbers[i]} is {' '.join(fields)[:60]!r}; it must hold {order} whole numbers, the indices, and a value."
            )
        places[i], values[i] = entry
    first = 0 if places.min() == 0 else 1
    shape = tuple(int(side) for side in places.max(axis=0) + 1 - first)
    if math.prod(shape) > limits.MAX_ENTRIES:
        size = " x ".join(str(side) for side in shape)
        raise BadInput(
            f"The list describes a {size} tensor; at most {whole(limits.MAX_ENTRIES)} entries fit, unknown ones included."
        )
    flat = np.asarray(np.ravel_multi_index(tuple((places - first).T), shape))
    order_of = np.argsort(flat, kind="stable")
    again = order_of[1:][np.diff(flat[order_of]) == 0]
    if len(again):
        line, entry = numbers[int(again[0])], tuple(places[int(again[0])].tolist())
        raise BadInput(f"Line {line} gives the entry {entry} again; every entry may stand once.")
    tensor = np.full(math.prod(shape), np.nan)
    tensor[flat] = values
    known = int((~np.isnan(values)).sum())
    size = " x ".join(str(side) for side in shape)
    return tensor.reshape(shape), (
        f"Read as the entries of a {size} tensor, indices from {first}: {whole(known)} of {whole(tensor.size)} entries are known."
    )


def _entry(fields: list[str]) -> tuple[list[int], float] | None:
    """(indices, value) of a line, or None."""
    indices = [field.strip() for field in fields[:-1]]
    try:
        value = number(fields[-1])
    except ValueError:
        return None
    fine = all(index.isascii() and index.isdecimal() and len(index) < 8 for index in indices)
    return ([int(index) for index in indices], value) if fine and indices else None
