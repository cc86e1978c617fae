"""Where the claims of `arora-sensing` fail: the run of another depth or scale, and fewer measurements."""

from dmf_core.reproductions.arora_2019.grid import FEW, Least, Point

from . import Counter, in_place_of, with_settings
from .arora_figure_1 import at, deep, moved

COUNTERS = {
    "deep-wins": Counter(in_place_of(moved(depth=2), deep)),
    "depth-2-falls": Counter(in_place_of(moved(scale=1e-3), at(Point, observations=FEW, depth=2))),
    "deep-at-every-scale": Counter(in_place_of(moved(depth=2), deep)),
    "least-finds-it": Counter(with_settings({"problem.observations": 300}, at(Least, observations=FEW))),
}
