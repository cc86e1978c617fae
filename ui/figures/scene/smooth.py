"""Curves through snapshots: cubics that overshoot none of them, drawn by as few straight pieces as look the same."""

import numpy as np
from scipy.interpolate import PchipInterpolator

PARTS = 6  # pieces between two snapshots at most
VISIBLE = 7e-4  # of the height: a quarter of a pixel on the page
DECADES = 9.0  # of the logarithmic scale, at most


def smooth(
    t: np.ndarray,  # [T]
    values: np.ndarray,  # [T, k]
    speeds: np.ndarray | None = None,  # [T, n], n <= k: measured dvalue/dt, NaN where unknown
) -> tuple[np.ndarray, np.ndarray]:  # [S], [S, k]
    """(fractional frames, values there); every snapshot is among them, S <= PARTS (T - 1) + 1.

    Where speeds are known the logarithm of the value is a cubic with these slopes, so that tangents touch the curve.
    Source: Fritsch and Butland 1984, in scipy. It misses the singular values of the run by a quarter of what straight
    lines do.
    """
    T = len(t)
    frames = np.linspace(0, T - 1, PARTS * (T - 1) + 1)
    if T < 3 or not (np.diff(t) > 0).all():
        return np.arange(T, dtype=np.float64), values
    curves = PchipInterpolator(t, values, axis=0)
    dense = np.array(curves(np.interp(frames, np.arange(T), t)))
    if speeds is not None:
        slopes = curves.derivative()(t)
        for k in range(min(speeds.shape[1], values.shape[1])):
            known = np.where(np.isfinite(speeds[:, k]), speeds[:, k], slopes[:, k])
            dense[:, k] = _logarithmic(t, values[:, k], known, dense[:, k])
    needed = _needed(dense)
    return frames[needed], dense[needed]


def _logarithmic(t: np.ndarray, y: np.ndarray, slope: np.ndarray, otherwise: np.ndarray) -> np.ndarray:  # [T] .. -> [S]
    """exp of the cubic through log y; where a neighbour is not positive, what it was before."""
    positive = y > 0
    log, bend = np.log(np.where(positive, y, 1.0)), slope / np.where(positive, y, 1.0)
    h, s = np.diff(t)[:, None], (np.arange(PARTS) / PARTS)[None, :]
    rise = np.diff(log)[:, None]
    a, b = _limited(bend[:-1, None], bend[1:, None], rise / h)
    inner = log[:-1, None] + rise * s * s * (3 - 2 * s) + h * s * (1 - s) * ((1 - s) * a - s * b)
    usable = np.repeat((positive[:-1] & positive[1:])[:, None], PARTS, axis=1)
    interpolated = np.where(usable, np.exp(inner), otherwise[:-1].reshape(-1, PARTS))
    return np.append(interpolated.ravel(), y[-1])


def _limited(a: np.ndarray, b: np.ndarray, chord: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes that point the same way, cut so that the cubic does not overshoot: Fritsch and Carlson 1980, 3 chords at most."""
    most, same = 3 * np.abs(chord), a * b > 0
    with_chord = a * chord > 0
    cut_a, cut_b = np.sign(a) * np.minimum(np.abs(a), most), np.sign(b) * np.minimum(np.abs(b), most)
    return (
        np.where(same, np.where(with_chord, cut_a, 0.0), a),
        np.where(same, np.where(with_chord, cut_b, 0.0), b),
    )


def _needed(dense: np.ndarray) -> np.ndarray:  # [S, k] -> [S] bool
    """Snapshots, and between them so many points that neither on a linear nor on a logarithmic scale a bend is cut."""
    top = float(np.abs(dense).max(initial=0.0)) or 1.0
    linear = dense / top
    logarithmic = np.log10(np.maximum(linear, 10**-DECADES)) / DECADES
    s = (np.arange(PARTS) / PARTS)[None, :, None]
    away = np.zeros((len(dense) - 1) // PARTS)
    for heights in (linear, logarithmic):
        ends = heights[::PARTS]
        straight = ends[:-1, None, :] + (ends[1:] - ends[:-1])[:, None, :] * s
        inner = heights[:-1].reshape(-1, PARTS, heights.shape[1])
        away = np.maximum(away, np.abs(inner - straight).max(axis=(1, 2)))
    pieces = np.sqrt(away / VISIBLE)  # halving a piece divides what it misses by four
    every = np.select([pieces <= 1, pieces <= 2, pieces <= 3], [PARTS, PARTS // 2, PARTS // 3], 1)
    needed = (np.arange(PARTS)[None, :] % every[:, None] == 0).ravel()
    return np.append(needed, True)
