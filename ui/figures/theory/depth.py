"""The preconditioner at one moment, for several depths in a row, each relative to its own largest entry."""

from html import escape

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from dmf_core.analysis.replay import theory_of
from dmf_core.interfaces import Coverage
from dmf_core.spec import RunSpec
from dmf_core.theory.equation import preconditioner
from dmf_core.theory.statements import covered
from ui.figures import words
from ui.figures.norm_or_rank.axis import text
from ui.figures.theory.badge import percent
from ui.figures.theory.readings import Readings

DEPTHS = (1, 2, 3, 4)  # the last one gives way to a greater depth of the run
MODES = 6  # rows and columns at most
SIDE, GAP, TOP, LEFT = 96, 12, 20, 16  # pixels, of one square, between two, above and left of the first


def has_depths(spec: RunSpec) -> bool:
    """Whether K says something about the run: of several matrices, by a method that the theory is about."""
    theory = theory_of(spec)
    return theory is not None and "preconditioner" in theory.statements and not spec.model.free and covers(spec)


def covers(spec: RunSpec) -> bool:
    """Whether Theorem 3 says something about the run's method."""
    return covered("theorem_3", spec.integrator).coverage is not Coverage.NONE


def shown_depths(depth: int) -> tuple[int, ...]:
    """Four of them, its own included."""
    return DEPTHS if depth in DEPTHS else (*DEPTHS[:-1], depth)


def shown_modes(readings: Readings) -> int:
    return int(min(MODES, max(readings.modes, 2), readings.insight.sigma.shape[1]))


def heatmaps(readings: Readings, frame: int) -> str:
    """One square of entries for each depth."""
    modes = shown_modes(readings)
    sigma = readings.insight.sigma[frame, :modes]
    if not np.isfinite(sigma).all() or sigma[0] <= 0:
        return '<p class="th-none">W has no singular values here.</p>'
    side, cell = SIDE, SIDE / modes
    depths = shown_depths(readings.insight.depth)
    parts = [text(LEFT - 5, TOP + cell * (r + 0.5) + 4, str(r + 1), anchor="end") for r in range(modes)]
    for place, depth in enumerate(depths):
        x0 = LEFT + place * (side + GAP)
        own = depth == readings.insight.depth
        parts.append(text(x0, 13, f"depth {depth}", "head" if own else "word"))
        parts += _cells(relative(depth, sigma), x0)
        if own:
            parts.append(f'<rect x="{x0}" y="{TOP}" width="{side}" height="{side}" class="th-own"/>')
    width, height = LEFT + len(depths) * (side + GAP), TOP + side + 2
    label = escape(f"Preconditioner relative to its largest entry. {sentence(readings, frame)}")
    return (
        f'<svg class="th-chart th-depths" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{label}">{"".join(parts)}</svg>{_scale()}'
    )


def relative(depth: int, sigma: np.ndarray) -> np.ndarray:  # [R] -> [R, R] from 0 to 1
    K = preconditioner(depth, sigma)
    return np.asarray(K / K.max())


def sentence(readings: Readings, frame: int) -> str:
    """What depth makes of the same pull on two modes, in numbers."""
    mode = shown_modes(readings)
    sigma = readings.insight.sigma[frame, :mode]
    own = readings.insight.depth
    shares = {depth: float(relative(depth, sigma)[-1, -1]) for depth in shown_depths(own)}
    others = words.listed([f"{percent(shares[depth])} at depth {depth}" for depth in shares if depth != own])
    return (
        f"At t = {words.number(float(readings.t[frame]))} the same pull moves mode {mode} at {percent(shares[own])} of the speed "
        f"of mode 1. It would be {others}."
    )


def _cells(values: np.ndarray, x0: float) -> list[str]:  # [R, R]
    cell, rows = SIDE / len(values), range(len(values))
    size = f'width="{cell:.1f}" height="{cell:.1f}"'
    return [
        f'<rect x="{x0 + c * cell:.1f}" y="{TOP + r * cell:.1f}" {size} fill="{colour(values[r, c])}"/>'
        for r in rows
        for c in rows
    ]


def caption(depth: int) -> str:
    """Below K of one depth, in the player and in pictures."""
    return (
        f"What depth {depth} makes of the same pull between u of mode r (row) and v of mode r\u2032 (column), in % of the "
        "largest now."
    )


def colour(share: float) -> str:
    """Cividis: dark is nothing, yellow the largest."""
    return str(to_hex(colormaps["cividis"](float(share))))


def _scale() -> str:
    bar = "".join(f'<i style="background:{colour(i / 7)}"></i>' for i in range(8))
    return f'<p class="th-scale">0 {bar} largest of its depth</p>'
