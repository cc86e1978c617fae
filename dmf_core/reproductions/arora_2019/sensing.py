"""Arora et al. 2019, appendix: random measurements in place of entries."""

from collections.abc import Sequence

from dmf_core.reproductions.arora_2019.grid import (
    FEW,
    MANY,
    NOTEBOOK,
    PAPER,
    Point,
    arora_run,
    at,
    at_least,
    counts,
    depths,
    panel,
    points,
    published_lines,
    scales,
    with_least,
)
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

SOURCE = "Arora et al. 2019, figures of the appendix in the authors' notebook"
ERROR, RANK = "mean_squared_error", "entropy_rank"
SCALES = (1e-3, 1e-5, 1e-7)  # of the start; 1e-3 and 1e-7 have published values
SMALL = {"problem.rows": 40, "problem.columns": 40, "problem.rank": 3, "problem.observations": 470}  # twice its freedom, too


class AroraSensing(Reproduction):
    """Depth against scale, from measurements."""

    name = "arora-sensing"
    title = "The same from random measurements"
    paper = PAPER
    about = (
        "A 100 x 100 matrix of rank 5 seen through 2000 random measurements (three draws) and 5000 (one draw), normal start, "
        "training error down to 1e-6, solved as gradient flow, beside the matrix of least nuclear norm that agrees with them. "
        "The draws are ours: trends compare, digits do not."
    )
    published = (
        Published("error-2-1e-3", "error, 2000 measurements, depth 2, scale 1e-3", 3.7e-2, NOTEBOOK, Certainty.FIGURE),
        Published("error-2-1e-7", "error, 2000 measurements, depth 2, scale 1e-7", 4.5e-4, NOTEBOOK, Certainty.FIGURE),
        Published("error-3-1e-3", "error, 2000 measurements, depth 3, scale 1e-3", 1.7e-5, NOTEBOOK, Certainty.FIGURE),
        Published("deep", "error, 2000 measurements, depths 3 and 4 otherwise, about", 9e-6, NOTEBOOK, Certainty.FIGURE),
        Published("nuclear", "error, 2000 measurements, minimum nuclear norm", 7.5e-4, NOTEBOOK, Certainty.FIGURE),
        Published("rank-2-1e-3", "entropy rank, 2000 measurements, depth 2, scale 1e-3", 9.7, NOTEBOOK, Certainty.FIGURE),
        Published("rank-2-1e-7", "entropy rank, 2000 measurements, depth 2, scale 1e-7", 5.4, NOTEBOOK, Certainty.FIGURE),
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        if quick:
            some = [Point(FEW, depth, scale, 0) for depth in (2, 3) for scale in (1e-3, 1e-7)]
            return with_least({point: Run(arora_run(point, "matrix_sensing").spec.replaced(SMALL)) for point in some})
        few = [Point(FEW, N, s, seed) for N in (2, 3, 4) for s in SCALES for seed in range(3)]
        many = [Point(MANY, N, s, 0) for N in (2, 3, 4) for s in (SCALES[0], SCALES[-1])]
        longest_first = [*reversed(many), *reversed(few)]  # so that no worker waits for another at the end
        return with_least({point: arora_run(point, "matrix_sensing") for point in longest_first})

    def claims(self, results: Results) -> list[Claim]:
        first, last = scales(results)[0], scales(results)[-1]
        pairs = zip(points(results, FEW, 2, first), points(results, FEW, 3, first), strict=True)
        return [
            Claim(
                "deep-wins",
                "Twice the degrees of freedom, scale 1e-3: depth 3's error is at most a thousandth of depth 2's, in every draw.",
                worst(results.last(three, ERROR) / results.last(two, ERROR) for two, three in pairs),
                "<=",
                1e-3,
                f"{SOURCE}: they show about 1.7e-5 against 3.7e-2",
            ),
            Claim(
                "depth-2-falls",
                "Depth 2: the median error at scale 1e-7 is at most 0.015 times that at scale 1e-3.",
                at(results, ERROR, FEW, 2, last).median / at(results, ERROR, FEW, 2, first).median,
                "<=",
                0.015,
                f"{SOURCE}: they show 4.5e-4 against 3.7e-2",
            ),
            Claim(
                "deep-at-every-scale",
                "Depths above 2: the error is below 2e-5 at every scale and in every draw.",
                _deep(results).high,
                "<=",
                2e-5,
                f"{SOURCE}: they show about 9e-6, at depth 3 and scale 1e-3 about 1.7e-5",
            ),
            Claim(
                "least-finds-it",
                "From as many measurements the minimum nuclear norm finds the matrix too: error at most 1e-3, in every draw.",
                at_least(results, ERROR, FEW).high,
                "<=",
                1e-3,
                f"{SOURCE}: they show 7.5e-4",
            ),
        ]

    def ours(self, results: Results) -> dict[str, Spread]:
        if results.quick:  # another size: nothing to put beside
            return {}
        places = {"1e-3": SCALES[0], "1e-7": SCALES[-1]}
        spreads = {f"error-2-{name}": at(results, ERROR, FEW, 2, scale) for name, scale in places.items()}
        spreads["error-3-1e-3"] = at(results, ERROR, FEW, 3, SCALES[0])
        spreads |= {f"rank-2-{name}": at(results, RANK, FEW, 2, scale) for name, scale in places.items()}
        return spreads | {"deep": _deep(results, [(3, SCALES[0])]), "nuclear": at_least(results, ERROR, FEW)}

    def panels(self, results: Results) -> list[Panel]:
        panels = []
        for count in counts(results):
            for name, key, label in (("error", ERROR, "reconstruction error"), ("rank", RANK, "entropy rank")):
                theirs = published_lines(self.published, name) if count == FEW else []
                panels.append(panel(results, count, key, label, key == ERROR, theirs, "measurements"))
        return panels


def _deep(results: Results, without: Sequence[tuple[int, float]] = ()) -> Spread:
    kinds = [(N, s) for N in depths(results) if N > 2 for s in scales(results) if (N, s) not in without]
    return spread(results.last(point, ERROR) for N, s in kinds for point in points(results, FEW, N, s))
