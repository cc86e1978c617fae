"""Which unseen entries of a matrix can move while its rank and the observed entries stay: decided without rounding.

U + s dU, V + s dV changes entry (i, j) of U V^T at the rate du_i . v_j + u_i . dv_j. Entry (i, j) moves where some motion
changes it and no observed entry, that is, where its row is independent of the rows of the observed entries in the
Jacobian J of (U, V) -> U V^T. For almost all U and V that is the same, so a random point decides.
Source: derived; the same test as Singer and Cucuringu 2010, arXiv 0902.3846 (known from its abstract).

**How sure.** That nothing moves in the core (below) may be proved in float64, with a wide margin. All else is computed
modulo a prime of 31 bits, at random U and V. An error needs a zero by chance: of a minor of J (Schwartz 1980, Zippel 1979), of
the determinant of a base, of a random combination. Too small a rank at one point calls fixed entries free; an entry whose own
minor is zero is called fixed though it is free. So the point with the larger rank decides, and of two equal ones each
entry that moves at either is free: a wrong verdict needs two bad points. See `error_chance`.
"""

import math
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from dmf_core.theory.motions_of_core import BYTES, VECTORS, along, motions_of_core
from dmf_core.theory.prime_field import PRIMES, Singular, difference, multiply, random, solve_each

SAFE = 1e-9  # of the size of a form: rounding ends a thousand times below


@dataclass(frozen=True, eq=False)
class Round:
    """Rows, or columns, that have at most `rank` observed entries among the lines that are left: they can follow those."""

    of_rows: bool
    lines: np.ndarray  # [K]
    others: np.ndarray  # the columns, or rows, that are left


def error_chance(mask: np.ndarray, rank: int) -> float:
    """A bound on the chance that `moving` is wrong about any entry, over the draws of points and primes.

    With k = r (m + n): a minor has degree k at most, so a random point makes it zero with a chance of k / p; likewise the
    bases together; the combinations add less than another k / p. Two minors count, one for the rank and one for the entry.
    A minor has coefficients of size (2r)^k at most, which k log2(2r) / 30 primes above 2^30 can divide, of the 5e7 below 2^31
    that ours were drawn from: less than 3/2 k log2(2r) / 2^30. Derived.
    """
    exponent = (4 + 3 * math.log2(2 * rank)) * rank * sum(mask.shape) / 2**30
    return float((~mask).sum() + 1) * exponent**2


def moving(mask: np.ndarray, rank: int) -> np.ndarray:  # [rows, columns] bool
    """Which entries take infinitely many values, for almost every truth of this rank; observed ones do not."""
    rounds, rows, columns = peel(mask, rank)
    core = mask[np.ix_(rows, columns)]
    still = not core.size or nothing_moves(core, rank)
    tries = []
    for seed, p in enumerate(PRIMES):
        with suppress(Singular):
            tries.append(_moving_at(mask, rank, rounds, (rows, columns), still, np.random.default_rng(seed), p))
    most = max(fixed for _, fixed in tries)
    return np.asarray(np.any([moved for moved, fixed in tries if fixed == most], axis=0) & ~mask)


def peel(mask: np.ndarray, rank: int) -> tuple[list[Round], np.ndarray, np.ndarray]:
    """(rounds in the order of removal, rows and columns of the core: each has more than `rank` observed entries in it).

    In general position a line with k <= r observed entries can meet any k rates there, so it constrains nothing else.
    """
    left = [np.arange(side) for side in mask.shape]
    rounds: list[Round] = []
    while True:
        before = len(rounds)
        for side in (0, 1):
            few = mask[np.ix_(*left)].sum(axis=1 - side) <= rank
            if few.any():
                rounds.append(Round(side == 0, left[side][few], left[1 - side]))
                left[side] = left[side][~few]
        if len(rounds) == before:
            return rounds, left[0], left[1]


