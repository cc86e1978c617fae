"""The recorded pictures of W: in which order rows and columns stand, and which of them are sent."""

from functools import lru_cache

import numpy as np

from dmf_core.shapes import picture_shape
from dmf_core.spec import RunSpec
from dmf_core.trajectory import Start, picture_index

POWER_STEPS = 60  # of the power method; with fewer, rows with nearly equal places may change them
UNKNOWN = -128  # outside the quantised values -127 .. 127
GREYS = (255, 1023, 4095, 16383, 65535)  # steps from black to white: 8 to 16 bits, as dmf_core/data/images.py reads them
FEWEST_GREYS = 16  # data with fewer different values may be marks of anything
GREY_ROUNDING = 0.02  # of one grey: what float32 leaves of it, tenfold


def as_given(spec: RunSpec) -> bool:
    """True where rows and columns are not to be sorted; a pattern would be lost too."""
    return spec.problem.in_order


@lru_cache(maxsize=32)
def greys(start: Start, spec: RunSpec) -> tuple[float, float] | None:
    """The values that are drawn black and white where the data are a picture: read as one, or of an array whose values say so.

    An array without an account counts where it is complete and in whole steps of 8 to 16 bits of grey. None for all other data.
    """
    truth = start.ground_truth
    if not as_given(spec) or truth.ndim != 2 or not np.isfinite(truth).all():
        return None
    low, high = float(truth.min()), float(truth.max())
    if start.of_picture:
        return (low, high) if low < high else None
    shares = np.unique(truth.astype(np.float64) - low)
    for steps in GREYS if high - low <= 1 else ():
        levels = shares * steps
        if np.abs(levels - np.round(levels)).max() < GREY_ROUNDING and len(np.unique(np.round(levels))) >= FEWEST_GREYS:
            return low, high
    return None


def order(start: Start) -> tuple[np.ndarray, np.ndarray]:
    """Row and column order of a picture: by the first singular vectors of the truth, or of its known observed part.

    A tensor stays as it is.
    """
    if len(start.shape) > 2:
        high, wide = picture_shape(start.shape)
        return np.arange(high), np.arange(wide)
    reference = np.nan_to_num(start.ground_truth.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    if np.isnan(start.ground_truth).any():
        reference = np.where(start.observed_mask, reference, 0.0)
    u, v = _first_mode(reference)
    sign = 1.0 if u[np.argmax(np.abs(u))] >= 0 else -1.0
    rows, columns = (picture_index(side) for side in start.shape)
    return (
        np.argsort(-sign * u[rows], kind="stable"),
        np.argsort(-sign * v[columns], kind="stable"),
    )


def _first_mode(M: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # [rows, columns] -> [rows], [columns]
    """The first singular vectors, near enough to sort by, in a tenth of the time of a decomposition: power method."""
    v = M[np.argmax((M * M).sum(axis=1))]
    u = M @ v
    for _ in range(POWER_STEPS):
        size = np.linalg.norm(u)
        if size == 0:
            break
        v = M.T @ (u / size)
        u = M @ (v / np.linalg.norm(v))
    return u, v


def quantised(start: Start) -> np.ndarray:  # [a, b] int8, as given
    """The truth like the pictures of W, UNKNOWN where it is."""
    truth = _thinned(start, start.ground_truth).astype(np.float64)
    scaled = np.clip(np.round(np.nan_to_num(truth) / start.picture_limit * 127), -127, 127)
    return np.where(np.isfinite(truth), scaled, UNKNOWN).astype(np.int8)


def mask(start: Start) -> np.ndarray:  # [a, b] bool, as given
    return _thinned(start, start.observed_mask)


def _thinned(start: Start, whole: np.ndarray) -> np.ndarray:  # [*d] -> [a, b]
    """What a picture shows of the whole, as the pictures of W do."""
    pairs = zip(start.shape, start.shown_sides, strict=True)
    cells: np.ndarray = whole[np.ix_(*(picture_index(side, shown) for side, shown in pairs))]
    return cells.reshape(picture_shape(start.shape))


def part(cells: np.ndarray, start: Start, spectrum: str, index: int) -> np.ndarray:  # [a, b] -> [a', b']
    """Of a tensor the part that is looked at: one slice of the first two axes, or an unfolding. A matrix stays."""
    sides = start.shown_sides
    if len(sides) == 2:
        return cells
    whole = cells.reshape(sides)
    kind, _, axis = spectrum.partition("-")
    if kind == "unfolding":
        n = int(axis) - 1
        return np.moveaxis(whole, n, 0).reshape(sides[n], -1)
    slices = whole.reshape(sides[0], sides[1], -1)
    return np.asarray(slices[:, :, min(index, slices.shape[2] - 1)])


def part_words(start: Start, spectrum: str, index: int) -> str:
    """Which part of the tensor the picture shows, in words."""
    kind, _, axis = spectrum.partition("-")
    if kind == "unfolding":
        return f"Unfolded, axis {axis} down."
    rest = start.shown_sides[2:]
    at = np.unravel_index(min(index, int(np.prod(rest)) - 1), rest)
    return f"Slice (·, ·, {', '.join(str(int(each) + 1) for each in at)})."


def keyframes(position: np.ndarray, most: int) -> np.ndarray:  # [T] -> [at most `most`]
    """First, last, and those between them that lie evenly by position."""
    most = max(1, min(most, len(position)))
    if most == 1:
        return np.array([len(position) - 1])
    places = np.linspace(position[0], position[-1], most)
    nearest = np.abs(position[None, :] - places[:, None]).argmin(axis=1)
    return np.unique(np.concatenate([[0], nearest[1:-1], [len(position) - 1]]))
