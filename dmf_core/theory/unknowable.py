"""How many entries of a matrix its observed entries leave open for every method, by counting alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmf_core.formatting import whole
from dmf_core.theory.connectivity import components


@dataclass(frozen=True)
class Unknowable:
    """The unseen entries that matrices of a rank with the same observed entries disagree on.

    Two reasons are counted, both necessary conditions (`recoverable.reading` has them with their proof, and finds others
    that need more than counting): row and column lie in groups that no chain of observed entries ties together, at any
    rank; or one of both has fewer observed entries than the rank.
    """

    rank: int | None  # None: of no rank in particular, so that only the first reason counts
    unseen: int  # entries
    apart: int  # of the first reason
    few: int  # of the second alone
    empty_rows: int
    empty_columns: int
    groups: int  # of rows and columns with an observed entry

    @property
    def count(self) -> int:
        return self.apart + self.few

    @property
    def share(self) -> float:
        """Of the unseen entries."""
        return self.count / self.unseen if self.unseen else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "rank": self.rank,
            "unseen": self.unseen,
            "entries": self.count,
            "share": self.share,
            "empty_rows": self.empty_rows,
            "empty_columns": self.empty_columns,
            "groups": self.groups,
        }

    def sentence(self) -> str:
        """What cannot be known, with number, share and cause; empty where counting finds nothing."""
        if not self.count:
            return ""
        empty = ((self.empty_rows, "row"), (self.empty_columns, "column"))
        causes = [f"{whole(number)} {what}{'s' * (number > 1)}" for number, what in empty if number]
        why = [" and ".join(causes) + " without any observed entry"] if causes else []
        if self.groups > 1:
            why.append(f"{whole(self.groups)} groups of rows and columns that no observed entry ties together")
        if self.few:
            why.append(f"rows or columns with fewer than {self.rank} observed entries")
        at = f"at rank {self.rank}" if self.rank is not None else "whatever the rank"
        entries = f"{whole(self.count)} of the {whole(self.unseen)} unseen entries ({100 * self.share:.3g} %)"
        return f"No method can know {entries} {at}: {', '.join(why)}."


def unknowable(mask: np.ndarray, rank: int | None = None) -> Unknowable:  # [rows, columns] bool
    """Counts them for the observed entries of a mask."""
    parts = components(mask)
    per_row, per_column = mask.sum(axis=1), mask.sum(axis=0)
    sizes = np.array([(len(part.rows), len(part.columns)) for part in parts.each]).reshape(-1, 2)
    together = int((sizes[:, 0] * sizes[:, 1]).sum())  # entries whose row and column lie in one group
    few = 0
    if rank is not None and rank > 1:
        for part in parts.each:
            scarce_rows, scarce_columns = per_row[part.rows] < rank, per_column[part.columns] < rank
            inside = scarce_rows[:, None] | scarce_columns[None, :]
            few += int((inside & ~mask[np.ix_(part.rows, part.columns)]).sum())
    return Unknowable(
        rank=rank,
        unseen=int(mask.size - mask.sum()),
        apart=mask.size - together,
        few=few,
        empty_rows=int((per_row == 0).sum()),
        empty_columns=int((per_column == 0).sum()),
        groups=len(parts.tied),
    )
