"""Where the claims of `arora-figure-1` fail: the run of another depth or scale, or entries drawn in the other way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dmf_core.reproductions.arora_2019.grid import FEW, LOST, MANY, Least, Point

from . import Counter, Key, Where, in_place_of, with_settings


def at(kind: type[Point] | type[Least], replacement: bool = False, **place: Any) -> Where:
    """Keys of this kind at a place of the grid."""
    setting = place | {"replacement": replacement}
    return lambda key: isinstance(key, kind) and all(getattr(key, name) == value for name, value in setting.items())


def moved(**place: Any) -> Callable[[Key], Key]:
    """The key at another place."""

    def to(key: Key) -> Key:
        assert isinstance(key, Point | Least)
        return replace(key, **place)

    return to


def deep(key: Key) -> bool:
    return isinstance(key, Point) and (key.observations, key.depth, key.replacement) == (FEW, 3, False)


DISTINCT, AGAIN = moved(replacement=False), moved(replacement=True)

COUNTERS = {
    "thousandth": Counter(in_place_of(moved(depth=2), deep)),
    "depth-2-falls": Counter(in_place_of(moved(scale=1e-3), at(Point, observations=FEW, depth=2))),
    "deep-at-every-scale": Counter(in_place_of(moved(depth=2), deep)),
    "enough-observations": Counter(in_place_of(AGAIN, at(Point, observations=MANY))),  # fewer different entries
    "depth-2-below-least": Counter(in_place_of(moved(scale=1e-3), at(Point, observations=FEW, depth=2))),
    "deep-below-least": Counter(in_place_of(moved(depth=2), deep)),
    "least-wins": Counter(in_place_of(moved(observations=FEW), at(Least, observations=MANY))),
    "least-distinct": Counter(in_place_of(AGAIN, at(Least, observations=FEW))),
    "least-replacement": Counter(in_place_of(DISTINCT, at(Least, True, observations=FEW))),
    "few-closer": Counter(in_place_of(DISTINCT, at(Point, True, observations=FEW, depth=2, scale=1e-3))),
    "fall-closer": Counter(in_place_of(DISTINCT, at(Point, True, observations=FEW, depth=2))),
    "many-closer": Counter(in_place_of(DISTINCT, at(Point, True, observations=MANY, depth=2, scale=1e-3))),
    "depth-4-lost": Counter(with_settings({"problem.replacement": False}, lambda key: key == LOST), full=True),
}
