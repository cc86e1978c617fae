"""Were the entries behind Arora et al.'s figures drawn with replacement? Both ways against their values; evidence, not proof."""

import math
from collections.abc import Iterable
from dataclasses import replace

from dmf_core.reproductions.framework.reproduction import Claim, Published, Spread

TWIN = "again-"  # begins the key of a published value that stands beside ours from draws with replacement


def both_ways(published: Iterable[Published], but: Iterable[str] = ()) -> tuple[Published, ...]:
    """Each value twice: beside ours from distinct entries, then from draws with replacement; those `but` only once."""
    twice: list[Published] = []
    for each in published:
        twice.append(each)
        if each.key not in but:
            twice.append(replace(each, key=TWIN + each.key, what=f"{each.what}; ours with replacement"))
    return tuple(twice)


def around(name: str, quantity: str, published: float, ways: tuple[Spread, Spread], above: bool, source: str) -> list[Claim]:
    """Two claims: every draw of distinct entries is on one side of the published value, those with replacement around it.

    ways: our values from distinct entries, and with replacement. above: the distinct ones are above the published value.
    """
    distinct, again = ways
    side = published / distinct.low if above else distinct.high / published
    return [
        Claim(
            f"{name}-distinct",
            f"{quantity}, distinct entries: {'above' if above else 'below'} the published {published:.4g} in every draw.",
            side,
            "<=",
            1.0,
            source,
        ),
        Claim(
            f"{name}-replacement",
            f"{quantity}, entries drawn with replacement: the draws lie on both sides of the published {published:.4g}.",
            max(again.low / published, published / again.high) if again.count else math.nan,
            "<=",
            1.0,
            source,
        ),
    ]


def closer(name: str, quantity: str, published: float, medians: tuple[float, float], bound: float, source: str) -> Claim:
    """On a logarithmic scale the median with replacement, the second, is nearer to the published value than that without."""
    distinct, again = (abs(math.log(each / published)) if each > 0 else math.nan for each in medians)
    return Claim(
        f"{name}-closer",
        f"{quantity}: with replacement the median is at most {bound} times as far from the published {published:.4g} as that of "
        "distinct entries (logarithms).",
        again / distinct if distinct else math.nan,
        "<=",
        bound,
        source,
    )
