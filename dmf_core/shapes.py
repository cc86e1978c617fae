"""Sides, ranks and unfoldings of tensors: arithmetic of small whole numbers."""

import math
from functools import lru_cache
from typing import Any, TypeAlias

from dmf_core import limits

Shape: TypeAlias = tuple[int, ...]
Ranks: TypeAlias = int | tuple[int, ...]  # one for all modes or cuts, or one for each


def whole_numbers(value: Any) -> Any:
    """`10,10,10` as typed on the command line or in an address becomes a list; everything else stays."""
    if isinstance(value, str) and "," in value:
        parts = [part.strip() for part in value.strip("[]() ").split(",")]
        if all(part.isdecimal() and len(part) < 10 for part in parts):
            return [int(part) for part in parts]
    return value


def spread(ranks: Ranks, count: int) -> Shape:
    """One rank for each mode or cut."""
    return (ranks,) * count if isinstance(ranks, int) else ranks


def in_words(shape: Shape) -> str:
    return " x ".join(str(side) for side in shape)


def cut_ranks(shape: Shape) -> Shape:
    """The largest ranks of a tensor train, one per cut: the smaller of the products of the sides left and right of it."""
    return tuple(min(math.prod(shape[:n]), math.prod(shape[n:])) for n in range(1, len(shape)))


def balanced_cut(shape: Shape) -> int:  # from 1 to N - 1
    """After how many modes a tensor is cut to look like a matrix: rows and columns as equal as can be, the first of equals."""
    gaps = [abs(math.log(math.prod(shape[:n]) / math.prod(shape[n:]))) for n in range(1, len(shape))]
    return 1 + min(range(len(gaps)), key=lambda n: round(gaps[n], 9))


@lru_cache(maxsize=64)
def shown_sides(shape: Shape) -> Shape:
    """Sides of what a picture shows: of a matrix at most PICTURE_SIDE each, of a tensor at most PICTURE_SIDE^2 cells.

    The largest sides of a tensor are thinned first, the later of equals.
    """
    if len(shape) == 2:
        return tuple(min(side, limits.PICTURE_SIDE) for side in shape)
    sides = list(shape)
    while math.prod(sides) > limits.PICTURE_SIDE**2:
        largest = max(range(len(sides)), key=lambda n: (sides[n], n))
        sides[largest] -= 1
    return tuple(sides)


def picture_shape(shape: Shape) -> tuple[int, int]:
    """Rows and columns of a picture of W: of a tensor, its first modes x the rest, cut by `balanced_cut` once thinned."""
    sides = shown_sides(shape)
    cut = balanced_cut(sides)
    return math.prod(sides[:cut]), math.prod(sides[cut:])
