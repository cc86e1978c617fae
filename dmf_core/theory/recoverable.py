"""Which unseen entries no method can recover, because matrices of the same rank agree with everything that was observed."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dmf_core import limits
from dmf_core.theory.connectivity import Components, components

NULL = 1e-11  # of the largest eigenvalue: below is rounding (measured: at most 1e-15), free motions end above 1e-8


class Verdict(IntEnum):
    """What rank and observations leave open about an entry."""

    OBSERVED = 0
    HELD = 1  # no small motion at this rank changes it: only finitely many values are left, perhaps one
    APART = 2  # its row and its column lie in different components
    FEW = 3  # its row or its column has fewer observed entries than the rank
    LOOSE = 4  # neither, and yet it can move: the observations around it are too few or too badly placed
    UNKNOWN = 5  # neither, and too large to look for motions


@dataclass(frozen=True, eq=False)
class Reading:
    """A mask, read for matrices of one rank."""

    mask: np.ndarray  # [rows, columns] bool
    rank: int
    components: Components
    verdicts: np.ndarray  # [rows, columns] int8, see Verdict

    def count(self, *verdicts: Verdict) -> int:
        return int(np.isin(self.verdicts, verdicts).sum())

    @property
    def lost(self) -> np.ndarray:  # [rows, columns] bool
        """The entries that no method can recover."""
        return np.isin(self.verdicts, (Verdict.APART, Verdict.FEW, Verdict.LOOSE))

    @property
    def observations(self) -> int:
        return int(self.mask.sum())

    @property
    def freedom(self) -> int:
        """r (m + n - r): the dimension of the set of m x n matrices of rank r. Fewer observations never hold all entries."""
        rows, columns = map(int, self.mask.shape)
        return self.rank * (rows + columns - self.rank)


def reading(mask: np.ndarray, rank: int) -> Reading:  # [rows, columns] bool
    """What rank and observations leave open, for a truth M = U V^T whose factors are in general position.

    Derived; each step is built and checked in tests/theory/test_recoverable.py.

    APART. Let row i lie in component a. Multiply the rows of a by c != 0 and its columns by 1/c: every observed entry
    has both in one component and stays, the rank stays, and an entry of a row of a in a column elsewhere is multiplied
    by c. So it can take every value but zero. A row without observations is a component of its own.

    FEW. A row with k < r observed entries is u V_S^T with V_S [k, r], which has z != 0 with V_S z = 0. Adding z to u
    changes no observed entry of the row and leaves the rank at most r. It changes entry j unless v_j is in the span of
    V_S; in general position r vectors are independent, so every unseen entry of the row changes. Columns: the transpose.

    LOOSE. The same for all rows and columns at once: U + s dU, V + s dV changes entry (i, j) at the rate
    du_i . v_j + u_i . dv_j. The motions that change no observed entry are the null space of a matrix J; where it has the
    rank that it has almost everywhere, each of them continues to a curve of matrices of the same rank that agree with
    all observations (constant rank theorem). An entry with a nonzero rate under one of them takes infinitely many values;
    an entry with none is constant on every such curve. Whether J moves an entry is the same for almost every U and V, so
    one drawn pair decides. This finds APART and FEW again (a test says so).
    """
    parts = components(mask)
    verdicts = np.where(mask, Verdict.OBSERVED, Verdict.HELD).astype(np.int8)
    unseen = ~mask
    if rank * sum(mask.shape) <= limits.LOOSE_UNKNOWNS:
        verdicts[unseen & moving(mask, rank)] = Verdict.LOOSE
    else:
        verdicts[unseen] = Verdict.UNKNOWN
    few = (mask.sum(axis=1) < rank)[:, None] | (mask.sum(axis=0) < rank)[None, :]
    verdicts[unseen & few] = Verdict.FEW
    verdicts[unseen & (parts.of_rows[:, None] != parts.of_columns[None, :])] = Verdict.APART
    return Reading(mask, rank, parts, verdicts)


def moving(mask: np.ndarray, rank: int) -> np.ndarray:  # [rows, columns] bool
    """Which entries change under a motion of the factors that changes no observed entry to first order."""
    rows, columns = mask.shape
    U, V = factors(rows, columns, rank)
    values, vectors = np.linalg.eigh(_gram(mask, U, V))
    N = vectors[:, values < NULL * values[-1]]  # [r (rows + columns), k]
    dU, dV = N[: rows * rank].reshape(rows, rank, -1), N[rows * rank :].reshape(columns, rank, -1)
    square = np.zeros(mask.shape)
    for k in range(N.shape[1]):
        square += (dU[:, :, k] @ V.T + U @ dV[:, :, k].T) ** 2
    return np.asarray(square > 1e-6 * max(square.max(), 1e-6))


def factors(rows: int, columns: int, rank: int) -> tuple[np.ndarray, np.ndarray]:  # [rows, rank], [columns, rank]
    """A pair in general position, always the same."""
    drawn = np.random.default_rng(0)
    return drawn.standard_normal((rows, rank)), drawn.standard_normal((columns, rank))


def _gram(mask: np.ndarray, U: np.ndarray, V: np.ndarray) -> np.ndarray:  # [r (rows + columns)] squared
    """J^T J, block after block."""
    rows, rank = U.shape
    columns = len(V)
    gram = np.zeros((rows + columns, rank, rows + columns, rank))
    seen = mask.astype(float)
    own = np.arange(rows)
    gram[own, :, own, :] = np.einsum("ij,ja,jb->iab", seen, V, V, optimize=True)
    other = rows + np.arange(columns)
    gram[other, :, other, :] = np.einsum("ij,ia,ib->jab", seen, U, U, optimize=True)
    cross = np.einsum("ij,ja,ib->iajb", seen, V, U, optimize=True)
    gram[:rows, :, rows:, :] = cross
    gram[rows:, :, :rows, :] = cross.transpose(2, 3, 0, 1)
    return gram.reshape((rows + columns) * rank, -1)