def nothing_moves(core: np.ndarray, rank: int) -> bool:
    """True is a proof; False says nothing.

    The motion of row i of U is eliminated: it can follow dV wherever (dV u_i) on its observed columns lies in the span of V
    there. What is left over, summed over the rows, is a quadratic form in dV, zero at least for dV = V G, which change no
    entry. With these r^2 directions added it is positive definite only if no other dV is free; float64 shows this
    at one point, where the smallest eigenvalue is far above rounding, and so it holds at almost all.
    """
    if core.shape[0] < core.shape[1]:
        core = core.T
    rows, columns = core.shape
    source = np.random.default_rng(0)
    U, V = source.standard_normal((rows, rank)), source.standard_normal((columns, rank))
    form = np.zeros((columns * columns, rank * rank))
    step = max(1, BYTES // (8 * columns * columns))
    for start in range(0, rows, step):
        part = slice(start, start + step)
        Q = np.linalg.qr(core[part, :, None] * V)[0]  # [step, columns, rank]
        out = -(Q @ Q.transpose(0, 2, 1))
        out[:, np.arange(columns), np.arange(columns)] += core[part]
        squares = np.einsum("ia,ib->iab", U[part], U[part])
        form += out.reshape(len(out), -1).T @ squares.reshape(len(out), -1)
    form = form.reshape(columns, columns, rank, rank).transpose(0, 2, 1, 3).reshape(columns * rank, -1)
    gauge = np.einsum("ja,bc->jbac", V, np.eye(rank)).reshape(columns * rank, -1)
    form += gauge @ gauge.T
    form[np.diag_indices_from(form)] -= SAFE * np.trace(form) / rank  # at least the largest eigenvalue / rank, mostly more
    try:
        np.linalg.cholesky(form)
    except np.linalg.LinAlgError:
        return False
    return True


def _moving_at(
    mask: np.ndarray,
    rank: int,
    rounds: list[Round],
    core: tuple[np.ndarray, np.ndarray],  # its rows and columns
    still: bool,  # nothing moves in the core
    generator: np.random.Generator,
    p: int,
) -> tuple[np.ndarray, int]:
    """(what moves at a random U and V modulo p, the rank of the constraints on the core there). Raises Singular."""
    U, V = (random(generator, p, side, rank) for side in mask.shape)
    dU, dV = (np.zeros((VECTORS, side, rank)) for side in mask.shape)
    rows, columns = core
    fixed = 0
    if not still:
        dU[:, rows], dV[:, columns], fixed = motions_of_core(mask[np.ix_(*core)], U[rows], V[columns], generator, p)
    for each in reversed(rounds):
        if each.of_rows:
            dU[:, each.lines] = _following(mask, each, U, V, dV, generator, p)
        else:
            dV[:, each.lines] = _following(mask.T, each, V, U, dU, generator, p)
    rates = [multiply(np.hstack([dU[k], U]), np.hstack([V, dV[k]]).T, p) for k in range(VECTORS)]
    return np.any(rates, axis=0), fixed


def _following(
    mask: np.ndarray,  # [lines, others], all of them
    of: Round,
    U: np.ndarray,  # [lines, rank]
    V: np.ndarray,  # [others, rank]
    dV: np.ndarray,  # [VECTORS, others, rank]
    generator: np.random.Generator,
    p: int,
) -> np.ndarray:  # [VECTORS, K, rank]
    """Random motions of these lines that keep their observed entries while the other lines move as they do."""
    rank = U.shape[1]
    wide = np.hstack([mask[np.ix_(of.lines, of.others)], np.zeros((len(of.lines), rank), dtype=bool)])
    base = np.argsort(~wide, axis=1, kind="stable")[:, :rank]
    observed = np.take_along_axis(wide, base, axis=1)  # [K, rank]
    at = of.others[np.where(observed, base, 0)] if len(of.others) else np.zeros_like(base)
    system = np.where(observed[:, :, None], V[at], random(generator, p, *base.shape, rank))
    rates = along(U[of.lines], dV[:, at], p)  # [K, rank, VECTORS]
    rates = difference(np.zeros(()), rates, p)
    rates = np.where(observed[:, :, None], rates, random(generator, p, *rates.shape))
    solved = solve_each(system, rates, p)
    return solved.transpose(2, 0, 1)
