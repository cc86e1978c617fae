"""Where the claims of `arora-figure-3` fail."""

from collections.abc import Callable
from dataclasses import replace

from dmf_core.reproductions.arora_2019.dynamics import Case

from . import Counter, Key, Where, in_place_of, with_settings


def _is(depth: int, descent: bool = False, replacement: bool = False) -> Where:
    return lambda key: isinstance(key, Case) and (key.depth, key.descent, key.replacement) == (depth, descent, replacement)


def _first_of(depth: int) -> Callable[[Key], Key]:
    return lambda key: Case(depth, 0)


def _with_replacement(replacement: bool) -> Callable[[Key], Key]:
    def to(key: Key) -> Key:
        assert isinstance(key, Case)
        return replace(key, replacement=replacement)

    return to


LARGE_STEPS = {"integrator.learning_rate": 10.0, "stop.iterations": 150}  # the same time in steps a hundred times as long

COUNTERS = {
    "five-at-depth-3": Counter(in_place_of(_first_of(1), _is(3))),
    "many-at-depth-1": Counter(in_place_of(_first_of(3), _is(1))),
    "error-falls-with-depth": Counter(in_place_of(_first_of(2), _is(3))),
    "diagonal-peak": Counter(with_settings({"problem.rank": 1}, _is(2))),  # one large mode in place of five
    "off-diagonal": Counter(with_settings({"init.kind": "gaussian", "init.scale": 1.0}, _is(2))),
    "flow-is-descent": Counter(with_settings(LARGE_STEPS, _is(2, descent=True))),
    "depth-1-distinct": Counter(in_place_of(_with_replacement(True), _is(1))),
    "depth-1-replacement": Counter(in_place_of(_with_replacement(False), _is(1, replacement=True))),
}
