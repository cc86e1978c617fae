"""Recorded lines have fewer points and look the same."""

from typing import Any

import numpy as np
import pytest

from dmf_core.reproductions.framework.report import panels_of
from dmf_core.reproductions.framework.thinned import FEW, VISIBLE, thinned


def panel(x: np.ndarray, y: np.ndarray, **axes: bool) -> dict[str, Any]:
    line = {"label": "a", "role": "measured", "colour": 0, "x": x.tolist(), "y": y.tolist(), "low": (0.9 * y).tolist()}
    logs = {"x_log": False, "y_log": False, "x_falls": False} | axes
    return {"title": "T", "x_label": "x", "y_label": "y", "lines": [line], **logs}


@pytest.mark.parametrize("log", [False, True])
def test_thinned_line_stays_within_half_a_pixel(log: bool) -> None:
    x = np.linspace(0.01, 10, 2000)
    y = 1.5 + np.sin(x) + 0.3 * np.tanh(8 * (x - 5))
    line = panels_of({"panels": [thinned(panel(x, y, y_log=log, x_log=log))]})[0].lines[0]
    assert len(line.x) < 300 and line.low is not None and len(line.low) == len(line.x)
    scaled = np.log if log else np.asarray
    again = np.interp(scaled(x), scaled(line.x), scaled(line.y))
    assert np.abs(again - scaled(y)).max() < 2 * VISIBLE * np.ptp(scaled(y))  # twice: four digits round as well


def test_short_lines_and_lines_with_gaps_keep_their_points() -> None:
    x = np.arange(1.0, FEW + 1)
    assert len(thinned(panel(x, x))["lines"][0]["x"]) == FEW
    long = np.arange(1.0, 100)
    gappy = panel(long, long)
    gappy["lines"][0]["y"][3] = None
    assert len(thinned(gappy)["lines"][0]["x"]) == 99
