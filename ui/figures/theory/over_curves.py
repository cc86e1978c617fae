"""The words for the theory drawn over the curves of the player: source, residual and badge, or why nothing is drawn."""

from typing import Any

import numpy as np

from dmf_core.analysis.replay import theory_of
from dmf_core.spec import RunSpec
from dmf_core.theory.statements import STATEMENTS
from dmf_core.trajectory import Trajectory
from ui.figures.theory.badge import badge, method, residual
from ui.figures.theory.depth import caption, colour, covers, has_depths
from ui.figures.theory.readings import Readings

ONE_MATRIX = "At depth 1 no law of depth lies over the curves: the data alone pull, whatever the size of a mode."
SHADES = 9  # of the colours of K


def overlay(run: Trajectory, spec: RunSpec, missing: str) -> dict[str, Any]:
    """Words and colours. `why` is a sentence where nothing is drawn; `depths`: the preconditioner K can be shown.

    `missing`: why the law has no numbers. K needs nothing of the run but its singular values, so the browser computes it.
    """
    depths = has_depths(spec)
    shades = [colour(i / (SHADES - 1)) for i in range(SHADES)] if depths else []
    words_of_overlay: dict[str, Any] = {
        "why": _why(spec, missing),
        "depths": depths,
        "shades": shades,
        "caption": caption(spec.model.degree(run.start.shape)),
    }
    if words_of_overlay["why"]:
        return words_of_overlay
    readings = Readings(run, spec)
    theory = theory_of(spec)
    assert theory is not None  # or the law would have no numbers
    about, source = badge("theorem_3", readings), theory.source
    words = f"Dashed: {source}. {residual('theorem_3', readings)}".rstrip()
    births = residual("births", readings) if "births" in readings.statements else ""
    if births:
        births = f"Triangles: births predicted from the start, {STATEMENTS['births'].source}. {births}"
    return words_of_overlay | {"mark": about.mark, "text": words, "badge": about.text, "births": births}


def strips(run: Trajectory) -> dict[str, np.ndarray]:
    """Columns for the strips: how diagonal the gradient is, and what of the balance is lost (a share of the factors)."""
    check = None if run.insight is None or run.insight.missing else run.insight.check
    if check is None:
        return {}
    columns = {"aligned": check.aligned, "crossed": check.crossed}
    if check.drift.shape[1]:
        columns["balance"] = 100 * check.drift.max(axis=1) / np.nanmax(check.squares)
    return columns


def _why(spec: RunSpec, missing: str) -> str:
    if not covers(spec):
        return f"No tangents are drawn. {method(spec.integrator.kind, None).text}"
    if spec.model.free:
        return ONE_MATRIX
    return missing
