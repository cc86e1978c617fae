"""The still of a scene: its curves and scales as SVG and HTML, there before any script has drawn.

Curves fill their box at every size (their coordinates are shares of it), strokes keep their width. Colours are those of the
page's style sheet.
"""

from collections.abc import Iterable
from html import escape

import numpy as np

from ui.figures.scene.common_axis import CommonAxis
from ui.figures.scene.comparison import DASHES, OVERLAID_WIDTH, ComparisonScene, overlaid_modes
from ui.figures.scene.curves import Heights
from ui.figures.scene.figure import LEARNED, LINE, OTHER, REST, TRUTH_LINE
from ui.figures.scene.scene import Scene
from ui.figures.scene.strips import DrawnStrip
from ui.figures.scene.ticks import Tick
from ui.figures.scene.time_axis import TimeAxis
from ui.figures.theme import COLOURED

GRID = 4000  # steps across the box and up it: an eighth of a pixel
THIN = 60  # points of a mode that has no name of its own
FLAT = 1 / 400  # of the height: modes below it are one line
UPPER, LOWER = 76, 55  # pixels that the two strips are high


def curves_still(scene: Scene, axis: TimeAxis, heights: Heights, births: bool = True) -> str:
    """The chart of the singular values; with a hairline below every birth, or without."""
    curves, T = scene.curves, len(axis.column)
    paths = []
    for growth in scene.births:
        if births and growth.born is not None:
            top = float(scene.curves.at(growth.born, heights.log)[growth.mode - 1])
            paths.append(_straight("rule", axis.place(growth.born), 0.0, float(heights.share(top))))
    paths += _rest(curves.rest, axis, heights)
    x = np.interp(curves.frames, np.arange(T), axis.places)
    for mode in range(curves.named, 0, -1):
        learned = mode <= scene.learned
        dash = ' stroke-dasharray="8 2 2 2"' if learned and mode > COLOURED else ""
        colour, width = f"line{(mode - 1) % COLOURED + 1}", LEARNED if learned else OTHER
        paths.append(_path(x, heights.share(curves.values[:, mode - 1]), colour, width, f'data-mode="{mode}"{dash}'))
    if scene.diverged:
        paths.append(_straight("err", axis.places[-1], 0.0, 1.0, 2))
    return _scaled(paths, heights)


def overlaid_still(comparison: ComparisonScene, axis: CommonAxis, heights: Heights) -> str:
    """The curves of all runs in one chart."""
    paths = []
    for scene, own, dashes in reversed(list(zip(comparison.scenes, axis.each, DASHES, strict=False))):
        if scene is None or own is None:
            continue
        x = np.interp(scene.curves.frames, np.arange(len(own.column)), own.places)
        dash = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else ""
        for mode in range(overlaid_modes(scene), 0, -1):
            y = heights.share(scene.curves.values[:, mode - 1])
            paths.append(_path(x, y, f"line{mode}", OVERLAID_WIDTH, f'data-mode="{mode}"{dash}'))
        if scene.diverged:
            paths.append(_straight("err", own.places[-1], 0.0, 1.0, 2))
    return _scaled(paths, heights)


def empty_still(heights: Heights) -> str:
    """Only the scale: there is no run yet."""
    return _scaled([], heights)


def _scaled(paths: Iterable[str], heights: Heights) -> str:
    marks = [(float(heights.share(value)), text) for value, text in heights.ticks]
    return _box(paths, marks, float(heights.share(heights.level)))


def strip_still(strip: DrawnStrip, axis: TimeAxis, pixels: float) -> str:
    """One strip."""
    low, high = strip.ends
    paths = []
    for line in strip.lines:
        dash = ' stroke-dasharray="5 3"' if line.about.truth_only else ""
        width = TRUTH_LINE if line.about.truth_only else LINE
        paths.append(_path(axis.places, (line.heights - low) / (high - low), "ink", width, dash))
    return _box(paths, [((at - low) / (high - low), text) for at, text in strip.ticks(pixels)], None)


def _rest(values: np.ndarray, axis: TimeAxis, heights: Heights) -> list[str]:  # [T, m]
    if not values.shape[1]:
        return []
    shares = np.maximum(heights.share(values), 0)
    bottom = float(heights.share(0.0))
    if float(shares.max()) - bottom < FLAT:
        return [_path(axis.places[[0, -1]], shares[[0, -1], 0], "line-rest", REST, "")]
    at = np.unique(np.linspace(0, len(values) - 1, min(len(values), THIN)).round().astype(int))
    return [_path(axis.places[at], column, "line-rest", REST, "") for column in shares[at].T]


def _path(x: np.ndarray, y: np.ndarray, colour: str, width: float, more: str) -> str:
    """Shares from the left and from below; what leaves the box by far is cut to twice its height."""
    across = np.round(np.asarray(x) * GRID).astype(int)
    down = np.round((1 - np.clip(y, -1, 2)) * GRID).astype(int)
    steps = np.stack([np.diff(across), np.diff(down)], axis=1)
    moved = steps[(steps != 0).any(axis=1)]
    line = "l" + "".join(f"{'' if i == 0 else ' '}{dx} {dy}" for i, (dx, dy) in enumerate(moved.tolist())) if len(moved) else ""
    line = line.replace(" -", "-")
    return f'<path style="stroke:var(--{colour})" stroke-width="{width}" {more} d="M{across[0]} {down[0]}{line}"/>'


def _straight(colour: str, x: float, y0: float, y1: float, width: float = 1) -> str:
    return _path(np.array([x, x]), np.array([y0, y1]), colour, width, "")


def _box(paths: Iterable[str], marks: Iterable[Tick], base: float | None) -> str:
    scale = "".join(f'<span style="bottom:{100 * share:.3f}%">{escape(text)}</span>' for share, text in marks)
    level = "" if base is None else f'<i style="bottom:{100 * base:.3f}%"></i>'
    box = f'viewBox="0 0 {GRID} {GRID}" preserveAspectRatio="none" fill="none" stroke-linejoin="round"'
    lines = f"<svg {box}>{''.join(paths)}</svg>"
    return f"{level}{lines}{scale}"
