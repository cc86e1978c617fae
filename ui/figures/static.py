"""A run as one still picture, PNG or SVG, with the stamp that finds the run again. Pure: the same run, the same bytes.

Colours, strokes and order as in the player: solid is what training does, dashed is what only the truth knows.
"""

import io
import threading
from typing import Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from dmf_core import __version__
from dmf_core.measures.effective_rank import entropy_rank
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Trajectory, picture_index

INK, INK2, INK3, AXIS, RULE, REST = "#1B1F24", "#474E56", "#666E77", "#7F868D", "#E4E4DF", "#868D95"
LINES = ("#0065A6", "#B84600", "#009E73", "#C266A2", "#C48700", "#3A9AD6")
TEXTS = ("#00609A", "#AD4A00", "#00704F", "#9A4475", "#805800", "#2270A3")
NAMED = 12  # modes beyond are "rest"
DIVERGING = LinearSegmentedColormap.from_list("W", ["#08519C", "#FAFAF8", "#A63603"])
GAMMA = 0.85  # of |v|, as in the player
SIZE, DPI = (11.2, 6.2), 125  # inches; 1400 x 775 pixels
TRUTH = {"color": INK, "linewidth": 0.9, "dashes": (5, 4), "alpha": 0.62}
LABEL_GAP = 0.036  # of the height of the curves: labels closer than this are left out
VISIBLE = 1e-3  # of the largest: smaller true values have no line of their own

_DRAWING = threading.Lock()  # matplotlib's settings are global


