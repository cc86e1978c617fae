"""Where the claims of `arora-figure-2` fail: the run of another depth or scale, or entries drawn in the other way."""

from dmf_core.reproductions.arora_2019.grid import FEW, Least, Point

from . import Counter, Key, in_place_of
from .arora_figure_1 import AGAIN, DISTINCT, at, deep, moved


def _least(key: Key) -> Key:
    assert isinstance(key, Point)
    return Least(key.observations, key.seed, key.replacement)


def _depth_3(key: Key) -> Key:
    assert isinstance(key, Least)
    return Point(key.observations, 3, 1e-3, 0)


SHALLOW = at(Point, observations=FEW, depth=2)

COUNTERS = {
    "rank-depth-3": Counter(in_place_of(moved(depth=2), deep)),
    "rank-depth-2": Counter(in_place_of(moved(depth=3), SHALLOW)),
    "rank-falls": Counter(in_place_of(moved(scale=1e-3), SHALLOW)),
    "norm-depth-3": Counter(in_place_of(_least, deep)),
    "least-below-depth-2": Counter(in_place_of(_least, SHALLOW)),
    "least-rank": Counter(in_place_of(_depth_3, at(Least, observations=FEW))),
    "least-rank-distinct": Counter(in_place_of(AGAIN, at(Least, observations=FEW))),
    "least-rank-replacement": Counter(in_place_of(DISTINCT, at(Least, True, observations=FEW))),
    "least-norm-distinct": Counter(in_place_of(AGAIN, at(Least, observations=FEW))),
    "least-norm-replacement": Counter(in_place_of(DISTINCT, at(Least, True, observations=FEW))),
}
