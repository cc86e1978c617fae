"""How many entries of a matrix or tensor its observed entries leave open for every method, by counting alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmf_core.formatting import whole
from dmf_core.theory.connectivity import components
from dmf_core.theory.slice_scales import free_scales, groups_of

EDGES = ("row", "column")  # what the slices of a matrix are called


@dataclass(frozen=True)
class Unknowable:
    """The unseen entries that matrices or tensors of a rank with the same observed entries disagree on.

    Two reasons are counted, both necessary conditions. Apart, at any rank: row and column lie in groups that no chain of
    observed entries ties together; of a tensor, the observed entries leave the scales of its slices free (`slice_scales`).
    Few, at a rank: one of its slices has fewer observed entries than the rank. For matrices `recoverable.reading` has both
    with their proof, and others that need more than counting. For a CP tensor of rank r the proof is the same: the row u of
    the factor of this slice solves k < r linear equations, so a z != 0 can be added to it; in general position the products
    of the other factors' rows at r different places are independent, because they are different monomials, so that every
    unseen entry of the slice changes. Tucker and train tensors have no such r, and only the first reason counts.
    """

    rank: int | None  # None: of no rank in particular, so that only the first reason counts
    unseen: int  # entries
    apart: int  # of the first reason
    few: int  # of the second alone
    empty: tuple[int, ...]  # slices of each axis without an observed entry: rows and columns of a matrix
    groups: int  # of slices with an observed entry

    @property
    def count(self) -> int:
        return self.apart + self.few

    @property
    def share(self) -> float:
        """The share of the unseen entries that no method can know."""
        return self.count / self.unseen if self.unseen else 0.0

    def as_json(self) -> dict[str, Any]:
        matrix = len(self.empty) == 2
        empty = dict(zip(("empty_rows", "empty_columns"), self.empty, strict=True)) if matrix else {"empty": list(self.empty)}
        counts = {"rank": self.rank, "unseen": self.unseen, "entries": self.count, "share": self.share}
        return counts | empty | {"groups": self.groups}

    def sentence(self, which: str = "unseen entries", aside: str = "") -> str:
        """What cannot be known, with number, share and cause; empty where counting finds nothing.

        `which` says what the entries are that no observation shows, `aside` more about them.
        """
        if not self.count:
            return ""
        matrix = len(self.empty) == 2
        nouns = EDGES if matrix else [f"slice{{s}} of axis {k + 1}" for k in range(len(self.empty))]
        causes = [_counted(number, noun) for number, noun in zip(self.empty, nouns, strict=True) if number]
        why = [" and ".join(causes) + " without any observed entry"] if causes else []
        sides = "rows and columns" if matrix else "slices"
        if self.groups > 1:
            why.append(f"{whole(self.groups)} groups of {sides} that no observed entry ties together")
        if self.apart and not why:
            why.append("slices whose scales the observed entries leave free")
        if self.few:
            why.append(f"{'rows or columns' if matrix else 'slices'} with fewer than {self.rank} observed entries")
        at = f"at rank {self.rank}" if self.rank is not None else "whatever the rank"
        entries = f"{whole(self.count)} of the {whole(self.unseen)} {which} ({100 * self.share:.3g} %{aside and f'; {aside}'})"
        return f"No method can know {entries} {at}: {', '.join(why)}."


def _counted(number: int, noun: str) -> str:
    plural = "s" if number > 1 else ""
    return f"{whole(number)} {noun.format(s=plural) if '{s}' in noun else noun + plural}"


def unknowable(mask: np.ndarray, rank: int | None = None) -> Unknowable:  # [*d] bool
    """Counts them for the observed entries of a mask; `rank` of a matrix, or the components of a CP tensor."""
    empty = tuple(int((~mask.any(axis=_others(mask.ndim, axis))).sum()) for axis in range(mask.ndim))
    if mask.ndim > 2:
        apart, groups = free_scales(mask), groups_of(mask)
    else:
        parts = components(mask)
        apart, groups = parts.of_rows[:, None] != parts.of_columns[None, :], len(parts.tied)
    few = int((_scarce(mask, rank) & ~mask & ~apart).sum()) if rank is not None and rank > 1 else 0
    return Unknowable(rank, int(mask.size - mask.sum()), int(apart.sum()), few, empty, groups)


def _others(order: int, axis: int) -> tuple[int, ...]:
    return tuple(k for k in range(order) if k != axis)


def _scarce(mask: np.ndarray, rank: int) -> np.ndarray:  # [*d] bool
    """The entries that have a slice with fewer observed entries than the rank."""
    scarce = np.zeros(mask.shape, dtype=bool)
    for axis in range(mask.ndim):
        sides = [-1 if k == axis else 1 for k in range(mask.ndim)]
        scarce |= (mask.sum(axis=_others(mask.ndim, axis)) < rank).reshape(sides)
    return scarce
