"""Three spectra on one scale: run as bars, minimum nuclear norm as rings, truth dashed."""

import numpy as np

from dmf_core.trajectory import Trajectory
from ui.figures.norm_or_rank.axis import Scale, label, line, text

WIDTH, HEIGHT = 380, 300  # pixels
LEFT, RIGHT, TOP, BOTTOM = 36, 6, 30, 24  # pixels around the bars
SHOWN = 12  # singular values
COLOURS = 6  # then they repeat
VISIBLE = 1e-3  # of the largest: smaller true values have no line of their own


def spectra(run: Trajectory, least: Trajectory) -> str:
    """An SVG picture of the first singular values."""
    own, other = run.snapshots[-1].singular_values[:SHOWN], least.snapshots[-1].singular_values[:SHOWN]
    known = least.start.true_singular_values
    true = np.empty(0) if known is None else known[:SHOWN]
    top = float(max(own.max(), other.max(), true.max(initial=0.0))) or 1.0
    y = Scale(0.0, 1.06 * top, HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / len(own)
    centre = [LEFT + (r + 0.5) * step for r in range(len(own))]
    parts = [_axis(y)]
    parts += [_bar(centre[r], step, y, float(value), r) for r, value in enumerate(own)]
    reach = 0.46 * step
    visible_truth = [(centre[r], y(value)) for r, value in enumerate(true) if value > VISIBLE * top]
    parts += [line(x - reach, height, x + reach, height, "true") for x, height in visible_truth]
    parts += [_ring(centre[r], y(float(value))) for r, value in enumerate(other)]
    parts += [text(x, HEIGHT - 8, str(r + 1), anchor="middle") for r, x in enumerate(centre)]
    parts.append(_key(len(true) > 0))
    return (
        f'<svg class="nr-chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{_words(own, other, true)}">{"".join(parts)}</svg>'
    )


def _axis(y: Scale) -> str:
    parts = [line(LEFT, y(0), WIDTH - RIGHT, y(0), "axis")]
    for tick in y.ticks(4):
        parts.append(text(LEFT - 8, y(tick) + 4, label(tick), anchor="end"))
    return "".join(parts)


def _bar(x: float, step: float, y: Scale, value: float, r: int) -> str:
    kind = f"mode{r % COLOURS + 1}"
    height, width = y(0) - y(value), 0.62 * step
    return f'<rect x="{x - width / 2:.1f}" y="{y(value):.1f}" width="{width:.1f}" height="{height:.1f}" class="nr-{kind}"/>'


def _ring(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" class="nr-ring"/>'


def _key(truth: bool) -> str:
    """What the three marks are, above the picture and never on it."""
    parts = ['<rect x="36" y="5" width="9" height="11" class="nr-mode1"/>', text(50, 15, "run", "word")]
    parts += [_ring(91, 11), text(101, 15, "minimum nuclear norm", "word")]
    if truth:
        parts += [line(246, 11, 268, 11, "true"), text(274, 15, "truth", "word")]
    return "".join(parts)


def _words(own: np.ndarray, other: np.ndarray, true: np.ndarray) -> str:
    parts = [f"run {_few(own)}", f"minimum nuclear norm {_few(other)}"] + ([f"truth {_few(true)}"] if len(true) else [])
    return "Largest singular values: " + "; ".join(parts) + "."


def _few(values: np.ndarray) -> str:
    return ", ".join(f"{value:.3g}" for value in values[:6])
