"""The graph of the observations: rows and columns are its vertices, every observed entry is an edge between two of them."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True, eq=False)
class Component:
    """Rows and columns that observed entries tie together, over however many steps."""

    rows: np.ndarray  # [p] int, rising
    columns: np.ndarray  # [q] int, rising
    entries: int  # observed; 0 only for a single row or column of which nothing is seen


@dataclass(frozen=True, eq=False)
class Components:
    """All of them, the one with most observed entries first, and of each row and column which one it is in."""

    each: tuple[Component, ...]
    of_rows: np.ndarray  # [rows] int, index into `each`
    of_columns: np.ndarray  # [columns] int

    @property
    def tied(self) -> tuple[Component, ...]:
        """The components that hold an observed entry."""
        return tuple(part for part in self.each if part.entries)


def components(mask: np.ndarray) -> Components:  # [rows, columns] bool
    """The connected components of the graph of a mask."""
    rows, columns = mask.shape
    i, j = np.nonzero(mask)
    graph = coo_array((np.ones(len(i), dtype=np.int8), (i, rows + j)), shape=(rows + columns, rows + columns))
    total, label = connected_components(graph, directed=False)
    entries = np.bincount(label[i], minlength=total)
    first = np.full(total, rows + columns)
    np.minimum.at(first, label, np.arange(rows + columns))
    place = np.empty(total, dtype=int)
    place[np.lexsort((first, -entries))] = np.arange(total)
    label = place[label]
    entries = np.sort(entries)[::-1]
    of_rows, of_columns = label[:rows], label[rows:]
    each = [Component(np.flatnonzero(of_rows == k), np.flatnonzero(of_columns == k), int(entries[k])) for k in range(total)]
    return Components(tuple(each), of_rows, of_columns)
