"""Where the claims of `hariz-deep-cp` fail: depths exchanged, from every start."""

from dataclasses import replace

from dmf_core.reproductions.hariz_2022.cases import Case

from . import Counter, Key, in_place_of


def _exchanged(depth: int) -> Counter:
    """The runs of depth 1 for those of this depth, and the other way round."""

    def other(key: Key) -> Key:
        assert isinstance(key, Case)
        return replace(key, depth={1: depth, depth: 1}[key.depth])

    return Counter(in_place_of(other, lambda key: isinstance(key, Case) and key.depth in (1, depth)))


CLAIMS = ("sharper", "sharper-draws", "waits", "spurious", "spurious-draws", "large-error", "large-error-draws", "error")
COUNTERS = {f"{claim}-{depth}": _exchanged(depth) for claim in CLAIMS for depth in (2, 3)}
