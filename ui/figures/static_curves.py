"""The curves of a still picture: singular values over time, their names where no curve is, discs at the cursor."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from dmf_core.trajectory import Trajectory
from ui.figures.births import at
from ui.figures.look import Look, fanned, grown, heights, selected, true_values
from ui.figures.smooth import PARTS, smooth
from ui.figures.spectra import naming
from ui.figures.static_axes import HUGE, cursor, past_and_future, plain, scaled, stroke, truth
from ui.figures.theme import NAMED, Theme
from ui.figures.time_axis import TimeAxis

LABEL_GAP = 0.045  # of the height: labels closer than this are left out
DISC = 11.5  # points
DISC_WIDTH = 0.034  # of the width of the axes


def curves(axes: Axes, run: Trajectory, look: Look, axis: TimeAxis, frame: int, moving: bool) -> None:
    """`moving` False: without what a film draws anew in every frame."""
    theme, x = look.theme, axis.places
    sigma = np.nan_to_num(run.singular_values, posinf=HUGE)
    names = naming(run.start.main_spectrum)
    plain(axes, f"{names.head} over time", theme)
    axes.set_xlim(0, 1)
    scaled(axes, run, look)
    up = _Heights(run, look)
    named = min(NAMED, sigma.shape[1])
    for growth in grown(run):
        if growth.born is not None and (look.future or growth.born <= frame):
            place, top = axis.place(growth.born), at(sigma[:, growth.mode - 1], growth.born)
            axes.plot([place, place], [up.value(0), top], color=theme.rule, linewidth=0.7, zorder=0)
    _truth(axes, run, theme, x, sigma, up)
    if sigma.shape[1] > named:
        _rest(axes, x, sigma[:, named:], frame, look)
    chosen = selected(run, look, frame) if moving else look.mode or 0
    frames, drawn = smooth(run.column("t"), sigma[:, :named])
    places = np.interp(frames, np.arange(len(x)), x)
    for mode in sorted(range(1, named + 1), key=lambda mode: (mode == chosen, -mode)):
        past_and_future(axes, places, drawn[:, mode - 1], PARTS * frame, look, stroke(theme, mode, mode == chosen))
    if look.future or frame == len(x) - 1:
        _names(axes, sigma[-1, :named], true_values(run), up, theme, names.noun, 0.995 if moving else 0.97)
    if moving:
        cursor(axes, x, frame, theme)
        if frame + 1 < len(x):
            _discs(axes, float(x[frame]), sigma[frame], up, theme, chosen, min(max(len(grown(run)), 1), named))


class _Heights:
    """Singular values as shares of the height, and back: the rules of room are the same on both scales."""

    def __init__(self, run: Trajectory, look: Look) -> None:
        self._log, (self._low, self._top) = look.log_values, heights(run, look)

    def share(self, values: np.ndarray) -> np.ndarray:
        if not self._log:
            return np.asarray((values - self._low) / (self._top - self._low))
        return np.asarray(np.log(np.maximum(values, 1e-300) / self._low) / np.log(self._top / self._low))

    def value(self, share: float) -> float:
        if not self._log:
            return self._low + share * (self._top - self._low)
        return float(self._low * (self._top / self._low) ** share)


def _truth(axes: Axes, run: Trajectory, theme: Theme, x: np.ndarray, sigma: np.ndarray, up: _Heights) -> None:
    room, true = _Room(), true_values(run)
    shares, ghosts = up.share(sigma), up.share(true)
    for r, value in enumerate(true):
        axes.plot([0, 1], [value, value], **truth(theme))
        height = float(up.share(value))
        left = _empty_place(x, shares, height)
        struck = bool(((ghosts > height + 0.004) & (ghosts < height + LABEL_GAP)).any())  # by the next dashed line
        if left is not None and height > 0 and not struck and room.free(height):
            symbol = naming(run.start.main_spectrum).symbol
            name = f"true {symbol}{_below(r + 1)}" if r == 0 else f"{symbol}{_below(r + 1)}"
            text = f"{name} = {value:.3g}"
            axes.text(left, up.value(height + 0.008), text, color=theme.ink2, va="bottom", fontsize=8)


def _names(axes: Axes, last: np.ndarray, true: np.ndarray, up: _Heights, theme: Theme, noun: str, right: float) -> None:
    room, own, ghosts = _Room(), up.share(last), up.share(true)
    for r, height in enumerate(own):
        ghost = float(ghosts[r]) if r < len(ghosts) else 0.0
        base = ghost if height < ghost < height + LABEL_GAP else float(height)  # above both where they lie together
        others = np.delete(own, r)
        crossed = bool(((others > base) & (others < base + LABEL_GAP)).any())
        if 0.03 < height < 1 and not crossed and room.free(base):
            axes.text(
                right, up.value(base + 0.008), f"{noun} {r + 1}", color=theme.text(r + 1), ha="right", va="bottom",
                fontsize=8, fontweight="bold", path_effects=[withStroke(linewidth=3, foreground=theme.page)],
            )  # fmt: skip


def _discs(axes: Axes, x: float, values: np.ndarray, up: _Heights, theme: Theme, chosen: int, count: int) -> None:
    shares = [(mode, float(up.share(values[mode - 1]))) for mode in range(1, count + 1)]
    discs = fanned([(mode, height) for mode, height in shares if 0.02 < height < 1.02], LABEL_GAP)
    for mode, _, step in reversed(discs):
        y, left = values[mode - 1], x - step * DISC_WIDTH
        face, ring = (theme.text(mode), theme.text(mode)) if mode == chosen else (theme.page, theme.line(mode))
        axes.plot([left, x], [y, y], color=theme.line(mode), linewidth=1.1, zorder=4)
        axes.plot([left], [y], "o", ms=DISC, mfc=face, mec=ring, mew=1.5, zorder=5, clip_on=False)
        axes.annotate(
            str(mode), (left, y), fontsize=7.5, fontweight="bold", ha="center", va="center_baseline", zorder=6,
            color=theme.page if mode == chosen else theme.ink, annotation_clip=False,
        )  # fmt: skip


def _empty_place(x: np.ndarray, curves: np.ndarray, height: float) -> float | None:
    """Where along the axis a label above this height meets no curve; None if nowhere. Everything in shares."""
    for left in (0.012, 0.25, 0.4, 0.55, 0.7):
        grid = np.linspace(left - 0.01, left + 0.15, 12)
        over = np.stack([np.interp(grid, x, curve) for curve in curves.T[:NAMED]])
        inside = (over > height + 0.006) & (over < height + 0.045)
        jumps = (over[:, :-1] <= height) & (over[:, 1:] >= height + 0.045)
        if not inside.any() and not jumps.any():
            return left
    return None


class _Room:
    """Gives away heights that are far enough from those given before."""

    def __init__(self) -> None:
        self._taken: list[float] = []

    def free(self, height: float) -> bool:
        fits = all(abs(height - other) >= LABEL_GAP for other in self._taken)
        if fits:
            self._taken.append(height)
        return fits


def _rest(axes: Axes, x: np.ndarray, values: np.ndarray, frame: int, look: Look) -> None:
    """Many curves as one broken line, which draws much faster."""
    parts = [(slice(0, frame + 1), 1.0)] + ([(slice(frame, None), look.theme.future)] if look.future else [])
    for part, alpha in parts:
        gap = np.full((1, values.shape[1]), np.nan)
        y = np.concatenate([values[part], gap]).T.ravel()
        places = np.tile(np.append(x[part], np.nan), values.shape[1])
        axes.plot(places, y, **stroke(look.theme, NAMED + 1) | {"alpha": alpha})


def _below(number: int) -> str:
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))
