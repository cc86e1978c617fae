"""The drawn curves between snapshots."""

import numpy as np
import pytest

from dmf_core.presets import preset_spec
from dmf_core.simulate import run
from ui.figures.smooth import PARTS, smooth


@pytest.mark.parametrize("name", ["five-modes", "arora-completion"])
def test_smooth_curves_are_nearer_to_the_run_than_straight_lines(name: str) -> None:
    """Against the same run with 2000 snapshots: within 0.5 % of the largest value, and by half of what straight lines miss."""
    spec = preset_spec(name)
    coarse, fine = run(spec), run(spec.replaced({"save.snapshots": 2000}))
    t, T = coarse.column("t"), fine.column("t")
    frames, drawn = smooth(t, coarse.singular_values[:, :6])
    places = np.interp(frames, np.arange(len(t)), t)
    truth = fine.singular_values[:, :6]

    def missed(x: np.ndarray, y: np.ndarray) -> float:
        return max(float(np.abs(np.interp(T, x, y[:, k]) - truth[:, k]).max()) for k in range(6)) / truth.max()

    assert missed(places, drawn) < 0.005
    assert missed(places, drawn) < 0.5 * missed(t, coarse.singular_values)


def test_smooth_passes_through_every_snapshot_and_overshoots_none() -> None:
    t = np.array([0.0, 1, 2, 2.5, 7])
    values = np.array([[0.0, 3], [0, 1], [4, 1], [4.1, 0], [4.1, 0]])
    frames, drawn = smooth(t, values)
    assert np.allclose(drawn[::PARTS], values, atol=1e-12)  # rounding
    assert frames[-1] == 4
    for k in range(2):
        low, high = np.minimum(values[:-1, k], values[1:, k]), np.maximum(values[:-1, k], values[1:, k])
        pieces = drawn[:-1, k].reshape(-1, PARTS)
        assert (pieces >= low[:, None] - 1e-12).all()
        assert (pieces <= high[:, None] + 1e-12).all()
    assert smooth(t[:1], values[:1])[1].shape == (1, 2)
