"""Where the claims of `cao-stages` fail: from larger starts, where stages merge, and from smaller ones, where they part."""

from dmf_core.reproductions.cao_2022.figure import CLOSE, DISTINCT, EQUAL, SCALES, Case

from . import Counter, in_place_of


def _instead(claimed: Case, other: Case) -> Counter:
    """One run in place of another one."""
    return Counter(in_place_of(lambda key: other, lambda key: key == claimed))


def _of_scale(scale: float) -> Counter:
    """Rank 4, depth 3: a larger start."""
    return _instead(Case(DISTINCT, 3, SCALES[0]), Case(DISTINCT, 3, scale))


COUNTERS = {
    "count": _of_scale(1e-1),
    "heights": _of_scale(1e-4),  # four stages as well, but the next eigenvalue has begun before the last one is done
    "descent": _instead(Case(DISTINCT[:3], 3, 1e-3, descent=True), Case(DISTINCT, 3, SCALES[0])),
    "equal-merge": _instead(Case(EQUAL, 3, SCALES[0]), Case(CLOSE, 3, SCALES[0])),
    "close-part": _instead(Case(CLOSE, 3, SCALES[0]), Case(CLOSE, 3, 1e-3)),
    "close-merge": _instead(Case(CLOSE, 3, 1e-3), Case(CLOSE, 3, SCALES[0])),
    **dict.fromkeys(
        ("large-start-merges", "larger-start-no-more"), _instead(Case(DISTINCT, 3, SCALES[3]), Case(DISTINCT, 3, SCALES[1]))
    ),
    "depth-2-merges": _instead(Case(DISTINCT, 2, SCALES[0]), Case(DISTINCT, 3, SCALES[0])),
}
