"""Which unseen entries no method can recover, because matrices of the same rank agree with everything that was observed."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dmf_core import limits
from dmf_core.theory.connectivity import Components, components

NULL = 1e-10  # of the largest eigenvalue: rounding ends near 1e-11, constraints began above 1e-9 in 1,600 drawn masks
DEPENDENT = 1e-9  # of the largest singular value: below, drawn vectors are dependent
MOVES = 5e-12  # squared rate under motions of size 1: rounding ended at 5e-13 in these masks, motion began at 6e-11
DRAWS = 3
CHUNK = 64  # rows at a time, for memory


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
    if rank * min(mask.shape) <= limits.LOOSE_UNKNOWNS:
        verdicts[unseen & moving(mask, rank)] = Verdict.LOOSE
    else:
        verdicts[unseen] = Verdict.UNKNOWN
    few = (mask.sum(axis=1) < rank)[:, None] | (mask.sum(axis=0) < rank)[None, :]
    verdicts[unseen & few] = Verdict.FEW
    verdicts[unseen & (parts.of_rows[:, None] != parts.of_columns[None, :])] = Verdict.APART
    return Reading(mask, rank, parts, verdicts)


def moving(mask: np.ndarray, rank: int) -> np.ndarray:  # [rows, columns] bool
    """Which entries change under a motion of the factors that changes no observed entry to first order.

    Where DRAWS pairs of factors agree: a badly placed pair makes a weak constraint look like rounding, never the reverse.
    """
    if mask.shape[0] < mask.shape[1]:
        return moving(mask.T, rank).T  # the larger side is eliminated below
    found = ~mask
    rows, columns = mask.shape
    for seed in range(DRAWS):
        if found.any():
            found &= _moving(mask, *factors(rows, columns, rank, seed))
    return found


def _moving(mask: np.ndarray, U: np.ndarray, V: np.ndarray) -> np.ndarray:  # [rows, columns] bool
    """The same at one pair of factors.

    The motion of row i is eliminated: u_i can follow dV wherever (dV u_i) on its observed columns lies in the span of
    V there. What is left over, for all rows together, is a quadratic form in dV alone, whose null space is wanted.
    """
    rank = U.shape[1]
    seen = mask[:, :, None] * V  # [rows, columns, rank]
    inverse = np.linalg.pinv(seen, rcond=DEPENDENT)  # [rows, rank, columns]
    values, vectors = np.linalg.eigh(_left_over(mask, U, seen, inverse))
    size = max(values[-1], (U**2).sum(axis=1).max())  # of a constraint, also where there is none
    dV = vectors[:, values < NULL * size].reshape(len(V), rank, -1)  # [columns, rank, K]
    dU = -np.einsum("iaj,ib,jbk->iak", inverse, U, dV, optimize=True)
    basis = np.linalg.qr(np.concatenate([dU, dV]).reshape(-1, dV.shape[2]))[0].reshape(-1, rank, dV.shape[2])
    alone = V @ (np.eye(rank) - inverse @ seen)  # what u_i can do by itself where it has fewer observations than the rank
    square = (alone**2).sum(axis=2)
    for k in range(basis.shape[2]):
        square += (basis[: len(U), :, k] @ V.T + U @ basis[len(U) :, :, k].T) ** 2
    return np.asarray(square > MOVES)


def _left_over(mask: np.ndarray, U: np.ndarray, seen: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """[columns rank] squared: sum over i of (1 - projection onto the columns of seen_i) times u_i u_i^T."""
    rows, columns, rank = seen.shape
    form = np.zeros((columns * columns, rank * rank))
    for start in range(0, rows, CHUNK):
        part = slice(start, start + CHUNK)
        out = -(seen[part] @ inverse[part])  # [chunk, columns, columns]
        out[:, np.arange(columns), np.arange(columns)] += mask[part]
        squares = np.einsum("ia,ib->iab", U[part], U[part])
        form += out.reshape(len(out), -1).T @ squares.reshape(len(out), -1)
    return form.reshape(columns, columns, rank, rank).transpose(0, 2, 1, 3).reshape(columns * rank, -1)


def factors(rows: int, columns: int, rank: int, seed: int) -> tuple[np.ndarray, np.ndarray]:  # [rows, rank], [columns, rank]
    """A pair in general position, always the same one for a seed."""
    drawn = np.random.default_rng(seed)
    return drawn.standard_normal((rows, rank)), drawn.standard_normal((columns, rank))
