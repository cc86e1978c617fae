"""A run as a small picture for a card: singular values over time, the two errors below. Inline SVG, coloured by the page."""

import base64
import io
from html import escape

import numpy as np
from PIL import Image

from dmf_core.spec import RunSpec
from dmf_core.trajectory import Outcome, Trajectory
from ui.fields import in_labels
from ui.figures.births import at, grown
from ui.figures.picture import greys, mask, quantised
from ui.figures.spectra import naming, pictured
from ui.figures.text.summary import story
from ui.figures.theme import LIGHT
from ui.figures.words import capital, typeset

WIDTH, HEIGHT = 280, 160  # pixels
TOP, BASE = 6, 104  # of the curves
ERRORS_TOP, ERRORS_BASE = 118, 154  # the same of the errors
NAMED, REST, TRUTHS = 12, 12, 12  # curves in colour, curves in grey, dashed lines
ENTRIES = 18  # curves of a picture of entries: all of them move, and a picture has 8 kB
POINTS = 120  # of a curve, before those that are nearly on a straight line are left out
PHOTO_HEIGHT, PHOTO_QUALITY = 144, 30  # pixels; quality of WEBP, where 100 is the best: higher makes larger files
FLAT = 0.25  # pixels; nearer to the straight line than this, a point is left out
LATE, LEAD = 0.9, 0.4  # shares of the time: if growth begins after LATE, only LEAD of the picture lies before it
TAIL = 1.5  # times the arrival of the last mode: what comes later is not shown


def thumbnail(run: Trajectory, spec: RunSpec, name: str) -> str:
    """An <svg> with the digest of the run and its description in words."""
    black_white = greys(run.start, spec)
    if black_white is not None:
        return _svg(
            run,
            name,
            _completed_picture(run, black_white),
            f"A photograph as observed and as completed. {_story(run, spec)}",
        )
    run = pictured(run, spec)
    t, values = run.column("t"), np.nan_to_num(run.singular_values, posinf=1e30)
    end = _end(run, t)
    x = np.linspace(_begin(run, t, end), end, POINTS)
    true = run.start.true_singular_values
    truths = np.empty(0) if true is None else true[:TRUTHS][true[:TRUTHS] > 1e-3 * true[0]]
    count = ENTRIES if run.start.main_spectrum == "entries" else NAMED + REST
    shown = np.stack([np.interp(x, t, column) for column in values.T[:count]])  # [k, POINTS]
    diverged = run.end is not None and run.end.outcome is Outcome.DIVERGED
    top = 1.6 * truths[0] if diverged and len(truths) else 1.05 * float(max(truths.max(initial=0.0), shown.max())) or 1.0
    parts = [_dashed(value / top) for value in truths]
    for r in reversed(range(len(shown))):
        parts.append(_curve(shown[r] / top, f"m{r % 6 + 1}" if r < NAMED else "rest", LIGHT.line(r + 1)))
    parts += _errors(run, x, t)
    return _svg(run, name, parts, _words(run, spec))


def _svg(run: Trajectory, name: str, parts: list[str], words: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dmf-thumb" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(words, quote=True)}" data-preset="{name}" data-digest="{run.start.digest}" fill="none">'
        + "".join(parts)
        + "</svg>\n"
    )


def _completed_picture(run: Trajectory, black_white: tuple[float, float]) -> list[str]:
    """The observed pixels, the others clear, and W at the end, side by side."""
    black, white = black_white
    truth, W = quantised(run.start).astype(np.float64), run.snapshots[-1].picture.astype(np.float64)
    share = [(values * run.start.picture_limit / 127 - black) / (white - black) for values in (truth, W)]
    grey, last = (np.round(255 * np.clip(each, 0, 1)).astype(np.uint8) for each in share)
    clear = np.stack([grey, np.where(mask(run.start), 255, 0).astype(np.uint8)], axis=2)
    wide = PHOTO_HEIGHT * grey.shape[1] / grey.shape[0]
    gap = (WIDTH - 2 * wide) / 3
    place = f'y="{(HEIGHT - PHOTO_HEIGHT) / 2:g}" width="{wide:g}" height="{PHOTO_HEIGHT}"'
    return [f'<image x="{left:.1f}" {place} href="{_webp(pixels)}"/>' for left, pixels in ((gap, clear), (2 * gap + wide, last))]


