"""Where the claims of `arora-optimizer` fail: the flow from another start, and the optimizer beside itself."""

from dataclasses import replace

from dmf_core.reproductions.arora_2019.optimizer import FLOW, PUBLISHED, Case

from . import Counter, Key, in_place_of, with_settings


def _flow(key: Key) -> bool:
    return isinstance(key, Case) and key.integrator == FLOW


def _published(key: Key) -> Key:
    assert isinstance(key, Case)
    return replace(key, integrator=PUBLISHED)


OTHER_START = Counter(with_settings({"init.scale": 1e-2}, _flow))

COUNTERS = {
    "same-norm": OTHER_START,
    "same-rank": OTHER_START,
    "same-error": OTHER_START,
    "cost": Counter(in_place_of(_published, _flow)),
}
