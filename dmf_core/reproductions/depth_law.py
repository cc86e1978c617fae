"""How fast a component grows for its size, against the depth: measured exponents beside the ones that we derive."""

from collections.abc import Iterator
from itertools import pairwise

from dmf_core.reproductions.depth_law_panels import panels
from dmf_core.reproductions.depth_law_runs import MATRICES, MIXED, TENSORS, Kind, draws, exponent, kinds, laws, layer, runs
from dmf_core.reproductions.reproduction import (
    Certainty,
    Claim,
    Key,
    Panel,
    Published,
    Reproduction,
    Results,
    Run,
    Spread,
    least,
    worst,
)

WITHIN = 0.05
SOURCE = "for the balanced gradient flow of one component"
OURS = f"derived by us, {SOURCE}"


class DepthLaw(Reproduction):
    """Exponents of growth."""

    name = "depth-law"
    title = "The more factors, the more a large component outgrows a small one"
    paper = "Measured and derived by us"
    about = (
        "One balanced component starts at a Frobenius norm of 1e-3 and learns a 10 x 10 matrix, or a tensor of side 6, of "
        "rank one, every entry of it seen; draws whose start is not pulled along itself are passed over. P factors multiply to "
        "a component: P = N in a matrix of depth N, P = NK in a CP tensor of order N with K layers in every mode. Then "
        "ds/dt = P gamma s^(2 - 2/P), where s is the size of the component and gamma, its driving force, how far -dL/dW points "
        "along it. Gamma is measured from dL/dW, ds/dt from the sizes alone. Ordinary least squares over 60 points, evenly "
        "spaced in log s, give one exponent for each draw. Points of one run follow from each other, so the 95 % interval is "
        "Student's over independent draws alone. Six components at once are shown beside: where their layers mix, the law is "
        "only about right. The full form takes about half a minute."
    )
    range_is = "the mean, and its 95 % interval"
    published = tuple(
        Published(kind.name, f"exponent of the size, {kind.name}", kind.exponent, SOURCE, Certainty.DERIVED)
        for kind in MATRICES + TENSORS + MIXED
    )

    def runs(self, quick: bool) -> dict[Key, Run]:
        return runs(quick)

    def claims(self, results: Results) -> list[Claim]:
        return list(_claims(results, [kind for kind in kinds(results) if kind.components == 1]))

    def ours(self, results: Results) -> dict[str, Spread]:
        found = {kind.name: (exponent(results, kind), len(draws(results, kind))) for kind in kinds(results)}
        return {name: Spread(at.mean, at.mean - at.half, at.mean + at.half, count) for name, (at, count) in found.items()}

    def panels(self, results: Results) -> list[Panel]:
        return panels(results)


def _claims(results: Results, single: list[Kind]) -> Iterator[Claim]:
    families = {
        "matrices": ("Matrices of depth 2 to 5", [kind for kind in single if kind.order == 2]),
        "cp": ("CP tensors", [kind for kind in single if kind.order > 2 and kind.depth == 1]),
        "deep-cp": ("CP tensors with 2 and 3 layers", [kind for kind in single if kind.order > 2 and kind.depth > 1]),
    }
    for name, (who, members) in families.items():
        yield Claim(
            name,
            f"{who}: the exponent is 2 - 2/P, with its whole 95 % interval within 0.05.",
            worst(exponent(results, kind).off(kind.exponent) for kind in members),
            "<=",
            WITHIN,
            OURS,
        )
    yield Claim(
        "factor",
        "In front of the power stands P: largest relative difference in any draw.",
        worst(abs(law.factor / kind.factors - 1) for kind in single for law in laws(results, kind)),
        "<=",
        WITHIN,
        OURS,
    )
    yield Claim(
        "layer",
        "The norm of one layer grows with the exponent P - 1, with its whole 95 % interval within 0.05.",
        worst(layer(results, kind).off(kind.factors - 1) for kind in single),
        "<=",
        WITHIN,
        OURS,
    )
    by_factors = sorted(single, key=lambda kind: kind.factors)
    yield Claim(
        "rises",
        "The exponent rises with every step to a larger P, from each draw to each: smallest step.",
        least(
            min(law.exponent for law in laws(results, after)) - max(law.exponent for law in laws(results, before))
            for before, after in pairwise(by_factors)
            if before.factors < after.factors
        ),
        ">=",
        0.005,  # from P = 8 to 9 the derived exponents differ by 0.028
        OURS,
    )
    yield Claim(
        "factors-alone",
        "A matrix of depth 3 and a CP tensor of order 3 have the same exponent: only P counts.",
        abs(exponent(results, Kind(2, 3)).mean - exponent(results, Kind(3, 1)).mean),
        "<=",
        WITHIN,
        OURS,
    )
