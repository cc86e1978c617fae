"""The parts of the still picture, each drawn into its own axes, in the colours and strokes of the player."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from dmf_core.measures.effective_rank import entropy_rank
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory
from ui.figures.picture import order

INK, INK2, INK3, AXIS, RULE, REST = "#1B1F24", "#474E56", "#666E77", "#7F868D", "#E4E4DF", "#868D95"
LINES = ("#0065A6", "#B84600", "#009E73", "#C266A2", "#C48700", "#3A9AD6")
TEXTS = ("#00609A", "#AD4A00", "#00704F", "#9A4475", "#805800", "#2270A3")
NAMED = 12  # modes beyond are "rest"
DIVERGING = LinearSegmentedColormap.from_list("W", ["#08519C", "#FAFAF8", "#A63603"])
GAMMA = 0.85  # of |v|, as in the player
TRUTH: dict[str, Any] = {"color": INK, "linewidth": 0.9, "dashes": (5, 4), "alpha": 0.62}
LABEL_GAP = 0.045  # of the height of the curves: labels closer than this are left out
VISIBLE = 1e-3  # of the largest: smaller true values have no line of their own


def true_values(trajectory: Trajectory) -> np.ndarray:  # [at most NAMED]
    true = trajectory.start.true_singular_values
    return np.empty(0) if true is None else true[:NAMED][true[:NAMED] > VISIBLE * true[0]]


def _stroke(r: int) -> dict[str, Any]:
    """How mode r (from 0) is drawn: colours repeat with dashes, then rest."""
    if r >= NAMED:
        return {"color": REST, "linewidth": 0.8}
    style: dict[str, Any] = {"color": LINES[r % len(LINES)], "linewidth": 1.7}
    return style | ({"dashes": (8, 2, 2, 2)} if r >= len(LINES) else {})


def curves(axes: Axes, trajectory: Trajectory, frame: int, top: float) -> None:
    t, sigma = trajectory.column("t"), trajectory.singular_values
    end = t[-1] or 1.0
    _plain(axes, "Singular values of W over time")
    axes.set(xlim=(0, end), ylim=(-0.01 * top, top))
    named = min(NAMED, sigma.shape[1])
    true = true_values(trajectory)
    room = _Room(LABEL_GAP * top)
    for r, value in enumerate(true):
        axes.plot([0, end], [value, value], **TRUTH)
        x = _empty_place(t / end, sigma, value, top)
        if x is not None and room.free(value):
            name = f"true σ{_below(r + 1)}" if r == 0 else f"σ{_below(r + 1)}"
            axes.text(x * end, value + 0.008 * top, f"{name} = {value:.3g}", color=INK2, va="bottom", fontsize=8)
    if sigma.shape[1] > named:
        _rest(axes, t, sigma[:, named:], frame)
    for r in reversed(range(named)):
        _past_and_future(axes, t, sigma[:, r], frame, _stroke(r))
    room = _Room(LABEL_GAP * top)
    for r in range(named):
        own, ghost = sigma[-1, r], true[r] if r < len(true) else 0.0
        value = ghost if own < ghost < own + LABEL_GAP * top else own  # above both where they lie together
        others = np.delete(sigma[-1], r)
        crossed = bool(((others > value) & (others < value + LABEL_GAP * top)).any())
        if own > 0.03 * top and not crossed and room.free(value):
            color = TEXTS[r % len(TEXTS)]
            place = (0.995 * end, value + 0.008 * top)
            axes.text(*place, f"mode {r + 1}", color=color, ha="right", va="bottom", fontsize=8, fontweight="bold")
    _cursor(axes, t, frame)


def _empty_place(x: np.ndarray, curves: np.ndarray, height: float, top: float) -> float | None:
    """Where along the axis a label above this height meets no curve; None if nowhere."""
    for left in (0.012, 0.25, 0.4, 0.55, 0.7):
        grid = np.linspace(left - 0.01, left + 0.15, 12)
        over = np.stack([np.interp(grid, x, curve) for curve in curves.T[: len(LINES) * 2]])
        if not ((over > height + 0.006 * top) & (over < height + 0.045 * top)).any() and not _crossed(over, height, top):
            return left
    return None


def _crossed(over: np.ndarray, height: float, top: float) -> bool:
    """True when a steep curve jumps over the label between two points of the grid."""
    return bool(((over[:, :-1] <= height) & (over[:, 1:] >= height + 0.045 * top)).any())


class _Room:
    """Gives away heights that are far enough from those given before."""

    def __init__(self, gap: float) -> None:
        self._gap, self._taken = gap, list[float]()

    def free(self, height: float) -> bool:
        fits = all(abs(height - other) >= self._gap for other in self._taken)
        if fits:
            self._taken.append(height)
        return fits


def spectrum(axes: Axes, trajectory: Trajectory, frame: int, top: float) -> None:
    """Bars on the height scale of the curves."""
    _plain(axes, "Now and the truth" if len(true_values(trajectory)) else "Now")
    values, true = trajectory.snapshots[frame].singular_values[:8], true_values(trajectory)[:8]
    axes.bar(range(1, len(values) + 1), values, 0.62, color=[_stroke(r)["color"] for r in range(len(values))])
    for r, value in enumerate(true, start=1):
        axes.plot([r - 0.48, r + 0.48], [value, value], color=INK, linewidth=1.2, dashes=(2.5, 1))
    axes.set(xlim=(0.3, 8.7), ylim=(-0.01 * top, top))
    axes.set_xticks(range(1, len(values) + 1))
    axes.tick_params(left=False, labelleft=False, bottom=False)


def matrix(figure: Figure, trajectory: Trajectory, spec: RunSpec, frame: int) -> None:
    limit = trajectory.start.picture_limit
    shown = trajectory.snapshots[frame].picture / 127.0
    given = spec.problem.kind == "observed_data"
    if not given:
        rows, columns = order(trajectory.start)
        shown = shown[rows][:, columns]
    axes = figure.add_axes((0.665, 0.30, 0.32, 0.56))
    _plain(axes, "W")
    axes.imshow(np.sign(shown) * np.abs(shown) ** GAMMA, cmap=DIVERGING, vmin=-1, vmax=1, interpolation="nearest", aspect="equal")
    axes.set_anchor("N")
    axes.set_axis_off()
    scale = figure.add_axes((0.745, 0.245, 0.16, 0.014))
    ramp = np.linspace(-1, 1, 129)[None, :]
    scale.imshow(np.sign(ramp) * np.abs(ramp) ** GAMMA, cmap=DIVERGING, aspect="auto")
    scale.set_axis_off()
    figure.text(0.74, 0.246, f"\u2212{limit:.3g}", ha="right", color=INK3, fontsize=8)
    figure.text(0.91, 0.246, f"{limit:.3g}", color=INK3, fontsize=8)
    ordered = "as given" if given else "sorted by the first true mode"
    said = f"Rows and columns {ordered};\ncolours keep their meaning over the run."
    figure.text(0.825, 0.215, said, ha="center", va="top", color=INK3, fontsize=8)


def errors(axes: Axes, trajectory: Trajectory, frame: int) -> None:
    t = trajectory.column("t")
    _plain(axes, "mean squared error", small=True)
    for key, name, dashes in (("observed_error", "observed", ()), ("unobserved_error", "unseen", (5, 3))):
        values = trajectory.measured(key)
        if values is not None and (values > 0).all():
            style: dict[str, Any] = {"color": INK, "linewidth": 1.3}
            _past_and_future(axes, t, values, frame, style | ({"dashes": dashes} if dashes else {}))
            above = key == "unobserved_error"
            place = (5, 0) if frame == len(t) - 1 else (5, 5) if above else (-5, -5)
            side, level = ("right" if place[0] < 0 else "left"), ("center" if place[1] == 0 else "bottom" if above else "top")
            axes.annotate(
                f"{name} {values[frame]:.2g}", (t[frame], values[frame]), place, textcoords="offset points",
                color=INK2, fontsize=7.5, ha=side, va=level, annotation_clip=False,
            )  # fmt: skip
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(numticks=4))
    axes.yaxis.set_minor_locator(NullLocator())
    _cursor(axes, t, frame)


def rank(axes: Axes, trajectory: Trajectory, frame: int) -> None:
    t, values, true = trajectory.column("t"), trajectory.measured("entropy_rank"), trajectory.start.true_singular_values
    _plain(axes, "entropy rank", small=True)
    if values is not None:
        _past_and_future(axes, t, values, frame, {"color": INK, "linewidth": 1.3})
        axes.set_ylim(0.8, 1.25 * max(values.max(), 2.0))
    if true is not None:
        axes.plot([0, t[-1]], [entropy_rank(true)] * 2, **TRUTH)
    axes.set_yscale("log")
    axes.yaxis.set_minor_locator(NullLocator())
    ticks = [tick for tick in (1, 10, 100, 1000) if tick <= axes.get_ylim()[1]]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    _cursor(axes, t, frame)


def _rest(axes: Axes, t: np.ndarray, values: np.ndarray, frame: int) -> None:
    """Many curves as one broken line, which draws much faster."""
    for part, alpha in ((slice(0, frame + 1), 1.0), (slice(frame, None), 0.34)):
        gap = np.full((1, values.shape[1]), np.nan)
        y = np.concatenate([values[part], gap]).T.ravel()
        x = np.tile(np.append(t[part], np.nan), values.shape[1])
        axes.plot(x, y, **_stroke(NAMED) | {"alpha": alpha})


def _past_and_future(axes: Axes, t: np.ndarray, values: np.ndarray, frame: int, style: dict[str, Any]) -> None:
    axes.plot(t[: frame + 1], values[: frame + 1], **style)
    if frame + 1 < len(t):
        axes.plot(t[frame:], values[frame:], **style | {"alpha": 0.34})


def _cursor(axes: Axes, t: np.ndarray, frame: int) -> None:
    if frame + 1 < len(t):
        axes.axvline(t[frame], color=INK, linewidth=1.1)


def _plain(axes: Axes, head: str, small: bool = False) -> None:
    """Hairlines only."""
    weight, size, color = ("normal", 7.5, INK3) if small else ("bold", 9, INK)
    axes.set_title(head, loc="left", fontsize=size, fontweight=weight, color=color, pad=3 if small else 6)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.spines["bottom"].set(visible=True, color=RULE if small else AXIS, linewidth=0.8)
    axes.tick_params(colors=INK3, labelsize=8, length=3, width=0.6, color=AXIS)


def _below(number: int) -> str:
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))
