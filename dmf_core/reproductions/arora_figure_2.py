"""Arora et al. 2019: nuclear norm and entropy rank of what the runs of figure 1 found."""

from itertools import pairwise

import numpy as np

from dmf_core.measures.effective_rank import entropy_rank
from dmf_core.reproductions.arora_grid import (
    FEW,
    NOTEBOOK,
    PAPER,
    SETTING,
    Point,
    at,
    completion_runs,
    counts,
    depths,
    panel,
    points,
    scales,
)
from dmf_core.reproductions.reproduction import (
    Certainty,
    Claim,
    Key,
    Line,
    Panel,
    Published,
    Reproduction,
    Results,
    Run,
    Spread,
    spread,
    worst,
)

SOURCE = "Arora et al. 2019, figures 1 and 2"
NORM, RANK = "nuclear_norm", "entropy_rank"


class AroraFigure2(Reproduction):
    """Not the norm: depth prefers low rank at the price of a larger nuclear norm."""

    name = "arora-figure-2"
    title = "Depth prefers a low rank to a small nuclear norm"
    paper = PAPER
    about = (
        f"{SETTING} On the authors' instance depth 2 ends below the truth's nuclear norm; on our draws it ends beside it, "
        "with this optimizer as with theirs."
    )
    published = (
        Published("norm-truth", "nuclear norm, 2000 observations, truth", 219.5, NOTEBOOK, Certainty.FIGURE),
        Published("norm-nuclear", "nuclear norm, 2000 observations, its minimum", 210.15, NOTEBOOK, Certainty.PRINTED),
        Published("norm-2-1e-3", "nuclear norm, 2000 observations, depth 2, scale 1e-3", 215.5, NOTEBOOK, Certainty.FIGURE),
        Published("norm-2-1e-6", "nuclear norm, 2000 observations, depth 2, scale 1e-6", 217.2, NOTEBOOK, Certainty.FIGURE),
        Published("norm-3-1e-3", "nuclear norm, 2000 observations, depth 3, about", 219.4, NOTEBOOK, Certainty.FIGURE),
        Published("rank-truth", "entropy rank, 2000 observations, truth", 4.9, NOTEBOOK, Certainty.FIGURE),
        Published("rank-nuclear", "entropy rank, 2000 observations, minimum nuclear norm", 9.45, NOTEBOOK, Certainty.FIGURE),
        Published("rank-2-1e-3", "entropy rank, 2000 observations, depth 2, scale 1e-3", 10.1, NOTEBOOK, Certainty.FIGURE),
        Published("rank-2-1e-4", "entropy rank, 2000 observations, depth 2, scale 1e-4", 8.35, NOTEBOOK, Certainty.FIGURE),
        Published("rank-2-1e-5", "entropy rank, 2000 observations, depth 2, scale 1e-5", 7.2, NOTEBOOK, Certainty.FIGURE),
        Published("rank-2-1e-6", "entropy rank, 2000 observations, depth 2, scale 1e-6", 6.6, NOTEBOOK, Certainty.FIGURE),
        Published("rank-3-1e-3", "entropy rank, 2000 observations, depth 3, about", 4.95, NOTEBOOK, Certainty.FIGURE),
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return completion_runs(quick)

    def claims(self, results: Results) -> list[Claim]:
        shallow = [at(results, RANK, FEW, 2, scale).median for scale in scales(results)]
        three = [point for scale in scales(results) for point in points(results, FEW, 3, scale)]
        return [
            Claim(
                "rank-depth-3",
                "2000 observations, scale 1e-3, depth 3: the entropy rank is within 0.15 of the truth's, in every draw.",
                worst(abs(results.last(point, RANK) - _truth(results, point, RANK)) for point in points(results, FEW, 3, 1e-3)),
                "<=",
                0.15,
                SOURCE,
            ),
            Claim(
                "rank-depth-2",
                "2000 observations, scale 1e-3, depth 2: the entropy rank is above 7, in every draw.",
                at(results, RANK, FEW, 2, 1e-3).low,
                ">=",
                7,
                SOURCE,
            ),
            Claim(
                "rank-falls",
                "2000 observations, depth 2: the median entropy rank falls with every step to a smaller scale.",
                worst(after / before for before, after in pairwise(shallow)),
                "<=",
                1.0,
                SOURCE,
            ),
            Claim(
                "norm-depth-3",
                "2000 observations, depth 3: the nuclear norm is within 1 % of the truth's, at every scale and in every draw.",
                worst(abs(results.last(each, NORM) / _truth(results, each, NORM) - 1) for each in three),
                "<=",
                0.01,
                SOURCE,
            ),
        ]

    def ours(self, results: Results) -> dict[str, Spread]:
        draws = [point for point in points(results, FEW, 2, 1e-3)]
        found = {f"{name}-truth": spread(_truth(results, each, key) for each in draws) for name, key in _KEYS.items()}
        for each in self.published:
            name, depth, scale = each.key.split("-", 2) if each.key.count("-") > 1 else ("", "", "")
            if scale and points(results, FEW, int(depth), float(scale)):
                found[each.key] = at(results, _KEYS[name], FEW, int(depth), float(scale))
        return found

    def panels(self, results: Results) -> list[Panel]:
        # The minimum-nuclear-norm solution of the same entries belongs here as a level line, from dmf_core/baselines.
        return [
            panel(results, count, key, label, False, _truth_line(results, count, key))
            for count in counts(results)
            for key, label in ((NORM, "nuclear norm"), (RANK, "entropy rank"))
        ]


_KEYS = {"norm": NORM, "rank": RANK}


def _truth(results: Results, point: Point, key: str) -> float:
    """The same measure of the truth of a run."""
    run = results.of(point)
    sigma = run.start.true_singular_values if run else None
    if sigma is None:
        return float("nan")
    return float(sigma.sum() if key == NORM else entropy_rank(sigma))


def _truth_line(results: Results, observations: int, key: str) -> list[Line]:
    here = [point for point in results.runs if isinstance(point, Point) and point.observations == observations]
    ends = np.array([10 * scale for scale in (scales(results)[0], scales(results)[-1])])
    level = spread(_truth(results, point, key) for point in here if point.depth == depths(results)[-1])
    return [Line("truth", ends, np.full(2, level.median), np.full(2, level.low), np.full(2, level.high), role="predicted")]
