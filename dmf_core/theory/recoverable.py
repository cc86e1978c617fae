"""Which unseen entries no method can recover, because matrices of the same rank agree with everything that was observed."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dmf_core import limits
from dmf_core.theory.connectivity import Components, components
from dmf_core.theory.motions import error_chance, moving


class Verdict(IntEnum):
    """What rank and observations leave open about an entry."""

    OBSERVED = 0
    HELD = 1  # finitely many values are left, perhaps only one: no small motion at this rank changes it
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
        """The free entries, which take infinitely many values: no method can recover them."""
        return np.isin(self.verdicts, (Verdict.APART, Verdict.FEW, Verdict.LOOSE))

    @property
    def error_chance(self) -> float:
        """A bound on the chance that random numbers misled a verdict; 0 where none were needed."""
        decided = self.rank > 1 and not self.count(Verdict.UNKNOWN) and not self.mask.all()
        return error_chance(self.mask, self.rank) if decided else 0.0

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

    Free is an entry that takes infinitely many values among the matrices of this rank that agree with all observations.
    Every other unseen entry, HELD, takes finitely many, and at M no other one nearby. That can be more than one: a 4 x 4
    matrix of rank 2 without its diagonal has two completions. General position: all U and V but a set of measure zero.
    Derived; each step is built and checked in tests/theory/test_recoverable.py and test_motions.py.

    APART. Let row i lie in component a. Multiply the rows of a by c != 0 and its columns by 1/c: every observed entry
    has both in one component and stays, the rank stays, and an entry of a row of a in a column elsewhere is multiplied
    by c. So it can take every value but zero. A row without observations is a component of its own.

    FEW. A row with k < r observed entries is u V_S^T with V_S [k, r], which has z != 0 with V_S z = 0. Adding z to u
    changes no observed entry of the row and leaves the rank at most r. It changes entry j unless v_j is in the span of
    V_S; in general position r vectors are independent, so every unseen entry of the row changes. Columns: the transpose.

    LOOSE. The same for all rows and columns at once: U + s dU, V + s dV changes entry (i, j) at the rate
    du_i . v_j + u_i . dv_j. The motions that change no observed entry are the null space of a matrix J; where it has the
    rank that it has almost everywhere, each of them continues to a curve of matrices of the same rank that agree with
    all observations (constant rank theorem). An entry with a nonzero rate under one of them takes infinitely many values.
    One with none adds nothing to the dimension of what is observed, so that almost every choice of the observed
    values leaves it finitely many. How this is decided, and how sure it is: `motions`. It finds APART and FEW again (a
    test says so). At rank 1 there is nothing else: an entry is the product of others along a path, and of their inverses.
    """
    parts = components(mask)
    verdicts = np.where(mask, Verdict.OBSERVED, Verdict.HELD).astype(np.int8)
    unseen = ~mask
    if rank > 1 and rank * min(mask.shape) <= limits.LOOSE_UNKNOWNS:
        verdicts[unseen & moving(mask, rank)] = Verdict.LOOSE
    elif rank > 1:
        verdicts[unseen] = Verdict.UNKNOWN
    few = (mask.sum(axis=1) < rank)[:, None] | (mask.sum(axis=0) < rank)[None, :]
    verdicts[unseen & few] = Verdict.FEW
    verdicts[unseen & (parts.of_rows[:, None] != parts.of_columns[None, :])] = Verdict.APART
    return Reading(mask, rank, parts, verdicts)
