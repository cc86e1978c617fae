"""Every overlay of a run: title, source, badge, residual, picture and one sentence, at a chosen moment."""

from dataclasses import dataclass, replace

import numpy as np

from dmf_core.analysis.replay import theory_of
from dmf_core.theory.portrait import portrait
from dmf_core.theory.statements import STATEMENTS
from ui.figures import words
from ui.figures.theory.badge import Badge, badge, residual
from ui.figures.theory.chart import QUIET, Axes, Curve, chart
from ui.figures.theory.depth import heatmaps, sentence, shown_depths
from ui.figures.theory.readings import Readings
from ui.figures.theory.table import births

POINTS = 200  # of a predicted curve
MOST_MODES = 6  # modes: more curves cannot be distinguished


@dataclass(frozen=True)
class Overlay:
    """One statement as it lies over the run: its badge, picture and sentence."""

    statement: str  # a key of STATEMENTS
    badge: Badge
    residual: str
    picture: str  # SVG or HTML
    sentence: str  # HTML
    carried: str = ""  # how the statement, which is about products of matrices, is carried over to the model

    @property
    def title(self) -> str:
        return STATEMENTS[self.statement].title

    @property
    def source(self) -> str:
        return words.capital(f"{self.carried}{STATEMENTS[self.statement].source}")


def overlays(readings: Readings, frame: int) -> list[Overlay]:
    """Those of the statements that are about this run."""
    theory = theory_of(readings.spec)
    carried = "" if theory is None else theory.carried
    entries = [(key, badge(key, readings), residual(key, readings), *_MADE[key](readings, frame)) for key in readings.statements]
    return [Overlay(*each, carried) for each in entries]


def alignment(readings: Readings, frame: int) -> tuple[str, str]:
    """(picture, sentence): how diagonal the gradient is. A measurement; the vectors stand still where it is diagonal."""
    check = readings.check
    assert check is not None
    curves = [Curve("diagonal", readings.t, check.aligned), Curve("off it", readings.t, check.crossed, QUIET)]
    picture = chart("Mean absolute entry of U⊤(dL/dW)V", curves, _axes(readings, frame, "mean |entry|", log=True))
    on, off = check.aligned[frame], check.crossed[frame]
    if not (on > 0 and off > 0):
        return picture, ""
    times = words.number(float(max(on, off) / min(on, off)), 2)
    where = "larger on the diagonal than off it" if on > off else "larger off the diagonal than on it"
    return (
        picture,
        f"At t = {words.number(float(readings.t[frame]))} the entries of U⊤(dL/dW)V are {times} times {where}, in the mean.",
    )


def _axes(readings: Readings, frame: int, y_label: str, log: bool = False) -> Axes:
    label, ends = f"{words.clock(readings.spec)} t", (float(readings.t[0]), float(readings.t[-1]))
    return Axes(label, y_label, y_log=log, cursor=float(readings.t[frame]), x_range=ends)


def _modes_shown(readings: Readings) -> int:
    return min(MOST_MODES, readings.modes)


def _left_out(readings: Readings) -> str:
    return (
        f" Drawn are the first {words.COUNTS[MOST_MODES]} of {words.count(readings.modes, 'mode')}."
        if readings.modes > MOST_MODES
        else ""
    )


def _speeds(readings: Readings, frame: int) -> tuple[str, str]:
    measured, predicted = readings.insight.measured, readings.predicted
    curves = [Curve(f"{r + 1}", readings.t, measured[:, r], r + 1) for r in range(_modes_shown(readings))]
    curves += [Curve("", readings.t, predicted[:, r], predicted=True) for r in range(_modes_shown(readings))]
    sentence = "Solid: dσ/dt as it was. Dashed, over it: <i>N</i> σ<sup>2 − 2/<i>N</i></sup> times the pull of the data."
    sentence += _left_out(readings)
    return chart("Speed of the singular values", curves, replace(_axes(readings, frame, "dσ/dt"), at_peaks=True)), sentence


def _equation(readings: Readings, frame: int) -> tuple[str, str]:
    check = readings.check
    assert check is not None
    moves = check.speed > 0.01 * np.nanmax(check.speed)
    off = 100 * np.where(moves, check.equation, np.nan)
    picture = chart(
        "Residual of the end-to-end equation", [Curve("", readings.t, off)], _axes(readings, frame, "off, %", log=True)
    )
    return picture, "|dW/dt as it was − dW/dt of the equation|, as a share of |dW/dt|, wherever W moves."


def _depth(readings: Readings, frame: int) -> tuple[str, str]:
    return heatmaps(
        readings, frame
    ), f"Row r, column r′: how fast the same pull between u of mode r and v of mode r′ moves W. {sentence(readings, frame)}"


def _vectors(readings: Readings, frame: int) -> tuple[str, str]:
    check = readings.check
    assert check is not None
    curves = [Curve(f"mode {r + 1}", readings.t, check.turning[:, r], r + 1) for r in range(_modes_shown(readings))]
    curves += [Curve("", readings.t, check.predicted_turning[:, r], predicted=True) for r in range(_modes_shown(readings))]
    sentence = "Solid: how fast u and v of a mode turn. Dashed, over it: from the pull alone."
    sentence += _left_out(readings)
    return chart("Turning of singular vectors", curves, _axes(readings, frame, "radians per time", log=True)), sentence


def _balance(readings: Readings, frame: int) -> tuple[str, str]:
    check = readings.check
    assert check is not None
    relative = 100 * check.drift / np.nanmax(check.squares)
    curves = [Curve(f"B{'₁₂₃₄₅₆₇'[j]}", readings.t, relative[:, j], QUIET if j % 2 else 0) for j in range(relative.shape[1])]
    picture = chart("Drift of the balance", curves, _axes(readings, frame, "lost, %", log=True))
    return (
        picture,
        "How far each <i>B</i> has moved: <i>W</i>⊤<i>W</i> of a factor minus <i>WW</i>⊤ of the one below. The flow keeps it.",
    )


def _births(readings: Readings, frame: int) -> tuple[str, str]:
    return births(readings.births), "Predicted from the start alone, before the first step."


def _portrait(readings: Readings, frame: int) -> tuple[str, str]:
    assert readings.pair is not None
    first, last = readings.pair
    at = frame if first <= frame <= last else first
    sigma = readings.insight.sigma[:, :2]
    through, ratio = (float(sigma[at, 0]), float(sigma[at, 1])), readings.ratio(at)
    low, high = float(sigma[0].min()) / 1.5, 1.5 * float(sigma.max())
    along = np.geomspace(float(sigma[:, 0].min()), float(sigma[:, 0].max()), POINTS)
    curves = [Curve("this run", sigma[:, 0], sigma[:, 1])]
    for depth in shown_depths(readings.insight.depth):
        height = portrait(depth, along, through, ratio)
        inside = np.where((height > low) & (height < high), height, np.nan)
        curves.append(Curve(f"depth {depth}", along, inside, predicted=True, strong=depth == readings.insight.depth))
    axes = Axes("σ₁", "σ₂", x_log=True, y_log=True, point=through)
    sentence = (
        f"Dashed: the path of each depth through the ring (t = {words.number(float(readings.t[at]))}), if the pull on mode 2 "
        f"stays {words.number(ratio, 3)} times that on mode 1."
    )
    return chart("Mode 2 against mode 1", curves, axes), sentence


_MADE = {
    "theorem_3": _speeds,
    "equation": _equation,
    "preconditioner": _depth,
    "vectors": _vectors,
    "balance": _balance,
    "births": _births,
    "portrait": _portrait,
}
