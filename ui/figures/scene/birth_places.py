"""Where "mode 3 born" may stand beside the birth of a mode: all births of all layouts at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui.figures.births import Growth
from ui.figures.scene.curves import Curves
from ui.figures.scene.free_space import COLUMN, FreeSpace, Layout, width

OFFSETS = np.array([0, -24, 24, -48, 48, -80, 80])  # pixels from a birth to its words, in the order to be tried
SIDES = np.array([-1, 1])  # left of the birth, then right of it
ENOUGH = 4  # places of one birth: the cursor hides one of them at a time
ABOVE, BELOW = 24, 10  # pixels from the height of the words to the edges of their two lines
GAP, MARGIN = 10, 3  # pixels between the birth and its words; kept free before and behind them


@dataclass(frozen=True)
class BirthPlaces:
    """Where the words may stand: (side, dy) in the order to be tried; side -1: left of the birth."""

    mode: int
    frame: float
    y: float
    places: tuple[tuple[int, int], ...]


def birth_places(
    spaces: Sequence[FreeSpace], curves: Curves, layouts: Sequence[Layout], births: Sequence[Growth], noun: str
) -> list[list[BirthPlaces]]:
    """For each layout and its space the places of every birth that has a frame."""
    timed = [(growth.mode, growth.born) for growth in births if growth.born is not None]
    if not timed:
        return [[] for _ in layouts]
    modes, frames = np.array([mode for mode, _ in timed]), np.array([frame for _, frame in timed])
    values = {heights: curves.of_modes(modes - 1, frames, heights.log) for heights in {each.heights for each in layouts}}
    shares = {heights: heights.share(of_modes) for heights, of_modes in values.items()}
    axes = {each.axis for each in layouts}
    across = {axis: np.interp(frames, np.arange(len(axis.column)), axis.places) for axis in axes}
    x = np.stack([across[each.axis] * each.plot.width for each in layouts])
    y = np.stack([(1 - shares[each.heights]) * each.plot.height for each in layouts])
    long = np.array([width(f"{noun} {mode} born", bold=True) for mode in modes])
    free = _free(spaces, x, y, long)
    at_offset = free.sum(axis=3)
    before = np.cumsum(at_offset, axis=2) - at_offset  # places at the offsets tried earlier
    places: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for layout, birth, offset, side in np.argwhere(free & (before < ENOUGH)[..., None]).tolist():
        places.setdefault((layout, birth), []).append((int(SIDES[side]), int(OFFSETS[offset])))
    return [
        [
            BirthPlaces(mode, frame, value, tuple(places.get((i, k), ())))
            for k, ((mode, frame), value) in enumerate(zip(timed, values[each.heights].tolist(), strict=True))
        ]
        for i, each in enumerate(layouts)
    ]


def _free(
    spaces: Sequence[FreeSpace],
    x: np.ndarray,  # [layouts, births]
    y: np.ndarray,  # [layouts, births]
    long: np.ndarray,  # [births]
) -> np.ndarray:  # [layouts, births, offsets, sides]
    """Whether words so long meet no edge, no curve, no dashed line and no other words."""
    top, bottom = y[..., None] + OFFSETS - ABOVE, y[..., None] + OFFSETS + BELOW
    left = np.where(SIDES < 0, (x - GAP - long)[..., None], (x + GAP)[..., None])
    right = left + long[:, None]
    true = np.array([space.true for space in spaces])[:, None, None, :]
    high, wide = (np.array([[[getattr(space.plot, side)]] for space in spaces]) for side in ("height", "width"))
    inside = (top >= 0) & (bottom <= high)
    inside &= ~((top[..., None] < true) & (true < bottom[..., None])).any(axis=3)
    free = inside[..., None] & ((left >= 0) & (right <= wide))[:, :, None, :]
    left, right = left - MARGIN, right + MARGIN
    start, above, end, under = (each[:, None, None, :] for each in _boxes(spaces))
    across = (left[..., None] < end) & (start < right[..., None])
    down = (top[..., None] < under) & (above < bottom[..., None])
    free &= ~(across[:, :, None, :, :] & down[:, :, :, None, :]).any(axis=4)
    highest, lowest = _extremes(spaces, left, right)
    crossed = (lowest[:, :, None] > top[..., None, None]) & (highest[:, :, None] < bottom[..., None, None])
    return np.asarray(free & ~crossed.any(axis=4))


def _boxes(spaces: Sequence[FreeSpace]) -> np.ndarray:  # [4, layouts, boxes]
    """The boxes of words; where a layout has fewer than another one, boxes that meet nothing."""
    most = max(len(space.boxes) for space in spaces)
    nothing = (np.inf, np.inf, -np.inf, -np.inf)
    padded = [[*space.boxes, *[nothing] * (most - len(space.boxes))] for space in spaces]
    return np.moveaxis(np.array(padded).reshape(len(spaces), most, 4), 2, 0)


def _extremes(
    spaces: Sequence[FreeSpace], left: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # [layouts, births, sides] both -> [layouts, births, sides, curves] both
    """The highest and the lowest point of every curve in the columns between two places, as pixels from the top.

    A curve is one line without gaps: it passes between two heights just where its highest point lies above the lower one of
    them and its lowest point below the upper one.
    """
    curves, columns = len(spaces[0].top), [space.top.shape[1] for space in spaces]
    top = np.full((len(spaces), curves, max(columns)), np.inf)
    bottom = np.full(top.shape, -np.inf)
    for i, space in enumerate(spaces):
        top[i, :, : columns[i]], bottom[i, :, : columns[i]] = space.top, space.bottom
    many = np.array(columns)[:, None, None]
    first = np.clip((left / COLUMN).astype(int), 0, many)
    count = np.clip((right / COLUMN).astype(int) + 1, 0, many) - first
    level = np.frexp(np.maximum(count, 1))[1] - 1  # the largest power of two that is not above the count
    second = first + count - 2**level
    some, layout = (count > 0)[..., None], np.arange(len(spaces))[:, None, None]
    highest, lowest = (_doubled(each, int(level.max()), take) for each, take in ((top, np.minimum), (bottom, np.maximum)))
    first, second = np.where(count > 0, first, 0), np.where(count > 0, second, 0)
    return (
        np.where(some, np.minimum(highest[level, layout, first], highest[level, layout, second]), np.inf),
        np.where(some, np.maximum(lowest[level, layout, first], lowest[level, layout, second]), -np.inf),
    )


def _doubled(values: np.ndarray, levels: int, take: np.ufunc) -> np.ndarray:  # [n, k, columns] -> [levels + 1, n, columns, k]
    """The extreme value of 1, 2, 4, .. columns from each one on; past the end only as far as they go."""
    made = [values]
    for level in range(levels):
        wider, step = made[-1].copy(), 2**level
        wider[..., :-step] = take(made[-1][..., :-step], made[-1][..., step:])
        made.append(wider)
    return np.moveaxis(np.stack(made), 2, 3)
