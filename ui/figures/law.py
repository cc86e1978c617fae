"""The equation that moves a mode, with this run's numbers: what the panel beside the player needs."""

import base64
from typing import Any

import numpy as np

from dmf_core.interfaces import Coverage
from dmf_core.registry import title_of
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory

BYTES = 36_000  # of all arrays together; a long run is thinned to so much
BALANCED = 0.1  # imbalance, relative; below it Theorem 3 is off by 2 % at most, see dmf_core.theory.assumptions
SMALL_STEP = 0.02  # of the flow's velocity: how far a step may go beside it
ROUNDING = 1e-3  # of the imbalance: a start below it was meant to be balanced
CURVES = ("sigma", "pull", "measured", "imbalance")
BOUNDS = ("exact", "low", "high")  # of the components of a CP model
TURNS = ("turning", "turning_off")  # of the singular vectors, where W was looked at whole
GROWING = "The numbers come when the run has ended."
DUE = "The numbers are being worked out."
ABSENT = "This file holds no numbers for the equation."


def law(run: Trajectory, spec: RunSpec, final: bool = False, most: int = BYTES) -> dict[str, Any]:
    """Curves of the first modes at (some of) the frames; `missing` says why there are none. `final`: the run will not grow.
    `most`: bytes of all arrays together.

    A value that does not exist, because singular values are equal, is NaN inside its array.
    """
    covered = spec.integrator.covered
    about_law: dict[str, Any] = {
        "covered": covered.coverage.value,
        "who": "" if covered.coverage is Coverage.EXACT else title_of(type(spec.integrator)),
        "because": covered.because,
        "balanced": BALANCED,
        "small_step": SMALL_STEP,
    }
    insight = run.insight
    if insight is None or insight.missing:
        why = ABSENT if final else GROWING if run.end is None else DUE
        return about_law | {"missing": insight.missing if insight else why, "modes": 0}
    modes = insight.sigma.shape[1]
    rows = len(CURVES) + (len(BOUNDS) if insight.bounds is not None else 0) + (len(TURNS) if insight.check is not None else 0)
    frames = _frames(len(insight.off_flow), rows * modes + 1, most)
    curves = {key: _base64(getattr(insight, key)[frames, :modes].T) for key in CURVES}
    curves["off_flow"] = _base64(insight.off_flow[frames])
    if insight.bounds is not None:
        curves |= {key: _base64(getattr(insight.bounds, key)[frames, :modes].T) for key in BOUNDS}
    if insight.check is not None:
        curves |= {key: _base64(getattr(insight.check, key)[frames, :modes].T) for key in TURNS}
    balanced_start = bool(insight.imbalance[0, 0] <= ROUNDING)
    about = {"layers": insight.depth, "components": insight.bounds is not None, "balanced_start": balanced_start}
    return about_law | about | {"missing": "", "modes": modes, "frames": frames.tolist(), **curves}


def predicted(run: Trajectory, spec: RunSpec) -> list[tuple[int, float]]:
    """(mode, t) of the births predicted from the start alone."""
    if run.insight is None or spec.integrator.covered.coverage is Coverage.NONE:
        return []
    return [(r + 1, float(f"{t:.6g}")) for r, t in enumerate(run.insight.births) if np.isfinite(t)]


def _frames(count: int, rows: int, most: int) -> np.ndarray:  # [n] rising, first and last included
    return np.unique(np.linspace(0, count - 1, min(count, max(2, most * 3 // (16 * rows)))).round().astype(int))


def _base64(values: np.ndarray) -> str:
    finite = np.clip(values, -1e30, 1e30)  # NaN stays
    return base64.b64encode(np.ascontiguousarray(finite, dtype="<f4").tobytes()).decode()