def _webp(pixels: np.ndarray) -> str:  # [rows, columns] or [rows, columns, 2] uint8: grey, opacity
    stream = io.BytesIO()
    picture = Image.fromarray(pixels, "L" if pixels.ndim == 2 else "LA").convert("RGB" if pixels.ndim == 2 else "RGBA")
    picture.save(stream, "WEBP", quality=PHOTO_QUALITY, method=6)
    return f"data:image/webp;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _end(run: Trajectory, t: np.ndarray) -> float:
    """How far the picture goes: a little beyond the last arrival."""
    arrivals = [at(t, growth.arrives) for growth in grown(run) if growth.arrives is not None]
    return float(min(t[-1], TAIL * max(arrivals))) if arrivals else float(t[-1])


def _begin(run: Trajectory, t: np.ndarray, end: float) -> float:
    """Where the picture begins: at 0, or at the end of a wait beside which everything else would be one upright line."""
    first = min((at(t, growth.starts) for growth in grown(run)), default=0.0)
    return max(0.0, end - (end - first) / (1 - LEAD)) if first > LATE * end else 0.0


def _words(run: Trajectory, spec: RunSpec) -> str:
    head = naming(run.start.main_spectrum).head.removesuffix(" of W")
    if run.end is not None and run.end.outcome is Outcome.DIVERGED:
        return f"{head} over time. {in_labels(capital(typeset(run.end.message)), spec)}"
    return f"{head} over time, and the errors below. {_story(run, spec)}"


def _story(run: Trajectory, spec: RunSpec) -> str:
    complete = run.end is not None and run.end.outcome.done
    return story(run, spec, grown(run) if complete else [])


def _errors(run: Trajectory, x: np.ndarray, t: np.ndarray) -> list[str]:
    """Observed solid, unseen dashed, on one logarithmic scale."""
    columns = {key: run.measured(key) for key in ("observed_error", "unobserved_error")}
    logs = {key: np.interp(x, t, np.log10(np.clip(values, 1e-12, 1e6))) for key, values in columns.items() if values is not None}
    low, high = min(log.min() for log in logs.values()), max(log.max() for log in logs.values())
    parts = []
    for key, log in logs.items():
        heights = (log - low) / (high - low or 1.0)
        dashes = ' stroke-dasharray="5 3"' if key == "unobserved_error" else ""
        parts.append(_path(heights, ERRORS_TOP, ERRORS_BASE, f'class="ink" stroke="#1B1F24" stroke-width="1.4"{dashes}'))
    return parts


def _curve(heights: np.ndarray, name: str, colour: str) -> str:
    return _path(heights, TOP, BASE, f'class="{name}" stroke="{colour}" stroke-width="2"')


def _dashed(height: float) -> str:
    y = BASE - height * (BASE - TOP)
    return f'<path class="truth" stroke="#1B1F24" stroke-opacity=".5" stroke-dasharray="5 4" d="M0 {y:.1f}H{WIDTH}"/>'


def _path(heights: np.ndarray, top: float, base: float, style: str) -> str:  # [POINTS], 0 .. 1
    x = np.linspace(0, WIDTH, len(heights))
    y = base - np.clip(heights, 0, 1.2) * (base - top)
    corners = [0]
    for i in range(1, len(x) - 1):
        first, between = corners[-1], np.arange(corners[-1], i + 2)
        straight = np.interp(x[between], [x[first], x[i + 1]], [y[first], y[i + 1]])
        if np.abs(straight - y[between]).max() > FLAT:
            corners.append(i)
    points = " ".join(f"{x[i]:.1f},{y[i]:.1f}" for i in [*corners, len(x) - 1])
    return f'<polyline {style} stroke-linejoin="round" points="{points}"/>'
