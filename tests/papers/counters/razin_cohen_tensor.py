"""Where the claims of `razin-cohen-tensor` fail."""

from dmf_core.reproductions.razin_cohen_2020.tensor import STDS, Case

from . import Counter, Key, in_place_of, with_settings

LARGE = {"init.scale": 0.3}  # of the order of the tensor itself: nothing is small at the start


def _case(key: Key) -> Case:
    assert isinstance(key, Case)
    return key


def _from_large(key: Key) -> bool:
    return _case(key).std == STDS[0]


def _same_start(key: Key) -> Key:
    return Case(STDS[0], _case(key).observations, _case(key).seed)


COUNTERS = {
    "smaller-start": Counter(in_place_of(_same_start)),
    "below-memorizer": Counter(with_settings(LARGE, _from_large)),
    "one-component": Counter(with_settings(LARGE, _from_large)),
}
