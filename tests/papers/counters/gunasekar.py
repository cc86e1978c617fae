"""Where the claims of `gunasekar` fail."""

from dmf_core.reproductions.gunasekar_2017.figure import SCALES, Case

from . import Counter, Key, in_place_of, with_settings


def _smallest(key: Key) -> bool:
    return isinstance(key, Case) and key.scale == SCALES[-1]


def _at_depth_3(key: Key) -> Key:
    assert isinstance(key, Case)
    return Case(3, key.scale, key.seed)


COUNTERS = {
    "minimum-deep": Counter(with_settings({"init.scale": 1e-5}, _smallest)),  # a start that is not small enough
    "minimum-2": Counter(with_settings({"init.scale": 1e-3}, _smallest)),
    "falls": Counter(with_settings({"init.scale": 1e-1}, _smallest)),
    "never-below": Counter(with_settings({"stop.loss": 1e-2}, _smallest)),  # the measurements are not met yet
    "exact-2": Counter(in_place_of(_at_depth_3)),  # another depth has another limit
}