def picture(trajectory: Trajectory, spec: RunSpec, format: Literal["png", "svg"] = "png", frame: int | None = None) -> bytes:
    """The run at a frame (None: the last). Curves, spectrum, matrix, errors and entropy rank; run, seed and version."""
    frame = len(trajectory.snapshots) - 1 if frame is None else int(np.clip(frame, 0, len(trajectory.snapshots) - 1))
    settings = {"svg.hashsalt": spec.digest(), "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 8.5}
    stream = io.BytesIO()
    with _DRAWING, matplotlib.rc_context(settings):
        figure = _figure(trajectory, spec, frame)
        FigureCanvasAgg(figure)
        figure.savefig(stream, format=format, dpi=DPI, metadata=_metadata(spec, format))
    return stream.getvalue()


def _figure(trajectory: Trajectory, spec: RunSpec, frame: int) -> Figure:
    figure = Figure(figsize=SIZE, facecolor="white")
    snapshot = trajectory.snapshots[frame]
    figure.text(0.04, 0.945, _title(trajectory, spec), fontsize=13, fontweight="bold", color=INK)
    figure.text(0.04, 0.915, f"t = {snapshot.t:.4g}, observed error {snapshot.measures['observed_error']:.2g}", color=INK2)
    top = 1.08 * max(trajectory.singular_values.max(), np.max(_true_values(trajectory), initial=0.0)) or 1.0
    curves = figure.add_axes((0.04, 0.385, 0.46, 0.475))
    _curves(curves, trajectory, frame, top)
    _spectrum(figure.add_axes((0.525, 0.385, 0.115, 0.475)), trajectory, frame, top)
    _matrix(figure, trajectory, spec, frame)
    errors = figure.add_axes((0.04, 0.235, 0.46, 0.115), sharex=curves)
    _errors(errors, trajectory, frame)
    rank = figure.add_axes((0.04, 0.10, 0.46, 0.10), sharex=curves)
    _rank(rank, trajectory, frame)
    for axes in (curves, errors):
        axes.tick_params(labelbottom=False, bottom=False)
    rank.xaxis.set_major_locator(MaxNLocator(6))
    rank.set_xlabel("flow time t" if spec.integrator.kind.endswith("flow") else "sum of the steps t", color=INK3, fontsize=8)
    figure.text(0.985, 0.02, stamp(spec), ha="right", color=INK3, fontsize=8)
    return figure


def stamp(spec: RunSpec) -> str:
    """Where the picture comes from."""
    digest = spec.digest()
    return f"run {digest[:4]} {digest[4:8]} · seed {spec.seed} · DMF Lab {__version__}"


def _title(trajectory: Trajectory, spec: RunSpec) -> str:
    rows, columns = trajectory.start.shape
    seen, problem = int(trajectory.start.observed_mask.sum()), spec.problem
    count = f"{problem.observations:,} measurements" if problem.kind == "matrix_sensing" else f"{seen:,} observed entries"
    rank = "" if problem.kind == "observed_data" else f", rank {problem.rank}"
    return f"Depth {spec.model.depth}: {rows} × {columns}{rank}, {count}".replace(",", "\u2009", count.count(",") and 0)


def _true_values(trajectory: Trajectory) -> np.ndarray:  # [at most NAMED]
    true = trajectory.start.true_singular_values
    return np.empty(0) if true is None else true[:NAMED][true[:NAMED] > VISIBLE * true[0]]


def _stroke(r: int) -> dict[str, object]:
    """How mode r (from 0) is drawn: colours repeat with dashes, then rest."""
    if r >= NAMED:
        return {"color": REST, "linewidth": 0.8}
    style: dict[str, object] = {"color": LINES[r % len(LINES)], "linewidth": 1.7}
    return style | ({"dashes": (8, 2, 2, 2)} if r >= len(LINES) else {})


def _curves(axes: Axes, trajectory: Trajectory, frame: int, top: float) -> None:
    t, sigma = trajectory.column("t"), trajectory.singular_values
    end = t[-1] or 1.0
    _plain(axes, "Singular values of W over time")
    axes.set(xlim=(0, end), ylim=(-0.01 * top, top))
    named = min(NAMED, sigma.shape[1])
    true = _true_values(trajectory)
    room = _Room(LABEL_GAP * top)
    for r, value in enumerate(true):
        axes.plot([0, end], [value, value], **TRUTH)
        if room.free(value):
            name = f"true σ{_below(r + 1)}" if r == 0 else f"σ{_below(r + 1)}"
            axes.text(0.012 * end, value + 0.008 * top, f"{name} = {value:.3g}", color=INK2, va="bottom", fontsize=8)
    if sigma.shape[1] > named:
        _past_and_future(axes, t, sigma[:, named:], frame, _stroke(NAMED))
    for r in reversed(range(named)):
        _past_and_future(axes, t, sigma[:, r], frame, _stroke(r))
    room = _Room(LABEL_GAP * top)
    for r in range(named):
        value = max(sigma[-1, r], true[r] if r < len(true) else 0.0)
        if sigma[-1, r] > 0.03 * top and room.free(value):
            color = TEXTS[r % len(TEXTS)]
            place = (0.995 * end, value + 0.008 * top)
            axes.text(*place, f"mode {r + 1}", color=color, ha="right", va="bottom", fontsize=8, fontweight="bold")
    _cursor(axes, t, frame)


class _Room:
    """Gives away heights that are far enough from those given before."""

    def __init__(self, gap: float) -> None:
        self._gap, self._taken = gap, list[float]()

    def free(self, height: float) -> bool:
        fits = all(abs(height - other) >= self._gap for other in self._taken)
        if fits:
            self._taken.append(height)
        return fits


def _spectrum(axes: Axes, trajectory: Trajectory, frame: int, top: float) -> None:
    """Bars on the height scale of the curves."""
    _plain(axes, "Now and the truth" if len(_true_values(trajectory)) else "Now")
    values, true = trajectory.snapshots[frame].singular_values[:8], _true_values(trajectory)[:8]
    axes.bar(range(1, len(values) + 1), values, 0.62, color=[_stroke(r)["color"] for r in range(len(values))])
    for r, value in enumerate(true, start=1):
        axes.plot([r - 0.48, r + 0.48], [value, value], color=INK, linewidth=1.2, dashes=(2.5, 1))
    axes.set(xlim=(0.3, 8.7), ylim=(-0.01 * top, top))
    axes.set_xticks(range(1, len(values) + 1))
    axes.tick_params(left=False, labelleft=False, bottom=False)


def _matrix(figure: Figure, trajectory: Trajectory, spec: RunSpec, frame: int) -> None:
    rows, columns = trajectory.start.shape
    limit = trajectory.start.picture_limit
    shown = trajectory.snapshots[frame].picture / 127.0
    kept = trajectory.start.ground_truth[np.ix_(picture_index(rows), picture_index(columns))]
    given = spec.problem.kind == "observed_data" or np.isnan(kept).any()
    if not given:
        U, _, Vh = np.linalg.svd(kept.astype(np.float64))
        sign = np.sign(U[np.abs(U[:, 0]).argmax(), 0])  # a pair of singular vectors has a free sign
        shown = shown[np.argsort(-sign * U[:, 0], kind="stable")][:, np.argsort(-sign * Vh[0], kind="stable")]
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
    order = "as given" if given else "sorted by the first true mode"
    figure.text(0.825, 0.215, f"Rows and columns {order};\ncolours keep their meaning over the run.", ha="center", va="top", color=INK3, fontsize=8)


def _errors(axes: Axes, trajectory: Trajectory, frame: int) -> None:
    t = trajectory.column("t")
    _plain(axes, "mean squared error", small=True)
    for key, name, dashes in (("observed_error", "observed", ()), ("unobserved_error", "unseen", (5, 3))):
        values = trajectory.measured(key)
        if values is not None and (values > 0).all():
            style: dict[str, object] = {"color": INK, "linewidth": 1.3}
            _past_and_future(axes, t, values, frame, style | ({"dashes": dashes} if dashes else {}))
            axes.annotate(f"{name} {values[frame]:.2g}", (1.0, values[-1]), (4, 0), ("axes fraction", "data"), "offset points",
                          color=INK2, fontsize=7.5, va="center", annotation_clip=False)  # fmt: skip
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(numticks=4))
    axes.yaxis.set_minor_locator(NullLocator())
    _cursor(axes, t, frame)


def _rank(axes: Axes, trajectory: Trajectory, frame: int) -> None:
    t, values, true = trajectory.column("t"), trajectory.measured("entropy_rank"), trajectory.start.true_singular_values
    _plain(axes, "entropy rank", small=True)
    if values is not None:
        _past_and_future(axes, t, values, frame, {"color": INK, "linewidth": 1.3})
        axes.set_ylim(0.8, 1.25 * max(values.max(), 2.0))
    if true is not None:
        axes.plot([0, t[-1]], [entropy_rank(true)] * 2, **TRUTH)
    axes.set_yscale("log")
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_yticks(ticks := [1, 10, 100, 1000][: 1 + int(np.log10(max(values.max() if values is not None else 1, 1)))], map(str, ticks))
    _cursor(axes, t, frame)


def _past_and_future(axes: Axes, t: np.ndarray, values: np.ndarray, frame: int, style: dict[str, object]) -> None:
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


def _metadata(spec: RunSpec, format: str) -> dict[str, str | None]:
    about = {"Title": f"DMF Lab, run {spec.digest()[:8]}", "Description": f"{stamp(spec)}; digest {spec.digest()}; spec {spec.to_json()}"}
    return about | ({"Date": None, "Creator": f"DMF Lab {__version__}"} if format == "svg" else {"Software": f"DMF Lab {__version__}"})


__all__ = ["PowerNorm", "picture", "stamp"]
