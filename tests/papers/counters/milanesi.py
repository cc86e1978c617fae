"""Where the claims of both reproductions after Milanesi et al. fail: stopped early, and exchanged depths."""

from collections.abc import Iterable

from dmf_core.reproductions.milanesi_2021.readings import Case

from . import Counter, Key, in_place_of, with_settings

EARLY = 0.2  # training error; the mean square entry of the truth is 1


def counters_of(recovered: Iterable[str]) -> dict[str, Counter]:
    """Claims about ranks by name: the runs of that depth, ended EARLY. Claims about sharpness: depths exchanged."""
    ranks = {name: _early(int(name[-1])) for name in recovered}
    return ranks | {f"{name}-{depth}": _exchanged(depth) for name in ("sharper", "much-sharper") for depth in (2, 3)}


def _early(depth: int) -> Counter:
    return Counter(with_settings({"stop.loss": EARLY}, lambda key: isinstance(key, Case) and key.depth == depth))


def _exchanged(depth: int) -> Counter:
    def other(key: Key) -> Key:
        assert isinstance(key, Case)
        return Case({1: depth, depth: 1}[key.depth], key.seed)

    return Counter(in_place_of(other, lambda key: isinstance(key, Case) and key.depth in (1, depth)))
