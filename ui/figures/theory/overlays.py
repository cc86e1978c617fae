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
DRAWN = 6  # modes: more curves cannot be told apart


@dataclass(frozen=True)
class Overlay:
    """One of them."""

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


def overlays(found: Readings, frame: int) -> list[Overlay]:
    """Those of the statements that are about this run."""
    theory = theory_of(found.spec)
    carried = "" if theory is None else theory.carried
    made = [(key, badge(key, found), residual(key, found), *_MADE[key](found, frame)) for key in found.statements]
    return [Overlay(*each, carried) for each in made]


def alignment(found: Readings, frame: int) -> tuple[str, str]:
    """(picture, sentence): how diagonal the gradient is. A measurement; the vectors stand still where it is diagonal."""
    check = found.check
    assert check is not None
    curves = [Curve("diagonal", found.t, check.aligned), Curve("off it", found.t, check.crossed, QUIET)]
    picture = chart("Mean absolute entry of U⊤(dL/dW)V", curves, _axes(found, frame, "mean |entry|", log=True))
    on, off = check.aligned[frame], check.crossed[frame]
    if not (on > 0 and off > 0):
        return picture, ""
    times = words.number(float(max(on, off) / min(on, off)), 2)
    where = "larger on the diagonal than off it" if on > off else "larger off the diagonal than on it"
    return (
        picture,
        f"At t = {words.number(float(found.t[frame]))} the entries of U⊤(dL/dW)V are {times} times {where}, in the mean.",
    )


def _axes(found: Readings, frame: int, y_label: str, log: bool = False) -> Axes:
    label, ends = f"{words.clock(found.spec)} t", (float(found.t[0]), float(found.t[-1]))
    return Axes(label, y_label, y_log=log, cursor=float(found.t[frame]), x_range=ends)


def _drawn(found: Readings) -> int:
    return min(DRAWN, found.modes)


def _left_out(found: Readings) -> str:
    return f" Drawn are the first {words.COUNTS[DRAWN]} of {words.count(found.modes, 'mode')}." if found.modes > DRAWN else ""


def _speeds(found: Readings, frame: int) -> tuple[str, str]:
    measured, predicted = found.insight.measured, found.predicted
    curves = [Curve(f"{r + 1}", found.t, measured[:, r], r + 1) for r in range(_drawn(found))]
    curves += [Curve("", found.t, predicted[:, r], predicted=True) for r in range(_drawn(found))]
    said = "Solid: dσ/dt as it was. Dashed, over it: <i>N</i> σ<sup>2 − 2/<i>N</i></sup> times the pull of the data."
    said += _left_out(found)
    return chart("Speed of the singular values", curves, replace(_axes(found, frame, "dσ/dt"), at_peaks=True)), said


def _equation(found: Readings, frame: int) -> tuple[str, str]:
    check = found.check
    assert check is not None
    moves = check.speed > 0.01 * np.nanmax(check.speed)
    off = 100 * np.where(moves, check.equation, np.nan)
    picture = chart("Residual of the end-to-end equation", [Curve("", found.t, off)], _axes(found, frame, "off, %", log=True))
    return picture, "|dW/dt as it was − dW/dt of the equation|, as a share of |dW/dt|, wherever W moves."


def _depth(found: Readings, frame: int) -> tuple[str, str]:
    return heatmaps(
        found, frame
    ), f"Row r, column r′: how fast the same pull between u of mode r and v of mode r′ moves W. {sentence(found, frame)}"


def _vectors(found: Readings, frame: int) -> tuple[str, str]:
    check = found.check
    assert check is not None
    curves = [Curve(f"mode {r + 1}", found.t, check.turning[:, r], r + 1) for r in range(_drawn(found))]
    curves += [Curve("", found.t, check.predicted_turning[:, r], predicted=True) for r in range(_drawn(found))]
    said = "Solid: how fast u and v of a mode turn. Dashed, over it: from the pull alone."
    said += _left_out(found)
    return chart("Turning of singular vectors", curves, _axes(found, frame, "radians per time", log=True)), said


def _balance(found: Readings, frame: int) -> tuple[str, str]:
    check = found.check
    assert check is not None
    relative = 100 * check.drift / np.nanmax(check.squares)
    curves = [Curve(f"B{'₁₂₃₄₅₆₇'[j]}", found.t, relative[:, j], QUIET if j % 2 else 0) for j in range(relative.shape[1])]
    picture = chart("Drift of the balance", curves, _axes(found, frame, "lost, %", log=True))
    return (
        picture,
        "How far each <i>B</i> has moved: <i>W</i>⊤<i>W</i> of a factor minus <i>WW</i>⊤ of the one below. The flow keeps it.",
    )


def _births(found: Readings, frame: int) -> tuple[str, str]:
    return births(found.births), "Predicted from the start alone, before the first step."


def _portrait(found: Readings, frame: int) -> tuple[str, str]:
    assert found.pair is not None
    first, last = found.pair
    at = frame if first <= frame <= last else first
    sigma = found.insight.sigma[:, :2]
    through, ratio = (float(sigma[at, 0]), float(sigma[at, 1])), found.ratio(at)
    low, high = float(sigma[0].min()) / 1.5, 1.5 * float(sigma.max())
    along = np.geomspace(float(sigma[:, 0].min()), float(sigma[:, 0].max()), POINTS)
    curves = [Curve("this run", sigma[:, 0], sigma[:, 1])]
    for depth in shown_depths(found.insight.depth):
        height = portrait(depth, along, through, ratio)
        inside = np.where((height > low) & (height < high), height, np.nan)
        curves.append(Curve(f"depth {depth}", along, inside, predicted=True, strong=depth == found.insight.depth))
    axes = Axes("σ₁", "σ₂", x_log=True, y_log=True, point=through)
    said = (
        f"Dashed: the path of each depth through the ring (t = {words.number(float(found.t[at]))}), if the pull on mode 2 stays "
        f"{words.number(ratio, 3)} times that on mode 1."
    )
    return chart("Mode 2 against mode 1", curves, axes), said


_MADE = {
    "theorem_3": _speeds,
    "equation": _equation,
    "preconditioner": _depth,
    "vectors": _vectors,
    "balance": _balance,
    "births": _births,
    "portrait": _portrait,
}
