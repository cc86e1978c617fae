"""Two modes against each other: which curve sigma_2 follows as sigma_1 grows, when the data pull on both steadily.

Derived from Theorem 3 for pulls in a constant ratio q = g_2 / g_1: d sigma_2 / d sigma_1 = q (sigma_2 / sigma_1)^(2 - 2/N).
Depth 1 gives straight lines, depth 2 powers, and from depth 3 on a sigma_2 that is behind, with q < 1, stays below a
ceiling however large sigma_1 becomes: that is what leaves small modes behind. Check: tests/theory/test_portrait.py.
"""

import numpy as np


def portrait(
    depth: int,
    sigma_1: np.ndarray,  # [P] > 0, where the curve is evaluated
    through: tuple[float, float],  # (sigma_1, sigma_2) > 0
    ratio: float,  # q
) -> np.ndarray:  # [P] sigma_2, NaN where the curve does not reach
    """The curve through a point."""
    x0, y0 = through
    if depth == 1:
        straight = y0 + ratio * (sigma_1 - x0)
        return np.where(straight > 0, straight, np.nan)
    if depth == 2:
        return np.asarray(y0 * (sigma_1 / x0) ** ratio)
    power = (depth - 2) / depth
    inverse = y0**-power + ratio * (sigma_1**-power - x0**-power)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(inverse > 0, np.maximum(inverse, 1e-300) ** (-1 / power), np.nan)


def ceiling(depth: int, through: tuple[float, float], ratio: float) -> float:
    """The size that sigma_2 never reaches as sigma_1 grows; inf where there is none."""
    if depth < 3:
        return np.inf
    x0, y0 = through
    power = (depth - 2) / depth
    inverse = y0**-power - ratio * x0**-power
    return float(inverse ** (-1 / power)) if inverse > 0 else np.inf
