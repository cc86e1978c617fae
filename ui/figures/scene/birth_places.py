"""Where "mode 3 born" may stand beside the birth of a mode: all births of a plot at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ui.figures.births import Growth
from ui.figures.scene.curves import Curves, Heights
from ui.figures.scene.free_space import COLUMN, FreeSpace, width
from ui.figures.scene.time_axis import TimeAxis

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
    space: FreeSpace, curves: Curves, axis: TimeAxis, heights: Heights, births: Sequence[Growth], noun: str
) -> list[BirthPlaces]:
    """The places of every birth that has a frame."""
    timed = [(growth.mode, growth.born) for growth in births if growth.born is not None]
    if not timed:
        return []
    modes, frames = np.array([mode for mode, _ in timed]), np.array([frame for _, frame in timed])
    values = curves.of_modes(modes - 1, frames, heights.log)
    x = np.interp(frames, np.arange(len(axis.column)), axis.places) * space.plot.width
    long = np.array([width(f"{noun} {mode} born", bold=True) for mode in modes])
    free = _free(space, x, space.pixels(heights.share(values)), long)
    made = []
    for mode, frame, value, each in zip(modes.tolist(), frames.tolist(), values.tolist(), free, strict=True):
        before = np.cumsum(each.sum(axis=1)) - each.sum(axis=1)  # places at the offsets tried earlier
        taken = np.argwhere(each & (before < ENOUGH)[:, None])
        made.append(BirthPlaces(mode, frame, value, tuple((int(SIDES[s]), int(OFFSETS[k])) for k, s in taken)))
    return made


def _free(
    space: FreeSpace, x: np.ndarray, y: np.ndarray, long: np.ndarray
) -> np.ndarray:  # [births] each -> [births, offsets, sides]
    """Whether words so long meet no edge, no curve, no dashed line and no other words."""
    top, bottom = y[:, None] + OFFSETS - ABOVE, y[:, None] + OFFSETS + BELOW
    left = np.where(SIDES < 0, (x - GAP - long)[:, None], (x + GAP)[:, None])
    right = left + long[:, None]
    true = np.array(space.true)
    inside = (top >= 0) & (bottom <= space.plot.height)
    inside &= ~((top[..., None] < true) & (true < bottom[..., None])).any(axis=2)
    free = inside[:, :, None] & ((left >= 0) & (right <= space.plot.width))[:, None, :]
    left, right = left - MARGIN, right + MARGIN
    start, above, end, under = np.array(space.boxes).reshape(-1, 4).T
    across = (left[..., None] < end) & (start < right[..., None])
    down = (top[..., None] < under) & (above < bottom[..., None])
    free &= ~(across[:, None, :, :] & down[:, :, None, :]).any(axis=3)
    birth, offset = np.nonzero(free.any(axis=2))  # only what is still free is compared with the curves
    crossed = space.crossings(top[birth, offset], bottom[birth, offset])
    passed = np.concatenate([np.zeros((len(birth), 1), int), crossed.cumsum(axis=1)], axis=1)
    columns = crossed.shape[1]
    first = np.clip((left / COLUMN).astype(int), 0, columns)[birth]
    last = np.clip((right / COLUMN).astype(int) + 1, 0, columns)[birth]
    free[birth, offset] &= np.take_along_axis(passed, last, axis=1) == np.take_along_axis(passed, first, axis=1)
    return np.asarray(free)
