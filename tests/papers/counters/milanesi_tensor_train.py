"""Where the claims of `milanesi-tensor-train` fail."""

from dmf_core.reproductions.milanesi_2021.readings import Case

from . import Counter, Key, in_place_of
from .milanesi import counters_of


def _of_depth_1(key: Key) -> Key:
    assert isinstance(key, Case)
    return Case(1, key.seed)


COUNTERS = {
    **counters_of(("recovered-1", "recovered-2", "recovered-3", "strict-2", "strict-3")),
    "strict-gain": Counter(in_place_of(_of_depth_1)),
}
