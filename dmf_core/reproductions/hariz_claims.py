"""The claims of `hariz-deep-cp`."""

import math
from collections.abc import Sequence

import numpy as np

from dmf_core.reproductions.hariz_cases import DEPTHS, LARGE, MANY, MIDDLE, NORMAL_STD, Case
from dmf_core.reproductions.hariz_readings import (
    Group,
    Reading,
    cases_of,
    depths_of,
    error,
    first,
    over_draws,
    rise,
    spurious,
    width,
)
from dmf_core.reproductions.reproduction import Claim, Results, least, worst

SOURCE = "our reading of the abstract of Hariz et al. 2022; settings and measures are ours"
STEP = 0.5  # medians of ten counts come in halves: lower means lower by so much
MOST = 0.8  # of the draws; set before the draws that decide were looked at


def claims_of(results: Results) -> list[Claim]:
    """Every sentence that these results decide."""
    shallow = cases_of(results, MANY, 1)
    found = []
    for depth in depths_of(results)[1:]:
        pairs = [(case, Case(MANY, depth, case.seed)) for case in shallow]
        found += [
            Claim(
                f"sharper-{depth}",
                f"600 entries, {depth} layers against 1: components rise from 10 % to 90 % in a smaller share of the "
                "time until they are half grown, in every draw: largest ratio.",
                worst(width(results, deep) / width(results, case) for case, deep in pairs),
                "<=",
                1.0,
                SOURCE,
            ),
            Claim(
                f"shorter-{depth}",
                f"The rise itself, in flow time, is shorter with {depth} layers than with 1: ratio of the medians.",
                _ratio(results, rise, depth, (MANY, "small")),
                "<=",
                1.0,
                SOURCE,
            ),
            Claim(
                f"waits-{depth}",
                f"The first component of {depth} layers is half grown later than that of 1, in every draw: smallest ratio.",
                least(first(results, deep) / first(results, case) for case, deep in pairs),
                ">=",
                1.0,
                "derived: at equal size, more factors grow a small component more slowly",
            ),
        ]
    if results.quick:
        return found
    return [*found, *_of_large(results), *_of_normal(results)]


def _of_large(results: Results) -> list[Claim]:
    """What can be claimed of the starts from the same large W."""
    shallow = cases_of(results, MIDDLE, 1, "large")
    found = []
    for depth in DEPTHS[1:]:
        pairs = [(case, Case(MIDDLE, depth, case.seed, "large")) for case in shallow]
        few, near = _share(results, spurious, pairs), _share(results, error, pairs)
        medians = [over_draws(results, spurious, MIDDLE, each, "large").median for each in (1, depth)]
        found += [
            Claim(
                f"spurious-{depth}",
                f"{MIDDLE} entries, all depths from the same W of ten components of norm {LARGE:g}: the median number of "
                f"spurious components is lower with {depth} layers than with 1: their difference.",
                medians[1] - medians[0],
                "<=",
                -STEP,
                SOURCE,
            ),
            Claim(
                f"spurious-draws-{depth}",
                f"There, {depth} layers end with no more spurious components than 1 in most draws: their share.",
                few,
                ">=",
                MOST,
                SOURCE,
            ),
            Claim(
                f"large-error-{depth}",
                f"There, the median error with {depth} layers is lower than with 1: their ratio.",
                _ratio(results, error, depth, (MIDDLE, "large")),
                "<=",
                1.0,
                SOURCE,
            ),
            Claim(
                f"large-error-draws-{depth}",
                f"There, the error with {depth} layers is not above that with 1 in most draws: their share.",
                near,
                ">=",
                MOST,
                SOURCE,
            ),
        ]
    return found


def _of_normal(results: Results) -> list[Claim]:
    """What can be claimed of the starts from normal entries."""
    return [
        Claim(
            f"error-{depth}",
            f"{MIDDLE} entries, standard deviation {NORMAL_STD} in every layer: the median error with {depth} layers is lower "
            "than with 1: their ratio.",
            _ratio(results, error, depth, (MIDDLE, "normal")),
            "<=",
            1.0,
            SOURCE,
        )
        for depth in DEPTHS[1:]
    ]


def _ratio(results: Results, reading: Reading, depth: int, group: Group) -> float:
    """Of the medians, this depth over depth 1."""
    observations, start = group
    deep, shallow = (over_draws(results, reading, observations, each, start).median for each in (depth, 1))
    return deep / shallow


def _share(results: Results, reading: Reading, pairs: Sequence[tuple[Case, Case]]) -> float:
    """Of the pairs, how many have no larger value in the deeper one; NaN when one is missing."""
    more = np.array([reading(results, deep) - reading(results, case) for case, deep in pairs])
    return math.nan if not len(more) or np.isnan(more).any() else float((more <= 0).mean())
