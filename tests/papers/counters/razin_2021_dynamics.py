"""Where the claims of `razin-2021-dynamics` fail: from a start that is not small, or where both starts are the same."""

from dataclasses import replace

from dmf_core.reproductions.razin_2021.figure import GATED, Case

from . import Counter, Key, in_place_of, with_settings

SMALL = GATED[1]


def _small(key: Key) -> bool:
    return isinstance(key, Case) and key.std == SMALL


def _from_large(key: Key) -> Key:
    assert isinstance(key, Case)
    return replace(key, std=GATED[0])


LARGE_START = Counter(with_settings({"init.scale": 0.13}, _small))  # still one after another, but with an error of 0.62
SAME_START = Counter(in_place_of(_from_large))

COUNTERS = {
    "one-at-a-time": LARGE_START,
    "sharper": LARGE_START,
    "as-many-as-the-truth": LARGE_START,
    "later": SAME_START,
    "incubation": SAME_START,
    "error-falls": SAME_START,
    "error-falls-in-most": SAME_START,
}
