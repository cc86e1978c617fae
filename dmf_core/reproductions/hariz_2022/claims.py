"""The claims of `hariz-deep-cp`."""

import math
from collections.abc import Sequence

import numpy as np

from dmf_core.reproductions.framework.reproduction import Claim, Results, least
from dmf_core.reproductions.hariz_2022.cases import DEPTHS, LARGE, MANY, MIDDLE, NORMAL_STD, Case
from dmf_core.reproductions.hariz_2022.readings import (
    Group,
    Reading,
    cases_of,
    error,
    first,
    over_draws,
    spurious,
    width,
)

SOURCE = "our reading of the abstract of Hariz et al. 2022; settings and measures are ours"
SHARPER = 0.6  # measured 0.18 and 0.22 over thirty draws
SHARPER_DRAWS = {2: 0.8, 3: 0.6}  # of the draws; measured 0.9 and 0.8
WAITS = {2: 1.3, 3: 1.5}  # measured 1.64 and 2.11
FEWER = {2: 0.75, 3: 1.5}  # measured 1.5 and 3
FEWER_DRAWS, LESS_DRAWS = 0.9, 0.8  # of the draws; measured 1 and 0.9
LESS = 0.7  # measured 0.27 and 0.16; in ten other draws 0.45 and 0.32
LESS_NORMAL = 0.6  # measured 0.22


def claims_of(results: Results) -> list[Claim]:
    """Every sentence that these results decide."""
    return [*_of_small(results), *_of_large(results), *_of_normal(results)]


def _of_small(results: Results) -> list[Claim]:
    """What can be claimed of the starts from small components."""
    claims = []
    for depth in DEPTHS[1:]:
        pairs = [(case, Case(MANY, depth, case.seed)) for case in cases_of(results, MANY, 1)]
        ratios = [width(results, deep) / width(results, case) for case, deep in pairs]
        text = (
            f"{MANY} entries, {depth} layers against 1: components rise from 10 % to 90 % in a smaller share of the "
            "time until they are half grown"
        )
        claims += [
            Claim(
                f"sharper-{depth}",
                f"{text}: median of the ratios.",
                float(np.median(ratios)) if ratios else math.nan,
                "<=",
                SHARPER,
                SOURCE,
            ),
            Claim(
                f"sharper-draws-{depth}",
                f"{text}, in most draws: their share.",
                _at_most_one(ratios),
                ">=",
                SHARPER_DRAWS[depth],
                SOURCE,
            ),
            Claim(
                f"waits-{depth}",
                f"The first component of {depth} layers is half grown later than that of 1, in every draw: smallest ratio.",
                least(first(results, deep) / first(results, case) for case, deep in pairs),
                ">=",
                WAITS[depth],
                "derived: at equal size, more factors grow a small component more slowly",
            ),
        ]
    return claims


def _of_large(results: Results) -> list[Claim]:
    """What can be claimed of the starts from the same large W."""
    shallow = cases_of(results, MIDDLE, 1, "large")
    claims = []
    for depth in DEPTHS[1:]:
        pairs = [(case, Case(MIDDLE, depth, case.seed, "large")) for case in shallow]
        few, near = _share(results, spurious, pairs), _share(results, error, pairs)
        medians = [over_draws(results, spurious, MIDDLE, each, "large").median for each in (1, depth)]
        claims += [
            Claim(
                f"spurious-{depth}",
                f"{MIDDLE} entries, all depths from the same W of ten components of norm {LARGE:g}: the median number of "
                f"spurious components is lower with {depth} layers than with 1: their difference.",
                medians[1] - medians[0],
                "<=",
                -FEWER[depth],
                SOURCE,
            ),
            Claim(
                f"spurious-draws-{depth}",
                f"There, {depth} layers end with no more spurious components than 1 in most draws: their share.",
                few,
                ">=",
                FEWER_DRAWS,
                SOURCE,
            ),
            Claim(
                f"large-error-{depth}",
                f"There, the median error with {depth} layers is lower than with 1: their ratio.",
                _ratio(results, error, depth, (MIDDLE, "large")),
                "<=",
                LESS,
                SOURCE,
            ),
            Claim(
                f"large-error-draws-{depth}",
                f"There, the error with {depth} layers is not above that with 1 in most draws: their share.",
                near,
                ">=",
                LESS_DRAWS,
                SOURCE,
            ),
        ]
    return claims


def _of_normal(results: Results) -> list[Claim]:
    """What can be claimed of the starts from normal entries."""
    return [
        Claim(
            f"error-{depth}",
            f"{MIDDLE} entries, standard deviation {NORMAL_STD} in every layer: the median error with {depth} layers is lower "
            "than with 1: their ratio.",
            _ratio(results, error, depth, (MIDDLE, "normal")),
            "<=",
            LESS_NORMAL,
            SOURCE,
        )
        for depth in DEPTHS[1:]
    ]


def _ratio(results: Results, reading: Reading, depth: int, group: Group) -> float:
    """The median of this depth over the median of depth 1."""
    observations, start = group
    deep, shallow = (over_draws(results, reading, observations, each, start).median for each in (depth, 1))
    return deep / shallow


def _share(results: Results, reading: Reading, pairs: Sequence[tuple[Case, Case]]) -> float:
    """Of the pairs, how many have no larger value in the deeper one; NaN when one is missing."""
    more = np.array([reading(results, deep) - reading(results, case) for case, deep in pairs])
    return math.nan if not len(more) or np.isnan(more).any() else float((more <= 0).mean())


def _at_most_one(ratios: Sequence[float]) -> float:
    """The share of these ratios; NaN when one is missing."""
    return math.nan if not ratios or np.isnan(ratios).any() else float((np.array(ratios) <= 1).mean())
