"""Arora et al. 2019: the reconstruction error of completion against depth and initial scale."""

import math
from itertools import pairwise

from dmf_core.reproductions.arora_2019.grid import (
    FEW,
    LOST,
    MANY,
    NOTEBOOK,
    PAPER,
    SETTING,
    Point,
    at,
    at_least,
    completion_runs,
    counts,
    depths,
    least_of,
    panel,
    points,
    published_lines,
    scales,
)
from dmf_core.reproductions.arora_2019.replacement import TWIN, around, both_ways, closer
from dmf_core.reproductions.framework.reproduction import (
    Certainty,
    Claim,
    Key,
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
ERROR = "mean_squared_error"


class AroraFigure1(Reproduction):
    """The error over all entries."""

    name = "arora-figure-1"
    title = "Depth finds the matrix where two factors do not"
    paper = PAPER
    about = SETTING
    published = both_ways(
        (
            Published("few-2-1e-3", "error, 2000 observations, depth 2, scale 1e-3", 1.05e-1, NOTEBOOK, Certainty.FIGURE),
            Published("few-2-1e-4", "error, 2000 observations, depth 2, scale 1e-4", 6.5e-2, NOTEBOOK, Certainty.FIGURE),
            Published("few-2-1e-5", "error, 2000 observations, depth 2, scale 1e-5", 3.7e-2, NOTEBOOK, Certainty.FIGURE),
            Published("few-2-1e-6", "error, 2000 observations, depth 2, scale 1e-6", 2.4e-2, NOTEBOOK, Certainty.FIGURE),
            Published("deep-lowest", "error, 2000 observations, depths 3 and 4, lowest", 2e-5, NOTEBOOK, Certainty.FIGURE),
            Published("deep-highest", "error, 2000 observations, depths 3 and 4, highest", 4e-5, NOTEBOOK, Certainty.FIGURE),
            Published("few-nuclear", "error, 2000 observations, minimum nuclear norm", 1.1e-1, NOTEBOOK, Certainty.FIGURE),
            Published("many-2-1e-3", "error, 5000 observations, depth 2, scale 1e-3", 9e-5, NOTEBOOK, Certainty.FIGURE),
            Published("many-2-1e-6", "error, 5000 observations, depth 2, scale 1e-6", 5e-6, NOTEBOOK, Certainty.FIGURE),
            Published("many-3-1e-3", "error, 5000 observations, depths 3 and 4", 4e-6, NOTEBOOK, Certainty.FIGURE),
            Published("many-nuclear", "error, 5000 observations, minimum nuclear norm", 8e-7, NOTEBOOK, Certainty.FIGURE),
        )
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return completion_runs(quick)

    def claims(self, results: Results) -> list[Claim]:
        shallow = [at(results, ERROR, FEW, 2, scale).median for scale in scales(results)]
        deep = _deep(results)
        enough = [point for N in depths(results) for scale in scales(results) for point in points(results, MANY, N, scale)]
        return [
            Claim(
                "thousandth",
                "2000 observations, scale 1e-3: the depth-3 error is at most a thousandth of the depth-2 error, in every draw.",
                worst(
                    results.last(three, ERROR) / results.last(two, ERROR)
                    for two, three in zip(points(results, FEW, 2, 1e-3), points(results, FEW, 3, 1e-3), strict=True)
                ),
                "<=",
                1e-3,
                SOURCE,
            ),
            Claim(
                "depth-2-falls",
                "2000 observations, depth 2: a tenfold smaller scale leaves at most 0.75 of the median error, at every step.",
                _slowest(results, shallow),
                "<=",
                0.75,
                f"{SOURCE}: they show 0.57 to 0.65",
            ),
            Claim(
                "deep-at-every-scale",
                "2000 observations, depths above 2: the error is below 1e-4 at every scale and in every draw.",
                deep.high,
                "<=",
                1e-4,
                f"{SOURCE}: they show 2e-5 to 4e-5",
            ),
            Claim(
                "enough-observations",
                "5000 observations: the error is below 3e-5 at every depth, every scale and in every draw.",
                worst(results.last(point, ERROR) for point in enough),
                "<=",
                3e-5,
                f"{SOURCE}: they show 4e-6 to 9e-5",
            ),
            *_against_minimum_norm(results),
            *_replacement(results),
        ]

    def ours(self, results: Results) -> dict[str, Spread]:
        again = self._one_way(results, True)
        return self._one_way(results, False) | {TWIN + key: values for key, values in again.items()}

    def _one_way(self, results: Results, replacement: bool) -> dict[str, Spread]:
        """Ours from distinct entries, or from draws with replacement."""
        names = {"few": FEW, "many": MANY}
        kinds = [(N, s) for N in depths(results) if N > 2 for s in scales(results) if points(results, FEW, N, s, replacement)]
        medians = spread(at(results, ERROR, FEW, N, s, replacement).median for N, s in kinds)
        spreads = {"deep-lowest": spread([medians.low]), "deep-highest": spread([medians.high])}
        spreads |= {f"{name}-nuclear": at_least(results, ERROR, count, replacement) for name, count in names.items()}
        for each in self.published:
            count, _, rest = each.key.partition("-")
            depth, _, scale = rest.partition("-")
            if count in names and scale and points(results, names[count], int(depth), float(scale), replacement):
                spreads[each.key] = at(results, ERROR, names[count], int(depth), float(scale), replacement)
        return spreads

    def panels(self, results: Results) -> list[Panel]:
        theirs = {FEW: published_lines(self.published, "few"), MANY: published_lines(self.published, "many")}
        return [
            panel(results, count, ERROR, "reconstruction error", True, theirs[count], replacement=replacement)
            for count in counts(results)
            for replacement in (False, True)
        ]


def _against_minimum_norm(results: Results) -> list[Claim]:
    """The runs against the minimum nuclear norm of the entries that they see."""

    def over(points: list[Point]) -> float:
        return worst(results.last(each, ERROR) / results.last(least_of(each), ERROR) for each in points)

    small = [point for scale in scales(results) if scale < 1e-3 for point in points(results, FEW, 2, scale)]
    deep = [point for N in depths(results) if N > 2 for scale in scales(results) for point in points(results, FEW, N, scale)]
    many = [point for N in depths(results) for scale in scales(results) for point in points(results, MANY, N, scale)]
    return [
        Claim(
            "depth-2-below-least",
            "2000 observations, depth 2, scales below 1e-3: it is at most 0.8 times the minimum nuclear norm's, in every draw.",
            over(small),
            "<=",
            0.8,
            f"{SOURCE}: they show 6.5e-2 and less, against 1.1e-1",
        ),
        Claim(
            "deep-below-least",
            "2000 observations, depths above 2: it is at most 0.003 times the minimum nuclear norm's, in every draw.",
            over(deep),
            "<=",
            0.003,
            f"{SOURCE}: they show 4e-5 and less, against 1.1e-1",
        ),
        Claim(
            "least-wins",
            "5000 observations: the error of the minimum nuclear norm is at most 1e-5 times that of any run, in every draw.",
            worst(results.last(least_of(each), ERROR) / results.last(each, ERROR) for each in many),
            "<=",
            1e-5,
            f"{SOURCE}: they show 8e-7 against 4e-6 and more, with a tolerance of 1e-3 on the entries; ours is exact",
        ),
    ]


def _replacement(results: Results) -> list[Claim]:
    """The claims about which way of sampling gives the published errors."""

    def ways(observations: int, scale: float = 1e-3) -> tuple[float, float]:
        distinct, again = (at(results, ERROR, observations, 2, scale, replacement).median for replacement in (False, True))
        return distinct, again

    large, small = ways(FEW), ways(FEW, 1e-5)
    falls = small[0] / large[0], small[1] / large[1]

    least = at_least(results, ERROR, FEW), at_least(results, ERROR, FEW, True)
    lost = Claim(
        "depth-4-lost",
        "Against replacement: with it, 2000 draws, depth 4 and scale 1e-6 the error is above 12, where theirs is at most 4e-5.",
        results.last(LOST, ERROR),
        ">=",
        12,
        f"measured by us; {SOURCE}",
    )
    title = "Error of the minimum nuclear norm, 2000 observations"
    return [
        *around("least", title, 0.11, least, above=False, source=SOURCE),
        closer("few", "Error at depth 2, scale 1e-3, 2000 observations", 1.05e-1, large, 0.6, SOURCE),
        closer("fall", "Error at depth 2, 2000 observations, scale 1e-5 over that at 1e-3", 3.7e-2 / 1.05e-1, falls, 0.3, SOURCE),
        closer("many", "Error at depth 2, scale 1e-3, 5000 observations", 9e-5, ways(MANY), 0.6, SOURCE),
        *([lost] if LOST in results.runs else []),
    ]


def _slowest(results: Results, medians: list[float]) -> float:
    """The largest factor for a tenth of the scale; steps of the scale may be larger."""
    steps = zip(pairwise(medians), pairwise(scales(results)), strict=True)
    return worst((after / before) ** (1 / math.log10(wide / narrow)) for (before, after), (wide, narrow) in steps)


def _deep(results: Results) -> Spread:
    """The error of every run of more than two factors, from few observations."""
    kinds = [(N, s) for N in depths(results) if N > 2 for s in scales(results)]
    return spread(results.last(point, ERROR) for N, s in kinds for point in points(results, FEW, N, s))
