"""The drawn curves between snapshots."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from ui.figures.scene.smooth import VISIBLE, smooth


@pytest.mark.parametrize("name", ["five-modes", "arora-completion"])
def test_smooth_curves_are_nearer_to_the_run_than_straight_lines(name: str) -> None:
    """Against the same run with 2000 snapshots: within 0.5 % of the largest value, and by half of what straight lines miss."""
    spec = preset_spec(name)
    coarse, fine = run(spec), run(spec.replaced({"save.snapshots": 2000}))
    t, T = coarse.column("t"), fine.column("t")
    frames, curves = smooth(t, coarse.singular_values[:, :6])
    places = np.interp(frames, np.arange(len(t)), t)
    truth = fine.singular_values[:, :6]

    def missed(x: np.ndarray, y: np.ndarray) -> float:
        return max(float(np.abs(np.interp(T, x, y[:, k]) - truth[:, k]).max()) for k in range(6)) / truth.max()

    assert missed(places, curves) < 0.005
    assert missed(places, curves) < 0.5 * missed(t, coarse.singular_values)


def test_smooth_passes_through_every_snapshot_and_overshoots_none() -> None:
    t = np.array([0.0, 1, 2, 2.5, 7])
    values = np.array([[0.0, 3], [0, 1], [4, 1], [4.1, 0], [4.1, 0]])
    frames, curves = smooth(t, values)
    at = np.searchsorted(frames, np.arange(len(t)))
    assert (frames[at] == np.arange(len(t))).all()
    assert np.allclose(curves[at], values, atol=1e-12)  # rounding
    between = np.clip(np.searchsorted(frames[at], frames, side="right") - 1, 0, len(t) - 2)
    for k in range(2):
        low, high = np.minimum(values[:-1, k], values[1:, k]), np.maximum(values[:-1, k], values[1:, k])
        assert (curves[:, k] >= low[between] - 1e-12).all()
        assert (curves[:, k] <= high[between] + 1e-12).all()
    assert smooth(t[:1], values[:1])[1].shape == (1, 2)


def test_smooth_curves_leave_out_only_points_that_cannot_be_seen() -> None:
    """Against the same cubic at 40 points between two snapshots: within VISIBLE of the height of the picture."""
    t = np.linspace(0, 10, 21)
    values = np.stack([np.tanh(t - 4) + 1, np.exp(-t)], axis=1)
    frames, curves = smooth(t, values)
    assert len(frames) < 6 * 20
    fine = np.linspace(0, 20, 801)
    whole = PchipInterpolator(t, values, axis=0)(np.interp(fine, np.arange(21), t))
    straight = np.stack([np.interp(fine, frames, column) for column in curves.T], axis=1)
    assert np.abs(straight - whole).max() < 2 * VISIBLE * values.max()  # pieces are fitted at six points only


def test_smooth_curves_have_the_measured_slopes() -> None:
    """A logistic curve and its derivative in closed form: with speeds five snapshots miss a tenth of what they miss without."""
    t = np.linspace(0, 12, 5)
    sigma = 1 / (1 + np.exp(6 - t))

    def missed(frames: np.ndarray, values: np.ndarray) -> float:
        return float(np.abs(values[:, 0] - 1 / (1 + np.exp(6 - np.interp(frames, np.arange(5), t)))).max())

    known = missed(*smooth(t, sigma[:, None], (sigma * (1 - sigma))[:, None]))
    assert known < 0.1 * missed(*smooth(t, sigma[:, None]))
