"""When modes will be born, from the initial state alone: every mode on its own, pulled by the gradient at the start.

Derived, not a theorem. With G = -dL/dW at the start, a_r b_r^T its r-th singular pair and g_r its singular value, mode r
is taken to obey the flow of the factors under the pull g_r (1 - s/c_r) a_r b_r^T, where s = a_r^T W b_r and
c_r = g_r rows columns / 2, the size at which a fully observed loss would stop pulling. It is born at s = c_r / 2.
Neglected are the other modes (they shift the later births most) and that some entries are unseen. Measured on the
presets and around them, first births are within 7 % and all within 20 %: tests/theory/test_births.py.
"""

from collections.abc import Iterator

import numpy as np
from scipy.integrate import RK45

CLEAR = 1.1  # a mode, or an entry, counts when its pull is above so many times the largest one without any structure
SMALL = 0.1  # of c_r, or of where an entry stops: a larger start is no plateau to leave
BORN = 0.5  # of c_r
TOLERANCE = 1e-3  # of one step, relative, of the small equation of one mode
MOST_STEPS = 2000  # of the same; a mode that takes more is not predicted
MOST_UNKNOWNS = 200_000  # entries of the middle factors, all of which take part in the equation of every mode


def predicted_births(
    factors: tuple[np.ndarray, ...],  # W_1 .. W_N at the start, float64
    pull: np.ndarray,  # [rows, columns] -dL/dW there
    noise: float,  # the largest singular value to expect of it without any structure, see `random_pull`
    count: int,
) -> Iterator[tuple[int, float]]:
    """(mode from 1, t) for those of the first modes that stand out. Nothing at depth 1, where nothing waits."""
    inner = sum(factor.size for factor in factors[1:-1])
    if len(factors) == 1 or inner > MOST_UNKNOWNS or not np.isfinite(pull).all():
        return
    W = factors[0]
    for factor in factors[1:]:
        W = factor @ W
    start = np.linalg.norm(W, 2)
    left, pulls, right = np.linalg.svd(pull, full_matrices=False)
    for r in range(min(count, len(pulls))):
        target = pulls[r] * pull.size / 2
        if pulls[r] <= CLEAR * noise or start > SMALL * target:
            return
        with np.errstate(over="ignore", invalid="ignore"):  # of trial steps that are then refused
            t = _birth(factors, float(pulls[r]), left[:, r], right[r], float(target))
        if t is not None:
            yield r + 1, t


def random_pull(shape: tuple[int, ...], observations: int, mean_square: float) -> float:
    """The largest singular value of (2/m) sum_i r_i A_i when the residuals r_i have random signs.

    Its entries then have variance (2/m)^2 mean_square m / (rows columns) for entries as for normal measurements.
    Source: Bai and Yin 1988 for the edge (sqrt(rows) + sqrt(columns)) times their standard deviation.
    """
    rows, columns = shape
    deviation = 2 * np.sqrt(mean_square / (observations * rows * columns))
    return float(deviation * (np.sqrt(rows) + np.sqrt(columns)))


def _birth(factors: tuple[np.ndarray, ...], pull: float, a: np.ndarray, b: np.ndarray, target: float) -> float | None:
    """When a^T W b is BORN * target. Only W_1 b, a^T W_N and the factors between them matter."""
    parts = [factors[0] @ b, *factors[1:-1], a @ factors[-1]]
    shapes = [part.shape for part in parts]
    cuts = np.cumsum([part.size for part in parts])[:-1]

    def pieces(x: np.ndarray) -> list[np.ndarray]:
        return [part.reshape(shape) for part, shape in zip(np.split(x, cuts), shapes, strict=True)]

    def flow(_t: float, x: np.ndarray) -> np.ndarray:
        low, *middle, high = pieces(x)
        below = [low]
        for factor in middle:
            below.append(factor @ below[-1])
        above = [high]
        for factor in reversed(middle):
            above.append(above[-1] @ factor)
        strength = pull * (1 - (high @ below[-1]) / target)
        above.reverse()  # above[j] = a^T W_N .. W_{j+2}
        between = [np.outer(up, down).ravel() for up, down in zip(above[1:], below[:-1], strict=True)]
        velocity: np.ndarray = strength * np.concatenate([above[0], *between, below[-1]])
        return velocity

    def size(x: np.ndarray) -> float:
        low, *middle, high = pieces(x)
        for factor in middle:
            low = factor @ low
        return float(high @ low)

    x = np.concatenate([part.ravel() for part in parts])
    solver = RK45(flow, 0.0, x, np.inf, rtol=TOLERANCE, atol=TOLERANCE * float(np.sqrt(np.mean(x**2))))
    before = 0.0, size(x)
    for _ in range(MOST_STEPS):
        solver.step()
        now = solver.t, size(solver.y)
        if solver.status != "running" or not np.isfinite(now[1]):
            return None
        if now[1] >= BORN * target:
            return float(np.interp(BORN * target, (before[1], now[1]), (before[0], now[0])))
        before = now
    return None
