"""Motions of the factors that keep every observed entry, where each row and column has more of them than the rank.

All modulo a prime, at given U and V: see `motions`, which also says how sure that is.
"""

from collections.abc import Iterator

import numpy as np

from dmf_core.theory.prime_field import difference, multiply, null_space, random, solve_each, times

VECTORS = 2  # motions tried at each point: an entry that moves stands still in one of them with a chance of 1 / p
SPARE = 1.05  # constraints eliminated at first, in units of the unknowns: few are left to the second pass
BYTES = 1 << 26  # of one temporary array


def motions_of_core(
    core: np.ndarray, U: np.ndarray, V: np.ndarray, generator: np.random.Generator, p: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """(dU, dV, rank of the constraints): VECTORS motions of a core, drawn uniformly from all but those that change no entry.

    Row i of U is eliminated: u_i follows dV on the first `rank` of its observed columns, the *base* of the row, and its
    observed entries beyond them constrain dV alone. dV = 0 on the first `rank` columns, since (U, V) -> (U G^-1, V G^T)
    changes no entry.
    """
    if core.shape[0] < core.shape[1]:
        dV, dU, fixed = motions_of_core(core.T, V, U, generator, p)
        return dU, dV, fixed
    rows, columns = core.shape
    rank = U.shape[1]
    base = np.argsort(~core, axis=1, kind="stable")[:, :rank]  # [rows, rank]
    inverse = solve_each(V[base], np.broadcast_to(np.eye(rank), (rows, rank, rank)), p)
    dU, dV = np.zeros((VECTORS, rows, rank)), np.zeros((VECTORS, columns, rank))
    free = _free(_Constraints(core, base, inverse, U, V, p), generator)
    z = multiply(free, random(generator, p, free.shape[1], VECTORS), p)
    dV[:, rank:] = z.T.reshape(VECTORS, columns - rank, rank)
    rates = difference(np.zeros(()), along(U, dV[:, base], p), p)
    dU[:] = multiply(inverse, rates, p).transpose(2, 0, 1)
    return dU, dV, len(free) - free.shape[1]


def along(U: np.ndarray, dV: np.ndarray, p: int) -> np.ndarray:  # [K, r], [VECTORS, K, s, r] -> [K, s, VECTORS]
    """u_i . dv_j for each row and its own choice of columns."""
    return multiply(dV, U[:, :, None], p)[..., 0].transpose(1, 2, 0)


class _Constraints:
    """What observed entries beyond the bases ask of dV.

    (i, j): u_i . dv_j = sum over s of c_s u_i . dv_s, where v_j = sum of c_s v_s over the base of row i.
    """

    def __init__(self, core: np.ndarray, base: np.ndarray, inverse: np.ndarray, U: np.ndarray, V: np.ndarray, p: int) -> None:
        beyond = core.copy()
        np.put_along_axis(beyond, base, False, axis=1)
        self.places = np.argwhere(beyond)  # [M, 2]
        self.unknowns = (len(V) - U.shape[1]) * U.shape[1]
        self.p = p
        self._base, self._U, self._columns = base, U, len(V)
        i, j = self.places.T
        self._c = multiply(V[j][:, None, :], inverse[i], p)[:, 0]  # [M, rank]

    def lines(self, chosen: np.ndarray) -> np.ndarray:  # [K] -> [K, unknowns]
        """The chosen constraints as rows of a matrix."""
        i, j = self.places[chosen].T
        K, rank = self._c[chosen].shape
        rows = np.zeros((K, self._columns, rank))
        at = np.arange(K)
        rows[at, j] = self._U[i]
        bases = times(self._c[chosen][:, :, None], self._U[i][:, None, :], self.p)
        rows[at[:, None], self._base[i]] = difference(np.zeros(()), bases, self.p)
        return rows[:, rank:].reshape(K, -1)

    def on(self, Z: np.ndarray, generator: np.random.Generator) -> Iterator[np.ndarray]:  # [unknowns, d] -> [d, d], several
        """d random combinations of the constraints, on each of d vectors; of some matrix rows at a time."""
        rank, d = self._c.shape[1], Z.shape[1]
        block = np.zeros((self._columns, rank, d))
        block[rank:] = Z.reshape(-1, rank, d)
        step = max(1, BYTES // (8 * d * self._columns))
        for start in range(0, len(self._U), step):
            part = np.flatnonzero((self.places[:, 0] >= start) & (self.places[:, 0] < start + step))
            i, j = self.places[part].T
            rates = multiply(self._U[start : start + step], block, self.p).transpose(1, 0, 2)  # [step, columns, d]
            i = i - start
            bases = rates[i[:, None], self._base[i + start]]  # [K, rank, d]
            left = difference(rates[i, j], multiply(self._c[part][:, None, :], bases, self.p)[:, 0], self.p)
            yield left if len(left) <= d else multiply(random(generator, self.p, d, len(left)), left, self.p)


def _free(constraints: _Constraints, generator: np.random.Generator) -> np.ndarray:  # [unknowns, d]
    """A basis of all dV that meet the constraints: some are eliminated, the others only on what these leave."""
    j = constraints.places[:, 1]
    order = generator.permutation(len(j))
    by_column = order[np.argsort(j[order], kind="stable")]
    counts = np.bincount(j)
    turn = np.arange(len(j)) - np.repeat(np.cumsum(counts) - counts, counts)  # how many of its column come before
    order = by_column[np.argsort(turn, kind="stable")]  # every column gets its share
    first = order[: int(SPARE * constraints.unknowns) + 1]
    Z = null_space(constraints.lines(first), constraints.p)
    inside = np.eye(Z.shape[1])  # of the space that Z spans: what meets the other constraints, too
    if len(first) < len(order) and Z.shape[1]:
        for lines in constraints.on(Z, generator):
            inside = multiply(inside, null_space(multiply(lines, inside, constraints.p), constraints.p), constraints.p)
    return multiply(Z, inside, constraints.p)
